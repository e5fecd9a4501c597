package figure

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"
	"math"
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
	_, err := w.Write(withResolution(b.Bytes(), dpi))
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

// withResolution inserts the chunk that says how large a pixel is, which
// image/png cannot write, behind the header chunk. Without it programs take
// 72 dots per inch, and print four times too large.
func withResolution(file []byte, dpi int) []byte {
	const header = 8 + 4 + 4 + 13 + 4 // signature, then IHDR
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // the unit is the metre
	out := append([]byte(nil), file[:header]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, file[header:]...)
}
