package cache_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/handlers/internal/cache"
	"plenum/models"
)

var site = uuid.MustParse("01890000-0000-7000-8000-000000000001")

// shelf is a cache that hears of changes, and a clock.
type shelf struct {
	*testing.T
	*cache.Cache
	clock atomic.Int64
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{T: t}
	s.Cache = cache.New(1<<20, func() time.Time { return time.Unix(s.clock.Load(), 0) })
	s.Up()
	return s
}

func thread(article string) cache.Key {
	return cache.Key{Site: site, Call: "thread", Meaning: article}
}

// show asks for the thread of an article, which load would make.
func (s *shelf) show(article string, load func() (*cache.Page, error)) string {
	s.Helper()
	page, err := s.Page(s.Context(), thread(article), []string{article}, load)
	if err != nil {
		s.Fatal(err)
	}
	return string(page.Body)
}

func page(text string) func() (*cache.Page, error) {
	return func() (*cache.Page, error) { return &cache.Page{Body: []byte(text)}, nil }
}

func (s *shelf) want(got, want string) {
	s.Helper()
	if got != want {
		s.Errorf("got %q, want %q", got, want)
	}
}

func TestAPageIsLoadedOnceUntilItsThreadChanges(t *testing.T) {
	s := newShelf(t)
	s.want(s.show("a", page("1")), "1")
	s.want(s.show("a", page("2")), "1")
	s.Hear(models.Hint{SiteID: site})
	s.Hear(models.Hint{SiteID: site, Article: "b"})
	s.Hear(models.Hint{SiteID: uuid.New(), Article: "a"})
	s.want(s.show("a", page("2")), "1")
	s.Hear(models.Hint{SiteID: site, Article: "a"})
	s.want(s.show("a", page("2")), "2")
	s.Hear(models.Hint{SiteID: site, Whole: true})
	s.want(s.show("a", page("3")), "3")
}

func TestAPageOfTheWholeSiteChangesWithEachThread(t *testing.T) {
	s := newShelf(t)
	overview := func(text string) string {
		p, err := s.Page(t.Context(), cache.Key{Site: site, Call: "overview"}, nil, page(text))
		if err != nil {
			t.Fatal(err)
		}
		return string(p.Body)
	}
	s.want(overview("1"), "1")
	s.want(overview("2"), "1")
	s.Hear(models.Hint{SiteID: site, Article: "whatever"})
	s.want(overview("2"), "2")
}

func TestWhatWasLoadedBeforeAChangeIsNotShownAfterIt(t *testing.T) {
	s := newShelf(t)
	s.show("a", func() (*cache.Page, error) {
		s.Hear(models.Hint{SiteID: site, Article: "a"}) // while the rows of before are being rendered
		return page("before")()
	})
	s.want(s.show("a", page("after")), "after")
}

func TestWhoAsksAfterAChangeDoesNotWaitForALoadFromBefore(t *testing.T) {
	s := newShelf(t)
	reading, change, first := make(chan bool), make(chan bool), make(chan string)
	var loads atomic.Int32
	slow := func() (*cache.Page, error) {
		if loads.Add(1) > 1 {
			return page("after")()
		}
		reading <- true
		<-change
		return page("before")()
	}
	go func() { first <- s.show("a", slow) }()
	<-reading
	s.Hear(models.Hint{SiteID: site, Article: "a"})
	second := make(chan string)
	go func() { second <- s.show("a", slow) }()
	close(change)
	s.want(<-second, "after")
	<-first
}

func TestManyWhoAskAtOnceCauseOneLoad(t *testing.T) {
	s := newShelf(t)
	var loads atomic.Int32
	begun, asked := make(chan bool), sync.WaitGroup{}
	load := func() (*cache.Page, error) {
		if loads.Add(1) == 1 {
			<-begun
		}
		return page("1")()
	}
	for range 100 {
		asked.Go(func() { s.want(s.show("a", load), "1") })
	}
	close(begun)
	asked.Wait()
	if got := loads.Load(); got != 1 {
		t.Errorf("got %d loads, want 1", got)
	}
}

func TestNothingIsAnsweredFromMemoryWhileNoHintsArrive(t *testing.T) {
	s := newShelf(t)
	s.Means(s.Read("/a"), thread("a"))
	s.want(s.show("a", page("1")), "1")
	if s.Spelled("/a", "") == nil {
		t.Error("the address is not known")
	}
	s.Down()
	if s.Spelled("/a", "") != nil || s.Live() {
		t.Error("an address was answered while no hints arrive")
	}
	s.want(s.show("a", page("2")), "2")
	s.want(s.show("a", page("3")), "3")
	s.Up()
	if s.Spelled("/a", "") != nil {
		t.Error("a page from before was answered")
	}
	s.want(s.show("a", page("4")), "4")
}

func TestAnErrorIsNotKept(t *testing.T) {
	s := newShelf(t)
	_, err := s.Page(t.Context(), thread("a"), []string{"a"}, func() (*cache.Page, error) { return nil, models.ErrNotFound })
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	s.want(s.show("a", page("1")), "1")
}

func TestAPageEndsWhenItSaysSo(t *testing.T) {
	s := newShelf(t)
	until := func() (*cache.Page, error) { return &cache.Page{Body: []byte("open"), Until: time.Unix(10, 0)}, nil }
	s.want(s.show("a", until), "open")
	s.clock.Store(9)
	s.want(s.show("a", page("closed")), "open")
	s.clock.Store(10)
	s.want(s.show("a", page("closed")), "closed")
}

func TestAnAddressMeansSomethingElseAfterTheSettingsChanged(t *testing.T) {
	s := newShelf(t)
	s.want(s.show("a", page("1")), "1")
	late := s.Read("/a")
	s.Means(s.Read("/a"), thread("a"))
	if p := s.Spelled("/a", ""); p == nil || string(p.Body) != "1" {
		t.Errorf("got %v", p)
	}
	if s.Spelled("/a", "gzip") != nil || s.Spelled("/b", "") != nil {
		t.Error("an address is known that was never read")
	}
	s.Hear(models.Hint{SiteID: uuid.New(), Whole: true})
	if s.Spelled("/a", "") != nil {
		t.Error("the address is still known")
	}
	s.Means(late, thread("a")) // read with the settings of before
	if s.Spelled("/a", "") != nil {
		t.Error("an address was kept as it was read before")
	}
}

func TestSitesAreKeptUntilSettingsChange(t *testing.T) {
	s := newShelf(t)
	look := func(name string) string {
		found, err := s.Site(t.Context(), "news", func() (models.Site, error) { return models.Site{Name: name}, nil })
		if err != nil {
			t.Fatal(err)
		}
		return found.Name
	}
	s.want(look("1"), "1")
	s.want(look("2"), "1")
	s.Hear(models.Hint{SiteID: site, Whole: true})
	s.want(look("2"), "2")
	s.Down()
	s.want(look("3"), "3")
	if _, err := s.Site(t.Context(), "none", func() (models.Site, error) { return models.Site{}, models.ErrNotFound }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := newShelf(t)
	large := strings.Repeat("x", 10_000)
	for i := range 1000 {
		s.show(fmt.Sprint("article ", i), page(large))
	}
	if held := s.Held(); held > 1<<20 || held == 0 {
		t.Errorf("got %d bytes held of 10 MB shown, want at most 1 MiB", held)
	}
}

// Writers raise a number and say so; whoever begins to read afterwards must see it, whatever else goes on.
func TestNoReaderSeesWhatWasBeforeAHint(t *testing.T) {
	s := newShelf(t)
	var number, told atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		for range 5000 {
			n := number.Add(1)
			s.Hear(models.Hint{SiteID: site, Article: "a"})
			told.Store(n)
		}
	})
	for range 8 {
		reading.Go(func() {
			for ctx.Err() == nil {
				least := told.Load()
				got := s.show("a", func() (*cache.Page, error) { return page(fmt.Sprint(number.Load()))() })
				var n int64
				if _, err := fmt.Sscan(got, &n); err != nil || n < least {
					t.Errorf("got %q, want at least %d", got, least)
				}
			}
		})
	}
	writing.Wait()
	stop()
	reading.Wait()
}
