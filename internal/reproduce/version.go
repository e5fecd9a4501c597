package reproduce

import "github.com/specstress/specstress/internal/release"

// Version is the release that made a result.
const Version = release.Version
