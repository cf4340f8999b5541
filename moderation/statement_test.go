package moderation_test

import (
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
)

func TestAnEmptyStatementIsTheRulesOwn(t *testing.T) {
	w := newWorld(t)
	decide := func(v moderation.Verdict) string {
		v.CommentID, v.Version, v.Action, v.Rules = w.submit(w.submission()).ID, 1, moderation.Reject, []string{"respect"}
		event, err := w.flow.Decide(w.Context(), w.site, w.moderator, v)
		w.must(err)
		return event.Statement
	}
	plain := decide(moderation.Verdict{FromTemplate: true})
	if plain == "" || strings.Contains(plain, "passage") || strings.Contains(plain, "Stelle") {
		t.Errorf("got %q, want the template without its passage", plain)
	}
	if got := decide(moderation.Verdict{FromTemplate: true, Passage: "Schreibtischtäter"}); !strings.HasPrefix(got, plain) || !strings.Contains(got, "„Schreibtischtäter“") {
		t.Errorf("got %q, want the template with the words marked", got)
	}
	if got := decide(moderation.Verdict{FromTemplate: true, Statement: "Eigene Worte."}); got != "Eigene Worte." {
		t.Errorf("got %q, want what was typed", got)
	}
	if got := decide(moderation.Verdict{}); got != "" {
		t.Errorf("got %q, want nothing that nobody asked for", got)
	}
}

func TestEditorsChangeWhatARulesKeySays(t *testing.T) {
	w := newWorld(t)
	put := func(actor moderation.Actor, text string) error {
		return w.flow.PutStatementTemplate(w.Context(), w.site, actor, models.StatementTemplate{Version: 1, Locale: "de", Code: "topic", Text: text})
	}
	w.wantRefusal(put(w.moderator, "Neu."), "refusal.role")
	w.wantRefusal(put(w.editor, "{{name}}"), "refusal.template_place")
	w.must(put(w.editor, "Neu: {{passage}}"))
	r, err := w.flow.Review(w.Context(), w.site.ID, w.submit(w.submission()).ID)
	w.must(err)
	if r.Drafts["topic"] != "Neu: {{passage}}" || r.Drafts["respect"] == "" {
		t.Errorf("got %q, want the new one and the others as they were", r.Drafts)
	}
}
