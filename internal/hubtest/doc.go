// Package hubtest is a local server that behaves like the Hugging Face Hub
// for dataset repositories, for tests of whatever reads from the Hub: the
// API that lists files, the resolve addresses that redirect to a CDN on
// another host, the headers and error codes that clients live by, private
// and gated repositories, rate limits, and faults of every kind that a
// network and the hosts behind it can produce.
//
// Three hosts on loopback ports: the Hub, which may see the token; the CDN,
// which serves large files to whoever has a signed address and must never
// see the token; and a stranger, to whom only faults redirect. Each notes
// every request with its headers, so that a test can count requests and
// bytes and look for the token where it must not be.
//
// What the real Hub does was taken from the source of Python's
// huggingface_hub 2.4.0 and from responses quoted in public issues, each
// named where it is used. internal/hubtest/python holds this server to what
// huggingface_hub expects of the real one.
package hubtest
