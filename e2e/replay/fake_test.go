package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"plenum/moderation/markup"
)

// fake is as much of the contract as the replay calls, kept in memory. Its functions are where a test makes it lie.
type fake struct {
	mu       sync.Mutex
	comments []*told
	keys     map[string]Receipt

	known  func(key string) bool     // whether a repeated request is the first one
	shows  func(c *told) bool        // whether a comment is public
	html   func(c *told) string      // what is shown of it
	counts func(article string) int  // approved comments
	recent func(all []*told) []*told // of the approved, newest publication first
	next   func(cursor string) string
}

// told is one comment as the fake keeps it.
type told struct {
	newComment
	id, status         string
	version            int
	created, published time.Time
}

func newFake(t *testing.T) (*fake, *Client) {
	t.Helper()
	f := &fake{keys: map[string]Receipt{}}
	f.known = func(string) bool { return true }
	f.shows = func(c *told) bool { return c.status == "approved" }
	f.html = func(c *told) string { h, _ := markup.Render(c.Body); return h }
	f.counts = func(article string) int { return len(f.below(article, "", nil)) }
	f.recent = func(all []*told) []*told { return all }
	f.next = func(cursor string) string { return cursor }
	server := httptest.NewServer(f.routes())
	t.Cleanup(server.Close)
	return f, newClient(server.URL, "token")
}

func (f *fake) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*http.Request) (int, any){
		"GET " + api("/rules"): f.rules, "POST " + api("/comments"): f.submit, "GET " + api("/queue"): f.queue,
		"GET " + api("/moderation/comments/{id}"): f.view, "POST " + api("/comments/{id}/decisions"): f.decide,
		"GET " + api("/thread"): f.thread, "GET " + api("/counts"): f.count, "POST " + api("/counts"): f.count,
		"GET " + page("/thread"): f.page, "GET " + page("/{$}"): f.overview, "GET " + page("/feed.json"): f.json,
		"GET " + page("/feed.atom"): f.atom, "GET " + page("/feed.rss"): f.rss,
		"GET " + page("/rules"): f.rules, "GET " + page("/transparency"): f.rules,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { f.answer(w, r, handle) })
	}
	return mux
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request, handle func(*http.Request) (int, any)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	status, body := handle(r)
	if text, isText := body.(string); isText {
		w.Header().Set("Content-Type", http.DetectContentType([]byte(text)))
		w.WriteHeader(status)
		fmt.Fprint(w, text)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (f *fake) rules(*http.Request) (int, any) {
	return http.StatusOK, map[string]any{"version": 3, "rules": []any{map[string]string{"code": rule}}}
}

func (f *fake) submit(r *http.Request) (int, any) {
	key := r.Header.Get("Idempotency-Key")
	if receipt, again := f.keys[key]; again && f.known(key) {
		return http.StatusAccepted, receipt
	}
	c := &told{status: "pending", version: 1, created: time.Now()}
	if err := json.NewDecoder(r.Body).Decode(&c.newComment); err != nil || !postable(c.Body) || c.RulesVersion != 3 {
		return http.StatusUnprocessableEntity, map[string]string{"title": "invalid"}
	}
	if parent := f.find(c.ParentID); c.ParentID != "" && (parent == nil || parent.status != "approved") {
		return http.StatusUnprocessableEntity, map[string]string{"title": "no parent"}
	}
	c.id = fmt.Sprintf("01890000-0000-7000-8000-%012x", len(f.comments))
	f.comments = append(f.comments, c)
	f.keys[key] = Receipt{ID: c.id, Status: c.status, ManageToken: "t-" + c.id, ManageURL: "http://x/" + c.id}
	return http.StatusAccepted, f.keys[key]
}

func (f *fake) find(id string) *told {
	if at := slices.IndexFunc(f.comments, func(c *told) bool { return c.id == id }); at >= 0 {
		return f.comments[at]
	}
	return nil
}

func (f *fake) queue(r *http.Request) (int, any) {
	var items []waiting
	for _, c := range f.comments {
		if c.status == "pending" {
			items = append(items, waiting{c.id, c.version, c.status})
		}
	}
	total, from, to := len(items), number(r, "cursor"), number(r, "limit")
	more := f.more(from+to < total, from+to)
	return http.StatusOK, map[string]any{"total": total, "items": items[from:min(from+to, total)], "next_cursor": more}
}

func (f *fake) more(is bool, cursor int) any {
	if !is {
		return nil
	}
	return f.next(strconv.Itoa(cursor))
}

func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.FormValue(name))
	return n
}

func (f *fake) view(r *http.Request) (int, any) {
	c := f.find(r.PathValue("id"))
	return http.StatusOK, waiting{c.id, c.version, c.status}
}

func (f *fake) decide(r *http.Request) (int, any) {
	var d decision
	c := f.find(r.PathValue("id"))
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil || c.status != "pending" || d.Version != c.version {
		return http.StatusConflict, map[string]string{"title": "stale"}
	}
	c.version, c.published, c.status = c.version+1, time.Now(), "approved"
	if d.Action == "reject" {
		c.status = "rejected"
	}
	return http.StatusCreated, map[string]string{}
}

// below is the public part of a thread in reading order. line is the way from the root.
func (f *fake) below(article, parent string, line []string) (all []Comment) {
	for _, c := range f.comments {
		if c.Article.Key != article || c.ParentID != parent || !f.shows(c) {
			continue
		}
		replies := f.below(article, c.id, append(line, c.id))
		one := Comment{ID: c.id, ParentID: parent, Depth: min(len(line), deepest), HTML: f.html(c), CreatedAt: c.created, State: "approved"}
		one.Author = &struct{ Name string }{c.Author.Name}
		for _, reply := range replies {
			if reply.ParentID == c.id {
				one.Replies++
			}
		}
		all = append(append(all, one), replies...)
	}
	return all
}

func (f *fake) thread(r *http.Request) (int, any) {
	key := r.FormValue("article")
	all := f.below(key, "", nil)
	t := Thread{RulesVersion: 3, Total: f.counts(key)}
	t.Article.Key, t.Article.State = key, "open"
	if len(all) > 0 {
		first := f.find(all[0].ID)
		t.Article.URL, t.Article.Title = first.Article.URL, first.Article.Title
	}
	if r.FormValue("sort") == "newest" {
		all = newestRootsFirst(all)
	}
	from, limit := number(r, "cursor"), number(r, "limit")
	t.Comments = all[min(from, len(all)):min(from+limit, len(all))]
	if more, is := f.more(from+limit < len(all), from+limit).(string); is {
		t.NextCursor = more
	}
	return http.StatusOK, t
}

func newestRootsFirst(all []Comment) (turned []Comment) {
	end := len(all)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ParentID == "" {
			turned, end = append(turned, all[i:end]...), i
		}
	}
	return turned
}

func (f *fake) count(r *http.Request) (int, any) {
	var asked struct{ Articles []string }
	if r.Method == http.MethodPost {
		_ = json.NewDecoder(r.Body).Decode(&asked)
	} else {
		asked.Articles = r.URL.Query()["article"]
	}
	counts := map[string]int{}
	for _, key := range asked.Articles {
		counts[key] = f.counts(key)
	}
	return http.StatusOK, map[string]any{"counts": counts}
}

func (f *fake) page(r *http.Request) (int, any) {
	const limit = 10
	all, from := f.below(r.FormValue("article"), "", nil), number(r, "cursor")
	var out strings.Builder
	out.WriteString("<!doctype html><title>Thread</title>")
	for _, c := range all[min(from, len(all)):min(from+limit, len(all))] {
		fmt.Fprintf(&out, `<article id="c-%s"><b>%s</b><div class="text">%s</div></article>`, c.ID, c.Author.Name, c.HTML)
	}
	if from+limit < len(all) {
		fmt.Fprintf(&out, `<a rel="next" href="?article=%s&amp;cursor=%d">Weiter</a>`, r.FormValue("article"), from+limit)
	}
	return http.StatusOK, out.String()
}

// latest is what is public, newest publication first, of one article or of all.
func (f *fake) latest(article string) (all []*told) {
	for _, c := range f.comments {
		if f.shows(c) && (article == "" || article == c.Article.Key) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b *told) int { return b.published.Compare(a.published) })
	all = f.recent(all)
	return all[:min(newestCount, len(all))]
}

func (f *fake) overview(*http.Request) (int, any) {
	var out strings.Builder
	out.WriteString("<!doctype html><title>Alle</title>")
	for _, c := range f.latest("") {
		fmt.Fprintf(&out, `<li><h2><a href="/thread#c-%s">x</a></h2><article><div class="text">%s</div></article></li>`, c.id, f.html(c))
	}
	return http.StatusOK, out.String()
}

func (f *fake) json(r *http.Request) (int, any) {
	items := []map[string]string{}
	for _, c := range f.latest(r.FormValue("article")) {
		items = append(items, map[string]string{"id": c.id, "content_html": f.html(c)})
	}
	return http.StatusOK, map[string]any{"version": "https://jsonfeed.org/version/1.1", "items": items}
}

func (f *fake) atom(r *http.Request) (int, any) {
	out := `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">`
	for _, c := range f.latest(r.FormValue("article")) {
		out += fmt.Sprintf(`<entry><id>urn:uuid:%s</id><content type="html">%s</content></entry>`, c.id, escapeHTML(f.html(c)))
	}
	return http.StatusOK, out + `</feed>`
}

func (f *fake) rss(r *http.Request) (int, any) {
	out := `<?xml version="1.0"?><rss version="2.0"><channel>`
	for _, c := range f.latest(r.FormValue("article")) {
		out += fmt.Sprintf(`<item><guid>%s</guid><description>%s</description></item>`, c.id, escapeHTML(f.html(c)))
	}
	return http.StatusOK, out + `</channel></rss>`
}
