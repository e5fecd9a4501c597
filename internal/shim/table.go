package shim

import (
	"path"
	"regexp"
	"strings"
)

// std are the importable packages of the standard library, less those that
// another one below shadows by name.
const std = `
archive/tar archive/zip bufio bytes cmp compress/bzip2 compress/flate compress/gzip
compress/lzw compress/zlib container/heap container/list container/ring context crypto
crypto/aes crypto/cipher crypto/des crypto/dsa crypto/ecdh crypto/ecdsa crypto/ed25519
crypto/elliptic crypto/fips140 crypto/hkdf crypto/hmac crypto/hpke crypto/md5 crypto/mlkem crypto/mlkem/mlkemtest crypto/pbkdf2
crypto/rc4 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha3 crypto/sha512 crypto/subtle
crypto/tls crypto/x509 crypto/x509/pkix database/sql database/sql/driver debug/buildinfo debug/dwarf debug/elf
debug/gosym debug/macho debug/pe debug/plan9obj embed encoding encoding/ascii85 encoding/asn1
encoding/base32 encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex
encoding/json encoding/pem encoding/xml errors expvar flag fmt go/ast go/build
go/build/constraint go/constant go/doc go/doc/comment go/format go/importer go/parser
go/printer go/token go/types go/version hash hash/adler32 hash/crc32 hash/crc64 hash/fnv
hash/maphash html image image/color image/gif image/jpeg image/png index/suffixarray io io/fs
io/ioutil iter log log/slog log/syslog maps math math/big math/bits math/cmplx mime
mime/multipart mime/quotedprintable net net/http net/http/cgi net/http/cookiejar
net/http/fcgi net/http/httptest net/http/httptrace net/http/httputil net/mail net/netip
net/rpc net/rpc/jsonrpc net/smtp net/textproto net/url os os/exec os/signal os/user path
path/filepath plugin reflect regexp regexp/syntax runtime runtime/coverage
runtime/debug runtime/metrics runtime/pprof runtime/race runtime/trace slices sort strconv
strings structs sync sync/atomic syscall testing testing/cryptotest testing/fstest testing/iotest testing/quick
testing/slogtest testing/synctest text/scanner text/tabwriter text/template
text/template/parse time time/tzdata unicode unicode/utf16 unicode/utf8 unique unsafe weak
`

// others are the packages outside the standard library whose names are
// looked up, less the repository's own.
const others = `
math/rand/v2
github.com/go-gota/gota/dataframe github.com/go-gota/gota/series
github.com/janpfeifer/gonb/gonbui github.com/janpfeifer/gonb/gonbui/dom
github.com/janpfeifer/gonb/gonbui/widgets
gonum.org/v1/gonum/floats gonum.org/v1/gonum/mat gonum.org/v1/gonum/stat
gonum.org/v1/gonum/stat/combin gonum.org/v1/gonum/stat/distuv
gonum.org/v1/plot gonum.org/v1/plot/font gonum.org/v1/plot/palette
gonum.org/v1/plot/palette/brewer gonum.org/v1/plot/palette/moreland
gonum.org/v1/plot/plotter gonum.org/v1/plot/plotutil gonum.org/v1/plot/text
gonum.org/v1/plot/vg gonum.org/v1/plot/vg/draw gonum.org/v1/plot/vg/vgimg
gonum.org/v1/plot/vg/vgpdf gonum.org/v1/plot/vg/vgsvg
`

// own are the repository's packages that cells may import.
const own = `analysis analysis/figure analysis/paper loaders notebooks/nb`

// Table returns import paths by package name for a repository whose module
// is called module.
func Table(module string) map[string]string {
	table := map[string]string{}
	for _, p := range strings.Fields(std + others) {
		table[packageName(p)] = p
	}
	for _, p := range strings.Fields(own) {
		table[packageName(p)] = module + "/" + p
	}
	return table
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// packageName guesses the name of the package at a path: its last element,
// less a major version.
func packageName(importPath string) string {
	name := path.Base(importPath)
	if version.MatchString(name) && strings.Contains(importPath, "/") {
		name = path.Base(path.Dir(importPath))
	}
	name, _, _ = strings.Cut(name, ".v") // gopkg.in/yaml.v3
	return name
}
