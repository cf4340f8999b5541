package handlers_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

type preview struct {
	HTML  string
	Hints []struct {
		Signal, Passage string
		Rule            struct{ Code, Title string }
	}
}

// hint lets links point writers at the rule against advertising.
func (w *world) hint() {
	w.Helper()
	w.do("PUT", w.api("/hints"), draft{"links": "substance", "shouting": nil, "duplicate": nil, "nearness": nil}, w.as(ida)).want(200)
}

const advert = "Hier klicken: https://example.org/a und https://example.org/b"

func TestThePreviewIsWhatTheThreadWillShow(t *testing.T) {
	w := newWorld(t)
	const text = "Das sehe ich *anders*.\n\n> Zitat\n\n<script>alert(1)</script>"
	a := w.do("POST", w.api("/preview"), draft{"body": text}).want(200)
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("got Cache-Control %q", got)
	}
	seen := read[preview](a)
	w.published(text)
	if got := read[thread](w.get(w.api("/thread?article=" + url.QueryEscape(article))).want(200)).Comments[0].HTML; got != seen.HTML {
		t.Errorf("got %q in the preview, %q in the thread", seen.HTML, got)
	}
	if len(seen.Hints) != 0 {
		t.Errorf("got %+v", seen.Hints)
	}
	page := w.typed(url.Values{"do": {"preview"}, "body": {text}, "name": {""}}).want(200)
	page.holds(`<div class="text" dir="auto">`+seen.HTML, `&lt;script&gt;alert(1)&lt;/script&gt;</textarea>`, lena)
	page.lacks("<script>alert", `aria-invalid`)
	w.mustNotAppear(lena)
}

func TestAPreviewHasTheLimitsOfAComment(t *testing.T) {
	w := newWorld(t)
	for body, code := range map[string]string{"": "required", "\u200b": "required", "a\x00": "control", strings.Repeat("x", 10_001): "max"} {
		if refused := w.do("POST", w.api("/preview"), draft{"body": body}).refused(422); !refused.names("body", code) {
			t.Errorf("%.10q: got %+v", body, refused.Errors)
		}
	}
	w.do("POST", w.api("/preview"), draft{"body": "x", "name": "x"}).refused(422)
	w.do("POST", w.api("/preview"), draft{"body": strings.Repeat("x", 200<<10)}).refused(413)
	w.do("POST", w.api("/preview"), draft{"body": "x"}, header("Origin", "https://fremd.example")).refused(403)
	w.do("POST", w.api("/preview"), draft{"body": strings.Repeat("é", 10_000)}, header("Origin", w.origin)).want(200)
	page := w.typed(url.Values{"do": {"preview"}, "body": {" "}}).want(422)
	page.holds(`id="body-error"`, "Lena Typed", lena)
	page.lacks(`class="preview"`)
}

func TestAHintIsAPageWithTheButtonToSendAnyway(t *testing.T) {
	w := newWorld(t)
	w.hint()
	asked := w.typed(url.Values{"body": {advert}}).want(200)
	asked.holds("Regel 4, Substanz", `value="anyway"`, advert+"</textarea>", "Lena Typed", lena)
	if items := read[queue](w.get(w.api("/queue"), w.as(mia)).want(200)).Items; len(items) != 0 {
		t.Errorf("got %d waiting, want nothing to be sent yet", len(items))
	}
	if english := w.do("POST", w.api("/preview?locale=en"), draft{"article": draft{"key": article}, "body": advert}).want(200); read[preview](english).Hints[0].Rule.Title != "Substance" {
		t.Errorf("got %s", english.body)
	}
	w.typed(url.Values{"body": {advert}, "do": {"anyway"}}).want(303)
	w.post(advert + " über die API, die nicht fragt") // as the contract says, every acceptable comment is taken
	if items := read[queue](w.get(w.api("/queue"), w.as(mia)).want(200)).Items; len(items) != 2 {
		t.Errorf("got %d waiting, want both", len(items))
	}
}

func TestAScriptIsAnsweredWithTheFormAlone(t *testing.T) {
	w := newWorld(t)
	w.published("steht im Thread")
	for _, fields := range []url.Values{{"within": {"1"}, "do": {"preview"}}, {"within": {"1"}, "name": {""}}} {
		a := w.typed(fields)
		a.holds("typed text</textarea>", `id="form"`)
		a.lacks("steht im Thread", "<script", "<link")
	}
}

func TestHintsAreSetByEditorsAtTheDeskToo(t *testing.T) {
	w := newWorld(t)
	w.do("PUT", w.api("/hints"), draft{"links": "none", "shouting": nil, "duplicate": nil, "nearness": nil}, w.as(ida)).refused(422)
	w.do("PUT", w.api("/hints"), draft{"links": nil, "shouting": nil, "duplicate": nil, "nearness": nil}, w.as(mia)).refused(403)
	w.get(w.api("/hints"), w.as(mia)).refused(403)
	form := header("Content-Type", "application/x-www-form-urlencoded")
	w.do("POST", "/desk/zeitung/hints", "links=substance&nearness=topic", form, w.session(ida)).want(303)
	got := read[map[string]*string](w.get(w.api("/hints"), w.as(ida)).want(200))
	if got["links"] == nil || *got["links"] != "substance" || got["nearness"] == nil || got["shouting"] != nil {
		t.Errorf("got %v", got)
	}
	w.get("/desk/zeitung/words", w.session(ida)).want(200).holds(`<option value="substance" selected>`)
	w.do("POST", "/desk/zeitung/hints", "links=none", form, w.session(ida)).want(422).holds("Eine Regel „none“")
	w.do("POST", "/desk/zeitung/words", "do=add&kind=word&text=Kredit&minutes=5&rule=substance", form, w.session(ida)).want(303)
	w.do("POST", w.api("/words"), draft{"kind": "word", "text": "Casino", "minutes": 5, "rule": "topic"}, w.as(ida)).want(201).holds(`"rule":"topic"`)
	w.do("POST", w.api("/words"), draft{"kind": "word", "text": "Poker", "minutes": 5, "rule": "none"}, w.as(ida)).refused(422)
	w.get("/desk/zeitung/words", w.session(ida)).want(200).holds("Hinweis: substance", "Hinweis: topic")
}

func TestAnAuthorPreviewsAnEditAndWritesARefusedCommentAnew(t *testing.T) {
	w := newWorld(t)
	p := w.post("alter Text")
	own := strings.TrimPrefix(p.URL, w.server.URL)
	form := header("Content-Type", "application/x-www-form-urlencoded")
	edit := func(token, body, do string) answer {
		return w.do("POST", "/zeitung/comments/"+p.ID+"/edit", url.Values{"token": {token}, "body": {body}, "do": {do}}.Encode(), form)
	}
	edit(p.Token, "ein *neuer* Text", "preview").want(200).holds("<em>neuer</em>", "ein *neuer* Text</textarea>", `id="edit" open`)
	edit("wrong", "x", "preview").want(404)
	edit(p.Token, "\u200b", "preview").want(422).holds("Das darf nicht leer bleiben.", "autofocus")
	if got := w.own(p, ""); got.Body != "alter Text" || got.Version != 1 {
		t.Errorf("got %+v, want a preview to change nothing", got)
	}
	w.pass(39 * time.Minute)
	w.decide(p, "reject", "topic")
	page := w.get(own).want(200)
	page.holds("von einem Menschen, nach 39 Minuten", `name="body" value="alter Text"`)
	w.typed(url.Values{"do": {"preview"}, "body": {"alter Text"}, "name": {"Rosa"}, "email": {""}, "rules_version": {""}}).want(200).holds("alter Text</textarea>", `value="Rosa"`)
}

func TestTheUsualWaitIsSaidWhereOneWritesAndWaits(t *testing.T) {
	w := newWorld(t)
	p := w.post("wartet")
	path := "/zeitung/thread?article=" + url.QueryEscape(article)
	w.get(path).want(200).lacks("Entschieden wird meist")
	w.must(w.flow.Store.SetUsualWait(t.Context(), w.site.ID, "hours"))
	w.get(path).want(200).holds("Entschieden wird meist innerhalb weniger Stunden.")
	w.get(path + "&locale=en").want(200).holds("Usually decided in a few hours.")
	w.get(strings.TrimPrefix(p.URL, w.server.URL)).want(200).holds("innerhalb weniger Stunden")
	w.get(w.api("/comments/"+p.ID), token(p.Token)).want(200).holds(`"usual_wait":"hours"`)
}
