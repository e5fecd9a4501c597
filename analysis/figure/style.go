package figure

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/analysis"
)

// A Style is how the marks of one series look. Colour never stands alone:
// series of one figure differ in marker, dashes or hatch as well.
type Style struct {
	Color  color.Color
	Marker Marker      // of points
	Hatch  Hatch       // of bars
	Dashes []vg.Length // of lines; nil for a solid one
}

// The palette of Okabe and Ito 2008, made for colour-blind readers.
var (
	black     = color.NRGBA{0x00, 0x00, 0x00, 0xff}
	orange    = color.NRGBA{0xe6, 0x9f, 0x00, 0xff}
	skyBlue   = color.NRGBA{0x56, 0xb4, 0xe9, 0xff}
	green     = color.NRGBA{0x00, 0x9e, 0x73, 0xff}
	blue      = color.NRGBA{0x00, 0x72, 0xb2, 0xff}
	vermilion = color.NRGBA{0xd5, 0x5e, 0x00, 0xff}
	purple    = color.NRGBA{0xcc, 0x79, 0xa7, 0xff}
)

// Greys: of axes, of the lines behind the data, of every other row.
var (
	axisGrey = color.NRGBA{0x40, 0x40, 0x40, 0xff}
	gridGrey = color.NRGBA{0xe0, 0xe0, 0xe0, 0xff}
	bandGrey = color.NRGBA{0xf4, 0xf4, 0xf4, 0xff}
	white    = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// seriesStyles are those of series that have no style of their own, in
// order.
var seriesStyles = []Style{
	{blue, Circle, Solid, nil},
	{orange, Square, Rising, []vg.Length{4, 2}},
	{green, Triangle, Falling, []vg.Length{1, 1.5}},
	{purple, Diamond, Crossed, []vg.Length{6, 2, 1, 2}},
	{black, Pentagon, Level, []vg.Length{2, 2}},
	{skyBlue, InvertedTriangle, Upright, []vg.Length{4, 1, 1, 1}},
	{vermilion, Star, Dotted, []vg.Length{8, 2}},
}

// SeriesStyle is the style of the i-th series of a figure whose series are
// neither models nor providers.
func SeriesStyle(i int) Style { return seriesStyles[i%len(seriesStyles)] }

// providerStyles differ in lightness as well, so that they stay apart in
// greyscale.
var providerStyles = map[string]Style{
	"OpenAI":    {green, Circle, Solid, nil},
	"Anthropic": {orange, Square, Rising, []vg.Length{4, 2}},
	"Google":    {blue, Triangle, Falling, []vg.Length{1, 1.5}},
	"xAI":       {black, Diamond, Crossed, []vg.Length{6, 2, 1, 2}},
}

// ProviderStyle is the style of a provider in every figure. Those that the
// registry of models lacks share one.
func ProviderStyle(provider string) Style {
	if s, ok := providerStyles[provider]; ok {
		return s
	}
	return Style{purple, InvertedTriangle, Level, []vg.Length{2, 2}}
}

// modelMarkers and modelShades tell the models of one provider apart: the
// share of white in the provider's colour, and the marker. A model that is
// its provider's only one has a marker that no other has.
var (
	modelMarkers = []Marker{Circle, Square, Triangle, Diamond, InvertedTriangle}
	modelShades  = []float64{0, 0.25, 0.5, 0.65, 0.78}
	loneMarkers  = map[string]Marker{"Google": Pentagon, "xAI": Star}
)

// ModelStyle is the style of a model, by ID, in every figure that shows
// models side by side: its provider's colour in a shade, and a marker, of
// its own. Unknown models look alike.
func ModelStyle(id string) Style {
	provider := analysis.LookupModel(id).Provider
	s := ProviderStyle(provider)
	_, models := analysis.AllModels.Providers()
	if i := slices.Index(models[provider], analysis.LookupModel(id).ID); i >= 0 {
		s.Color = lighter(s.Color, modelShades[i%len(modelShades)])
		s.Marker = modelMarkers[i%len(modelMarkers)]
		if lone, ok := loneMarkers[provider]; ok {
			s.Marker = lone
		}
	}
	return s
}

// lighter mixes a share of white into a colour.
func lighter(c color.Color, share float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	mix := func(x uint8) uint8 { return uint8(float64(x) + (255-float64(x))*share + 0.5) }
	return color.NRGBA{mix(n.R), mix(n.G), mix(n.B), n.A}
}

func thinLine(c color.Color) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Points(0.5)}
}

func (s Style) line(width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: s.Color, Width: width, Dashes: s.Dashes}
}
