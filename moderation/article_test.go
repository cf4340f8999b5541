package moderation_test

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

func ref[T any](v T) *T { return &v }

// put changes the article that comments of tests stand under.
func (w *world) put(change moderation.ArticleChange) models.Article {
	w.Helper()
	change.Key = "a"
	a, err := w.flow.PutArticle(w.Context(), w.site, w.editor, change)
	w.must(err)
	return a
}

func (w *world) named() models.Article {
	w.Helper()
	return w.put(moderation.ArticleChange{URL: ref("https://news.example/a"), Title: ref("An article")})
}

// state is the article's as readers see it.
func (w *world) state() string {
	w.Helper()
	t, err := w.flow.Thread(w.Context(), w.site, moderation.ThreadPage{Key: "a", ThreadPage: models.ThreadPage{Limit: 10}})
	w.must(err)
	return t.Article.State
}

func TestAnArticleClosesWhenItsTimeIsOver(t *testing.T) {
	day := 24 * time.Hour
	for what, c := range map[string]struct {
		change moderation.ArticleChange
		site   *int
		open   time.Duration // for how long
	}{
		"at a time":                 {moderation.ArticleChange{ClosesAt: ref(ref(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)))}, nil, time.Hour},
		"after days":                {moderation.ArticleChange{CloseAfterDays: ref(ref(3))}, nil, 3 * day},
		"as the site has it":        {moderation.ArticleChange{}, ref(2), 2 * day},
		"otherwise than the site":   {moderation.ArticleChange{CloseAfterDays: ref(ref(5))}, ref(2), 5 * day},
		"never, whatever the site":  {moderation.ArticleChange{CloseAfterDays: ref(ref(0))}, ref(2), 0},
		"at a time, whatever comes": {moderation.ArticleChange{ClosesAt: ref(ref(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC))), CloseAfterDays: ref(ref(0))}, ref(2), time.Hour},
	} {
		w := newWorld(t)
		w.site.CloseAfterDays = c.site
		w.named()
		w.put(c.change)
		end := w.now.Add(c.open)
		if w.now = end.Add(-time.Second); w.state() != models.ArticleOpen || w.try(w.submission()) != "" {
			t.Errorf("%s: closed before its time", what)
		}
		if w.now = end; c.open == 0 {
			w.now = w.now.AddDate(20, 0, 0)
		}
		closed := w.state() == models.ArticleClosed && w.try(w.submission()) == "refusal.article_closed"
		if closed != (c.open > 0) {
			t.Errorf("%s: got closed %v at %s", what, closed, w.now)
		}
	}
}

func TestSlowModeTakesOneCommentOfEachAuthorInItsTime(t *testing.T) {
	w := newWorld(t)
	w.named()
	w.put(moderation.ArticleChange{SlowMinutes: ref(5)})
	from := func(email, network string) moderation.Submission {
		s := w.by(email)
		if network != "" {
			s.Request.Network = netip.MustParseAddr(network)
		}
		return s
	}
	w.submit(from(reader, "198.51.100.7"))
	w.submit(from("", "198.51.100.8"))
	w.now = w.now.Add(2*time.Minute + 30*time.Second)
	var refusal *moderation.Refusal
	if _, err := w.flow.Submit(t.Context(), w.site, from(strings.ToUpper(reader), "203.0.113.1")); !errors.As(err, &refusal) ||
		refusal.Kind != moderation.TooSoon || refusal.Wait != 2*time.Minute+30*time.Second || refusal.Args["count"] != 3 {
		t.Errorf("the same author: got %v, want to wait for two and a half minutes", err)
	}
	for _, c := range []struct{ email, network, want string }{
		{"", "198.51.100.8", "refusal.slow"}, {"bob@reader.example", "198.51.100.8", ""}, {"", "198.51.100.9", ""}, {"", "", "refusal.slow_address"}, {"", "127.0.0.1", "refusal.slow_address"},
	} {
		if got := w.try(from(c.email, c.network)); got != c.want {
			t.Errorf("%q from %q: got %q, want %q", c.email, c.network, got, c.want)
		}
	}
	elsewhere := from(reader, "198.51.100.7")
	elsewhere.Article.Key = "b"
	w.submit(elsewhere)
	w.now = w.now.Add(2*time.Minute + 30*time.Second)
	w.submit(from(reader, "198.51.100.7"))
}

func TestOfTenCommentsAtOnceSlowModeTakesOne(t *testing.T) {
	w := newWorld(t)
	w.named()
	w.put(moderation.ArticleChange{SlowMinutes: ref(5)})
	all := make([]moderation.Submission, 10)
	for i := range all {
		all[i] = w.by(reader)
	}
	var ten sync.WaitGroup
	errs := make([]error, len(all))
	for i := range all {
		ten.Go(func() { _, errs[i] = w.flow.Submit(t.Context(), w.site, all[i]) })
	}
	ten.Wait()
	taken := 0
	for _, err := range errs {
		if w.refusal(err) == "" {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("got %d comments, want 1", taken)
	}
}

func TestWhatChangesOfAnArticleIsLoggedAndWhatDoesNotIsNot(t *testing.T) {
	w := newWorld(t)
	first := w.named()
	same := w.named()
	quiet := w.put(moderation.ArticleChange{Section: ref("Lokales"), Lead: ref("Worum es geht.")})
	public := w.put(moderation.ArticleChange{Notice: ref("Wir lesen mit."), SlowMinutes: ref(5)})
	if first.Version != 2 || same.Version != 2 || quiet.Version != 2 || public.Version != 3 || public.Title != "An article" || public.Section != "Lokales" {
		t.Errorf("got versions %d, %d, %d, %d and %+v", first.Version, same.Version, quiet.Version, public.Version, public)
	}
	log, err := w.flow.Log(t.Context(), w.site.ID, 0, 10)
	w.must(err)
	if len(log) != 3 {
		t.Fatalf("got %d entries, want 3", len(log))
	}
	for i, want := range []string{"url\ntitle", "section\nlead", "notice: Wir lesen mit.\nslow_minutes: 5"} {
		e, err := w.flow.Event(t.Context(), w.site.ID, log[i].ID)
		w.must(err)
		if e.Note != want || e.Action != "article" || *e.ArticleID != first.ID || *e.ActorID != w.editor.ID {
			t.Errorf("got %+v, want the note %q", e, want)
		}
	}
	if v, err := w.flow.VerifyLedger(t.Context(), w.site); err != nil || v.Fault != nil {
		t.Errorf("got %+v, %v", v, err)
	}
}

// An article that came to be by a comment shows its address and title once an editor has said them, be it the same.
func TestAnEditorsWordMakesAnArticlePublic(t *testing.T) {
	w := newWorld(t)
	s := w.submission()
	s.Article.URL = "https://news.example/a"
	w.submit(s)
	if a := w.named(); a.Version != 2 {
		t.Errorf("got version %d, want 2", a.Version)
	}
}

func TestOnlyEditorsChangeArticlesAndOnlyWithinLimits(t *testing.T) {
	w := newWorld(t)
	w.named()
	s := w.submission()
	s.Article = moderation.ArticleName{Key: "only a reader named it", Title: "A reader's title"}
	w.submit(s)
	if _, err := w.flow.PutArticle(t.Context(), w.site, w.moderator, moderation.ArticleChange{Key: "a", State: ref(models.ArticleClosed)}); w.refusal(err) != "refusal.role" {
		t.Errorf("a moderator: got %v", err)
	}
	for want, change := range map[string]moderation.ArticleChange{
		"refusal.article_url":     {Key: "a", URL: ref("https://elsewhere.example/a")},
		"refusal.article_unknown": {Key: "nobody knows it"},
		"refusal.article_unnamed": {Key: "only a reader named it", State: ref(models.ArticleClosed), Title: ref("Its title")},
		"invalid.max":             {Key: "a", Notice: ref(strings.Repeat("n", 1001))},
		"invalid.control":         {Key: "a", Lead: ref("\x00")},
		"invalid.between":         {Key: "a", SlowMinutes: ref(1441)},
	} {
		if _, err := w.flow.PutArticle(t.Context(), w.site, w.editor, change); w.refusal(err) != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
