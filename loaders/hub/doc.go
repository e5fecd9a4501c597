// Package hub reads dataset repositories of the Hugging Face Hub for package
// loaders, and fetches no more of them than is asked for. Import it for its
// side effect:
//
//	import _ "github.com/specstress/specstress/loaders/hub"
//
// Sources then are addresses,
//
//	hf://datasets/OWNER/NAME[@REVISION][/PATH]
//
// PATH being a folder, a file or a glob of the repository. docs/dataset.md
// says which environment variables matter and what is kept where.
//
// From an address to bytes:
//
//	address.go, name.go   what is asked for; which names a repository may use
//	listing.go, api.go    revision to commit, commit to files with their sizes
//	                      and object ids; kept, for a commit never changes
//	snapshot.go           is the whole file in the cache of huggingface_hub?
//	                      then it is verified once and read from there
//	file.go, plan.go      otherwise ranges of it, merged over small gaps
//	blocks.go             each fetched range is kept, checksummed, so that
//	                      nothing is fetched twice
//	ranges.go, retry.go   one range from the network, with its retries
//	client.go, policy.go  one request: who may see the token, which redirects
//	                      are followed
//	download.go           whole files, into the cache of huggingface_hub
//	cache.go              listing, verifying and clearing what was kept
//
// Nothing that a server says is taken on trust. Names are refused before
// they reach the file system, lengths and entity tags are compared with the
// listing, and a file of another length or tag than before is an error, not
// a mixture. What this cannot see is a server that lies consistently: only
// the hash of a whole file tells, so files read by range count as
// unverified.
package hub
