package handlers_test

import (
	"testing"
	"time"
)

func TestADecisionIsUndoneByWhoeverMadeItWithinTheDelay(t *testing.T) {
	w := newWorld(t)
	p := w.post("ein Versehen")
	w.try(mia, p, "approve").want(201)
	w.pass(w.flow.Undo - time.Second)
	w.try(tom, p, "undo").refused(403)
	w.try(mia, p, "undo").want(201)
	if got := w.comment(p); got.Status != "pending" || got.PublishedAt != nil || got.Version != 3 {
		t.Errorf("got %s, published %v", got.Status, got.PublishedAt)
	}
	w.mustNotAppear("ein Versehen", "Rosa")
	if got := w.own(p, "").Decision; got != nil {
		t.Errorf("the author is told of %+v", got)
	}
	if got := w.try(mia, p, "undo").refused(422); !got.names("action", "undo_nothing") {
		t.Errorf("undone twice: got %+v", got.Errors)
	}
}

func TestAnEditorUndoesAnothersDecisionWithinTheDelay(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	w.try(mia, p, "reject", "topic").want(201)
	w.try(ida, p, "undo").want(201)
	if got := w.comment(p).Status; got != "pending" {
		t.Errorf("got %s, want pending", got)
	}
}

func TestAfterTheDelayNobodyUndoes(t *testing.T) {
	w := newWorld(t)
	p := w.post("Text")
	w.try(mia, p, "approve").want(201)
	w.pass(w.flow.Undo + time.Second)
	for _, who := range []string{mia, ida} {
		if got := w.try(who, p, "undo").refused(422); !got.names("action", "undo_late") {
			t.Errorf("%s: got %+v", who, got.Errors)
		}
	}
}

func TestAnUndoneRemovalIsPublicAgainAtItsOldPlaceInTime(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	published := w.comment(p).PublishedAt
	w.decide(p, "remove", "topic")
	w.decide(p, "undo")
	if got := w.comment(p); got.Status != "approved" || !got.PublishedAt.Equal(*published) {
		t.Errorf("got %s of %v, want it as published %v", got.Status, got.PublishedAt, published)
	}
}
