package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// On a phone too one sees whom a reply answers, however deep it stands, and nothing is too wide for that.
func TestADeepThreadIsATreeOnAPhone(t *testing.T) {
	n := newNewsroom(t, "tief")
	parent := ""
	for depth := range 6 {
		body := map[string]any{"article": map[string]string{"key": "hundert"}, "author": map[string]string{"name": "Gast"},
			"body": fmt.Sprint("Ebene ", depth), "rules_version": 1}
		if parent != "" {
			body["parent_id"] = parent
		}
		var s sent
		n.call(http.MethodPost, "/comments", "", body, &s)
		n.decide(s, 1, "approve")
		parent = s.ID
	}
	reader := newTab(t)
	reader.open(plenum.base + "/tief/thread?article=hundert")
	reader.see("#c-" + parent)
	reader.fits(reader, "de")
	for _, width := range []int64{320, 1280} {
		reader.width(width)
		lefts := eval[[]float64](reader, `[...document.querySelectorAll("#comments article .text")].map(e => e.getBoundingClientRect().left)`)
		for i := 1; i < len(lefts); i++ {
			if lefts[i] < lefts[i-1]+3 {
				t.Errorf("at %d px the reply on level %d stands at %v, what it answers at %v", width, i, lefts[i], lefts[i-1])
			}
		}
	}
}

// What one can do about one's own comment stands in one line.
func TestTheButtonsOfAnOwnCommentStandInOneLine(t *testing.T) {
	n, reader := newNewsroom(t, "zeile"), newTab(t)
	s := n.post("Das wird abgelehnt, und dann steht da, was man tun kann.")
	n.decide(s, 1, "spam")
	reader.open(plenum.base + "/zeile/comments/" + s.ID + "?token=" + s.Token)
	reader.see(".acts form button")
	tops := eval[[]float64](reader, `[...document.querySelectorAll(".acts:has(form > [value=preview]) > *")].map(e => e.firstElementChild.matches("summary") ? e.getBoundingClientRect().top : e.querySelector("button").getBoundingClientRect().top)`)
	if len(tops) < 3 {
		t.Fatalf("got %v, want three buttons at least", tops)
	}
	for _, top := range tops {
		if top != tops[0] {
			t.Errorf("got buttons at %v", tops)
		}
	}
}
