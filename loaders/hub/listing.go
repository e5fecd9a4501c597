package hub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// A tree is all files of a commit, as kept in our cache.
type tree struct {
	Repo, Commit string
	Endpoint     string
	Entries      []entry
}

// list finds the commit that an address means now, and its files.
func (c *client) list(ctx context.Context, a address) (t *tree, warnings []error, err error) {
	commit, warning, err := c.pin(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if warning != nil {
		warnings = append(warnings, warning)
	}
	file, cacheErr := c.noteFile("trees", a.repo, commit)
	t = new(tree)
	if cacheErr == nil && readSealed(file, t) == nil && t.Commit == commit {
		return t, warnings, nil
	}
	t = &tree{Repo: a.repo, Commit: commit, Endpoint: c.env.endpoint.String()}
	if !c.env.offline {
		t.Entries, err = c.treeOf(ctx, a, commit)
		if err == nil {
			if cacheErr == nil {
				noteProblem(writeSealed(file, t))
			}
			return t, warnings, nil
		}
		if !unreachable(err) {
			return nil, nil, err
		}
	} else {
		err = ErrOffline
	}
	// What huggingface_hub has of the commit is better than nothing.
	found, snapErr := c.snapshotEntries(a, commit)
	if snapErr != nil || len(found) == 0 {
		return nil, nil, fmt.Errorf("%s: the list of its files: %w; run specstress fetch %s once with a network", a.at(commit), err, a)
	}
	t.Entries = found
	warnings = append(warnings, fmt.Errorf("%s: without a network: only the %d files that are in the cache of huggingface_hub", a.at(commit), len(found)))
	return t, warnings, nil
}

// pin finds the commit of a revision: by asking, and where nobody answers,
// as it was when we, or huggingface_hub, last asked.
func (c *client) pin(ctx context.Context, a address) (commit string, warning, err error) {
	if commitID.MatchString(a.revision) {
		return a.revision, nil, nil
	}
	file, cacheErr := c.noteFile("refs", a.repo, a.revision)
	if c.env.offline {
		err = ErrOffline
	} else {
		if commit, err = c.commitOf(ctx, a); err == nil {
			if cacheErr == nil {
				noteProblem(writeSealed(file, commit))
			}
			return commit, nil, nil
		}
		if !unreachable(err) {
			return "", nil, err
		}
		warning = fmt.Errorf("%s: the Hub did not answer (%w); read as of when it last did", a, err)
	}
	if cacheErr == nil && readSealed(file, &commit) == nil && commitID.MatchString(commit) {
		return commit, warning, nil
	}
	if commit := c.snapshotRef(a); commit != "" {
		return commit, warning, nil
	}
	return "", nil, fmt.Errorf("%s: which commit it is: %w; run specstress fetch %s once with a network", a, err, a)
}

// unreachable tells an error of the network from a word of the Hub.
func unreachable(err error) bool {
	var t temporary
	return errors.As(err, &t)
}

// noteFile is where something about a repository of this Hub is kept.
func (c *client) noteFile(kind, repo, what string) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, kind, keyOf(c.env.endpoint.String(), repo, what)+".json"), nil
}

// remote is the hub as package loaders sees it.
type remote struct{}

func init() { loaders.RegisterRemote(scheme, remote{}) }

// List asks the Hub which files the address holds. Names of other files are
// not looked at; one of a wanted file that is not safe is an error.
func (remote) List(ctx context.Context, source string, want func(path string) bool) (*loaders.Listing, error) {
	a, err := parseAddress(source)
	if err != nil {
		return nil, err
	}
	c, err := currentClient()
	if err != nil {
		return nil, err
	}
	t, warnings, err := c.list(ctx, a)
	if err != nil {
		return nil, err
	}
	l := &loaders.Listing{Pinned: a.at(t.Commit).String(), Commit: t.Commit, Warnings: warnings}
	var names []string
	for _, e := range t.Entries {
		if !a.holds(e.Path) || want != nil && !want(e.Path) {
			continue
		}
		if err := checkName(e.Path); err != nil {
			return nil, fmt.Errorf("%s: %w", a, err)
		}
		names = append(names, e.Path)
		l.Files = append(l.Files, loaders.RemoteFile{Path: e.Path, Address: a.at(t.Commit).file(e.Path).String(), Size: e.Size, OID: e.OID})
	}
	if err := checkTwins(names); err != nil {
		return nil, fmt.Errorf("%s: %w", a, err)
	}
	if len(l.Files) == 0 {
		if a.path != "" {
			return nil, fmt.Errorf("%s: %w: nothing in the repository matches %q: %w", a, loaders.ErrNoData, a.path, fs.ErrNotExist)
		}
		return nil, fmt.Errorf("%s: %w among the %d files of the repository", a, loaders.ErrNoData, len(t.Entries))
	}
	slices.SortFunc(l.Files, func(a, b loaders.RemoteFile) int { return strings.Compare(a.Path, b.Path) })
	return l, nil
}
