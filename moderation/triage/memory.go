package triage

import (
	"slices"

	"github.com/google/uuid"
	"github.com/maypok86/otter/v2"
)

// Memory keeps the gists of texts and the lists of sites, so that a process reads each once, and not again with every text
// that is held against it. It is safe for concurrent use.
type Memory struct {
	gists *otter.Cache[Name, Gist]
	lists *otter.Cache[uuid.UUID, listed]
}

// Name is a text: one revision of a comment.
type Name struct {
	Comment  uuid.UUID
	Revision int
}

// listed is a list and what it was made of.
type listed struct {
	entries []Word
	list    *List
}

// What a memory holds: some eight thousand texts of four hundred characters, and the lists of a thousand sites.
const (
	maxGists = 16 << 20 // bytes
	maxLists = 1000
	perGist  = 128 // bytes that one takes beside its numbers
)

// NewMemory makes an empty memory.
func NewMemory() *Memory {
	return &Memory{
		gists: otter.Must(&otter.Options[Name, Gist]{MaximumWeight: maxGists, Weigher: func(_ Name, g Gist) uint32 { return uint32(g.bytes() + perGist) }}),
		lists: otter.Must(&otter.Options[uuid.UUID, listed]{MaximumSize: maxLists}),
	}
}

// Keep keeps the gist of a text.
func (m *Memory) Keep(n Name, g Gist) { m.gists.Set(n, g) }

// Gist is the gist of a text that was kept, and whether it still is.
func (m *Memory) Gist(n Name) (Gist, bool) { return m.gists.GetIfPresent(n) }

// List is NewList for a site, whose list is made anew when its entries have changed.
func (m *Memory) List(site uuid.UUID, entries []Word) (*List, error) {
	if kept, ok := m.lists.GetIfPresent(site); ok && slices.Equal(kept.entries, entries) {
		return kept.list, nil
	}
	list, err := NewList(entries)
	if err != nil {
		return nil, err
	}
	m.lists.Set(site, listed{entries, list})
	return list, nil
}
