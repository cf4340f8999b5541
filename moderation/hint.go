package moderation

import (
	"context"
	"fmt"
	"slices"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/triage"
)

// Hint is a rule that a text may go against, as far as a program can tell. It is told before sending, and blocks nothing.
type Hint struct {
	Signal  string // of triage; what the hint goes by
	Passage string // where a word of the list was found; empty: the text as a whole
	Rule    string // its code, in the rules in force
}

// Hinted asks the author of a comment to look once more before it is taken. It is no refusal: the same comment sent with
// Submission.HintFirst unset is taken.
type Hinted struct{ Hints []Hint }

func (h *Hinted) Error() string { return fmt.Sprintf("hinted at %d rules", len(h.Hints)) }

// HintSignals are the signals that an editor may tie to a rule: those that a writer can do something about. Words of the
// list name their rule themselves.
var HintSignals = []string{"links", "shouting", "duplicate", "nearness"}

const (
	clear    = 0.5 // the score from which a signal is worth a hint: one link is none
	maxHints = 3   // told at once
)

// hintFirst answers Hinted for a comment whose author wants to be asked, and whose text points at a rule.
func (f *Flow) hintFirst(ctx context.Context, site models.Site, s Submission) error {
	if !s.HintFirst {
		return nil
	}
	hints, err := f.hints(ctx, sorting{site: site, articleKey: s.Article.Key, addressHash: f.keys.Address(site.ID, s.Email), text: known(markup.Text(s.Body))})
	if err == nil && len(hints) > 0 {
		err = &Hinted{Hints: hints}
	}
	return err
}

// hints names the rules that a text may go against, each once.
func (f *Flow) hints(ctx context.Context, s sorting) ([]Hint, error) {
	tied, err := f.Store.RuleHints(ctx, s.site.ID)
	if err != nil {
		return nil, err
	}
	words, err := f.Store.Words(ctx, s.site.ID)
	if err != nil {
		return nil, err
	}
	found := append(worded(words, s.text()), f.signalled(ctx, s, tied)...)
	if len(found) == 0 {
		return nil, nil
	}
	rules, err := f.Store.Rules(ctx, s.site.ID, 0)
	if err != nil {
		return nil, err
	}
	told := map[string]bool{}
	found = slices.DeleteFunc(found, func(h Hint) bool {
		again := told[h.Rule]
		told[h.Rule] = true
		return again || !rules.Has([]string{h.Rule})
	})
	return found[:min(len(found), maxHints)], nil
}

// worded are the words of the list that name a rule, where the visible text holds one.
func worded(words []models.Word, visible string) (found []Hint) {
	runes := []rune(visible)
	for _, w := range words {
		if w.Rule == nil {
			continue
		}
		list, err := triage.NewList(wanted([]models.Word{w}))
		if err != nil { // what was added is known to fit
			continue
		}
		if places := triage.Places(list, visible); len(places) > 0 {
			found = append(found, Hint{Signal: "words", Passage: string(runes[places[0].From:places[0].To]), Rule: *w.Rule})
		}
	}
	return found
}

// signalled are the signals tied to a rule that are clear about the text. One that is unavailable hints at nothing.
func (f *Flow) signalled(ctx context.Context, s sorting, tied []models.RuleHint) (found []Hint) {
	if len(tied) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, around, _ := f.read(ctx, s)
	signals := triage.Run(ctx, text, around)
	for _, one := range signals {
		at := slices.IndexFunc(tied, func(h models.RuleHint) bool { return h.Signal == one.Name })
		if at >= 0 && one.Score >= clear {
			found = append(found, Hint{Signal: one.Name, Rule: tied[at].Rule})
		}
	}
	return found
}

// RuleHints answers which rule each signal of HintSignals points a writer at; those that point at none are left out. It is
// for editors.
func (f *Flow) RuleHints(ctx context.Context, site models.Site, actor Actor) (map[string]string, error) {
	if !actor.AtLeast(RoleEditor) {
		return nil, forbidden("refusal.role")
	}
	rows, err := f.Store.RuleHints(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	tied := map[string]string{}
	for _, h := range rows {
		tied[h.Signal] = h.Rule
	}
	return tied, nil
}

// SetRuleHints sets which rule each signal points a writer at; those not named point at none. It is for editors.
func (f *Flow) SetRuleHints(ctx context.Context, site models.Site, actor Actor, tied map[string]string) error {
	if err := actor.write(RoleEditor); err != nil {
		return err
	}
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		rules, err := tx.Rules(ctx, site.ID, 0)
		if err != nil {
			return err
		}
		var rows []models.RuleHint
		for _, signal := range HintSignals {
			if code := tied[signal]; code != "" && !rules.Has([]string{code}) {
				return invalid("hints", "refusal.rule_unknown", "code", code)
			} else if code != "" {
				rows = append(rows, models.RuleHint{Signal: signal, Rule: code})
			}
		}
		return tx.SetRuleHints(ctx, site.ID, rows)
	})
}
