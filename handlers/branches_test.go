package handlers_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plenum/moderation"
)

var (
	placeOnPage = regexp.MustCompile(`<article id="c-([0-9a-f-]{36})"`)
	restOfOne   = regexp.MustCompile(`<a data-rest href="([^"#]+)#`)
	nextOfPage  = regexp.MustCompile(`rel="next" href="([^"#]+)#`)
	marked      = regexp.MustCompile(`<article id="c-([0-9a-f-]{36})" class="comment" aria-current="true"`)
)

// page reads a page of the thread as a browser does.
func (w *world) page(query string) string {
	w.Helper()
	return string(w.get("/zeitung/thread?" + query).want(200).body)
}

func idsOn(page string) (all []string) {
	for _, match := range placeOnPage.FindAllStringSubmatch(page, -1) {
		all = append(all, match[1])
	}
	return all
}

// queryOf is the query of the first link on the page that the pattern finds; empty: none.
func queryOf(page string, link *regexp.Regexp) string {
	match := link.FindStringSubmatch(page)
	if match == nil {
		return ""
	}
	_, query, _ := strings.Cut(strings.ReplaceAll(match[1], "&amp;", "&"), "?")
	return query
}

// walk reads the thread from page to page.
func (w *world) walk(query string) (all []string) {
	w.Helper()
	for range 1000 {
		page := w.page(query)
		all = append(all, idsOn(page)...)
		if query = queryOf(page, nextOfPage); query == "" {
			return all
		}
	}
	w.Fatal("the pages do not end")
	return nil
}

func TestAnyTreeIsShownWholeOnItsPages(t *testing.T) {
	w := newWorld(t)
	for seed := range uint64(8) {
		random, key := rand.New(rand.NewPCG(seed, 7)), fmt.Sprint("branches-", seed)
		roots := w.grow(random, key)
		counts := map[string]int{}
		for _, root := range roots {
			for i := range random.IntN(4) {
				if root.public {
					w.agree(root.posted, fmt.Sprint(i))
					counts[root.ID]++
				}
			}
		}
		for _, sort := range []string{"oldest", "newest", "top"} {
			ordered := slices.Clone(roots)
			switch sort {
			case "newest":
				slices.Reverse(ordered)
			case "top":
				slices.SortStableFunc(ordered, func(a, b *node) int { return cmp.Compare(counts[b.ID], counts[a.ID]) })
			}
			var want []string
			for _, root := range ordered {
				want = append(want, root.places()...)
			}
			for _, limit := range []int{1, 3, 7, 200} {
				if got := w.walk(fmt.Sprintf("article=%s&sort=%s&limit=%d", key, sort, limit)); !slices.Equal(got, want) {
					t.Fatalf("seed %d, %s, pages of %d: got %v, want %v", seed, sort, limit, got, want)
				}
			}
		}
	}
}

// longBranch is a root with so many answers, one below the other for the first five.
func (w *world) longBranch(answers int) (root posted, all []posted) {
	w.Helper()
	root = w.published("root")
	last := root
	for i := range answers {
		parent := root
		if i < 5 {
			parent = last
		}
		last = w.approve(w.send(newDraft(fmt.Sprint("answer ", i)).below(parent)))
		all = append(all, last)
	}
	return root, all
}

func TestALongBranchIsFoldedAndItsPageHasTheRest(t *testing.T) {
	w := newWorld(t)
	root, answers := w.longBranch(110)
	after := w.published("another")
	page := w.page("article=" + url.QueryEscape(article))
	if got := idsOn(page); len(got) != 81 || got[0] != root.ID || got[80] != after.ID {
		t.Errorf("got %d places, want eighty of the branch and the next root", len(got))
	}
	if !strings.Contains(page, ">31 weitere Antworten zeigen<") || !strings.Contains(page, "#c-"+answers[78].ID+`">31 weitere`) {
		t.Error("got no link to the 31 others, or not to where they begin")
	}
	whole := w.page(queryOf(page, restOfOne))
	if got := idsOn(whole); len(got) != 100 || slices.Contains(got, after.ID) {
		t.Errorf("got %d places on the branch's page, want its first page and no other", len(got))
	}
	if strings.Contains(whole, "data-rest") || !strings.Contains(whole, ">Alle Kommentare</a>") {
		t.Error("the branch's page folds itself, or has no way back")
	}
	if got := w.walk("article=" + url.QueryEscape(article) + "&limit=7&branch=" + root.ID); len(got) != 111 {
		t.Errorf("got %d places page by page, want 111", len(got))
	}
}

func TestABranchThatIsHardlyTooLongIsNotFolded(t *testing.T) {
	w := newWorld(t)
	root, answers := w.longBranch(99)
	w.send(newDraft("waits").below(root)) // and does not count
	w.send(newDraft("waits, too").below(answers[50]))
	if page := w.page("article=" + url.QueryEscape(article)); len(idsOn(page)) != 100 || strings.Contains(page, "data-rest") {
		t.Errorf("got %d places, want all 100", len(idsOn(page)))
	}
}

func TestAPermalinkOpensThePageThatHoldsTheCommentAndMarksIt(t *testing.T) {
	w := newWorld(t)
	var roots []posted
	for i := range 12 {
		roots = append(roots, w.published(fmt.Sprint("text ", i)))
	}
	long, answers := w.longBranch(120)
	below := w.approve(w.send(newDraft("below").below(answers[110])))
	for i := range 3 {
		w.agree(long, fmt.Sprint(i))
	}
	for _, c := range []struct {
		name string
		posted
		more  string
		first string // on the page
	}{
		{"on the first page", roots[2], "", roots[0].ID},
		{"on a later page", roots[9], "&limit=3", roots[9].ID},
		{"on a later page, newest first", roots[1], "&limit=3&sort=newest", roots[1].ID},
		{"deep in a long branch", answers[100], "&limit=3", long.ID},
		{"below that", below, "&limit=3", long.ID},
		{"by agreement", answers[100], "&limit=3&sort=top", long.ID},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := w.in(t).page("article=" + url.QueryEscape(article) + "&comment=" + c.ID + c.more)
			if got := marked.FindStringSubmatch(page); got == nil || got[1] != c.ID {
				t.Errorf("got %v marked, want %s", got, c.ID)
			}
			if got := idsOn(page); got[0] != c.first {
				t.Errorf("got a page that begins with %s, want %s", got[0], c.first)
			}
		})
	}
	for i := range 4 { // does not move what comes after it over the fold
		w.send(newDraft(fmt.Sprint("waits ", i)).below(answers[0]))
	}
	page := w.page("article=" + url.QueryEscape(article) + "&comment=" + answers[77].ID)
	if got := idsOn(page); !slices.Contains(got, answers[0].ID) {
		t.Errorf("got %v, want the branch from its beginning", got)
	}
	page = w.page("article=" + url.QueryEscape(article) + "&comment=" + below.ID + "&limit=3")
	if got, want := idsOn(page)[:3], []string{long.ID, answers[110].ID, below.ID}; !slices.Equal(got, want) {
		t.Errorf("got %v, want what stands above the comment, and itself", got)
	}
}

// Whatever is not public is answered as what never was.
func TestAPermalinkToWhatIsNotPublicSaysSo(t *testing.T) {
	w := newWorld(t)
	here := w.published("here")
	elsewhere := w.approve(w.send(newDraft("elsewhere").under("other")))
	for _, id := range []string{w.post("waits").ID, elsewhere.ID, "00000000-0000-7000-8000-000000000000"} {
		a := w.get("/zeitung/thread?article=" + url.QueryEscape(article) + "&comment=" + id).want(404)
		if page := string(a.body); !slices.Equal(idsOn(page), []string{here.ID}) || !strings.Contains(page, "nicht mehr") || strings.Contains(page, id) {
			t.Errorf("got %s", page)
		}
	}
}

// Deeper answers than the site has levels for stand beside each other, and name whom they answer.
func TestASiteSetsHowDeepAnswersStandBelowEachOther(t *testing.T) {
	w := newWorld(t)
	p := w.published("0")
	for range 4 {
		p = w.approve(w.send(newDraft("x").below(p)))
	}
	depth := 2
	_, err := w.flow.SetSite(t.Context(), w.site, moderation.SiteChange{Numbers: map[string]int{"thread_depth": depth}})
	w.must(err)
	page := w.page("article=" + url.QueryEscape(article))
	if got := strings.Count(page, "<ol>\n<li"); got != depth {
		t.Errorf("got %d lists inside of the thread, want %d", got, depth)
	}
	if got := strings.Count(page, "antwortet \u2068Rosa\u2069"); got != 2 {
		t.Errorf("got %d that name whom they answer, want the two that are too deep", got)
	}
}
