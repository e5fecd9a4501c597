package hubtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A Kind says what goes wrong with one response.
type Kind int

// The kinds. Those that only make sense where a file's bytes are sent leave
// other responses alone, see Kind.OnlyContent.
const (
	None Kind = iota

	// What a network does.
	Refuse // the connection closes before a byte of the response
	Cut    // the connection closes after At bytes of body
	Stall  // nothing more comes after At bytes of body, but the connection stays
	Drip   // the body comes in pieces of 1/16 of it, with pauses

	// What proxies and caches do.
	IgnoreRange  // 200 and the whole file, whatever Range asked for
	WrongRange   // 206 with other bytes than asked for, and says so
	LyingRange   // 206 with other bytes than asked for, and says they are the right ones
	WrongTotal   // Content-Range tells another size of the whole
	Gzip         // the body compressed though nobody accepts that
	Login        // 200 and a page that asks to log in
	Pointer      // the LFS pointer instead of the file
	Short        // Content-Length and body both end early: a whole response, a part of the file
	FlipBit      // one bit of the body
	Changed      // another version of the file: as long, with its own ETag
	ChangedBytes // the same with the ETag kept

	// Redirects.
	Loop          // to the same address, for ever
	ToStranger    // to another host, which has the file
	ToUserinfo    // to the stranger, with a user and password in the address
	ToFile        // to file:///
	ToLinkLocal   // to the metadata service of cloud machines
	ToPlainRemote // to http on a host that is not this machine
	NoLocation    // 302 without a Location
	ForeignNext   // a listing whose next page is at the stranger

	// Refusals.
	Status401
	Status403
	Status404
	Status408
	Status416
	Status429 // with Retry-After: 0 and the RateLimit headers
	Status429Date
	Status500
	Status502
	Status503 // with Retry-After: 0
	Status504

	kinds
)

var kindNames = [kinds]string{
	"none", "refuse", "cut", "stall", "drip",
	"ignore-range", "wrong-range", "lying-range", "wrong-total", "gzip", "login", "pointer", "short", "flip-bit", "changed", "changed-bytes",
	"loop", "to-stranger", "to-userinfo", "to-file", "to-link-local", "to-plain-remote", "no-location", "foreign-next",
	"401", "403", "404", "408", "416", "429", "429-date", "500", "502", "503", "504",
}

func (k Kind) String() string { return kindNames[k] }

// Kinds are all faults.
func Kinds() []Kind {
	var all []Kind
	for k := None + 1; k < kinds; k++ {
		all = append(all, k)
	}
	return all
}

// KindByName finds a fault by what String says.
func KindByName(name string) (Kind, error) {
	if i := slices.Index(kindNames[:], name); i >= 0 {
		return Kind(i), nil
	}
	return None, fmt.Errorf("hubtest: no fault %q; there are %s", name, strings.Join(kindNames[1:], ", "))
}

// OnlyContent tells faults that spoil the bytes of a file from those that
// can hit any response.
func (k Kind) OnlyContent() bool {
	return k >= IgnoreRange && k <= ChangedBytes && k != Login && k != Gzip
}

// Transient tells faults that a client should get over by trying again from
// those that it should report.
func (k Kind) Transient() bool {
	switch k {
	case Refuse, Cut, Stall, Drip, Short, Status408, Status429, Status429Date, Status500, Status502, Status503, Status504:
		return true
	}
	return false
}

// A Fault is one kind with its numbers.
type Fault struct {
	Kind Kind
	At   float64       // where in the body, as a share of it, 0 to 1
	Wait time.Duration // between the pieces of Drip
}

// A Plan draws faults from a seed. The same request, tried the same number
// of times before, meets the same fault, in whatever order requests come.
type Plan struct {
	Seed  uint64
	Kinds []Kind  // to draw from; nil means all
	Rate  float64 // share of requests that meet a fault at first
	// Storm is how many attempts in a row the worst-hit request fails; 0
	// means 1. Others fail fewer times.
	Storm int
	Hosts []Host // hit by faults; nil means the Hub and the CDN
}

// Fault is for Options.Fault.
func (p Plan) Fault(r Request) Fault {
	hosts := p.Hosts
	if hosts == nil {
		hosts = []Host{Hub, CDN}
	}
	if !slices.Contains(hosts, r.Host) {
		return Fault{}
	}
	all := p.Kinds
	if all == nil {
		all = Kinds()
	}
	h := fnv.New64a()
	h.Write([]byte(r.key()))
	rng := rand.New(rand.NewPCG(p.Seed, h.Sum64()))
	if rng.Float64() >= p.Rate || len(all) == 0 {
		return Fault{}
	}
	kind := all[rng.IntN(len(all))]
	if r.Attempt >= 1+rng.IntN(max(p.Storm, 1)) {
		return Fault{}
	}
	// Another place each time: two cuts at the same byte would hide a
	// client that gains nothing between them.
	rng = rand.New(rand.NewPCG(p.Seed+uint64(r.Attempt)+1, h.Sum64()))
	return Fault{Kind: kind, At: rng.Float64(), Wait: time.Duration(rng.IntN(4)) * time.Millisecond}
}
