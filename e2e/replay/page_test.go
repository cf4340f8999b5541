package main

import (
	"net/url"
	"reflect"
	"testing"
)

func answerOf(kind, body string) Answer {
	return Answer{Status: 200, URL: &url.URL{Scheme: "http", Host: "127.0.0.1:1", Path: "/replay/thread"}, Type: kind, Body: []byte(body)}
}

func TestAPageIsReadByItsArticles(t *testing.T) {
	p, err := parsePage(answerOf("text/html", `<!doctype html><ol><li><article id="c-1"><header>Leser 1</header><div class="text"><p>Eins<br>und <em>mehr</em></p></div><footer>Melden</footer></article>
		<ol><li><article id="c-2"><div class="quiet text" dir="auto"><p>Zwei &amp; drei</p></div></article></li></ol></li></ol>
		<p class="gap" id="c-3">Entfernt.</p><a rel="nofollow next" href="?article=x&amp;cursor=y">Weiter</a>`))
	want := []Shown{{"1", "Eins und mehr"}, {"2", "Zwei & drei"}}
	if err != nil || !reflect.DeepEqual(p.Shown, want) {
		t.Errorf("got %+v, %v; want %+v", p.Shown, err, want)
	}
	if got, want := p.Next.RequestURI(), "/replay/thread?article=x&cursor=y"; got != want {
		t.Errorf("next page: got %q, want %q", got, want)
	}
}

func TestTheOverviewNamesItsCommentsByLinks(t *testing.T) {
	p, err := parsePage(answerOf("text/html", `<ol><li><h2><a href="/replay/thread?article=x#c-1">Zu x</a></h2><article class="comment"><div class="text"><p>Eins</p></div></article></li>
		<li><article><a href="/replay/thread?article=y#c-2">vor einer Stunde</a><div class="text"><p>Zwei</p></div></article></li>
		<li><article><div class="text"><p>Drei</p></div></article></li></ol>`))
	if want := []Shown{{"1", "Eins"}, {"2", "Zwei"}, {"", "Drei"}}; err != nil || !reflect.DeepEqual(p.Shown, want) {
		t.Errorf("got %+v, %v; want %+v", p.Shown, err, want)
	}
}

func TestAPageLeadsToOneNextPageAtMost(t *testing.T) {
	if p, err := parsePage(answerOf("text/html", `<a rel="prev" href="/a">Zurück</a>`)); err != nil || p.Next != nil {
		t.Errorf("got %v, %v; want no next page", p.Next, err)
	}
	if _, err := parsePage(answerOf("text/html", `<a rel=next href="/a">Weiter</a><a rel=next href="/b">Weiter</a>`)); err == nil {
		t.Error("two next pages, want an error")
	}
}
