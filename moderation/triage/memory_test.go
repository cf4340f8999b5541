package triage

import (
	"testing"

	"github.com/google/uuid"
)

// However much is written, what was written last in a place is what the next text there is held against.
func TestTheNewestTextsOfAPlaceStayKnown(t *testing.T) {
	m, gist := NewMemory(), Read("Der Radweg an der Bahnhofstraße ist seit Wochen gesperrt, und niemand sagt den Leuten, warum das so lange dauert und wann er wieder offen ist.", "de").Gist()
	site, articles, written := uuid.New(), make([]uuid.UUID, 97), map[uuid.UUID][]Name{}
	for i := range articles {
		articles[i] = uuid.New()
	}
	forgotten := 0
	for i := range 30_000 {
		article, n := articles[i%len(articles)], Name{uuid.Must(uuid.NewV7()), 1}
		for _, place := range []uuid.UUID{site, article} {
			kept := m.Gists(place)
			for _, earlier := range written[place] {
				if _, known := kept.Of(earlier); !known {
					forgotten++
				}
			}
			written[place] = append(written[place], n)
			written[place] = written[place][max(0, len(written[place])-25):]
			m.Keep(place, n, gist, 32)
		}
	}
	if forgotten > 0 {
		t.Errorf("got %d texts forgotten of 30,000, want none", forgotten)
	}
}
