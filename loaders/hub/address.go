package hub

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// The public datasets that the commands know by name.
const (
	PaperDataset    = "hf://datasets/jifanz/stress_testing_model_spec"
	TaxonomyDataset = "hf://datasets/Anthropic/values-in-the-wild"
)

// DefaultRevision is what an address without a revision means. It is a
// branch, whose commit is looked up and said with every result: the full
// commit id of the published state is not printed anywhere, and the Hub
// takes no shortened one. Once it is known, it belongs here.
const DefaultRevision = "main"

// An address is a parsed source.
type address struct {
	repo     string // owner/name
	revision string // branch, tag or commit
	path     string // folder, file or glob in the repository; "" for all
}

const scheme = "hf"

var (
	repoName   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}$`)
	gitRef     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$`)
	commitID   = regexp.MustCompile(`^[0-9a-f]{40}$`)
	contentID  = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	specialRef = regexp.MustCompile(`^(refs/(?:convert/[\w.-]+|pr/\d+))(/.*)?$`)
)

// parseAddress reads hf://datasets/OWNER/NAME[@REVISION][/PATH]. A slash in
// a revision is written %2F, except in refs/convert/… and refs/pr/….
func parseAddress(source string) (address, error) {
	fail := func(why string) (address, error) {
		return address{}, fmt.Errorf("source %q: %s; want hf://datasets/OWNER/NAME[@REVISION][/PATH]", source, why)
	}
	rest, ok := strings.CutPrefix(source, scheme+"://datasets/")
	if !ok {
		return fail("only dataset repositories are read")
	}
	owner, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return fail("no name of a repository")
	}
	a := address{revision: DefaultRevision}
	end := strings.IndexAny(rest, "@/")
	name, after := rest, ""
	if end >= 0 {
		name, after = rest[:end], rest[end:]
	}
	for _, part := range []string{owner, name} {
		if !repoName.MatchString(part) || strings.Contains(part, "..") || strings.Contains(part, "--") {
			return fail(fmt.Sprintf("%q is no name of an owner or repository", part))
		}
	}
	a.repo = owner + "/" + name
	if ref, ok := strings.CutPrefix(after, "@"); ok {
		if m := specialRef.FindStringSubmatch(ref); m != nil {
			a.revision, after = m[1], m[2]
		} else {
			a.revision, after, _ = strings.Cut(ref, "/")
			if after != "" {
				after = "/" + after
			}
			a.revision = strings.ReplaceAll(strings.ReplaceAll(a.revision, "%2F", "/"), "%2f", "/")
		}
		if !gitRef.MatchString(a.revision) || strings.Contains(a.revision, "..") || strings.Contains(a.revision, "//") ||
			strings.HasSuffix(a.revision, "/") || strings.HasSuffix(a.revision, ".lock") {
			return fail(fmt.Sprintf("%q is no revision", a.revision))
		}
	}
	a.path = strings.Trim(after, "/")
	if a.path != "" {
		if err := checkName(strings.Map(globAsLetter, a.path)); err != nil {
			return fail(err.Error())
		}
		if _, err := path.Match(a.path, ""); err != nil {
			return fail(err.Error())
		}
	}
	return a, nil
}

// globAsLetter lets a pattern pass as a name.
func globAsLetter(r rune) rune {
	if strings.ContainsRune("*?[]", r) {
		return 'x'
	}
	return r
}

// String is the address in its written form.
func (a address) String() string {
	s := scheme + "://datasets/" + a.repo + "@" + a.revision
	if strings.Contains(a.revision, "/") && !specialRef.MatchString(a.revision) {
		s = scheme + "://datasets/" + a.repo + "@" + strings.ReplaceAll(a.revision, "/", "%2F")
	}
	if a.path != "" {
		s += "/" + a.path
	}
	return s
}

// at is the address pinned to a commit.
func (a address) at(commit string) address {
	a.revision = commit
	return a
}

// file is the address of one file of the repository.
func (a address) file(name string) address {
	a.path = name
	return a
}

// holds reports whether the address names a file: itself, one below it, or
// one that matches it.
func (a address) holds(name string) bool {
	if a.path == "" || a.path == name || strings.HasPrefix(name, a.path+"/") {
		return true
	}
	ok, err := path.Match(a.path, name)
	return err == nil && ok
}

// folder is the name of the repository's folder in the cache of
// huggingface_hub.
func (a address) folder() string { return "datasets--" + strings.ReplaceAll(a.repo, "/", "--") }

// SetRevision returns an address with another revision.
func SetRevision(source, revision string) (string, error) {
	a, err := parseAddress(source)
	if err != nil {
		return "", err
	}
	a.revision = revision
	if _, err := parseAddress(a.String()); err != nil {
		return "", err
	}
	return a.String(), nil
}

// RevisionOf is the revision that an address names, or DefaultRevision; "" for
// what is no address.
func RevisionOf(source string) string {
	a, err := parseAddress(source)
	if err != nil {
		return ""
	}
	return a.revision
}
