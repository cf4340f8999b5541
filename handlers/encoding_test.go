package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestEveryEncodingHasAStrongTagOfItsOwn(t *testing.T) {
	w := newWorld(t)
	w.published("Text")
	paths := []string{"/thread?article=" + url.QueryEscape(article), "/counts?article=" + article, "/rules", "/rules/1"}
	tags := map[string]bool{}
	for _, path := range paths {
		for _, encoding := range []string{"identity", "gzip", "br"} {
			a := w.get(w.api(path), header("Accept-Encoding", encoding)).want(200)
			tag := a.header.Get("ETag")
			if len(tag) < 10 || tag[0] != '"' || tags[tag] && path != "/rules/1" {
				t.Errorf("%s %s: got ETag %s, want a strong one of its own", path, encoding, tag)
			}
			tags[tag] = true
			if got := a.header.Get("Cache-Control"); got != "public, no-cache" {
				t.Errorf("%s: got Cache-Control %q", path, got)
			}
			if got := string(plain(t, a)); got != string(w.get(w.api(path)).body) {
				t.Errorf("%s %s: got %q", path, encoding, got)
			}
			same := w.get(w.api(path), header("Accept-Encoding", encoding), header("If-None-Match", `"x", `+tag)).want(304)
			if len(same.body) > 0 || same.header.Get("ETag") != tag {
				t.Errorf("%s %s: got 304 with %v %q", path, encoding, same.header, same.body)
			}
			w.get(w.api(path), header("Accept-Encoding", encoding), header("Range", "bytes=0-9")).want(200)
			w.do("HEAD", w.api(path), nil, header("Accept-Encoding", encoding)).want(200)
		}
	}
	old := w.get(w.api(paths[0])).header.Get("ETag")
	w.published("Noch ein Text")
	w.get(w.api(paths[0]), header("If-None-Match", old)).want(200)
}

// plain is the body as it was before it was compressed.
func plain(t *testing.T, a answer) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(a.body)
	switch encoding := a.header.Get("Content-Encoding"); encoding {
	case "gzip":
		unzip, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = unzip
	case "br":
		r = brotli.NewReader(r)
	case "":
	default:
		t.Fatalf("%s: got Content-Encoding %q", a.call, encoding)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", a.call, err)
	}
	return body
}

// The language that an address asks for is kept by the page's links; one that asks for none has none.
func TestLinksKeepTheLanguageThatWasAskedFor(t *testing.T) {
	w := newWorld(t)
	p := w.published("Sichtbar")
	for _, query := range []string{"", "&fragment=1", "&reply=" + p.ID} {
		page := string(w.get("/zeitung/thread?article=" + article + "&locale=en" + query).want(200).body)
		for _, link := range regexp.MustCompile(`<a [^>]*href="(https?://[^/"]*)?(/zeitung/|\?)[^"]*"`).FindAllString(page, -1) {
			if !strings.Contains(link, "locale=en") {
				t.Errorf("%q: %s loses the language", query, link)
			}
		}
	}
	for address, want := range map[string]bool{"?article=" + article + "&locale=en": true, "?article=" + article: false, "?article=" + article + "&locale=de": false} {
		page := string(w.get("/zeitung/thread" + address).want(200).body)
		for _, link := range []string{"sort=newest", "reply=", "\" data-draft"} {
			at := strings.Index(page, link)
			if at < 0 {
				t.Fatalf("%s has no link with %s", address, link)
			}
			from, to := max(0, at-200), min(len(page), at+200)
			if got := strings.Contains(page[from:to], "locale=en"); got != want {
				t.Errorf("%s: the link with %s keeps the language: %v, want %v", address, link, got, want)
			}
		}
	}
}
