package moderation

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"plenum/models"
)

// Sanctioned refuses a comment because of what stands against its writer: a ban, a pause, or a warning that must be
// acknowledged first. It carries which, and the rules in the wording in force when it was laid.
type Sanctioned struct {
	Refusal
	Sanction Sanction
	Rules    models.RuleVersion
}

// Unwrap lets errors.As find the refusal.
func (s *Sanctioned) Unwrap() error { return &s.Refusal }

// welcome refuses whoever may not write now because of what was found to stand against them, and notes a warning as read
// that the writer acknowledges.
//
// Nobody has to prove that an address is theirs before they write, so whoever types the address of another learns here
// that it is paused or banned: that is the price of saying so in the form. It is kept high. This is asked last, of a
// comment that would be taken otherwise; for an address against which nothing stands, asking leaves a comment in the
// queue and a mail to its owner. Of a pause or a ban no more is told than its end and the rules, never the statement.
func (f *Flow) welcome(ctx context.Context, tx *models.Tx, found []models.Sanction, acknowledged *uuid.UUID) error {
	if last := lastToEnd(found); last >= 0 {
		return f.turnAway(ctx, tx, found[last])
	}
	if len(found) == 0 {
		return nil
	}
	if acknowledged != nil && slices.ContainsFunc(found, func(s models.Sanction) bool { return s.ID == *acknowledged }) {
		return tx.AcknowledgeSanction(ctx, found[0].SiteID, *acknowledged, f.now())
	}
	return f.turnAway(ctx, tx, found[0])
}

// lastToEnd is the place of the sanction, warnings aside, that keeps its author out for longest; -1: there is none.
func lastToEnd(found []models.Sanction) (last int) {
	last = -1
	for i, s := range found {
		switch {
		case s.Kind == models.SanctionWarn:
		case last < 0, s.Until == nil, found[last].Until != nil && s.Until.After(*found[last].Until):
			last = i
		}
	}
	return last
}

// turnAway refuses a writer and says why.
func (f *Flow) turnAway(ctx context.Context, tx *models.Tx, s models.Sanction) error {
	all, err := sanctions(ctx, tx.Queries, []models.Sanction{s})
	if err != nil {
		return err
	}
	rules, err := tx.Rules(ctx, s.SiteID, all[0].Laid.RulesVersion)
	if err != nil {
		return err
	}
	var refusal *Refusal
	switch {
	case s.Kind == models.SanctionWarn:
		refusal = invalid("acknowledge", "refusal.warned")
	case s.Kind == models.SanctionNetwork:
		refusal = invalid("", "refusal.network_banned", "until", *s.Until)
	case s.Until == nil:
		refusal = invalid("author.email", "refusal.banned")
	case s.Kind == models.SanctionBan:
		refusal = invalid("author.email", "refusal.banned_until", "until", *s.Until)
	default:
		refusal = invalid("author.email", "refusal.paused", "until", *s.Until)
	}
	return &Sanctioned{Refusal: *refusal, Sanction: all[0], Rules: rules}
}

// mayEdit refuses the edit of whoever is paused or banned. A warning is for the next comment. What it is about is the
// whole of the request here: the author is known by the comment's token, and types no address.
func (f *Flow) mayEdit(ctx context.Context, tx *models.Tx, c models.Comment) error {
	author, err := tx.Author(ctx, c.SiteID, c.AuthorID)
	if err != nil || author.AddressHash == nil {
		return err
	}
	found, err := tx.SanctionsOn(ctx, c.SiteID, models.Writer{AddressHash: author.AddressHash}, f.now())
	if err != nil {
		return err
	}
	err = f.welcome(ctx, tx, found, nil)
	var turned *Sanctioned
	if !errors.As(err, &turned) {
		return err
	}
	if turned.Sanction.Kind == models.SanctionWarn {
		return nil
	}
	turned.Field = "body"
	return turned
}
