package embed

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func embedTexts(t testing.TB, dim int, texts ...string) Vectors {
	t.Helper()
	v, err := NGrams{Dim: dim}.Embed(context.Background(), texts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (v Vectors) row(i int) []float32 { return v.Data[i*v.Dim : (i+1)*v.Dim] }

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// TestHash pins the hash, as vectors that were saved must fit those made
// later. FNV-1a("a") is 0xaf63dc4c8601ec8c and FNV-1a("foobar")
// 0x85944171f73967e8 in the tables of the function's authors; MurmurHash3's
// fmix64(1) is 0xb456bcfc34c2cb2c.
func TestHash(t *testing.T) {
	fmix := finish
	if got := fmix(1); got != 0xb456bcfc34c2cb2c {
		t.Errorf("fmix64(1) is %#x", got)
	}
	// hash of kind 'a' and no words is FNV-1a("a"), finalized.
	if got, want := hash('a', "", ""), fmix(0xaf63dc4c8601ec8c); got != want {
		t.Errorf("hash is %#x, want %#x", got, want)
	}
	if got, want := hash('f', "oobar", ""), fmix(0x85944171f73967e8); got != want {
		t.Errorf("hash is %#x, want %#x", got, want)
	}
}

// TestGrams counts by hand: "Ab c." has the words ab and c, one pair, and
// the pieces of " ab " (" ab", "ab ", " ab ") and of " c. " (" c.", "c. ",
// " c. ").
func TestGrams(t *testing.T) {
	want := []uint64{hash(oneWord, "ab", ""), hash(oneWord, "c", ""), hash(twoWords, "ab", "c")}
	for _, p := range []string{" ab", "ab ", " ab ", " c.", "c. ", " c. "} {
		want = append(want, hash(piece, p, ""))
	}
	got := appendGrams(nil, "Ab c.")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d n-grams %x, want %d %x", len(got), got, len(want), want)
	}
	// Characters, not bytes: "éa" has 2, padded 4.
	if got := appendGrams(nil, "éa"); len(got) != 1+2+1 {
		t.Errorf("%d n-grams of a word of two characters, want 4", len(got))
	}
}

// TestWeight: two texts of one word each, worked by hand. Each has its word
// (in 1 of 2 texts: 1+ln(3/2)) and its pieces " x ", the same weight; so the
// two elements are equal in size, 1/sqrt 2.
func TestWeight(t *testing.T) {
	v := embedTexts(t, 1<<16, "x", "y")
	var sizes []float64
	for _, x := range v.row(0) {
		if x != 0 {
			sizes = append(sizes, math.Abs(float64(x)))
		}
	}
	if len(sizes) != 2 || math.Abs(sizes[0]-math.Sqrt(0.5)) > 1e-7 || math.Abs(sizes[1]-math.Sqrt(0.5)) > 1e-7 {
		t.Errorf("elements of size %v, want twice sqrt(1/2)", sizes)
	}
	// A word that both texts have weighs 1, one of its own 1+ln(3/2), and
	// twice as often 1+ln 2 times that. Of "a a b" and "a c": word a twice
	// in two texts, b once in one; pairs "a a", "a b"; pieces " a " twice,
	// " b " once.
	v = embedTexts(t, 1<<16, "a a b", "a c")
	rare, twice := 1+math.Log(1.5), 1+math.Ln2
	// a, " a ": twice; b, " b ", "a a", "a b": rare
	length := math.Sqrt(2*twice*twice + 4*rare*rare)
	want := []float64{rare / length, rare / length, rare / length, rare / length, twice / length, twice / length}
	sizes = nil
	for _, x := range v.row(0) {
		if x != 0 {
			sizes = append(sizes, math.Abs(float64(x)))
		}
	}
	slices.Sort(sizes)
	slices.Sort(want)
	if len(sizes) != len(want) {
		t.Fatalf("%d elements, want %d", len(sizes), len(want))
	}
	for i := range want {
		if math.Abs(sizes[i]-want[i]) > 1e-6 {
			t.Errorf("elements of size %v, want %v", sizes, want)
			break
		}
	}
}

func TestNear(t *testing.T) {
	v := embedTexts(t, 0,
		"How should our clinic weigh privacy against safety?",
		"How should our clinic weigh safety against privacy?",
		"Write a limerick about compilers.",
		"How should our clinic weigh privacy against safety?")
	if v.Dim != 1024 {
		t.Errorf("%d dimensions", v.Dim)
	}
	if near, far := dot(v.row(0), v.row(1)), dot(v.row(0), v.row(2)); near < 0.5 || far > 0.2 {
		t.Errorf("the same words in another order: cosine %v; another topic: %v", near, far)
	}
	if !slices.Equal(v.row(0), v.row(3)) {
		t.Error("one text twice has two vectors")
	}
	for i := range 4 {
		if l := dot(v.row(i), v.row(i)); math.Abs(l-1) > 1e-6 {
			t.Errorf("text %d has the squared length %v", i, l)
		}
	}
}

// TestCores: the same bytes on one core and on many.
func TestCores(t *testing.T) {
	texts := make([]string, 3000)
	for i := range texts {
		texts[i] = fmt.Sprintf("query %d about topic %d and %d", i, i%17, i%101)
	}
	was := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(was)
	one := embedTexts(t, 64, texts...)
	runtime.GOMAXPROCS(8)
	last := 0
	many, err := NGrams{Dim: 64}.Embed(context.Background(), texts, func(done, total int) { last = max(last, done) })
	if err != nil || !reflect.DeepEqual(one, many) {
		t.Errorf("eight cores give other vectors (%v)", err)
	}
	if last != len(texts) {
		t.Errorf("progress ended at %d of %d", last, len(texts))
	}
}

func TestErrors(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx   context.Context
		dim   int
		texts []string
		want  string
	}{
		{context.Background(), 0, []string{"a", " \n\t"}, "text 1 is empty"},
		{context.Background(), 0, nil, "no texts"},
		{context.Background(), -1, []string{"a"}, "-1 dimensions"},
		{ctx, 0, []string{"a"}, "canceled"},
	} {
		if _, err := (NGrams{Dim: c.dim}).Embed(c.ctx, c.texts, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	// No letters at all still has pieces.
	embedTexts(t, 0, "?!", "...")
}

func ExampleNGrams() {
	e := NGrams{Dim: 256}
	v, err := e.Embed(context.Background(), []string{"Privacy or safety?", "privacy or safety!", "Write a poem."}, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(e.Name())
	fmt.Printf("cosine of the first two %.1f\n", dot(v.row(0), v.row(1)))
	fmt.Println("the last has little to do with them:", dot(v.row(0), v.row(2)) < 0.1)
	// Output:
	// hashed n-grams, not a neural embedding (256 dimensions)
	// cosine of the first two 0.8
	// the last has little to do with them: true
}
