package main

import (
	"slices"
	"testing"
)

func someLeaks() leaks {
	return leaksOf([]*Item{
		{Number: 1, Article: "article-1", ID: "a", Settled: true, Text: "Sieben gute Wörter stehen hier am Anfang und Leser 4 wird genannt"},
		{Number: 2, Article: "article-1", ID: "b", Text: "Dies alles darf heute niemand lesen, auch nicht morgen"},
		{Number: 3, Article: "article-2", ID: "c", Text: "Sieben gute Wörter stehen hier am Anfang und sonst nichts"},
		{Number: 4, Article: "article-2", ID: "d", Text: "Nur fünf Wörter sind das"},
	})
}

func TestLeaksAreFoundWhereverTheyStand(t *testing.T) {
	l := someLeaks()
	for name, answer := range map[string]Answer{
		"page":            answerOf("text/html; charset=utf-8", `<p>x<p>Dies <em>alles</em> darf<br>heute niemand lesen, auch</p>`),
		"inside a word":   answerOf("text/html", `<p>Di<b>es</b> alles darf heute niemand lesen, auch</p>`),
		"attribute":       answerOf("text/html", `<meta content="Dies alles darf heute niemand lesen, …">`),
		"JSON":            answerOf("application/json", `{"x":[{"html":"<p>Dies alles darf heute\nniemand lesen, <b>auch</b>"}]}`),
		"feed":            answerOf("application/atom+xml", `<feed><title>&lt;p&gt;Dies alles darf heute niemand lesen,&lt;/p&gt;</title></feed>`),
		"feed as is":      answerOf("application/rss+xml", `<rss><description><![CDATA[<p>Dies alles darf heute niemand lesen,</p>]]></description></rss>`),
		"name":            answerOf("text/html", `<b>Leser 2</b>`),
		"title":           answerOf("text/html", `<title>Zu article-2: Kommentare</title>`),
		"problem, broken": answerOf("application/problem+json", `{"Leser 2`),
	} {
		if faults := l.faults(answer); len(faults) != 1 || faults[0].Kind != Extra {
			t.Errorf("%s: got %v, want one extra", name, faults)
		}
	}
}

func TestWhatIsPublicAsWellIsNoLeak(t *testing.T) {
	l := someLeaks()
	for _, text := range []string{
		"Sieben gute Wörter stehen hier am Anfang", "Leser 4", "Leser 1", "Leser 22", "Zu article-1", "Zu article-22",
		"Nur fünf Wörter sind das", "alles darf heute niemand lesen, auch nicht",
	} {
		if found := l.in(text); len(found) != 0 {
			t.Errorf("%q: got %v, want none", text, found)
		}
	}
	if found := l.in("Leser 2 und Leser 3"); !slices.Equal(found, []string{"Leser 2", "Leser 3"}) {
		t.Errorf("got %v, want both names", found)
	}
}
