package handlers_test

import (
	"slices"
	"strings"
	"testing"
)

// review is the full view of a comment.
type review struct {
	ID, Status, Body string
	Version          int
	Revision         int
	Public           *int    `json:"public_revision"`
	Held             *int    `json:"held_revision"`
	PublishedAt      *string `json:"published_at"`
	Parent           *place
	Siblings         []place
	Ancestors        []place
	Record           struct{ Approved, Rejected, Spam, Removed, Pending int }
	Revisions        []struct{ Body string }
	Claim            *struct{ By struct{ Name string } }
	Actions          []string
	History          []struct{ Action, Note, Statement string }
}

func (w *world) review(p posted) review {
	w.Helper()
	return read[review](w.get(w.api("/moderation/comments/"+p.ID), w.as(reads)).want(200))
}

func TestTheFullViewHasAllThatADecisionNeeds(t *testing.T) {
	w := newWorld(t)
	parent := w.published("Eltern")
	beside := w.approve(w.send(newDraft("daneben").below(parent)))
	w.decide(w.send(newDraft("früher").by("Rosa", "rosa@leser.example")), "reject", "topic")
	p := w.send(newDraft("alt").below(parent).by("Rosa", "Rosa@Leser.example"))
	w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 1, "note": "knapp", "statement": "danke"}, w.as(mia)).want(201)
	w.edit(p, "neu")
	w.claim(tom, 1)
	got := w.review(p)
	if got.ID != p.ID || got.Status != "approved" || got.Version != 3 || got.Body != "neu" || got.Revision != 2 || *got.Public != 1 || *got.Held != 2 || got.PublishedAt == nil {
		t.Errorf("got %+v", got)
	}
	if got.Parent == nil || got.Parent.ID != parent.ID || !slices.Equal(ids(got.Siblings), []string{beside.ID}) {
		t.Errorf("got parent %+v, siblings %+v", got.Parent, got.Siblings)
	}
	if !slices.Equal(ids(got.Ancestors), []string{parent.ID}) {
		t.Errorf("got ancestors %+v, want the parent", got.Ancestors)
	}
	if got.Record.Approved != 1 || got.Record.Rejected != 1 || got.Claim == nil || got.Claim.By.Name != "Name of moderator tom" {
		t.Errorf("got record %+v, claim %+v", got.Record, got.Claim)
	}
	if len(got.Revisions) != 2 || len(got.History) != 2 || got.History[0].Note != "knapp" || got.History[0].Statement != "danke" || got.History[1].Action != "edit" {
		t.Errorf("got revisions %+v, history %+v", got.Revisions, got.History)
	}
	if actions := strings.Join(got.Actions, " "); actions != "approve reject spam remove keep reopen" {
		t.Errorf("got actions %s", actions)
	}
}

func TestTheFullViewHasTheWholeChainAboveAndNothingThatIsNotPublic(t *testing.T) {
	w := newWorld(t)
	root := w.published("ganz oben")
	middle := w.approve(w.send(newDraft("dazwischen").below(root)))
	parent := w.approve(w.send(newDraft("darüber").below(middle)))
	p := w.send(newDraft("ganz unten").below(parent))
	w.bring(middle, "removed")
	got := w.review(p)
	if !slices.Equal(ids(got.Ancestors), []string{root.ID, middle.ID, parent.ID}) || got.Parent == nil || got.Parent.ID != parent.ID {
		t.Errorf("got ancestors %+v, want three in order", got.Ancestors)
	}
	if body := string(w.get(w.api("/moderation/comments/"+p.ID), w.as(mia)).want(200).body); strings.Contains(body, "dazwischen") {
		t.Error("what was removed is in the chain")
	}
}

func TestTheFullViewFitsEveryState(t *testing.T) {
	w := newWorld(t)
	for _, state := range states {
		want := state
		if state == "edited" {
			want = "approved"
		}
		if got := w.review(w.state(state)); got.Status != want || (len(got.Actions) == 0) != (state == "withdrawn") {
			t.Errorf("%s: got %s with %v", state, got.Status, got.Actions)
		}
	}
}
