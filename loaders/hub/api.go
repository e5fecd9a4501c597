package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const (
	maxAnswer  = 32 << 20 // bytes of one answer of the API
	maxPages   = 200      // of a listing; a page has up to 1,000 files
	maxEntries = 100_000
)

// An entry is one file of a repository.
type entry struct {
	Path string
	Size int64
	OID  string // sha256 of a file in large file storage, else git's id
}

// api asks the Hub and decodes the answer; link is the next page, if any.
func (c *client) api(ctx context.Context, u *url.URL, to any) (link string, err error) {
	err = c.retry(ctx, func() (bool, error) {
		resp, err := c.do(ctx, http.MethodGet, u, nil, always)
		if err != nil {
			return false, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return false, statusError(resp)
		}
		if err := notCompressed(resp); err != nil {
			return false, err
		}
		text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
		if err != nil {
			return false, temporary{err: fmt.Errorf("%s: %w", shown(resp.from), plain(err))}
		}
		if len(text) > maxAnswer {
			return false, fmt.Errorf("%s: more than %d bytes", shown(resp.from), maxAnswer)
		}
		if looksLikeHTML(resp.Header, text) {
			return false, fmt.Errorf("%s: %w", shown(resp.from), errHTML)
		}
		if err := json.Unmarshal(text, to); err != nil {
			return false, fmt.Errorf("%s: %w", shown(resp.from), err)
		}
		link = resp.Header.Get("Link")
		return true, nil
	})
	return link, err
}

// commitOf asks for the commit that a revision stands for.
func (c *client) commitOf(ctx context.Context, a address) (string, error) {
	u := c.env.endpoint.JoinPath("api", "datasets", a.repo)
	u = u.JoinPath("revision", url.PathEscape(a.revision))
	var answer struct{ Sha string }
	if _, err := c.api(ctx, u, &answer); err != nil {
		return "", err
	}
	if !commitID.MatchString(answer.Sha) {
		return "", fmt.Errorf("%s: the Hub answers with %.50q, want a commit", a, answer.Sha)
	}
	return answer.Sha, nil
}

// treeOf asks for all files of a commit.
func (c *client) treeOf(ctx context.Context, a address, commit string) ([]entry, error) {
	u := c.env.endpoint.JoinPath("api", "datasets", a.repo, "tree", commit)
	u.RawQuery = "recursive=true"
	var all []entry
	asked := map[string]bool{}
	for range maxPages {
		asked[u.String()] = true
		var page []struct {
			Type, OID, Path string
			Size            int64
			LFS             *struct {
				OID  string
				Size int64
			}
		}
		link, err := c.api(ctx, u, &page)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			if p.Type != "file" {
				continue
			}
			e := entry{p.Path, p.Size, p.OID}
			if p.LFS != nil {
				e.OID, e.Size = strings.TrimPrefix(p.LFS.OID, "sha256:"), p.LFS.Size
			}
			if !contentID.MatchString(e.OID) || e.Size < 0 {
				return nil, fmt.Errorf("%s: the Hub lists %.80q with id %.80q and %d bytes", a, p.Path, e.OID, e.Size)
			}
			all = append(all, e)
		}
		if len(all) > maxEntries {
			return nil, fmt.Errorf("%s: more than %d files", a, maxEntries)
		}
		next := nextPage(link)
		if next == "" {
			return all, nil
		}
		to, err := u.Parse(next)
		if err != nil || !sameOrigin(to, &c.env.endpoint) {
			return nil, fmt.Errorf("%s: the next page of the list is at another host", a)
		}
		if asked[to.String()] {
			return nil, fmt.Errorf("%s: the pages of the list go round in a circle", a)
		}
		u = to
	}
	return nil, fmt.Errorf("%s: more than %d pages of files", a, maxPages)
}

// nextPage takes the address with rel="next" from a Link header.
func nextPage(link string) string {
	for _, part := range strings.Split(link, ",") {
		target, parameters, ok := strings.Cut(strings.TrimSpace(part), ">")
		if ok && strings.HasPrefix(target, "<") {
			for _, p := range strings.Split(parameters, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
				if strings.EqualFold(name, "rel") && strings.Trim(value, `"`) == "next" {
					return target[1:]
				}
			}
		}
	}
	return ""
}

var (
	errHTML    = errors.New("an HTML page came instead of data: a login page of the network, or another server")
	errPointer = errors.New("a pointer of git's large file storage came instead of the file")
)

func notCompressed(resp *response) error {
	if e := resp.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return fmt.Errorf("%s: the bytes come re-encoded (%.20q) although that was declined", shown(resp.from), e)
	}
	return nil
}

// looksLikeHTML tells a page for people from data.
func looksLikeHTML(h http.Header, start []byte) bool {
	text := strings.ToLower(strings.TrimSpace(string(start[:min(len(start), 256)])))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html") ||
		strings.HasPrefix(h.Get("Content-Type"), "text/html") && strings.HasPrefix(text, "<")
}

// pointerStart begins every pointer file of git's large file storage.
const pointerStart = "version https://git-lfs.github.com/spec/"
