package hub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Errors that callers may want to tell apart.
var (
	// ErrOffline: HF_HUB_OFFLINE is set and the cache does not have it.
	ErrOffline = errors.New("not in the cache, and HF_HUB_OFFLINE is set, so nobody was asked")
	// ErrAccess: the Hub wants a token, or another one.
	ErrAccess = errors.New("no access")
	// ErrChanged: the file is not, or no longer, the one that was listed.
	ErrChanged = errors.New("not the file that was listed")
)

const (
	maxAttempts = 6               // in a row without a byte
	maxResumes  = 40              // in all
	maxPause    = 8 * time.Second // unless the server asks for more
	maxAsked    = 5 * time.Minute // the Hub counts requests in windows of that length
)

// A temporary error is worth another try.
type temporary struct {
	err   error
	after time.Duration // that the server asks to wait
}

func (t temporary) Error() string { return t.err.Error() }
func (t temporary) Unwrap() error { return t.err }

// retry calls attempt until it succeeds, fails for good, or has failed too
// often without getting further. attempt says whether it got further.
func (c *client) retry(ctx context.Context, attempt func() (further bool, err error)) error {
	for failed, tries := 0, 1; ; tries++ {
		further, err := attempt()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var t temporary
		if !errors.As(err, &t) {
			return err
		}
		if further {
			failed = 0
		}
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			failed++ // nobody is there: no need to be as patient as with a busy server
		}
		if failed++; failed >= maxAttempts || tries >= maxResumes {
			return fmt.Errorf("%w (gave up after %d tries)", err, tries)
		}
		if t.after > maxAsked {
			return fmt.Errorf("%w; the server asks to wait %s", err, t.after.Round(time.Second))
		}
		wait := min(c.env.pause<<(failed-1), max(maxPause, c.env.pause))
		// Half of it is left to chance, so that many clients do not come back
		// at once.
		wait = wait/2 + rand.N(wait/2+1)
		if err := c.pause(ctx, max(wait, t.after)); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// statusError is the error of a status that is not the wanted one.
func statusError(resp *response) error {
	code := resp.Header.Get("X-Error-Code") // the Hub's own, more precise word
	err := fmt.Errorf("%s: status %d %s", shown(resp.from), resp.StatusCode, http.StatusText(resp.StatusCode))
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		switch code {
		case "GatedRepo":
			return fmt.Errorf("%w: %w: accept the conditions on the dataset's page, and set HF_TOKEN", err, ErrAccess)
		case "RepoNotFound":
			return fmt.Errorf("%w: %w: there is no such repository, or it is private and HF_TOKEN does not open it", err, ErrAccess)
		}
		return fmt.Errorf("%w: %w: set HF_TOKEN to a token that may read this repository", err, ErrAccess)
	case http.StatusNotFound, http.StatusGone:
		what := map[string]string{"RepoNotFound": "there is no such repository", "RevisionNotFound": "the repository has no such revision",
			"EntryNotFound": "the repository has no such file"}[code]
		if what != "" {
			return fmt.Errorf("%w: %s: %w", err, what, fs.ErrNotExist)
		}
		return fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	case http.StatusRequestedRangeNotSatisfiable:
		return fmt.Errorf("%w: %w", err, ErrChanged)
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return temporary{err, askedPause(resp.Header)}
	}
	return err
}

// askedPause is how long the server asks to wait: by Retry-After, in seconds
// or as a date, or by the Hub's ratelimit header, where t is seconds.
func askedPause(h http.Header) time.Duration {
	if v := h.Get("Retry-After"); v != "" {
		if s, err := strconv.ParseInt(v, 10, 64); err == nil && s >= 0 {
			return time.Duration(min(s, 1_000_000)) * time.Second
		}
		if at, err := http.ParseTime(v); err == nil {
			return max(0, time.Until(at))
		}
	}
	remaining, wait := "", time.Duration(0)
	for _, field := range strings.Split(h.Get("Ratelimit"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "r":
			remaining = value
		case "t":
			if s, err := strconv.ParseInt(value, 10, 32); err == nil && s >= 0 {
				wait = time.Duration(s) * time.Second
			}
		}
	}
	if remaining == "0" {
		return wait
	}
	return 0
}
