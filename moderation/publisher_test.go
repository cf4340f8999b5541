package moderation_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
)

// sign is what a publisher's system does, in any language.
func (w *world) sign(title, lead string) moderation.ArticleName {
	a := moderation.ArticleName{Key: "a", URL: "https://news.example/a", Title: title, Lead: lead}
	mac := hmac.New(sha256.New, []byte(w.flow.PublisherKey(w.site)))
	mac.Write([]byte("a\nhttps://news.example/a\n" + title + "\n" + lead))
	a.Signature = hex.EncodeToString(mac.Sum(nil))
	return a
}

// under submits a comment under the article named so, and answers the article as it is then.
func (w *world) under(text string, a moderation.ArticleName) models.Article {
	w.Helper()
	s := w.submission()
	s.Article, s.Body = a, text
	w.submit(s)
	stored, err := w.flow.Store.Article(w.Context(), w.site.ID, a.Key)
	w.must(err)
	return stored
}

func TestOnlyThePublisherNamesAnArticleAnew(t *testing.T) {
	w := newWorld(t)
	a := w.under("one", moderation.ArticleName{Key: "a", URL: "https://news.example/forged", Title: "Forged", Lead: "forged"})
	if a.Title != "Forged" || a.Lead != "" {
		t.Errorf("got %q, %q of an unsigned first comment, want its title and no lead", a.Title, a.Lead)
	}
	a = w.under("two", w.sign("The title", "The lead"))
	if a.Title != "The title" || a.URL != "https://news.example/a" || a.Lead != "The lead" || a.Version != 1 {
		t.Errorf("got %+v, want what the publisher signed, and nothing of it public", a)
	}
	forged := w.sign("The title", "The lead")
	forged.Title = "Forged"
	other := w.sign("Forged", "")
	other.Signature = strings.Repeat("0", 64)
	for i, name := range []moderation.ArticleName{forged, other, {Key: "a", Title: "Forged"}} {
		if a = w.under("three "+string(rune('a'+i)), name); a.Title != "The title" {
			t.Errorf("%d: got the title %q of what the publisher did not sign", i, a.Title)
		}
	}
	if a = w.under("four", w.sign("A better title", "The lead")); a.Title != "A better title" {
		t.Errorf("got the title %q, want the publisher's new one", a.Title)
	}
	w.put(moderation.ArticleChange{URL: &a.URL, Title: ref("An editor's title")})
	if a = w.under("five", w.sign("The title", "The lead")); a.Title != "An editor's title" {
		t.Errorf("got the title %q, want the editor's", a.Title)
	}
}

// What is signed for one article, or by another site's publisher, names no other.
func TestASignatureIsOfOneArticleOfOneSite(t *testing.T) {
	w := newWorld(t)
	a := w.sign("T", "L")
	if !w.flow.Signed(w.site, a) {
		t.Fatal("the publisher's own signature is not valid")
	}
	if w.flow.Signed(w.newSite("another"), a) {
		t.Error("the signature is valid on another site")
	}
	for what, change := range map[string]func(*moderation.ArticleName){
		"key": func(a *moderation.ArticleName) { a.Key = "b" }, "url": func(a *moderation.ArticleName) { a.URL += "/" },
		"title": func(a *moderation.ArticleName) { a.Title = "" }, "lead": func(a *moderation.ArticleName) { a.Lead = "" },
		"line": func(a *moderation.ArticleName) { a.Title, a.Lead = "T\nL", "" }, "none": func(a *moderation.ArticleName) { a.Signature = "" },
	} {
		other := a
		if change(&other); w.flow.Signed(w.site, other) {
			t.Errorf("the signature holds for another %s", what)
		}
	}
}

// A first comment with a wrong signature is taken, and names nothing.
func TestAWrongSignatureLosesNoComment(t *testing.T) {
	w := newWorld(t)
	name := w.sign("T", "L")
	name.Title = "Forged"
	if a := w.under("one", name); a.Title != "" || a.URL != "" || a.Lead != "" {
		t.Errorf("got %+v, want an article without a name", a)
	}
}
