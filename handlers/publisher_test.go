package handlers_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
)

// A frame whose publisher signs its title carries it to the form, and from there to the article; one that lies shows
// nothing of what it says.
func TestAFrameCarriesWhatItsPublisherSigned(t *testing.T) {
	w := newWorld(t)
	mac := hmac.New(sha256.New, []byte(w.flow.PublisherKey(w.site)))
	mac.Write([]byte("p1\n" + w.origin + "/p1\nBrücke gesperrt\nAb Montag."))
	query := url.Values{"article": {"p1"}, "url": {w.origin + "/p1"}, "title": {"Brücke gesperrt"}, "lead": {"Ab Montag."}, "signature": {hex.EncodeToString(mac.Sum(nil))}}
	page := w.get("/zeitung/thread?" + query.Encode()).want(200)
	if got := page.header.Get("Plenum-Signature"); got != "valid" {
		t.Errorf("got Plenum-Signature %q, want valid", got)
	}
	if n := strings.Count(string(page.body), query.Get("signature")); n != 1 || !strings.Contains(string(page.body), "Brücke gesperrt") {
		t.Errorf("got the signature %d times, want it once, in the form, and the title shown", n)
	}
	w.do("POST", "/zeitung/thread?article=p1", url.Values{"article_key": {"p1"}, "article_url": query["url"], "article_title": query["title"], "article_lead": query["lead"],
		"article_signature": query["signature"], "name": {"Rosa"}, "body": {"Erster."}, "rules_version": {"1"}}.Encode(), header("Content-Type", "application/x-www-form-urlencoded")).want(303)
	a, err := w.flow.Store.Article(t.Context(), w.site.ID, "p1")
	w.must(err)
	if a.Title != "Brücke gesperrt" || a.URL != w.origin+"/p1" || a.Lead != "Ab Montag." {
		t.Errorf("got %+v, want what the publisher signed", a)
	}

	query.Set("title", "Brücke eingestürzt")
	query.Set("article", "p2")
	page = w.get("/zeitung/thread?" + query.Encode()).want(200)
	if strings.Contains(string(page.body), "eingestürzt") || page.header.Get("Plenum-Signature") != "invalid" {
		t.Errorf("got Plenum-Signature %q and the title, want neither believed", page.header.Get("Plenum-Signature"))
	}
}

// WordPress' plugin is there for everybody, and asked for again costs nothing.
func TestThePluginIsServed(t *testing.T) {
	w := newWorld(t)
	a := w.get("/wordpress.zip", header("Accept-Encoding", "br, gzip")).want(200)
	if !strings.HasPrefix(string(a.body), "PK") || a.header.Get("Content-Type") != "application/zip" || a.header.Get("ETag") == "" {
		t.Errorf("got %s, %v, want a zip with an ETag", a.body[:2], a.header)
	}
	w.get("/wordpress.zip", header("If-None-Match", a.header.Get("ETag"))).want(304)
}
