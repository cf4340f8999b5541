package cache_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/models"
)

// cut is a shelf on a database that a test takes away, with the page of an article that was read before.
type cut struct {
	*shelf
	heard models.Heard
}

// answered is one more question, with its answer.
func (s *cut) answered() {
	s.heard.Asked++
	s.heard.Answered = s.heard.Asked
}

func newCut(t *testing.T) *cut {
	s := &cut{shelf: newShelf(t)}
	s.Outlast(cache.Outage{Most: 5 * time.Minute, Ask: func() models.Heard { return s.heard }})
	s.Means(s.Read("/a"), thread("a"))
	s.show("a", page("1"))
	_, err := s.Site(t.Context(), "news", func() (models.Site, error) { return models.Site{Name: "1"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// remembers reports whether the article's page is answered, and holds each way to it to the others.
func (s *cut) remembers() bool {
	s.Helper()
	away := errors.New("away")
	p, err := s.Page(s.Context(), thread("a"), []string{"a"}, func() (*cache.Page, error) { return nil, away })
	found, siteErr := s.Site(s.Context(), "news", func() (models.Site, error) { return models.Site{}, away })
	spelled := s.Spelled("/a", "")
	switch {
	case err == nil && siteErr == nil && spelled != nil:
		if p.Stale == nil || spelled.Stale == nil || string(p.Body) != "1" || found.Name != "1" {
			s.Errorf("got %+v, %+v and %+v, want them marked and as they were", p, spelled, found)
		}
		return true
	case err != nil && siteErr != nil && spelled == nil:
		return false
	}
	s.Fatalf("got %v, %v and %v: the ways to a page do not agree", p, found, spelled)
	return false
}

func TestWhatWasTrueIsRememberedWhileTheDatabaseIsAway(t *testing.T) {
	s := newCut(t)
	s.clock.Store(1000)
	s.Down()
	if s.remembers() {
		t.Error("a page was remembered before the database was found to be away")
	}
	s.heard.Away = true
	s.clock.Store(1060)
	s.Down() // again and again, as long as nobody connects
	if !s.remembers() {
		t.Fatal("nothing is remembered")
	}
	if got := s.Spelled("/a", "").Stale; got.AsOf.Unix() != 1000 || got.Age != time.Minute {
		t.Errorf("got %+v, want it as of when hints ceased to arrive", got)
	}
	s.clock.Store(1299)
	if !s.remembers() {
		t.Error("it was forgotten before its time")
	}
	s.clock.Store(1300)
	if s.remembers() {
		t.Error("it is remembered for longer than it may be")
	}
}

func TestNothingIsRememberedOnceTheDatabaseAnsweredUnheard(t *testing.T) {
	s := newCut(t)
	s.Down()
	s.answered() // whoever it answered may have removed something
	s.heard.Away = true
	if s.remembers() {
		t.Error("a page was remembered of a time in which something may have been removed")
	}
}

// A question is under way whenever the database goes, and its answer may be noted after the loss.
func TestTheAnswerToAnEarlierQuestionEndsNoMemory(t *testing.T) {
	s := newCut(t)
	s.heard.Asked++
	s.Down()
	s.heard.Answered = s.heard.Asked
	s.heard.Away = true
	if !s.remembers() {
		t.Error("nothing is remembered: the answer was taken for one of after the loss")
	}
}

func TestWhatWasRemovedIsNotRemembered(t *testing.T) {
	for name, removal := range map[string]models.Hint{"of the thread": {SiteID: site, Article: "a"}, "of the site": {SiteID: site, Whole: true}} {
		t.Run(name, func(t *testing.T) {
			before, during := newCut(t), newCut(t)
			before.Hear(removal)
			before.Down()
			before.heard.Away = true
			if before.Spelled("/a", "") != nil {
				t.Error("a page was remembered that had changed before")
			}
			during.Down()
			during.heard.Away = true
			during.Hear(removal) // of a commit whose answer was lost
			if during.Spelled("/a", "") != nil {
				t.Error("a page was remembered that may have changed")
			}
		})
	}
}

func TestAfterAnOutageMemoryBeginsEmpty(t *testing.T) {
	s := newCut(t)
	s.Down()
	s.heard.Away = true
	s.remembers()
	s.heard.Away = false
	s.answered()
	if s.remembers() {
		t.Error("a page was remembered though the database answers")
	}
	s.Up()
	s.want(s.show("a", page("2")), "2")
	s.Down() // and of the next outage, what is remembered is what was read since
	s.heard.Away = true
	if p, err := s.Page(t.Context(), thread("a"), []string{"a"}, page("3")); err != nil || string(p.Body) != "2" || p.Stale == nil {
		t.Errorf("got %v %v", p, err)
	}
}

func TestAPageThatEndsIsNotRememberedBeyondItsEnd(t *testing.T) {
	s := newCut(t)
	p := func() (*cache.Page, error) { return &cache.Page{Body: []byte("open"), Until: time.Unix(10, 0)}, nil }
	s.want(s.show("b", p), "open")
	s.Down()
	s.heard.Away = true
	s.want(s.show("b", page("read anew")), "open")
	s.clock.Store(10)
	s.want(s.show("b", page("read anew")), "read anew")
}

func TestNothingIsRememberedWhereThatIsSwitchedOff(t *testing.T) {
	s := newShelf(t)
	s.want(s.show("a", page("1")), "1")
	s.Down()
	s.want(s.show("a", page("2")), "2")
	own := cache.Key{Site: uuid.Nil, Call: "embed"}
	cutOff := newCut(t)
	for _, want := range []string{"1", "2"} {
		p, err := cutOff.Page(t.Context(), own, nil, page(want))
		if err != nil {
			t.Fatal(err)
		}
		s.want(string(p.Body), want)
		cutOff.Down() // what belongs to no site needs no database, and is made anew
		cutOff.heard.Away = true
	}
}
