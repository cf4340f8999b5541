package moderation

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// Lift ends a sanction early, with an entry of its own. Editors lift any; whoever laid it, within the site's delay for
// undoing: then its mail is not sent. Later the author is told that it has ended.
func (f *Flow) Lift(ctx context.Context, site models.Site, actor Actor, id uuid.UUID, note string) (Sanction, error) {
	if err := actor.write(RoleModerator); err != nil {
		return Sanction{}, err
	}
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		s, err := tx.LockSanction(ctx, site.ID, id)
		if err != nil {
			return err
		}
		laid, err := tx.Entry(ctx, site.ID, s.Entry)
		if err != nil {
			return err
		}
		if !f.MayLift(site, actor, Sanction{Sanction: s, Laid: Event{Entry: laid}}) {
			return forbidden("refusal.lift_other")
		}
		if !s.InForce(f.now()) {
			return invalid("", "refusal.lift_nothing")
		}
		return f.lift(ctx, tx, site, actor, s, strings.TrimSpace(note))
	})
	if err != nil {
		return Sanction{}, fmt.Errorf("lift sanction %s: %w", id, err)
	}
	return f.sanctionByID(ctx, site, id)
}

// MayLift reports whether it is the actor's to lift the sanction.
func (f *Flow) MayLift(site models.Site, actor Actor, s Sanction) bool {
	fresh := f.now().Sub(s.CreatedAt) <= f.undoDelay(site)
	return actor.May(Lift) && (actor.AtLeast(RoleEditor) || *s.Laid.ActorID == actor.ID && fresh)
}

func (f *Flow) lift(ctx context.Context, tx *models.Tx, site models.Site, actor Actor, s models.Sanction, note string) error {
	rules, err := tx.RulesVersion(ctx, site.ID)
	if err != nil {
		return err
	}
	e := models.Entry{SiteID: site.ID, ID: f.NewID(), Kind: models.KindDecision, Action: Lift, AuthorID: &s.AuthorID,
		RulesVersion: rules, ActorID: &actor.ID, CreatedAt: f.now()}
	texts := writeDown(&e, "", note)
	if err := f.log(ctx, tx, e, texts); err != nil {
		return err
	}
	if err := tx.LiftSanction(ctx, site.ID, s.ID, e.ID); err != nil {
		return err
	}
	if s.Kind == Network || f.now().Sub(s.CreatedAt) <= f.undoDelay(site) { // the author has not heard of it
		return nil
	}
	return tx.Enqueue(ctx, notify.SanctionNotice{SiteID: site.ID, SanctionID: s.ID, EntryID: e.ID}, f.now())
}

// sanctionByID reads a sanction with its grounds.
func (f *Flow) sanctionByID(ctx context.Context, site models.Site, id uuid.UUID) (Sanction, error) {
	s, err := f.Store.Sanction(ctx, site.ID, id)
	if err != nil {
		return Sanction{}, err
	}
	all, err := sanctions(ctx, f.Store.Queries, []models.Sanction{s})
	if err != nil {
		return Sanction{}, err
	}
	return all[0], nil
}

// sanctions reads sanctions with the decisions that laid and lifted them.
func sanctions(ctx context.Context, q models.Queries, rows []models.Sanction) (all []Sanction, err error) {
	for _, row := range rows {
		s := Sanction{Sanction: row}
		if s.Laid, err = event(ctx, q, row.SiteID, row.Entry); err != nil {
			return nil, err
		}
		if row.Lifted != nil {
			ended, err := event(ctx, q, row.SiteID, *row.Lifted)
			if err != nil {
				return nil, err
			}
			s.Ended = &ended
		}
		all = append(all, s)
	}
	return all, nil
}
