package loaders

import (
	"maps"
	"slices"
	"sync"
)

// A registry holds what packages make known by name from their init.
type registry[T any] struct {
	mu     sync.RWMutex
	byName map[string]T
}

func (r *registry[T]) add(name string, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil {
		r.byName = map[string]T{}
	}
	r.byName[name] = v
}

// get is the zero T for a name that nobody made known.
func (r *registry[T]) get(name string) T {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[name]
}

func (r *registry[T]) names() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Sorted(maps.Keys(r.byName))
}
