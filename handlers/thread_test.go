package handlers_test

import (
	"slices"
	"strings"
	"testing"
)

// thread is a page of a public thread.
type thread struct {
	Article      struct{ Key, URL, Title, State string }
	RulesVersion int `json:"rules_version"`
	Total        int
	Version      int64
	Comments     []place
	Next         *string `json:"next_cursor"`
}

type place struct {
	ID       string
	ParentID *string `json:"parent_id"`
	Depth    int
	Author   *struct{ Name, URL, Role string }
	HTML     string
	Created  *string `json:"created_at"`
	Edited   *string `json:"edited_at"`
	State    string
	Replies  int
	Agreed   int
}

func (w *world) thread(query string) thread {
	w.Helper()
	return read[thread](w.get(w.api("/thread?" + query)).want(200))
}

func ids(places []place) (all []string) {
	for _, p := range places {
		all = append(all, p.ID)
	}
	return all
}

func TestAThreadIsInReadingOrder(t *testing.T) {
	w := newWorld(t)
	a, b := w.published("a"), w.published("b")
	b1, a1 := w.approve(w.send(newDraft("b1").below(b))), w.approve(w.send(newDraft("a1").below(a)))
	a11, a2 := w.approve(w.send(newDraft("a11").below(a1))), w.approve(w.send(newDraft("a2").below(a)))
	w.send(newDraft("waits").below(a))
	oldest := w.thread("article=" + article)
	if got, want := ids(oldest.Comments), []string{a.ID, a1.ID, a11.ID, a2.ID, b.ID, b1.ID}; !slices.Equal(got, want) {
		t.Errorf("oldest: got %v, want %v", got, want)
	}
	for i, want := range []struct{ depth, replies int }{{0, 2}, {1, 1}, {2, 0}, {1, 0}, {0, 1}, {1, 0}} {
		if c := oldest.Comments[i]; c.Depth != want.depth || c.Replies != want.replies || c.State != "approved" || c.Author.Name != "Rosa" {
			t.Errorf("place %d: got %+v, want %+v", i, c, want)
		}
	}
	if oldest.Total != 6 || oldest.RulesVersion != 1 || oldest.Next != nil || oldest.Article.State != "open" || oldest.Article.Title != "Der Artikel" {
		t.Errorf("got %+v", oldest)
	}
	if got, want := ids(w.thread("sort=newest&article="+article).Comments), []string{b.ID, b1.ID, a.ID, a1.ID, a11.ID, a2.ID}; !slices.Equal(got, want) {
		t.Errorf("newest: got %v, want %v", got, want)
	}
	if got, want := ids(w.thread("sort=top&article="+article).Comments), ids(oldest.Comments); !slices.Equal(got, want) {
		t.Errorf("top: got %v, want %v", got, want)
	}
}

func TestAPlaceIsKeptOnlyAbovePublicReplies(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"removed", "withdrawn", "spam", "pending"} {
		parent := w.published("parent " + state)
		reply := w.approve(w.send(newDraft("reply to " + state).below(parent)))
		w.bring(parent, state)
		places := w.thread("article=" + article).Comments
		if len(places) != 2 || places[0].ID != parent.ID || places[1].ID != reply.ID {
			t.Fatalf("%s: got %+v, want the parent's place and the reply", state, places)
		}
		if gap := places[0]; gap.State != "removed" || gap.Author != nil || gap.HTML != "" || gap.Created != nil || gap.Edited != nil || gap.Replies != 1 {
			t.Errorf("%s: got %+v, want an empty place", state, gap)
		}
		w.mustNotAppear("parent " + state)
		w.decide(reply, "remove", "topic")
		if places := w.thread("article=" + article).Comments; len(places) != 0 {
			t.Errorf("%s, without public replies: got %+v, want nothing", state, places)
		}
	}
}

func TestAnUnknownArticleIsAnEmptyThreadAndMakesNoRow(t *testing.T) {
	w := newWorld(t)
	empty := w.thread("article=nowhere")
	if empty.Total != 0 || len(empty.Comments) != 0 || empty.Article.Key != "nowhere" || empty.Article.State != "open" || empty.Version != 1 {
		t.Errorf("got %+v", empty)
	}
	var rows int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), "select count(*) from articles").Scan(&rows))
	if rows != 0 {
		t.Errorf("reading made %d articles", rows)
	}
}

func TestNothingOfAnArticleShowsBeforeACommentIsApproved(t *testing.T) {
	w := newWorld(t)
	p := w.send(newDraft("Text").with("article", draft{"key": article, "url": article, "title": "Ein erfundener Titel"}))
	if a := w.thread("article=" + article).Article; a.URL != "" || a.Title != "" {
		t.Errorf("got %+v before", a)
	}
	w.mustNotAppear("Ein erfundener Titel")
	w.approve(p)
	if a := w.thread("article=" + article).Article; a.URL != article || a.Title != "Ein erfundener Titel" {
		t.Errorf("got %+v after", a)
	}
}

// A site may have a name that begins as the desk's does.
func TestAnErrorPageLeadsToTheDeskFromTheDeskOnly(t *testing.T) {
	w := newWorld(t)
	w.get("/deskmag/thread?article=a").want(404).lacks(`href="/desk"`)
	w.get("/desk/nowhere/queue", w.session(mia)).want(404).holds(`href="/desk"`)
}

func TestAWrongParameterOfAThreadIsNamed(t *testing.T) {
	w := newWorld(t)
	for query, field := range map[string]string{
		"": "article", "article=": "article", "article=a%00b": "article", "article=%ff": "article", "article=a%0ab": "article",
		"article=x&sort=best": "sort", "article=x&limit=0": "limit", "article=x&limit=201": "limit", "article=x&limit=ten": "limit",
		"article=x&cursor=x": "cursor", "article=x&cursor=AAAA": "cursor",
	} {
		if p := w.get(w.api("/thread?" + query)).refused(400); len(p.Errors) != 1 || p.Errors[0].Field != field {
			t.Errorf("%s: got %+v, want %s", query, p.Errors, field)
		}
	}
}

func TestRepliesDeeperThanTwentyStandAtTwenty(t *testing.T) {
	w := newWorld(t)
	p := w.published("0")
	for range 22 {
		p = w.approve(w.send(newDraft("x").below(p)))
	}
	places := w.thread("article=" + article).Comments
	for i, c := range places {
		if want := min(i, 20); c.Depth != want {
			t.Errorf("place %d: got depth %d, want %d", i, c.Depth, want)
		}
	}
	if len(places) != 23 {
		t.Errorf("got %d places, want 23", len(places))
	}
}

// Whether something waits under an article is nobody's to see.
func TestAThreadOfWhatWaitsIsThatOfNothing(t *testing.T) {
	w := newWorld(t)
	w.send(newDraft("wartet").under("still"))
	waits := w.get(w.api("/thread?article=still")).want(200).body
	nothing := w.get(w.api("/thread?article=nicht")).want(200).body
	if got := strings.ReplaceAll(string(waits), "still", "nicht"); got != string(nothing) {
		t.Errorf("got %s, want %s", got, nothing)
	}
}
