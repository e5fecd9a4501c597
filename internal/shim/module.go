package shim

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// noVersion is what a cell requires of the repository's module; a replace
// line says where it is.
const noVersion = "v0.0.0"

// ModulePath returns the module path of the repository at root.
func ModulePath(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	path := modfile.ModulePath(text)
	if path == "" {
		return "", fmt.Errorf("%s: no module line", filepath.Join(root, "go.mod"))
	}
	return path, nil
}

// WriteModule writes go.mod and go.sum into dir for a module that builds
// like the repository at root and can import its packages.
func WriteModule(dir, root, name string) error {
	path := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	if text, err = cellModule(path, text, root, name); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), text, 0o644)
}

// cellModule turns the repository's go.mod into that of a cell.
func cellModule(path string, text []byte, root, name string) ([]byte, error) {
	mod, err := modfile.Parse(path, text, nil)
	if err != nil {
		return nil, err
	}
	if mod.Module == nil {
		return nil, fmt.Errorf("%s: no module line", path)
	}
	repository := mod.Module.Mod.Path
	if err := mod.AddModuleStmt(name); err != nil {
		return nil, err
	}
	for _, tool := range mod.Tool {
		if err := mod.DropTool(tool.Path); err != nil {
			return nil, err
		}
	}
	for _, r := range mod.Replace {
		if modfile.IsDirectoryPath(r.New.Path) && !filepath.IsAbs(r.New.Path) {
			if err := mod.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(root, r.New.Path), ""); err != nil {
				return nil, err
			}
		}
	}
	if err := mod.AddRequire(repository, noVersion); err != nil {
		return nil, err
	}
	if err := mod.AddReplace(repository, "", root, ""); err != nil {
		return nil, err
	}
	mod.Cleanup()
	return mod.Format()
}

// refreshModule writes go.mod again when the repository's has changed
// since.
func refreshModule(dir, root string) error {
	cell, err := os.Stat(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil // not a cell's folder
	}
	repository, err := os.Stat(filepath.Join(root, "go.mod"))
	if err != nil || !repository.ModTime().After(cell.ModTime()) {
		return err
	}
	name, err := ModulePath(dir)
	if err != nil {
		return err
	}
	return WriteModule(dir, root, name)
}
