package cache

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/google/uuid"

	"plenum/models"
)

// marks count the changes of what can be shown: mark 0 those that nobody may have heard of, mark 1 those of any site's
// settings, and the others each those of a share of all threads and sites, by hash. Two threads that share a mark cost
// each other a load now and then, which is nothing against an index of what depends on what.
type marks struct {
	up    atomic.Bool // hints arrive
	count [1 << 14]atomic.Uint64
}

const (
	missed = iota
	anySettings
	firstShared
)

// mark is a count as it was seen.
type mark struct {
	index int
	count uint64
}

// stamp is the state of everything that something depends on, taken before that was read.
type stamp []mark

var seed = maphash.MakeSeed()

// topic is a part of a site that changes by itself: the thread of an article, any of its threads (no article), or its
// settings and rules (whole).
type topic struct {
	site    uuid.UUID
	article string
	whole   bool
}

func (t topic) index() int {
	return firstShared + int(maphash.Comparable(seed, t)%uint64(len(marks{}.count)-firstShared))
}

// stamp sees the state of the threads of a site's articles; of none: of all of them.
func (m *marks) stamp(site uuid.UUID, articles []string) stamp {
	s := stamp{m.see(missed), m.see(topic{site: site, whole: true}.index())}
	if len(articles) == 0 {
		return append(s, m.see(topic{site: site}.index()))
	}
	for _, key := range articles {
		s = append(s, m.see(topic{site: site, article: key}.index()))
	}
	return s
}

// settings sees the state of the settings of all sites.
func (m *marks) settings() stamp { return stamp{m.see(missed), m.see(anySettings)} }

func (m *marks) see(index int) mark { return mark{index, m.count[index].Load()} }

// fresh reports whether nothing has changed since.
func (m *marks) fresh(s stamp) bool {
	for _, seen := range s {
		if m.count[seen.index].Load() != seen.count {
			return false
		}
	}
	return true
}

// Up says that hints arrive from now on. What is kept from before is worth nothing.
func (m *marks) Up() {
	m.count[missed].Add(1)
	m.up.Store(true)
}

// Live reports whether hints arrive.
func (m *marks) Live() bool { return m.up.Load() }

// Hear drops what is no longer true. It never waits.
func (m *marks) Hear(h models.Hint) {
	if h.Whole {
		m.count[anySettings].Add(1)
		m.count[topic{site: h.SiteID, whole: true}.index()].Add(1)
	}
	if h.Article != "" {
		m.count[topic{site: h.SiteID, article: h.Article}.index()].Add(1)
		m.count[topic{site: h.SiteID}.index()].Add(1)
	}
}
