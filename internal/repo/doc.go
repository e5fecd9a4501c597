// Package repo holds the tests that look at the repository as a whole and
// not at one package: that go.mod keeps known-vulnerable code out, that
// what cells import links neither a parquet decoder nor an HTTP client, that
// links between documents lead somewhere and the names in them exist, that
// the examples in docs say what the text says of them, and that package
// analysis is documented and shown throughout. It has no code of its own.
package repo
