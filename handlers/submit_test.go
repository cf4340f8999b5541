package handlers_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestASubmittedCommentIsOnNoPublicSurface(t *testing.T) {
	w := newWorld(t)
	p := w.post("Ein Text, den noch niemand freigab")
	own := read[struct {
		Status, Body string
		Decision     *struct{}
	}](w.get(w.api("/comments/"+p.ID), token(p.Token)).want(200))
	if own.Status != "pending" || own.Body != "Ein Text, den noch niemand freigab" || own.Decision != nil {
		t.Errorf("got the author's view %+v", own)
	}
	if page := w.get(strings.TrimPrefix(p.URL, w.server.URL)).want(200); !strings.Contains(string(page.body), "den noch niemand freigab") {
		t.Errorf("the author's own page at %s does not have the text", p.URL)
	}
	w.mustNotAppear("den noch niemand freigab", "Rosa", "Der Artikel", p.Token)
}

func TestATextIsMeasuredInCharactersAsItIsStored(t *testing.T) {
	w := newWorld(t)
	w.post("  " + strings.Repeat("ß", 10_000) + "\r\n")
	w.post(strings.Repeat("a\r\n", 4_999) + "ab")
	w.send(newDraft("Name").by(strings.Repeat("ü", 80), ""))
}

// half is the escape of half a character, which no text may hold.
const half = `\ud800`

func TestBadInputIsRefusedWithTheFieldAndTheReason(t *testing.T) {
	w := newWorld(t)
	pending, elsewhere := w.post("wartet"), w.approve(w.send(newDraft("anderswo").under("other")))
	foreign := w.abroad().published("fremd")
	ok := func() draft { return newDraft("ein guter Text") }
	author := func(name, value string) draft {
		return ok().with("author", draft{"name": "Rosa", name: value})
	}
	tests := []struct {
		name        string
		body        any
		field, code string
	}{
		{"empty body", newDraft(""), "body", "required"},
		{"white space", newDraft(" \n\t\u00a0"), "body", "required"},
		{"nothing to see", newDraft("\u200b\u2060"), "body", "required"},
		{"10,001 characters", newDraft(strings.Repeat("ä", 10_001)), "body", "max"},
		{"a control character", newDraft("a\u0007b"), "body", "control"},
		{"NUL", newDraft("a\x00b"), "body", "control"},
		{"a C1 control character", newDraft("a\u0085b"), "body", "control"},
		{"half a character", strings.Replace(w.text(ok()), "guter", half, 1), "body", "encoding"},
		{"no name", author("name", ""), "author.name", "required"},
		{"81 characters", author("name", strings.Repeat("n", 81)), "author.name", "max"},
		{"a name of two lines", author("name", "Ro\nsa"), "author.name", "control"},
		{"an invisible name", author("name", "\u200b"), "author.name", "required"},
		{"NUL in the name", author("name", "Ro\x00sa"), "author.name", "control"},
		{"no e-mail address", author("email", "rosa"), "author.email", "email"},
		{"javascript:", author("url", "javascript:alert(1)"), "author.url", "url"},
		{"no address", author("url", "rosa.example"), "author.url", "url"},
		{"no article", ok().with("article", draft{"key": ""}), "article.key", "required"},
		{"513 characters", ok().under(strings.Repeat("k", 513)), "article.key", "max"},
		{"NUL in the key", ok().under("a\x00b"), "article.key", "control"},
		{"an article outside of the site", ok().with("article", draft{"key": "1", "url": "https://blatt.example/1"}), "article.url", "article_url"},
		{"an origin that begins alike", ok().with("article", draft{"key": "1", "url": w.origin + ".evil.example/1"}), "article.url", "article_url"},
		{"an unknown parent", ok().with("parent_id", w.flow.NewID()), "parent_id", "parent_unknown"},
		{"a pending parent", ok().below(pending), "parent_id", "parent_unknown"},
		{"a parent below another article", ok().below(elsewhere), "parent_id", "parent_unknown"},
		{"a parent of another site", ok().below(foreign), "parent_id", "parent_unknown"},
		{"a parent that is no id", ok().with("parent_id", "first"), "parent_id", "type"},
		{"no rules_version", strings.Replace(w.text(ok()), `,"rules_version":1`, "", 1), "rules_version", "required"},
		{"a wish for mail without an address", ok().with("subscribe", "replies"), "author.email", "subscribe_address"},
		{"an unknown wish", ok().with("subscribe", "all"), "subscribe", "oneof"},
		{"an unknown language", ok().with("locale", "fr"), "locale", "oneof"},
		{"another type", ok().with("body", 7), "body", "type"},
		{"null for an object", ok().with("author", "Rosa"), "author", "type"},
		{"an unknown field", ok().with("is_admin", true), "is_admin", "unknown"},
		{"an unknown field inside", author("role", "staff"), "author.role", "unknown"},
		{"a list", "[]", "", "type"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			p := w.do("POST", w.api("/comments"), test.body).refused(422)
			if !p.names(test.field, test.code) || p.Errors[0].Message == "" {
				t.Errorf("got %+v, want %s: %s", p.Errors, test.field, test.code)
			}
		})
	}
}

func TestWhatIsNoSingleJSONDocumentIsMalformed(t *testing.T) {
	w := newWorld(t)
	good := w.text(newDraft("ein guter Text"))
	tests := []struct{ name, body, field, code string }{
		{"nothing", "", "", "json"},
		{"no JSON", "body=hello", "", "json"},
		{"half a document", good[:len(good)/2], "*", "json"},
		{"two documents", good + good, "", "json"},
		{"a field twice", strings.Replace(good, `"body":`, `"body":"x","body":`, 1), "body", "duplicate"},
		{"bytes that are not UTF-8", strings.Replace(good, "guter", "\xff\xfe", 1), "body", "encoding"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := w.in(t)
			p := w.do("POST", w.api("/comments"), test.body).refused(400)
			if len(p.Errors) != 1 || test.field != "*" && p.Errors[0].Field != test.field || p.Errors[0].Code != test.code {
				t.Errorf("got %+v, want %s: %s", p.Errors, test.field, test.code)
			}
		})
	}
}

func TestABodyThatIsTooLargeOrOfAnotherKindIsRefused(t *testing.T) {
	w := newWorld(t)
	if p := w.do("POST", w.api("/comments"), newDraft(strings.Repeat("x", 1<<20))).refused(413); !p.names("body", "too_large") {
		t.Errorf("got %+v", p.Errors)
	}
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "application/xml", "application/json; charset=latin1", ""} {
		if p := w.do("POST", w.api("/comments"), newDraft("Text"), header("Content-Type", kind)).refused(415); !p.names("Content-Type", "media_type") {
			t.Errorf("%q: got %+v", kind, p.Errors)
		}
	}
	w.do("POST", w.api("/comments"), newDraft("Text"), header("Content-Encoding", "gzip")).refused(415)
	w.do("POST", w.api("/comments"), newDraft("Text"), header("Content-Type", "application/json;charset=UTF-8")).want(202)
}

// A pasted article in letters that take six bytes each in a form is refused as too long, and is still there.
func TestAFormThatHoldsFarTooMuchComesBackWithIt(t *testing.T) {
	w := newWorld(t)
	w.typed(url.Values{"body": {strings.Repeat("ж", 23000)}}).want(422).holds(strings.Repeat("ж", 1000), "Lena Typed", lena)
}

// A publisher's template may break a title: readers could not mend what the form takes from it.
func TestATitleFromAnAddressIsOneLine(t *testing.T) {
	w := newWorld(t)
	page := w.get("/" + w.site.Slug + "/thread?article=new&title=" + url.QueryEscape("A\n  broken\x07 title\n")).want(200)
	page.holds(`name="article_title" value="A broken title"`)
}

func TestACommentUnderOldRulesIsShownTheNewOnes(t *testing.T) {
	w := newWorld(t)
	w.publishRules("new")
	p := w.do("POST", w.api("/comments"), newDraft("unter alten Regeln")).refused(409)
	if p.Rules == nil || p.Rules.Version != 2 {
		t.Errorf("got rules %+v, want version 2", p.Rules)
	}
	sent := w.send(newDraft("unter den neuen Regeln").with("rules_version", 2))
	for _, version := range []int{3, 1, 0, -1, 1 << 40} { // also where the text is here already
		w.do("POST", w.api("/comments"), newDraft("unter den neuen Regeln").with("rules_version", version)).refused(409)
	}
	if again := w.send(newDraft("unter den neuen Regeln").with("rules_version", 2)); again.ID != sent.ID {
		t.Error("the same text under the rules in force is another comment")
	}
}

func TestAClosedArticleTakesNoComments(t *testing.T) {
	w := newWorld(t)
	first := w.published("davor")
	w.do("PUT", w.api("/articles"), draft{"key": article, "url": article, "title": "Der Artikel", "state": "closed"}, w.as(ida)).want(200)
	for _, d := range []draft{newDraft("danach"), newDraft("danach als Antwort").below(first)} {
		if p := w.do("POST", w.api("/comments"), d).refused(422); !p.names("article.key", "article_closed") {
			t.Errorf("got %+v", p.Errors)
		}
	}
}

func TestMessagesAreInTheLanguageOfTheSiteOrAsAskedFor(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"": "Das darf nicht leer bleiben.", "?locale=en": "This must not be empty.", "?locale=fr": "Das darf nicht leer bleiben.",
	} {
		p := w.do("POST", w.api("/comments"+query), newDraft(""), header("Accept-Language", "en")).refused(422)
		if got := p.Errors[0].Message; got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	if p := w.do("POST", "/api/v1/sites/blatt/comments", newDraft("")).refused(422); p.Errors[0].Message != "This must not be empty." {
		t.Errorf("an English site: got %+v", p.Errors)
	}
}

func TestAnArticleIsKnownByWhateverKeyItsPublisherGivesIt(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"42", "ärger/über alles?x=1&y=#", "https://elsewhere.example/42", strings.Repeat("ß", 512)} {
		w.approve(w.send(newDraft("unter " + key[:2]).under(key)))
	}
	w.send(newDraft("mit Adresse").with("article", draft{"key": "43", "url": "https://www.zeitung.example:8443/43?a=b"}))
}
