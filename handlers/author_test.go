package handlers_test

import (
	"strings"
	"testing"
)

// own is the author's view of a comment.
type own struct {
	Status, Body string
	Version      int
	PublicHTML   *string `json:"public_html"`
	EditWaits    bool    `json:"edit_waits"`
	Decision     *struct {
		Action, Statement string
		RulesVersion      int `json:"rules_version"`
		Rules             []struct{ Code, Title, Text string }
	}
}

func (w *world) own(p posted, query string) own {
	w.Helper()
	return read[own](w.get(w.api("/comments/"+p.ID)+query, token(p.Token)).want(200))
}

// public is the text that the author is told is public.
func (o own) public() string {
	if o.PublicHTML == nil {
		return ""
	}
	return inner(*o.PublicHTML)
}

// inner is the text of a single paragraph.
func inner(html string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(html), "<p>"), "</p>")
}

// texts are the public texts of an article, in reading order; "" for a gap.
func (w *world) texts(key string) (texts []string) {
	w.Helper()
	t := read[thread](w.get(w.api("/thread?limit=200&article=" + key)).want(200))
	for _, c := range t.Comments {
		texts = append(texts, inner(c.HTML))
	}
	return texts
}

func TestWithoutItsTokenThereIsNoSuchComment(t *testing.T) {
	w := newWorld(t)
	mine, another := w.post("meins"), w.post("noch eins")
	foreign := w.abroad().post("fremd")
	path := w.api("/comments/" + mine.ID)
	wrong := map[string]option{
		"none": header("X", "x"), "empty": token(""), "another comment's": token(another.Token), "another site's": token(foreign.Token),
		"an API token": w.as(ada), "another scheme": header("Authorization", "Basic "+mine.Token), "a longer one": token(mine.Token + "A"),
	}
	for name, credentials := range wrong {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			w.get(path, credentials).refused(404)
			w.do("PATCH", path, draft{"body": "gekapert"}, credentials).refused(404)
			w.do("DELETE", path, nil, credentials).refused(404)
		})
	}
	w.get(path+"?token="+mine.Token, header("X", "x")).refused(404)
	w.get(w.api("/comments/"+strings.ToUpper(mine.ID)), token(mine.Token)).refused(404)
	w.get(w.abroad().api("/comments/"+mine.ID), token(mine.Token)).refused(404)
	w.get(w.api("/comments/first"), token(mine.Token)).refused(404)
	if got := w.own(mine, ""); got.Body != "meins" || got.Version != 1 {
		t.Errorf("got %+v, want it untouched", got)
	}
}

func TestAnEditOfAPendingCommentTakesItsPlaceInTheQueue(t *testing.T) {
	w := newWorld(t)
	p := w.post("erster Text")
	edited := read[own](w.edit(p, "  zweiter Text\r\n"))
	if edited.Status != "pending" || edited.Body != "zweiter Text" || edited.Version != 2 || edited.EditWaits {
		t.Errorf("got %+v", edited)
	}
	items := read[queue](w.get(w.api("/queue"), w.as(mia)).want(200)).Items
	if len(items) != 1 || items[0].Body != "zweiter Text" || items[0].Version != 2 || items[0].Revision != 2 {
		t.Errorf("got queue %+v", items)
	}
	if same := read[own](w.edit(p, "zweiter Text")); same.Version != 2 {
		t.Errorf("the same text made version %d", same.Version)
	}
}

func TestOfAnApprovedCommentTheOldTextStaysUpUntilTheEditIsDecided(t *testing.T) {
	w := newWorld(t)
	p := w.published("alt")
	if edited := read[own](w.edit(p, "umgeschrieben")); edited.Status != "approved" || !edited.EditWaits || edited.Body != "umgeschrieben" || edited.public() != "alt" {
		t.Errorf("got %+v", edited)
	}
	if got := w.texts(article); len(got) != 1 || got[0] != "alt" {
		t.Errorf("got %q, want the old text", got)
	}
	w.mustNotAppear("umgeschrieben")
	w.decide(p, "approve")
	if got := w.texts(article); len(got) != 1 || got[0] != "umgeschrieben" {
		t.Errorf("got %q, want the new text", got)
	}
	w.edit(p, "noch neuer")
	w.decide(p, "reject", "topic")
	if got := w.own(p, ""); got.Status != "approved" || got.EditWaits || got.Body != "noch neuer" || got.public() != "umgeschrieben" {
		t.Errorf("after a refused edit: got %+v", got)
	}
}

func TestWhatIsDecidedAgainstCannotBeEdited(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"rejected", "spam", "removed", "withdrawn"} {
		p := w.state(state)
		refused := w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": "geändert"}, token(p.Token)).refused(422)
		if !refused.names("", "edit_state") {
			t.Errorf("%s: got %+v", state, refused.Errors)
		}
	}
	p := w.post("Text")
	for body, code := range map[string]string{"": "required", " \n": "required", "\u200b": "required", "a\x00": "control", strings.Repeat("x", 10_001): "max"} {
		refused := w.do("PATCH", w.api("/comments/"+p.ID), draft{"body": body}, token(p.Token)).refused(422)
		if !refused.names("body", code) {
			t.Errorf("%.10q: got %+v", body, refused.Errors)
		}
	}
}

func TestAnAuthorMayWithdrawFromAnyStateForGood(t *testing.T) {
	w := newWorld(t)
	for _, state := range states {
		p := w.state(state)
		w.withdraw(p)
		version := w.comment(p).Version
		w.withdraw(p)
		if got := w.comment(p); got.Status != "withdrawn" || got.Version != version {
			t.Errorf("%s, withdrawn twice: got %s at version %d, want %d", state, got.Status, got.Version, version)
		}
		if got := w.own(p, ""); got.Status != "withdrawn" || got.public() != "" {
			t.Errorf("%s: got %+v", state, got)
		}
	}
	w.mustNotAppear("lorem")
}

func TestARefusalIsExplainedInTheWordingThatTheAuthorWasShown(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	w.publishRules("later")
	w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": "reject", "rules": []string{"topic"}, "version": 1,
		"statement": "Das gehört nicht hierher.", "note": "kennen wir schon"}, w.as(mia)).want(201)
	d := w.own(p, "").Decision
	if d == nil || d.Action != "reject" || d.Statement != "Das gehört nicht hierher." || d.RulesVersion != 1 || len(d.Rules) != 1 ||
		d.Rules[0].Code != "topic" || d.Rules[0].Title != "Thema" {
		t.Errorf("got %+v", d)
	}
	if d := w.own(p, "?locale=en").Decision; d.Rules[0].Title != "Topic" {
		t.Errorf("in English: got %+v", d.Rules)
	}
	for _, path := range []string{w.api("/comments/" + p.ID), strings.TrimPrefix(p.URL, w.server.URL)} {
		page := w.get(path, token(p.Token)).want(200)
		for _, secret := range []string{"kennen wir schon", "Name of moderator", mia} {
			if strings.Contains(string(page.body), secret) {
				t.Errorf("%s has %q", path, secret)
			}
		}
	}
}
