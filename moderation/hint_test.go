package moderation_test

import (
	"errors"
	"slices"
	"testing"

	"plenum/models"
	"plenum/moderation"
)

// hinted are the rules that sending a text first would point at; nil: it was taken.
func (w *world) hinted(text string) (rules []string) {
	w.Helper()
	s := w.submission()
	s.Body, s.HintFirst = text, true
	_, err := w.flow.Submit(w.Context(), w.site, s)
	var hinted *moderation.Hinted
	if err != nil && !errors.As(err, &hinted) {
		w.Fatal(err)
	}
	if hinted != nil {
		for _, h := range hinted.Hints {
			rules = append(rules, h.Signal+" "+h.Rule)
		}
	}
	return rules
}

func (w *world) tie(hints map[string]string) {
	w.Helper()
	w.must(w.flow.SetRuleHints(w.Context(), w.site, w.editor, hints))
}

const advert = "Hier klicken: https://example.org/a und https://example.org/b"

func TestAHintComesBeforeAndNeverInTheWayOfAComment(t *testing.T) {
	w := newWorld(t)
	if got := w.hinted(advert); got != nil {
		t.Errorf("got %v, want nothing where no signal is tied to a rule", got)
	}
	w.tie(map[string]string{"links": "substance", "shouting": "presence"})
	advert := advert + " noch einmal"
	if got := w.hinted(advert); !slices.Equal(got, []string{"links substance"}) {
		t.Errorf("got %v, want the rule against advertising", got)
	}
	if waiting, err := w.flow.Queue(w.Context(), w.site, w.moderator, moderation.Question{Limit: 10, Lane: models.LanePending}); err != nil || len(waiting.Items) != 1 {
		t.Errorf("got %d waiting and %v, want only the comment sent before there were hints", len(waiting.Items), err)
	}
	s := w.submission()
	s.Body = advert
	if c := w.comment(w.submit(s).ID); c.Status != models.Pending {
		t.Errorf("sent anyway: got %s, want it to wait like any", c.Status)
	}
	for _, calm := range []string{"Die Zahlen stehen in der Vorlage: https://example.org/a", "Ein ruhiger Satz über den Radweg."} {
		if got := w.hinted(calm); got != nil {
			t.Errorf("%q: got %v, want nothing", calm, got)
		}
	}
}

func TestAWordOfTheListPointsAtItsRuleAndItsPlace(t *testing.T) {
	w := newWorld(t)
	respect, gone := "respect", "gone"
	for _, word := range []models.Word{{Kind: models.WordPlain, Text: "Schwachkopf", Minutes: 1, Rule: &respect}, {Kind: models.WordPlain, Text: "Kredit", Minutes: 1}} {
		_, err := w.flow.AddWord(w.Context(), w.site, w.editor, word)
		w.must(err)
	}
	_, err := w.flow.AddWord(w.Context(), w.site, w.editor, models.Word{Kind: models.WordPlain, Text: "x1", Minutes: 1, Rule: &gone})
	w.wantRefusal(err, "refusal.rule_unknown")
	p, err := w.flow.Preview(w.Context(), w.site, "a", "Nur ein **Schw4chkopf** will Kredit. Ein Schwachkopf!")
	w.must(err)
	if len(p.Hints) != 1 || p.Hints[0] != (moderation.Hint{Signal: "words", Passage: "Schw4chkopf", Rule: "respect"}) {
		t.Errorf("got %+v, want the first place, and the rule once", p.Hints)
	}
	if p.HTML != "<p>Nur ein <strong>Schw4chkopf</strong> will Kredit. Ein Schwachkopf!</p>\n" || p.Rules.Version != 1 {
		t.Errorf("got %q under rules %d", p.HTML, p.Rules.Version)
	}
}

func TestAHintAtARuleThatIsNoLongerThereIsSilent(t *testing.T) {
	w := newWorld(t)
	w.tie(map[string]string{"links": "substance"})
	texts, err := moderation.ParseRules([]byte("locales: {de: {intro: Neu, rules: [{code: topic, title: Thema, text: Zur Sache.}]}}"))
	w.must(err)
	_, err = w.flow.PublishRules(w.Context(), w.site, w.editor, texts)
	w.must(err)
	p, err := w.flow.Preview(w.Context(), w.site, "a", advert)
	w.must(err)
	if len(p.Hints) != 0 {
		t.Errorf("got %+v", p.Hints)
	}
}

func TestHintsAreForEditorsAndNameRulesInForce(t *testing.T) {
	w := newWorld(t)
	w.wantRefusal(w.flow.SetRuleHints(w.Context(), w.site, w.moderator, nil), "refusal.role")
	_, err := w.flow.RuleHints(w.Context(), w.site, w.moderator)
	w.wantRefusal(err, "refusal.role")
	w.wantRefusal(w.flow.SetRuleHints(w.Context(), w.site, w.editor, map[string]string{"links": "none"}), "refusal.rule_unknown")
	w.tie(map[string]string{"links": "topic", "nearness": "topic", "record": "topic"})
	w.tie(map[string]string{"links": "substance", "shouting": ""})
	got, err := w.flow.RuleHints(w.Context(), w.site, w.editor)
	w.must(err)
	if len(got) != 1 || got["links"] != "substance" {
		t.Errorf("got %v, want the last that was set, whole", got)
	}
}

func TestAPreviewOfNothingIsRefusedAndNothingIsKept(t *testing.T) {
	w := newWorld(t)
	for _, blank := range []string{"", " \n", "\u200b"} {
		_, err := w.flow.Preview(w.Context(), w.site, "a", blank)
		w.wantRefusal(err, "invalid.required")
	}
	_, err := w.flow.Preview(w.Context(), w.site, "neu", "Ein Satz.")
	w.must(err)
	if _, err := w.flow.Store.Article(w.Context(), w.site.ID, "neu"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v, want no article to come of it", err)
	}
}
