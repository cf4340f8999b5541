package handlers_test

import (
	"net/url"
	"testing"
	"time"
)

// own is an author's comment as the API shows it to them.
type ownComment struct {
	Status, Body, HTML string
	Author             struct{ Name, URL string }
	ErasedAt           *time.Time `json:"erased_at"`
}

func TestAnErasedCommentIsGoneForItsAuthorTheDeskAndEverybodyElse(t *testing.T) {
	w := newWorld(t)
	ways := map[string]func(p posted){
		"API": func(p posted) {
			for range 2 { // twice is once
				w.do("DELETE", w.api("/comments/"+p.ID+"?erase=1"), nil, token(p.Token)).want(204)
			}
		},
		"page": func(p posted) {
			form := url.Values{"token": {p.Token}}.Encode()
			w.do("POST", "/"+w.site.Slug+"/comments/"+p.ID+"/erase", form, header("Content-Type", "application/x-www-form-urlencoded")).want(303)
		},
	}
	for way, erase := range ways {
		p := w.approve(w.send(newDraft("unseen text by "+way).by("Unseen "+way, lena)))
		w.approve(w.send(newDraft("Antwort " + way).below(p)))
		w.edit(p, "unseen edit by "+way)
		erase(p)
		w.mustNotAppear("unseen", "Unseen")
		own := read[ownComment](w.get(w.api("/comments/"+p.ID), token(p.Token)).want(200))
		if own.ErasedAt == nil || own.Status != "withdrawn" || own.Body+own.HTML+own.Author.Name != "" {
			t.Errorf("%s: got %+v, want an erased comment", way, own)
		}
		w.get("/" + w.site.Slug + "/comments/" + p.ID + "?token=" + p.Token).want(200).holds("Gelöscht")
		for _, page := range []string{"/desk/zeitung/comments/" + p.ID, "/desk/zeitung/authors/" + w.comment(p).AuthorID.String(), "/desk/zeitung/log"} {
			a := w.get(page, w.session(ida)).want(200)
			a.holds("gelöscht")
			a.lacks("unseen", "Unseen")
		}
		for _, call := range []string{"/moderation/comments/" + p.ID, "/comments/" + p.ID + "/decisions", "/queue?state=decided", "/audit"} {
			w.get(w.api(call), w.as(ida)).want(200).lacks("unseen", "Unseen")
		}
	}
}

func TestErasureNeedsTheToken(t *testing.T) {
	w := newWorld(t)
	p, other := w.published("stays"), w.post("other")
	w.do("DELETE", w.api("/comments/"+p.ID+"?erase=1"), nil, token(other.Token)).want(404)
	w.do("DELETE", w.api("/comments/"+p.ID+"?erase=1"), nil).want(404)
	w.do("DELETE", w.api("/comments/"+p.ID+"?erase=yes"), nil, token(p.Token)).want(400)
	if c := w.comment(p); c.Status != "approved" || c.ErasedAt != nil {
		t.Errorf("got %+v, want it as it was", c)
	}
}
