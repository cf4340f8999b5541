package moderation

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
	"plenum/moderation/triage"
)

// Trial is what an entry of the word list would have hit among the newest decisions.
type Trial struct {
	Looked   int // decisions looked at
	Approved int // of the hits
	Refused  int
	Hits     []models.Judged // the first of them
}

// The limits of a trial.
const (
	trialDecisions = 500
	trialShown     = 20
)

// TryWord shows what an entry would have hit among the last 500 decisions, before it is saved. It is for editors.
func (f *Flow) TryWord(ctx context.Context, site models.Site, actor Actor, w models.Word) (Trial, error) {
	if !actor.AtLeast(RoleEditor) {
		return Trial{}, forbidden("refusal.role")
	}
	list, err := checkWord(&w)
	if err != nil {
		return Trial{}, err
	}
	decided, err := f.Store.LastDecided(ctx, site.ID, trialDecisions)
	if err != nil {
		return Trial{}, err
	}
	trial := Trial{Looked: len(decided)}
	for _, d := range decided {
		if !triage.Hits(list, markup.Text(d.Body)) {
			continue
		}
		if d.Action == Approve {
			trial.Approved++
		} else {
			trial.Refused++
		}
		if len(trial.Hits) < trialShown {
			trial.Hits = append(trial.Hits, d)
		}
	}
	return trial, nil
}

// AddWord adds an entry to the site's word list. It is for editors.
func (f *Flow) AddWord(ctx context.Context, site models.Site, actor Actor, w models.Word) (models.Word, error) {
	if err := actor.write(RoleEditor); err != nil {
		return models.Word{}, err
	}
	if _, err := checkWord(&w); err != nil {
		return models.Word{}, err
	}
	if w.Rule != nil {
		rules, err := f.Store.Rules(ctx, site.ID, 0)
		if err != nil {
			return models.Word{}, err
		}
		if !rules.Has([]string{*w.Rule}) {
			return models.Word{}, invalid("rule", "refusal.rule_unknown", "code", *w.Rule)
		}
	}
	w.SiteID, w.ID, w.CreatedAt, w.CreatedBy, w.ByName = site.ID, f.NewID(), f.now(), actor.ID, actor.Name
	err := f.Store.AddWord(ctx, w)
	if errors.Is(err, models.ErrConflict) {
		err = invalid("text", "refusal.word_there")
	}
	return w, err
}

// RemoveWord takes an entry out of the site's word list. It is for editors.
func (f *Flow) RemoveWord(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	if err := actor.write(RoleEditor); err != nil {
		return err
	}
	return f.Store.RemoveWord(ctx, site.ID, id)
}

// maxWordMinutes is how far one hit may move a comment forward.
const maxWordMinutes = 30

// checkWord refuses an entry that could not be matched.
func checkWord(w *models.Word) (*triage.List, error) {
	w.Text, w.Note = strings.TrimSpace(w.Text), strings.TrimSpace(w.Note)
	switch {
	case w.Text == "":
		return nil, invalid("text", "invalid.required")
	case w.Kind != models.WordPlain && w.Kind != models.WordPattern:
		return nil, invalid("kind", "invalid.value")
	case w.Minutes < 1 || w.Minutes > maxWordMinutes:
		return nil, invalid("minutes", "refusal.word_minutes", "max", maxWordMinutes)
	}
	list, err := triage.NewList([]triage.Word{{Text: w.Text, Pattern: w.Kind == models.WordPattern, Minutes: w.Minutes}})
	switch {
	case errors.Is(err, triage.ErrEmpty):
		return nil, invalid("text", "refusal.word_empty")
	case errors.Is(err, triage.ErrTooLong):
		return nil, invalid("text", "invalid.max", "max", triage.MaxPattern)
	case err != nil:
		return nil, invalid("text", "refusal.word_pattern")
	}
	return list, nil
}
