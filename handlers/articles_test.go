package handlers_test

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

type settings struct {
	Key, URL, Title, State, Section, Lead, Notice string
	SetState                                      string     `json:"set_state"`
	SlowMinutes                                   int        `json:"slow_minutes"`
	CloseAfterDays                                *int       `json:"close_after_days"`
	ClosesAt                                      *time.Time `json:"closes_at"`
}

// put sets what an editor says of the first article, besides its address and title.
func (w *world) put(d draft) settings {
	w.Helper()
	all := draft{"key": article, "url": article, "title": "Der Artikel"}
	for name, value := range d {
		all[name] = value
	}
	return read[settings](w.do("PUT", w.api("/articles"), all, w.as(ida)).want(200))
}

func TestWhatAnEditorDoesNotNameStaysAsItIs(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	w.put(draft{"state": "closed", "section": "Lokales", "lead": "Worum es geht.", "notice": "Wir lesen mit.", "slow_minutes": 5, "close_after_days": 30, "closes_at": at})
	got := w.put(nil)
	if got.State != "closed" || got.Section != "Lokales" || got.Lead != "Worum es geht." || got.Notice != "Wir lesen mit." || got.SlowMinutes != 5 ||
		got.CloseAfterDays == nil || *got.CloseAfterDays != 30 || got.ClosesAt == nil || !got.ClosesAt.Equal(at) {
		t.Errorf("got %+v, want everything as it was", got)
	}
	got = w.put(draft{"state": "open", "notice": "", "slow_minutes": 0, "close_after_days": nil, "closes_at": nil})
	if got.State != "open" || got.Notice != "" || got.SlowMinutes != 0 || got.CloseAfterDays != nil || got.ClosesAt != nil || got.Section != "Lokales" {
		t.Errorf("got %+v, want what was named taken back", got)
	}
	for field, value := range map[string]any{"slow_minutes": 1441, "close_after_days": -1, "notice": strings.Repeat("n", 1001), "section": "two\nlines", "closes_at": "tomorrow"} {
		d := draft{"key": article, "url": article, "title": "Der Artikel", field: value}
		if p := w.do("PUT", w.api("/articles"), d, w.as(ida)).refused(422); p.Errors[0].Field != field {
			t.Errorf("%s: got %+v", field, p.Errors)
		}
	}
	w.do("PUT", w.api("/articles"), draft{"key": article, "url": article, "title": "x"}, w.as(mia)).refused(403)
}

func TestAnArticleWhoseTimeIsOverIsClosedOnThePageAndInTheAPIAndTypedTextIsKept(t *testing.T) {
	w := newWorld(t)
	w.published("öffentlich")
	w.put(draft{"closes_at": time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)})
	path := "/thread?article=" + url.QueryEscape(article)
	open := w.get(w.api(path)).want(200)
	open.holds(`"state":"open"`, `"closes_at":"2026-11-02T10:00:00Z"`)
	w.pass(2 * time.Hour)
	closed := w.get(w.api(path)).want(200)
	closed.holds(`"state":"closed"`)
	if closed.header.Get("ETag") == open.header.Get("ETag") {
		t.Error("the ETag is that of the open thread")
	}
	w.get("/"+w.site.Slug+path).want(200).lacks("<textarea", "#form")
	if got := w.do("POST", w.api("/comments"), newDraft("zu spät")).refused(422); !got.names("article.key", "article_closed") {
		t.Errorf("got %+v", got.Errors)
	}
	w.typed(nil).want(422).holds("typed text", "nimmt keine")
	if list := w.get(w.api("/articles"), w.as(mia)).want(200); !strings.Contains(string(list.body), `"set_state":"open"`) {
		t.Errorf("got %s", list.body)
	}
}

func TestSlowModeSaysWhenToWriteAgainAndKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	w.put(draft{"slow_minutes": 5})
	w.get("/" + w.site.Slug + "/thread?article=" + url.QueryEscape(article)).want(200).holds("5 Minuten")
	w.typed(nil).want(303)
	w.pass(time.Minute)
	page := w.typed(url.Values{"body": {"another typed text"}}).want(429)
	page.holds("another typed text", "4 Minuten")
	a := w.do("POST", w.api("/comments"), newDraft("noch einer").by("Lena", lena))
	a.refused(429)
	for _, got := range []string{page.header.Get("Retry-After"), a.header.Get("Retry-After")} {
		if seconds, err := strconv.Atoi(got); err != nil || seconds < 230 || seconds > 240 {
			t.Errorf("got Retry-After %q, want about four minutes", got)
		}
	}
	if got := w.do("POST", w.api("/comments"), newDraft("von niemandem")).refused(422); !got.names("author.email", "slow_address") {
		t.Errorf("got %+v", got.Errors)
	}
	w.pass(4 * time.Minute)
	w.typed(url.Values{"body": {"another typed text"}}).want(303)
}

func TestANoticeIsPlainTextAboveTheThread(t *testing.T) {
	w := newWorld(t)
	w.published("öffentlich")
	w.put(draft{"notice": "Heute <b>langsam</b>\nund ruhig."})
	path := "/thread?article=" + url.QueryEscape(article)
	page := w.get("/" + w.site.Slug + path).want(200)
	page.holds("Heute &lt;b&gt;langsam&lt;/b&gt;")
	page.lacks("<b>langsam")
	w.get(w.api(path)).want(200).holds(`"notice":"Heute <b>langsam</b>\nund ruhig."`)
}

func TestTheDeskSetsArticles(t *testing.T) {
	w := newWorld(t)
	w.published("öffentlich")
	w.put(draft{"section": "Lokales"})
	form := url.Values{"key": {article}, "state": {"closed"}, "closes_at": {"2026-12-01T10:00"}, "close_after_days": {""}, "slow_minutes": {"5"}, "notice": {"Wir\r\nlesen mit."},
		"section": {"Lokales"}, "lead": {""}}
	w.desk(mia, "/articles", form).want(403)
	w.get("/desk/"+w.site.Slug+"/articles", w.session(mia)).want(200).lacks("<textarea")
	form.Set("slow_minutes", "5000")
	w.desk(ida, "/articles?q=Artikel", form).want(422).holds("5000", "lesen mit.", "1.440")
	form.Set("slow_minutes", "5")
	w.desk(ida, "/articles?q=Artikel", form).want(303)
	page := w.get("/desk/"+w.site.Slug+"/articles?q=ARTIKEL", w.session(ida)).want(200)
	page.holds("2026-12-01T10:00", "Wir\nlesen mit.", "Der Artikel")
	w.get("/desk/"+w.site.Slug+"/articles?q=nothing+like+it", w.session(ida)).want(200).lacks("Der Artikel")
	form.Set("key", "nobody knows it")
	form.Set("notice", "typed, and not on this page")
	w.desk(ida, "/articles?q=Artikel", form).want(422).holds("typed, and not on this page", "Adresse und Titel")
	w.get(w.abroad().api("/articles"), w.as(bea)).want(200).lacks(article)
}

// A reader names an article together with a comment: neither is public before somebody of the newsroom has seen it.
func TestWhatAReaderCallsAnArticleIsPublicOnlyOnceAnEditorSaysSo(t *testing.T) {
	w := newWorld(t)
	d := newDraft("wartet")
	d["article"] = draft{"key": article, "url": article, "title": "what a reader calls it"}
	w.send(d)
	thread := w.api("/thread?article=" + url.QueryEscape(article))
	form := url.Values{"key": {article}, "state": {"closed"}}
	w.desk(ida, "/articles", form).want(422).holds("Titel oder Adresse")
	w.get(thread).want(200).lacks("a reader calls it")
	w.get("/desk/"+w.site.Slug+"/articles", w.session(ida)).want(200).holds(`name="title" value="what a reader calls it"`)
	form.Set("url", article)
	form.Set("title", " Wie er\n heißt ")
	w.desk(ida, "/articles", form).want(303)
	w.get(thread).want(200).holds(`"title":"Wie er heißt"`, `"state":"closed"`)
}

// A key is the publisher's: white space at its ends is a part of it, for whoever writes as for whoever reads.
func TestAKeyIsTakenAsItIsSentByEveryCall(t *testing.T) {
	w := newWorld(t)
	w.approve(w.send(newDraft("Geschickt mit dem Rand").under(" a ")))
	form := url.Values{"article_key": {" a "}, "name": {"Rosa"}, "body": {"Getippt mit dem Rand"}, "rules_version": {"1"}}
	own := w.do("POST", "/zeitung/thread?article=+a+", form.Encode(), formType).want(303).header.Get("Location")
	w.approve(posted{ID: regexp.MustCompile(`[0-9a-f-]{36}`).FindString(own)})
	w.approve(w.send(newDraft("Ohne jeden Rand").under("a")))
	for _, path := range []string{w.api("/thread?article=+a+"), "/zeitung/thread?article=+a+", "/zeitung/thread?article=+a+&fragment=1", "/zeitung/feed.atom?article=+a+"} {
		page := w.get(path).want(200)
		page.holds("Geschickt mit dem Rand", "Getippt mit dem Rand")
		page.lacks("Ohne jeden Rand")
	}
	for _, got := range []answer{w.get(w.api("/counts?article=+a+&article=a")), w.do("POST", w.api("/counts"), draft{"articles": []string{" a ", "a"}})} {
		if n := read[counts](got.want(200)).Counts; n[" a "] != 2 || n["a"] != 1 {
			t.Errorf("got %v, want two and one", n)
		}
	}
	if got := w.put(draft{"key": " a ", "title": "Mit Rand"}); got.Key != " a " {
		t.Errorf("got %q", got.Key)
	}
	w.send(newDraft("Wartet mit dem Rand").under(" a "))
	w.get(w.api("/queue?article=+a+"), w.as(mia)).want(200).holds("Wartet mit dem Rand")
	follow := url.Values{"email": {"fan@leser.example"}, "kind": {"article"}}
	w.do("POST", "/zeitung/subscriptions?article=+a+", follow.Encode(), formType)
	if l := w.asked(); !strings.Contains(l.Text, "Mit Rand") {
		t.Errorf("the page: got\n%s\nwant it of the article that was meant", l.Text)
	}
	w.wish(draft{"email": "fen@leser.example", "kind": "article", "article": " a "}).want(202)
	if l := w.asked(); !strings.Contains(l.Text, "Mit Rand") {
		t.Errorf("got\n%s\nwant it of the article that was meant", l.Text)
	}
}
