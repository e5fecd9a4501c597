package hub

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// An environment is what the environment variables say at one moment; they
// are those of huggingface_hub, with its meanings.
type environment struct {
	endpoint url.URL
	token    string
	offline  bool
	timeout  time.Duration // until the first and between any two bytes
	pause    time.Duration // before the first retry
	hubCache string        // the cache of huggingface_hub
	proxy    httpproxy.Config
}

const (
	defaultEndpoint = "https://huggingface.co"
	defaultTimeout  = 10 * time.Second
	defaultPause    = 500 * time.Millisecond
)

func readEnvironment() (environment, error) {
	e := environment{timeout: defaultTimeout, pause: defaultPause, proxy: *httpproxy.FromEnvironment()}
	endpoint, err := parseEndpoint(os.Getenv("HF_ENDPOINT"))
	if err != nil {
		return e, err
	}
	e.endpoint = *endpoint
	e.offline = truth(os.Getenv("HF_HUB_OFFLINE"))
	if e.timeout, err = seconds("HF_HUB_DOWNLOAD_TIMEOUT", defaultTimeout); err != nil {
		return e, err
	}
	if e.pause, err = seconds("SPECSTRESS_RETRY_PAUSE", defaultPause); err != nil {
		return e, err
	}
	home, err := hubHome()
	if err != nil {
		return e, err
	}
	if e.hubCache, err = expand(firstSet("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")); err != nil {
		return e, err
	}
	if e.hubCache == "" {
		e.hubCache = filepath.Join(home, "hub")
	}
	if e.hubCache, err = filepath.Abs(e.hubCache); err != nil {
		return e, err
	}
	e.token, err = readToken(home)
	return e, err
}

// parseEndpoint reads the address of the Hub; "" is the public one.
func parseEndpoint(text string) (*url.URL, error) {
	if text == "" {
		text = defaultEndpoint
	}
	u, err := url.Parse(strings.TrimRight(text, "/"))
	if err != nil {
		return nil, errors.New("HF_ENDPOINT is no address") // the parser's error quotes it, password and all
	}
	switch {
	case u.User != nil:
		return nil, errors.New("HF_ENDPOINT holds a user name or password; use HF_TOKEN")
	case u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("HF_ENDPOINT is %q, want scheme and host as in %s", u.Redacted(), defaultEndpoint)
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, fmt.Errorf("HF_ENDPOINT is %q, want https; plain http only on this machine", u.Redacted())
	}
	return u, nil
}

// hubHome is the folder of everything that Hugging Face's tools keep.
func hubHome() (string, error) {
	home, err := expand(os.Getenv("HF_HOME"))
	if home != "" || err != nil {
		return home, err
	}
	cache, err := expand(os.Getenv("XDG_CACHE_HOME"))
	if err != nil {
		return "", err
	}
	if cache == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no home folder: %w; set HF_HOME", err)
		}
		cache = filepath.Join(user, ".cache") // on every system, as Python does
	}
	return filepath.Join(cache, "huggingface"), nil
}

// readToken finds the user's token; "" is none. No error quotes it.
func readToken(home string) (string, error) {
	token := strings.TrimSpace(os.Getenv("HF_TOKEN"))
	if token == "" {
		file, err := expand(os.Getenv("HF_TOKEN_PATH"))
		if err != nil {
			return "", err
		}
		if file == "" {
			file = filepath.Join(home, "token")
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return "", nil // public repositories need none; for others the Hub says so
		}
		token = strings.TrimSpace(string(text))
	}
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return "", errors.New("the token (HF_TOKEN, or the file that HF_TOKEN_PATH names) holds a character that no token has")
		}
	}
	return token, nil
}

func firstSet(names ...string) string {
	for _, n := range names {
		if v := os.Getenv(n); v != "" {
			return v
		}
	}
	return ""
}

// expand replaces a leading ~ as Python does.
func expand(path string) (string, error) {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return filepath.Join(home, path[1:]), nil
}

// truth reads a switch as huggingface_hub does.
func truth(v string) bool {
	switch strings.ToUpper(v) {
	case "1", "ON", "YES", "TRUE":
		return true
	}
	return false
}

func seconds(name string, without time.Duration) (time.Duration, error) {
	v := os.Getenv(name)
	if v == "" {
		return without, nil
	}
	s, err := strconv.ParseFloat(v, 64)
	if err != nil || !(s > 0 && s <= 86_400) {
		return 0, fmt.Errorf("%s is %q, want seconds", name, v)
	}
	return time.Duration(s * float64(time.Second)), nil
}

// ProgressWanted is false when HF_HUB_DISABLE_PROGRESS_BARS says so.
func ProgressWanted() bool { return !truth(os.Getenv("HF_HUB_DISABLE_PROGRESS_BARS")) }
