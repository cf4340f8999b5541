package moderation_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

const reader = "Ann@Reader.example"

// by is a new comment from an address.
func (w *world) by(email string) moderation.Submission {
	s := w.submission()
	s.Email = email
	return s
}

// author is who wrote a comment.
func (w *world) author(id uuid.UUID) uuid.UUID { w.Helper(); return w.comment(id).AuthorID }

// lay asks for a sanction under a rule, for a week where it has an end.
func (w *world) lay(actor moderation.Actor, kind string, comment uuid.UUID) (moderation.Sanction, error) {
	w.Helper()
	until := w.now.Add(7 * 24 * time.Hour)
	return w.flow.Sanction(w.Context(), w.site, actor, moderation.Sanctioning{AuthorID: w.author(comment), Kind: kind, CommentID: &comment, Until: &until,
		Rules: []string{"respect"}, Statement: "to the author", Note: "among us"})
}

func (w *world) laid(actor moderation.Actor, kind string, comment uuid.UUID) moderation.Sanction {
	w.Helper()
	s, err := w.lay(actor, kind, comment)
	w.must(err)
	return s
}

// refusal is the key of a refusal; empty where nothing was refused.
func (w *world) refusal(err error) string {
	w.Helper()
	var r *moderation.Refusal
	if err == nil {
		return ""
	}
	if !errors.As(err, &r) {
		w.Fatal(err)
	}
	return r.Key
}

func (w *world) try(s moderation.Submission) string {
	w.Helper()
	_, err := w.flow.Submit(w.Context(), w.site, s)
	return w.refusal(err)
}

func TestAPauseKeepsAnAuthorOutUntilItsEnd(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.by(reader))
	w.laid(w.moderator, moderation.Pause, r.ID)
	for _, address := range []string{reader, "ann@reader.EXAMPLE", " ann@reader.example"} {
		if got := w.try(w.by(address)); got != "refusal.paused" {
			t.Errorf("%q: got %q, want the pause", address, got)
		}
	}
	if got := w.refusal(w.flow.Edit(t.Context(), w.site, r.ID, r.ManageToken, "changed")); got != "refusal.paused" {
		t.Errorf("an edit: got %q, want the pause", got)
	}
	if got := w.try(w.by("bob@reader.example")) + w.try(w.submission()); got != "" {
		t.Errorf("others: got %q", got)
	}
	w.now = w.now.Add(7*24*time.Hour + time.Second)
	if got := w.try(w.by(reader)); got != "" {
		t.Errorf("after its end: got %q", got)
	}
}

func TestABanHoldsForGoodAndOnItsSiteOnly(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.by(reader))
	_, err := w.flow.Sanction(t.Context(), w.site, w.editor, moderation.Sanctioning{AuthorID: w.author(r.ID), Kind: moderation.Ban, Rules: []string{"respect"}})
	w.must(err)
	w.now = w.now.AddDate(20, 0, 0)
	var turned *moderation.Sanctioned
	_, err = w.flow.Submit(t.Context(), w.site, w.by(reader))
	if !errors.As(err, &turned) || turned.Key != "refusal.banned" || turned.Field != "author.email" || len(turned.Sanction.Laid.Rules) != 1 {
		t.Errorf("got %v, want the ban with its rules", err)
	}
	w.site = w.newSite("other")
	if got := w.try(w.by(reader)); got != "" {
		t.Errorf("on another site: got %q", got)
	}
}

func TestAWarningIsAcknowledgedWithTheNextComment(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.by(reader))
	warning := w.laid(w.moderator, moderation.Warn, first.ID)
	s := w.by(reader)
	var turned *moderation.Sanctioned
	if _, err := w.flow.Submit(t.Context(), w.site, s); !errors.As(err, &turned) || turned.Sanction.ID != warning.ID || turned.Sanction.Laid.Statement != "to the author" {
		t.Fatalf("got %v, want the warning", err)
	}
	other := uuid.New()
	if s.Acknowledge = &other; w.try(s) != "refusal.warned" {
		t.Error("something else was acknowledged, and the comment taken")
	}
	w.must(w.flow.Edit(t.Context(), w.site, first.ID, first.ManageToken, "an edit waits for nothing"))
	if s.Acknowledge = &warning.ID; w.try(s) != "" {
		t.Error("the acknowledged warning still refuses")
	}
	if got := w.try(w.by(reader)); got != "" {
		t.Errorf("the comment after that: got %q", got)
	}
	if got, err := w.flow.Author(t.Context(), w.site.ID, models.AuthorPage{AuthorID: warning.AuthorID, Limit: 10}); err != nil || got.Record.Sanctions[0].AcknowledgedAt == nil {
		t.Errorf("got %+v, %v, want the warning read", got.Record.Sanctions, err)
	}
}

// What is refused for what stands against an address is refused last: of a comment that would not be taken anyway nothing
// is told of its author.
func TestABanIsNotToldToWhoeverSendsNoRealComment(t *testing.T) {
	w := newWorld(t)
	r := w.submit(w.by(reader))
	w.laid(w.editor, moderation.Ban, r.ID)
	nobody := uuid.New()
	for want, change := range map[string]func(*moderation.Submission){
		"refusal.rules_changed":  func(s *moderation.Submission) { s.RulesVersion = 7 },
		"refusal.parent_unknown": func(s *moderation.Submission) { s.ParentID = &nobody },
		"invalid.required":       func(s *moderation.Submission) { s.Body = " " },
		"refusal.article_url":    func(s *moderation.Submission) { s.Article.URL = "https://elsewhere.example" },
	} {
		s := w.by(reader)
		if change(&s); w.try(s) != want {
			t.Errorf("got %q, want %q", w.try(s), want)
		}
	}
}

func TestANetworkIsBannedByTheCommentThatCameFromIt(t *testing.T) {
	w := newWorld(t)
	from := func(address string) moderation.Submission {
		s := w.submission()
		s.Request.Network = netip.MustParseAddr(address)
		return s
	}
	r := w.submit(from("2001:db8:1:2::7"))
	if got := w.refusal(second(w.lay(w.moderator, moderation.Network, r.ID))); got != "refusal.role" {
		t.Errorf("a moderator: got %q", got)
	}
	if got := w.refusal(second(w.lay(w.editor, moderation.Ban, r.ID))); got != "refusal.sanction_address" {
		t.Errorf("an author without an address: got %q", got)
	}
	w.laid(w.editor, moderation.Network, r.ID)
	for address, want := range map[string]string{"2001:db8:1:2::7": "refusal.network_banned", "2001:db8:1:2:ffff::1": "refusal.network_banned",
		"2001:db8:1:3::7": "", "198.51.100.7": "", "127.0.0.1": "", "10.0.0.1": ""} {
		if got := w.try(from(address)); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
	for _, unknown := range []string{"127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "fd00::1", "fe80::1"} { // as behind a proxy: everybody's
		if got := w.refusal(second(w.lay(w.editor, moderation.Network, w.submit(from(unknown)).ID))); got != "refusal.network_unknown" {
			t.Errorf("%s: got %q, want that nothing is known of it", unknown, got)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestOnlyWhoMaySanctionDoes(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.by(reader)).ID
	own := w.submit(w.by(w.other.Email)).ID
	answer, err := w.flow.Answer(t.Context(), w.site, w.moderator, w.approved(), "Wir prüfen das.")
	w.must(err)
	readOnly := w.editor
	readOnly.ReadOnly = true
	for _, c := range []struct {
		what    string
		actor   moderation.Actor
		kind    string
		comment uuid.UUID
		want    string
	}{
		{"a moderator bans", w.moderator, moderation.Ban, id, "refusal.role"},
		{"a token that may only read", readOnly, moderation.Warn, id, "refusal.scope"},
		{"one of the staff", w.editor, moderation.Warn, own, "refusal.sanction_staff"},
		{"the newsroom's answer", w.editor, moderation.Warn, answer.ID, "refusal.sanction_staff"},
		{"a moderator warns", w.moderator, moderation.Warn, id, ""},
		{"an editor bans", w.editor, moderation.Ban, id, ""},
	} {
		if got := w.refusal(second(w.lay(c.actor, c.kind, c.comment))); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
}

// approved is a public comment.
func (w *world) approved() uuid.UUID {
	w.Helper()
	id := w.submit(w.submission()).ID
	w.must(w.decide(w.moderator, id, moderation.Approve))
	return id
}

func TestASanctionNeedsGroundsAnEndAndItsAuthorsComment(t *testing.T) {
	w := newWorld(t)
	id, other := w.submit(w.by(reader)).ID, w.submit(w.by("bob@reader.example")).ID
	in := func(d time.Duration) *time.Time { at := w.now.Add(d); return &at }
	for want, s := range map[string]moderation.Sanctioning{
		"refusal.sanction_rule":    {Kind: moderation.Warn},
		"refusal.rule_unknown":     {Kind: moderation.Warn, Rules: []string{"none"}},
		"refusal.sanction_comment": {Kind: moderation.Warn, Rules: []string{"respect"}, CommentID: &other},
		"invalid.required":         {Kind: moderation.Pause, Rules: []string{"respect"}},
	} {
		s.AuthorID = w.author(id)
		if _, err := w.flow.Sanction(t.Context(), w.site, w.moderator, s); w.refusal(err) != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, c := range []struct {
		actor moderation.Actor
		until *time.Time
		want  string
	}{{w.moderator, in(31 * 24 * time.Hour), "refusal.sanction_range"}, {w.moderator, in(-time.Hour), "refusal.sanction_range"},
		{w.editor, in(31 * 24 * time.Hour), ""}, {w.moderator, in(30 * 24 * time.Hour), ""}} {
		_, err := w.flow.Sanction(t.Context(), w.site, c.actor, moderation.Sanctioning{AuthorID: w.author(id), Kind: moderation.Pause, Until: c.until, Rules: []string{"respect"}})
		if got := w.refusal(err); got != c.want {
			t.Errorf("%s until %s: got %q, want %q", c.actor.Role, c.until, got, c.want)
		}
	}
}

func TestALiftedSanctionHoldsNobody(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.by(reader)).ID
	s := w.laid(w.moderator, moderation.Pause, id)
	lift := func(actor moderation.Actor, id uuid.UUID) string {
		return w.refusal(second(w.flow.Lift(t.Context(), w.site, actor, id, "a mistake")))
	}
	if got := lift(w.other, s.ID); got != "refusal.lift_other" {
		t.Errorf("another moderator: got %q", got)
	}
	if got := lift(w.moderator, s.ID); got != "" {
		t.Errorf("whoever laid it: got %q", got)
	}
	if got := w.try(w.by(reader)); got != "" {
		t.Errorf("its author: got %q", got)
	}
	if got := lift(w.editor, s.ID); got != "refusal.lift_nothing" {
		t.Errorf("a second time: got %q", got)
	}
	late := w.laid(w.moderator, moderation.Pause, id)
	w.now = w.now.Add(w.flow.Undo + time.Second)
	if got := lift(w.moderator, late.ID) + lift(w.editor, late.ID); got != "refusal.lift_other" {
		t.Errorf("after the delay: got %q, want an editor only", got)
	}
	if v, err := w.flow.VerifyLedger(t.Context(), w.site); err != nil || v.Fault != nil || v.Entries != 4 {
		t.Errorf("got %+v, %v, want four entries that hold", v, err)
	}
}

func TestARecordTellsWhatWasDecided(t *testing.T) {
	w := newWorld(t)
	for _, rule := range []string{"respect", "respect", "topic"} {
		w.must(w.decide(w.moderator, w.submit(w.by(reader)).ID, moderation.Reject, rule))
	}
	undone := w.submit(w.by(reader)).ID
	w.must(w.decide(w.moderator, undone, moderation.Reject, "topic"))
	w.must(w.decide(w.moderator, undone, moderation.Undo))
	_, err := w.flow.Decide(t.Context(), w.site, w.moderator, moderation.Verdict{CommentID: undone, Version: 3, Action: moderation.Approve, Note: "am Rand"})
	w.must(err)
	w.laid(w.moderator, moderation.Warn, undone)
	r, err := w.flow.Review(t.Context(), w.site.ID, undone)
	w.must(err)
	rules := r.Record.Rules
	if len(rules) != 2 || rules[0] != (models.RuleCount{Code: "respect", Count: 2}) || rules[1] != (models.RuleCount{Code: "topic", Count: 1}) {
		t.Errorf("got %v, want two times respect and once topic", rules)
	}
	if len(r.Record.Notes) != 1 || r.Record.Notes[0].Text != "am Rand" || len(r.Record.Sanctions) != 1 || r.Record.Approved != 1 || r.Record.Rejected != 3 {
		t.Errorf("got %+v", r.Record)
	}
	if last, _, err := w.flow.Undoable(t.Context(), w.site, w.moderator); err != nil || last != nil {
		t.Errorf("got %v, %v: a warning is not taken back like a decision on a comment", last, err)
	}
}
