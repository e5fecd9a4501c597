package hub

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// maxHops is how many redirects one request may follow.
const maxHops = 5

// errRedirect marks an address to which a request must not go.
var errRedirect = errors.New("refused redirect")

// checkTarget says whether a request may go to an address that a server
// named: by https, or by http to this machine; without a user name; and not
// into a private network, unless the Hub itself is in one. Go's own client
// would go anywhere.
func checkTarget(u *url.URL, hubIsPrivate bool) error {
	host := u.Hostname()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%w: scheme %q", errRedirect, u.Scheme)
	case host == "" || u.Opaque != "":
		return fmt.Errorf("%w: no host", errRedirect)
	case u.User != nil:
		return fmt.Errorf("%w: %s: with a user name", errRedirect, host)
	case u.Scheme == "http" && !isLoopback(host):
		return fmt.Errorf("%w: %s: not encrypted", errRedirect, host)
	case !hubIsPrivate && isPrivateHost(host):
		return fmt.Errorf("%w: %s: into a private network", errRedirect, host)
	}
	return nil
}

// sameOrigin reports whether two addresses have one scheme, host and port:
// only then does a request carry the token. A subdomain is another host.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// isPrivateHost tells from the name alone; refusePrivate looks at what names
// stand for.
func isPrivateHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && isPrivate(ip)
}

var sharedNet = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598: behind a provider

// isPrivate tells addresses that are not of the public internet.
func isPrivate(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() ||
		ip.IsMulticast() || sharedNet.Contains(ip)
}

// refusePrivate is the dialer's control: it sees the address that a name
// turned out to stand for.
func refusePrivate(_, addr string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || isPrivate(ip) {
		return fmt.Errorf("%w: %s: into a private network", errRedirect, host)
	}
	return nil
}
