package handlers_test

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/uuid"

	"plenum/handlers"
	"plenum/moderation"
)

// outlasting lets a product answer from memory for so long while its database is away.
func outlasting(d time.Duration) func(*handlers.Options) {
	return func(o *handlers.Options) { o.Stale = d }
}

// cutOff takes the product's database away, and waits until that is known.
func (w *wired) cutOff() {
	w.Helper()
	w.freeze()
	w.Cleanup(w.thaw)
	w.wait("gone", w.down)
	w.world.wait("nothing to be heard of changes", func() bool { return !w.product.Listening() })
}

// removeElsewhere is a removal by another process, which the product's wires do not touch.
func (w *wired) removeElsewhere(p posted) {
	w.Helper()
	_, err := w.flow.Decide(w.Context(), w.site, w.actor(ida), moderation.Verdict{CommentID: uuid.MustParse(p.ID),
		Version: w.comment(p).Version, Action: moderation.Remove, Rules: []string{"topic"}})
	w.must(err)
}

// plain is the body before its compression.
func (a answer) plain() string {
	a.Helper()
	var in io.Reader = strings.NewReader(string(a.body))
	switch a.header.Get("Content-Encoding") {
	case "br":
		in = brotli.NewReader(in)
	case "gzip":
		var err error
		if in, err = gzip.NewReader(in); err != nil {
			a.Fatal(err)
		}
	}
	text, err := io.ReadAll(in)
	if err != nil {
		a.Fatalf("%s: %v", a.call, err)
	}
	return string(text)
}

func TestReadingGoesOnFromMemoryWhileTheDatabaseIsAway(t *testing.T) {
	w := newWired(t, outlasting(5*time.Minute))
	p := w.published("steht da")
	w.send(newDraft("unseen"))
	sites := maps.Clone(shared(w.world))
	delete(sites, "/api/openapi.json") // needs no database
	for address := range sites {
		for _, encoding := range []string{"identity", "gzip", "br"} {
			w.get(address, header("Accept-Encoding", encoding)).want(200)
		}
	}
	tag := w.get(w.api("/thread?article=" + article)).header.Get("ETag")
	w.cutOff()
	for address, same := range sites {
		for _, encoding := range []string{"identity", "gzip", "br"} {
			w.stale(address, header("Accept-Encoding", encoding))
			w.stale(same, header("Accept-Encoding", encoding), header("If-None-Match", tag))
		}
	}
	for _, address := range []string{w.api("/thread?article=another"), "/zeitung/thread?article=another", "/zeitung/comments/" + p.ID + "?token=" + p.Token, "/zeitung/transparency"} {
		if a := w.get(address); a.status != 503 || a.header.Get("Plenum-Stale") != "" {
			t.Errorf("%s: got %d, want 503 for what is in no memory", a.call, a.status)
		}
	}
	sent := newDraft("geht jetzt nicht")
	if a := w.do("POST", w.api("/comments"), sent); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("%s: got %d %s, want 503 with Retry-After", a.call, a.status, a.body)
	}
}

// stale wants an answer that says that it is not of now, may not be kept, and shows what is public and nothing else.
func (w *wired) stale(address string, options ...option) {
	w.Helper()
	a := w.get(address, options...).want(200)
	text, html := a.plain(), strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Plenum-Stale") == "" || a.header.Get("Age") == "" || a.header.Get("Warning") != "" {
		w.Errorf("%s: got the header %v, want it marked and kept by nobody", a.call, a.header)
	}
	sentence := "Stand vom 2. November 2026"
	if strings.Contains(address, "locale=en") {
		sentence = "As of 2 November 2026"
	}
	if html && (strings.Count(text, sentence) != 1 || a.header.Get("ETag") != "") {
		w.Errorf("%s: got %.900s with ETag %q, want the sentence once, and no ETag of other bytes", a.call, text, a.header.Get("ETag"))
	}
	if html && strings.Contains(text, "<main>") && !strings.Contains(text, "<main>\n<p class=\"notice waiting\" role=\"status\">"+sentence) {
		w.Errorf("%s: the sentence is not the first on the page", a.call)
	}
	if strings.Contains(text, "unseen") || strings.Contains(address, "/thread") && !strings.Contains(text, "steht da") {
		w.Errorf("%s: got %.900s, want what was public", a.call, text)
	}
	head := w.do(http.MethodHead, address, nil, options...).want(200)
	if head.header.Get("Content-Length") != a.header.Get("Content-Length") || head.header.Get("Plenum-Stale") != a.header.Get("Plenum-Stale") {
		w.Errorf("%s: got %v, want the header of GET", head.call, head.header)
	}
}

// Others may go on deciding where only this process is cut off: hence the end, and nothing of before after the return.
func TestMemoryOfAnOutageEnds(t *testing.T) {
	w := newWired(t, outlasting(5*time.Minute))
	p := w.published("steht da")
	address := w.api("/thread?article=" + article)
	w.get(address).want(200)
	w.cutOff()
	if !strings.Contains(w.get(address).want(200).plain(), "steht da") {
		t.Error("nothing was remembered")
	}
	w.pass(5 * time.Minute)
	w.get(address).want(503)
	w.removeElsewhere(p)
	w.thaw()
	w.wait("back", w.up)
	if a := w.get(address).want(200); strings.Contains(a.plain(), "steht da") || a.header.Get("Plenum-Stale") != "" {
		t.Errorf("got %s after the return, want what is true now", a.body)
	}
	w.world.wait("changes to be heard of", w.product.Listening)
	if strings.Contains(w.get(address).want(200).plain(), "steht da") {
		t.Error("what was removed during the outage came back from memory")
	}
}

func TestWhatWasRemovedIsNotShownInTheOutageThatFollows(t *testing.T) {
	for name, remove := range map[string]func(w *wired, p posted){
		"here": func(w *wired, p posted) { w.decide(p, "remove", "topic") },
		"elsewhere": func(w *wired, p posted) {
			w.removeElsewhere(p)
			w.world.wait("the removal to be heard of", func() bool {
				return !strings.Contains(w.get(w.api("/thread?article="+article)).plain(), "steht da")
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWired(t, outlasting(5*time.Minute))
			p := w.published("steht da")
			addresses := slices.Collect(maps.Keys(shared(w.world)))
			for _, address := range addresses {
				w.get(address).want(200)
			}
			remove(w, p)
			w.cutOff()
			for _, address := range addresses {
				if a := w.get(address); strings.Contains(a.plain(), "steht da") {
					t.Errorf("%s: got what was removed", a.call)
				}
			}
		})
	}
}

// Hints that ceased to arrive while the database still answered may have been of removals.
func TestNothingIsRememberedOfATimeInWhichRemovalsWereUnheard(t *testing.T) {
	w := newWired(t, outlasting(5*time.Minute))
	p := w.published("steht da")
	address := w.api("/thread?article=" + article)
	w.get(address).want(200)
	w.ears.Freeze()
	w.world.wait("nothing to be heard of changes", func() bool { return !w.product.Listening() })
	asked := w.watched.Presence().Asked
	w.world.wait("the database to answer", func() bool { return w.watched.Presence().Answered > asked })
	w.removeElsewhere(p)
	w.cutOff()
	if a := w.get(address); strings.Contains(a.plain(), "steht da") {
		t.Errorf("got %d %s, want nothing of before", a.status, a.body)
	}
}
