package handlers_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
)

type counts struct{ Counts map[string]int }

func TestCountsHoldApprovedCommentsOnly(t *testing.T) {
	w := newWorld(t)
	w.published("eins")
	w.edit(w.published("zwei"), "zwei, neu")
	w.bring(w.published("drei"), "removed")
	w.post("vier")
	w.approve(w.send(newDraft("fünf").under("a b&c")))
	w.abroad().published("fremd")
	want := map[string]int{article: 2, "a b&c": 1, "nowhere": 0}
	query := url.Values{"article": {article, "a b&c", "nowhere", article}}
	if got := read[counts](w.get(w.api("/counts?" + query.Encode())).want(200)).Counts; !maps.Equal(got, want) {
		t.Errorf("GET: got %v, want %v", got, want)
	}
	keys := draft{"articles": []string{article, "a b&c", "nowhere"}}
	if got := read[counts](w.do("POST", w.api("/counts"), keys).want(200)).Counts; !maps.Equal(got, want) {
		t.Errorf("POST: got %v, want %v", got, want)
	}
}

func TestCountsTakeUpToTwoHundredArticles(t *testing.T) {
	w := newWorld(t)
	keys := make([]string, 201)
	for i := range keys {
		keys[i] = fmt.Sprint("article-", i)
	}
	w.get(w.api("/counts?article=" + strings.Join(keys[:200], "&article="))).want(200)
	w.get(w.api("/counts?article=" + strings.Join(keys, "&article="))).refused(400)
	w.do("POST", w.api("/counts"), draft{"articles": keys[:200]}).want(200)
	if p := w.do("POST", w.api("/counts"), draft{"articles": keys}).refused(422); p.Errors[0].Field != "articles" {
		t.Errorf("got %+v", p.Errors)
	}
	for _, bad := range []string{"", "a\x00b", "a\nb", strings.Repeat("k", 513)} {
		w.get(w.api("/counts?article=" + url.QueryEscape(bad))).refused(400)
		if p := w.do("POST", w.api("/counts"), draft{"articles": []string{"a", bad}}).refused(422); p.Errors[0].Field != "articles.1" {
			t.Errorf("%.5q: got %+v", bad, p.Errors)
		}
	}
	w.get(w.api("/counts?article=%ff")).refused(400)
	w.get(w.api("/counts")).refused(400)
}

type rules struct {
	Version       int
	Locale, Intro string
	Rules         []struct{ Code, Title, Text string }
}

func TestEveryVersionOfTheRulesStaysReadableInEachLanguage(t *testing.T) {
	w := newWorld(t)
	w.publishRules("new")
	for path, want := range map[string]rules{
		"/rules":             {Version: 2, Locale: "de", Intro: "new intro"},
		"/rules?locale=en":   {Version: 2, Locale: "en", Intro: "new intro"},
		"/rules/1":           {Version: 1, Locale: "de", Intro: "Alle Kommentare werden moderiert"},
		"/rules/1?locale=en": {Version: 1, Locale: "en", Intro: "All comments are moderated"},
		"/rules/2":           {Version: 2, Locale: "de", Intro: "new intro"},
	} {
		got := read[rules](w.get(w.api(path)).want(200))
		if got.Version != want.Version || got.Locale != want.Locale || !strings.HasPrefix(got.Intro, want.Intro) || got.Rules[0].Code != "topic" {
			t.Errorf("%s: got %+v, want %+v", path, got, want)
		}
	}
	for _, path := range []string{"/rules/3", "/rules/0", "/rules/-1", "/rules/01", "/rules/one", "/rules/99999999999999999999", "/rules/9223372036854775807"} {
		w.get(w.api(path)).refused(404)
	}
	w.get("/zeitung/rules?version=9223372036854775807").want(404)
	w.get(w.api("/rules?locale=fr")).refused(400)
}

func TestRulesAreForEditorsAndTheSameInEachLanguage(t *testing.T) {
	w := newWorld(t)
	set := func(codes ...string) draft {
		all := []draft{}
		for _, code := range codes {
			all = append(all, draft{"code": code, "title": "Title", "text": "Text"})
		}
		return draft{"intro": "", "rules": all}
	}
	named := func(rule draft) draft { return draft{"de": draft{"intro": "", "rules": []draft{rule}}} }
	for _, test := range []struct {
		locales draft
		field   string
	}{
		{draft{}, "locales"}, {draft{"en": set("a")}, "locales"}, {draft{"de": set("a"), "fr": set("a")}, "locales"},
		{draft{"de": set()}, "locales.de.rules"}, {draft{"de": set("a", "b"), "en": set("b", "a")}, "locales.en.rules"},
		{draft{"de": set("a", "a")}, "locales.de.rules.1.code"}, {draft{"de": set("A")}, "locales.de.rules.0.code"},
		{draft{"de": set("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")}, "locales.de.rules"},
		{named(draft{"code": "a", "title": " ", "text": "x"}), "locales.de.rules.0.title"},
		{named(draft{"code": "a", "title": "x", "text": "a\x00b"}), "locales.de.rules.0.text"},
		{draft{"de": draft{"intro": "a\x00b", "rules": set("a")["rules"]}}, "locales.de.intro"},
	} {
		p := w.do("POST", w.api("/rules"), draft{"locales": test.locales}, w.as(ida)).refused(422)
		if len(p.Errors) != 1 || p.Errors[0].Field != test.field {
			t.Errorf("%v: got %+v, want %s", test.locales, p.Errors, test.field)
		}
	}
	good := draft{"locales": draft{"de": set("a"), "en": set("a")}}
	w.do("POST", w.api("/rules"), good, w.as(mia)).refused(403)
	w.do("POST", w.api("/rules"), good).refused(401)
	w.do("POST", w.api("/rules"), good, w.as(ada)).want(201)
	w.do("POST", w.api("/rules"), draft{"locales": draft{"de": set("a")}}, w.as(ida)).want(201)
	if got := read[rules](w.get(w.api("/rules?locale=en")).want(200)); got.Locale != "de" || got.Version != 3 {
		t.Errorf("got %+v, want the site's own language", got)
	}
}

func TestAnArticleIsSetByEditorsWithinTheSite(t *testing.T) {
	w := newWorld(t)
	put := draft{"key": "1", "url": w.origin + "/1", "title": "Eins", "text": "Der ganze Text"}
	w.do("PUT", w.api("/articles"), put, w.as(mia)).refused(403)
	w.do("PUT", w.api("/articles"), put, w.as(ida)).want(200)
	if a := w.thread("article=1").Article; a.Title != "Eins" || a.State != "open" {
		t.Errorf("got %+v", a)
	}
	for field, value := range map[string]string{"key": "", "url": "https://blatt.example/1", "title": "", "text": "a\x00b", "state": "shut"} {
		bad := draft{"key": "1", "url": w.origin + "/1", "title": "Eins", "text": "Text"}.with(field, value)
		if p := w.do("PUT", w.api("/articles"), bad, w.as(ida)).refused(422); len(p.Errors) != 1 || p.Errors[0].Field != field {
			t.Errorf("%s: got %+v", field, p.Errors)
		}
	}
}
