package handlers_test

import (
	"slices"
	"strings"
	"testing"
)

func TestNothingThatNoModeratorApprovedAppearsAnywhere(t *testing.T) {
	w := newWorld(t)
	thread := func(text string) draft {
		return newDraft(text).by("Name-"+strings.ReplaceAll(text, " ", "-"), "secret@leser.example")
	}
	root := w.approve(w.send(newDraft("steht öffentlich").by("Offen", "secret@leser.example")))
	w.send(thread("unseen pending"))
	w.send(thread("unseen reply").below(root))
	rejected, spam := w.send(thread("unseen rejected")), w.send(thread("unseen spam"))
	w.do("POST", w.api("/comments/"+rejected.ID+"/decisions"), draft{"action": "reject", "rules": []string{"topic"}, "version": 1,
		"statement": "unseen statement", "note": "unseen note"}, w.as(mia)).want(201)
	w.decide(spam, "spam")
	deep := root
	for range 5 {
		deep = w.approve(w.send(newDraft("Antwort darauf").below(deep)))
	}
	for _, state := range []string{"removed", "withdrawn", "spam", "pending"} {
		parent := w.approve(w.send(thread("unseen parent " + state)))
		w.approve(w.send(newDraft("Antwort auf " + state).below(parent)))
		w.approve(w.send(newDraft("Zweite Antwort auf " + state).below(parent)))
		beside := w.approve(w.send(thread("unseen deep " + state).below(deep)))
		w.approve(w.send(newDraft("Tiefe Antwort auf " + state).below(beside))) // stands beside what it answers, and names it
		w.bring(parent, state)
		w.bring(beside, state)
	}
	edited := w.approve(w.send(newDraft("alter Text")))
	w.edit(edited, "unseen edit")
	refused := w.approve(w.send(newDraft("bleibt stehen")))
	w.edit(refused, "unseen refused edit")
	w.decide(refused, "reject", "topic")
	w.send(newDraft("unseen alone").with("article", draft{"key": "quiet", "title": "unseen title", "url": w.origin + "/unseen-address"}))
	w.mustNotAppear("unseen", "Name-", "secret@", root.Token, edited.Token, mia, "Name of", w.tokens[mia])

	want := []string{"/:site/", "/:site/feed.atom", "/:site/feed.json", "/:site/feed.rss", "/:site/thread", "/api/v1/sites/:site/thread"}
	for _, text := range []string{"steht öffentlich", "alter Text", "bleibt stehen", "Zweite Antwort auf spam"} {
		got := slices.DeleteFunc(w.appearsOn(text), func(route string) bool { return route == "/:site/comments/:id/report" }) // of the first twelve
		if !slices.Equal(got, want) {
			t.Errorf("%q, which was approved, appears on %v, want %v", text, got, want)
		}
	}
}

func TestWhatIsTakenDownIsGoneFromEverySurface(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"removed", "withdrawn", "spam", "pending"} {
		p := w.approve(w.send(newDraft("taken down "+state).by("Name "+state, "")))
		if got := w.texts(article); len(got) != 1 {
			t.Errorf("got %q before, want it public", got)
		}
		w.bring(p, state)
		w.mustNotAppear("taken down "+state, "Name "+state)
		for _, path := range []string{"/zeitung/", "/zeitung/feed.atom", "/zeitung/feed.rss", "/zeitung/feed.json", "/zeitung/thread?article=" + article, w.api("/thread?article=" + article)} {
			w.get(path).want(200).lacks(p.ID) // no empty place either: nothing answers it
		}
	}
}
