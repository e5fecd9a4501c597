package reproduce

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// inlineSVG makes an SVG document fit to stand inside a page: without the
// declarations before its root. What could run or load something is an
// error, for our figures have none of it.
func inlineSVG(svg []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	start := int64(-1)
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("svg: %w", err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start < 0 {
			start = before
		}
		switch strings.ToLower(element.Name.Local) {
		case "script", "foreignobject", "iframe", "a":
			return "", fmt.Errorf("svg: element %s in a figure", element.Name.Local)
		}
		for _, a := range element.Attr {
			if name := strings.ToLower(a.Name.Local); strings.HasPrefix(name, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Value)), "javascript:") {
				return "", fmt.Errorf("svg: attribute %s in a figure", a.Name.Local)
			}
		}
	}
	if start < 0 {
		return "", errors.New("svg: no element")
	}
	return string(svg[start:]), nil
}
