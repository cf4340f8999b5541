package triage

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/google/uuid"
	"github.com/maypok86/otter/v2"
)

// Memory keeps the gists of texts and the lists of sites, so that a process reads each once, and not again with every text
// that is held against it. It is safe for concurrent use.
type Memory struct {
	gists *otter.Cache[uuid.UUID, Gists]
	lists *otter.Cache[uuid.UUID, listed]
}

// Name is a text: one revision of a comment.
type Name struct {
	Comment  uuid.UUID
	Revision int
}

// Gists are those of the newest texts of a place, which is what texts are held against together: an article, an author, a
// site. They are kept by place and not by text, because a cache keeps what is asked for often: a text that was just written
// never was, and the places that are written in are.
type Gists []keptGist

type keptGist struct {
	name Name
	gist Gist
}

// listed is a list and what it was made of.
type listed struct {
	entries []Word
	list    *List
}

// What a memory holds: some eight thousand texts of four hundred characters, and the lists of a thousand sites.
const (
	maxGists = 16 << 20 // bytes
	perGist  = 128      // bytes that one takes beside its numbers
	maxLists = 1000
)

// NewMemory makes an empty memory.
func NewMemory() *Memory {
	return &Memory{
		gists: otter.Must(&otter.Options[uuid.UUID, Gists]{MaximumWeight: maxGists, Weigher: func(_ uuid.UUID, all Gists) uint32 { return all.bytes() }}),
		lists: otter.Must(&otter.Options[uuid.UUID, listed]{MaximumSize: maxLists}),
	}
}

// Gists are those that are kept of a place.
func (m *Memory) Gists(place uuid.UUID) Gists {
	all, _ := m.gists.GetIfPresent(place)
	return all
}

// Keep keeps the gist of a text of a place, if it is one of so many that are the newest there.
func (m *Memory) Keep(place uuid.UUID, n Name, g Gist, most int) {
	m.gists.Compute(place, func(all Gists, _ bool) (Gists, otter.ComputeOp) { return all.with(keptGist{n, g}, most), otter.WriteOp })
}

// Of is the gist of a text, and whether it is among them.
func (all Gists) Of(n Name) (Gist, bool) {
	if i, found := all.find(n); found {
		return all[i].gist, true
	}
	return Gist{}, false
}

// find is where a text is, or would be: the newest come first.
func (all Gists) find(n Name) (int, bool) {
	return slices.BinarySearchFunc(all, n, func(one keptGist, n Name) int {
		return cmp.Or(bytes.Compare(n.Comment[:], one.name.Comment[:]), cmp.Compare(n.Revision, one.name.Revision))
	})
}

// with is a copy that has one more, unless it has that or is full of newer ones.
func (all Gists) with(one keptGist, most int) Gists {
	i, found := all.find(one.name)
	if found || i >= most {
		return all
	}
	return slices.Insert(slices.Clone(all[:min(len(all), most-1)]), i, one)
}

func (all Gists) bytes() (n uint32) {
	for _, one := range all {
		n += uint32(one.gist.bytes()) + perGist
	}
	return n
}

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
