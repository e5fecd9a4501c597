package figure

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/specstress/specstress/internal/label"
)

// maxDots keeps a picture below some 200 MB of memory.
const maxDots = 50_000_000

func (f *Figure) writePNG(w io.Writer, dpi int) error {
	c := pngCanvas{vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(dpi))}
	if err := f.draw(draw.NewCanvas(c, f.Width, f.Height)); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c.Image()); err != nil {
		return fmt.Errorf("figure %s: %w", f.ID, err)
	}
	about, err := f.about()
	if err != nil {
		return err
	}
	_, err = w.Write(withChunks(b.Bytes(), append(resolution(dpi), about.chunks()...)))
	return err
}

// A pngCanvas shows characters that the font lacks, such as Chinese ones,
// as boxes; they would vanish. SVG leaves them to the reader's fonts.
type pngCanvas struct{ *vgimg.Canvas }

func (c pngCanvas) FillString(f font.Face, at vg.Point, text string) {
	var buf sfnt.Buffer
	c.Canvas.FillString(f, at, strings.Map(func(r rune) rune {
		if i, err := f.Face.GlyphIndex(&buf, r); err != nil || i == 0 {
			return '□'
		}
		return r
	}, label.Clean(text)))
}

// withChunks inserts chunks, which image/png cannot write, behind the header
// chunk.
func withChunks(file, chunks []byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature, then IHDR
	return slices.Concat(file[:header], chunks, file[header:])
}

// chunk is a chunk of a PNG file, with its length and its sum.
func chunk(name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// resolution says how large a pixel is. Without it programs take 72 dots
// per inch, and print four times too large.
func resolution(dpi int) []byte {
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	data := binary.BigEndian.AppendUint32(nil, perMetre)
	data = binary.BigEndian.AppendUint32(data, perMetre)
	return chunk("pHYs", append(data, 1)) // the unit is the metre
}

// chunks say what a picture shows, in the keywords of the PNG specification
// and one of our own.
func (a about) chunks() (out []byte) {
	for _, c := range []struct{ keyword, text string }{
		{"Title", a.Title}, {"Description", a.description()}, {"Software", a.Software}, {"specstress-manifest", a.JSON},
	} {
		if c.text != "" {
			// Uncompressed, in no language, keyword not translated.
			out = append(out, chunk("iTXt", []byte(c.keyword+"\x00\x00\x00\x00\x00"+c.text))...)
		}
	}
	return out
}
