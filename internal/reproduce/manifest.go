package reproduce

import "github.com/specstress/specstress/analysis/figure"

// A Manifest says what went into a run. It names no time and no place, so
// that the same data, options and release give the same bytes.
type Manifest struct {
	Source    string         `json:"source"`    // as the user named it
	Synthetic bool           `json:"synthetic"` // made by the simulator: not evidence
	Origin    string         `json:"origin"`    // the paper's dataset, other data, or synthetic sample, and how that was told
	Revision  *string        `json:"revision"`  // of the published repository; null where the source has none
	Files     []File         `json:"files"`
	Rows      map[string]int `json:"rows"`     // rows read, by split
	Excluded  []Excluded     `json:"excluded"` // what the figures left out
	Code      string         `json:"code_version"`
	Options   ManifestOption `json:"options"`
	Seed      uint64         `json:"seed"` // of every resampling
}

// A File is one file of the source.
type File struct {
	Name     string  `json:"name"` // relative to the source
	Size     int64   `json:"size"`
	SHA256   *string `json:"sha256"`   // null when it was not taken
	HubOID   *string `json:"hub_oid"`  // the Hub's object id: a sha256, or git's id of a small file; null for a local file
	Verified bool    `json:"verified"` // all bytes were compared with the Hub's object id
}

// Excluded counts units that one figure left out for one reason.
type Excluded struct {
	Figure string `json:"figure"`
	Of     string `json:"of"` // the split, bin or judge
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// ManifestOption is what the user asked for. How many workers there were
// is not among it, for it changes nothing.
type ManifestOption struct {
	Only  []string `json:"only"`
	Where []string `json:"where"`
	// Splits is how many random splits an accuracy is the mean of.
	Splits int `json:"splits"`
}

// provenance is what a figure's own manifest says about the data.
func (m Manifest) provenance() *figure.Provenance {
	p := &figure.Provenance{Source: m.Source, Origin: m.Origin}
	if m.Revision != nil {
		p.Revision = *m.Revision
	}
	for _, f := range m.Files {
		file := figure.DataFile{Name: f.Name, Size: f.Size, Verified: f.Verified}
		if f.SHA256 != nil {
			file.SHA256 = *f.SHA256
		}
		p.Files = append(p.Files, file)
	}
	return p
}
