package hub

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// TestTargets is where a redirect of the public Hub may lead.
func TestTargets(t *testing.T) {
	for _, c := range []struct {
		name, to string
		private  bool // the Hub itself is in a private network
		ok       bool
	}{
		{"a CDN by https", "https://cdn-lfs.hf.co/x?Signature=y", false, true},
		{"a subdomain of the Hub", "https://cdn-lfs.huggingface.co/x", false, true},
		{"http", "http://huggingface.co/x", false, false},
		{"http to this machine, from outside", "http://127.0.0.1/x", false, false},
		{"http to this machine, from it", "http://127.0.0.1:8080/x", true, true},
		{"a file", "file:///etc/passwd", false, false},
		{"ftp", "ftp://cdn.hf.co/x", false, false},
		{"data", "data:text/plain,x", false, false},
		{"a user name", "https://user:word@cdn.hf.co/x", false, false},
		{"no host", "https:///x", false, false},
		{"a private network", "https://10.1.2.3/x", false, false},
		{"the same, from one", "https://10.1.2.3/x", true, true},
		{"another private network", "https://192.168.0.1/x", false, false},
		{"cloud metadata", "https://169.254.169.254/latest", false, false},
		{"behind a provider", "https://100.64.0.1/x", false, false},
		{"nowhere", "https://0.0.0.0/x", false, false},
		{"loopback in IPv6", "https://[::1]/x", false, false},
		{"link-local in IPv6", "https://[fe80::1]/x", false, false},
		{"private in IPv6", "https://[fd00::1]/x", false, false},
		{"IPv4 in IPv6", "https://[::ffff:10.0.0.1]/x", false, false},
		{"localhost by name", "https://localhost/x", false, false},
		{"a name below localhost", "https://cdn.localhost./x", false, false},
		{"a public number", "https://93.184.216.34/x", false, true},
	} {
		u, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkTarget(u, c.private); (err == nil) != c.ok || err != nil && !errors.Is(err, errRedirect) {
			t.Errorf("%s: %s: %v, want allowed: %v", c.name, c.to, err, c.ok)
		}
	}
}

// TestTokenGoesToTheHubOnly sends a request that is redirected, and looks at
// which requests carry the token.
func TestTokenGoesToTheHubOnly(t *testing.T) {
	for _, c := range []struct {
		hub, to string
		want    bool
	}{
		{"https://huggingface.co", "https://huggingface.co/x", true},
		{"https://huggingface.co", "https://HuggingFace.co:443/x", true},
		{"https://huggingface.co", "https://huggingface.co:8443/x", false},
		{"https://huggingface.co", "http://huggingface.co/x", false},
		{"https://huggingface.co", "https://cdn-lfs.huggingface.co/x", false},
		{"https://huggingface.co", "https://huggingface.co.evil.example/x", false},
		{"https://huggingface.co", "https://cdn-lfs.hf.co/x", false},
		{"https://huggingface.co", "https://huggingface.co./x", false},
		{"http://127.0.0.1:1000", "http://127.0.0.1:1001/x", false},
		{"http://127.0.0.1:1000", "http://localhost:1000/x", false},
		{"http://127.0.0.1:1000", "https://127.0.0.1:1000/x", false},
	} {
		a, err := url.Parse(c.hub)
		if err != nil {
			t.Fatal(err)
		}
		b, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := sameOrigin(a, b); got != c.want {
			t.Errorf("%s and %s: same origin %v, want %v", c.hub, c.to, got, c.want)
		}
	}

	s, _ := bigHub(t)
	var leaked atomic.Bool
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, values := range r.Header {
			if strings.Contains(strings.Join(values, " "), testToken) || r.Referer() != "" {
				leaked.Store(true)
			}
		}
		w.Header().Set("Location", s.hub.URL+"/api/back")
		w.WriteHeader(307)
	}))
	defer stranger.Close()
	s.breakWith(func(w http.ResponseWriter, r *http.Request, at string) bool {
		if r.URL.Path == "/api/back" {
			w.Write([]byte("{}"))
			return true
		}
		w.Header().Set("Location", stranger.URL+"/x")
		w.WriteHeader(302)
		return true
	})
	c, err := currentClient()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.do(context.Background(), http.MethodGet, c.env.endpoint.JoinPath("api", "x"), nil, always)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	seen := s.requests()
	if leaked.Load() || len(seen) != 2 || seen[0].header.Get("Authorization") != "Bearer "+testToken || seen[1].header.Get("Authorization") != "Bearer "+testToken {
		t.Errorf("leaked to the stranger: %v; the Hub saw it in both of %d requests: want 2", leaked.Load(), len(seen))
	}
}

// TestPrivateNamesAreNotDialled: a public-looking name that stands for a
// private address is found out when it is dialled.
func TestPrivateNamesAreNotDialled(t *testing.T) {
	env := environment{endpoint: url.URL{Scheme: "https", Host: "huggingface.co"}, timeout: defaultTimeout, pause: 1}
	c := newClient(env)
	if _, err := c.dial(context.Background(), "tcp", "localhost:9"); !errors.Is(err, errRedirect) {
		t.Errorf("dialling a name of this machine: %v, want it refused", err)
	}
}

func TestEnvironment(t *testing.T) {
	for _, c := range []struct{ name, value, says string }{
		{"HF_ENDPOINT", "http://huggingface.co", "https"},
		{"HF_ENDPOINT", "https://user:pass@hub.example", "user name"},
		{"HF_ENDPOINT", "hub.example", "scheme and host"},
		{"HF_ENDPOINT", "file:///x", "want scheme and host"},
		{"HF_TOKEN", "hf_secret\nX-Evil: 1", "character"},
		{"HF_HUB_DOWNLOAD_TIMEOUT", "soon", "seconds"},
	} {
		t.Run(c.name+" "+c.says, func(t *testing.T) {
			t.Setenv("HF_HOME", t.TempDir())
			t.Setenv(c.name, c.value)
			_, err := readEnvironment()
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "pass@") || strings.Contains(err.Error(), "hf_secret") {
				t.Errorf("error %v, want one that says %q and quotes no secret", err, c.says)
			}
		})
	}
}

// TestProxies: they are read when a client is made, not once and for ever,
// as net/http does.
func TestProxies(t *testing.T) {
	t.Setenv("HF_HOME", t.TempDir())
	t.Setenv("HF_ENDPOINT", "")
	t.Setenv("NO_PROXY", "cdn.example")
	for _, proxy := range []string{"http://proxy.example:3128", "http://other.example:3128"} {
		t.Setenv("HTTPS_PROXY", proxy)
		c, err := currentClient()
		if err != nil {
			t.Fatal(err)
		}
		for to, want := range map[string]string{"https://huggingface.co/x": proxy, "https://cdn.example/x": ""} {
			req, err := http.NewRequest(http.MethodGet, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.http.Transport.(*http.Transport).Proxy(req)
			if err != nil || (got == nil) != (want == "") || got != nil && got.String() != want {
				t.Errorf("%s goes through %v, %v, want %q", to, got, err, want)
			}
		}
	}
}
