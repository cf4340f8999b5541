package moderation

import (
	"context"
	"fmt"
	"time"

	"plenum/models"
)

// expireChunk is how many rows one transaction empties: few enough that nobody at the desk waits for it.
const expireChunk = 200

// expiry empties what a retention rule lets go: at most expireChunk rows that were settled before a time. It answers how
// many there were, so that it is asked again until there are none.
type expiry func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error)

// expiries carry out the rules of the data map that a night's work is enough for. The sweep carries out the others.
func (f *Flow) expiries() map[string]expiry {
	return map[string]expiry{
		"refused":   f.expireRefused,
		"withdrawn": f.expireWithdrawn,
		"address": func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
			return tx.ForgetAddresses(ctx, site.ID, before, expireChunk)
		},
		"unused": func(ctx context.Context, tx *models.Tx, site models.Site, _ time.Time) (int, error) {
			return 0, tx.ForgetUnused(ctx, site.ID, f.now())
		},
		"report": func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
			return tx.ForgetReports(ctx, site.ID, before, expireChunk)
		},
		"unconfirmed": func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
			return tx.ForgetUnconfirmed(ctx, site.ID, before, expireChunk)
		},
		"delivery": func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
			return tx.ForgetDeliveries(ctx, site.ID, before, expireChunk)
		},
		"appeal": func(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
			return tx.ForgetAppeals(ctx, site.ID, before, expireChunk)
		},
	}
}

// Expire deletes or empties what is kept for longer than the data map says: site by site and chunk by chunk, each chunk
// in a serving transaction of its own. What was done stays done if it is cut off.
func (f *Flow) Expire(ctx context.Context) error {
	m, err := ReadDataMap()
	if err != nil {
		return err
	}
	sites, err := f.Store.Sites(ctx)
	if err != nil {
		return err
	}
	work := f.expiries()
	for _, site := range sites {
		for _, g := range m.Personal {
			for _, r := range g.Keep {
				if run := work[r.Rule]; run != nil {
					if err := f.expire(ctx, site, r, run); err != nil {
						return fmt.Errorf("expire %s of site %s: %w", r.Rule, site.Slug, err)
					}
				}
			}
		}
	}
	return nil
}

func (f *Flow) expire(ctx context.Context, site models.Site, r Retention, run expiry) error {
	for done := expireChunk; done == expireChunk; {
		err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) (err error) {
			done, err = run(ctx, tx, site, f.now().Add(-r.Span()))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// expireRefused erases what was refused or taken down, but not while its author may still object, or has.
func (f *Flow) expireRefused(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
	if appealed := f.now().AddDate(0, 0, -site.AppealDays); appealed.Before(before) {
		before = appealed
	}
	return f.expireComments(ctx, tx, site, models.Settled{Statuses: []string{models.Rejected, models.Spam, models.Removed}, Before: before})
}

func (f *Flow) expireWithdrawn(ctx context.Context, tx *models.Tx, site models.Site, before time.Time) (int, error) {
	return f.expireComments(ctx, tx, site, models.Settled{Statuses: []string{models.Withdrawn}, Before: before})
}

func (f *Flow) expireComments(ctx context.Context, tx *models.Tx, site models.Site, s models.Settled) (int, error) {
	s.Limit = expireChunk
	comments, err := tx.LockSettled(ctx, site.ID, s)
	if err != nil {
		return 0, err
	}
	return f.eraseComments(ctx, tx, site, comments)
}

// Sweep deletes what is kept for hours only: networks, keys of repeated requests, mailed links, sessions. Of networks it
// deletes what would grow too old before the next sweep.
func (f *Flow) Sweep(ctx context.Context, next time.Duration) error {
	m, err := ReadDataMap()
	if err != nil {
		return err
	}
	rules, now := m.Rules(), f.now()
	return f.Store.Sweep(ctx, models.Cutoffs{Now: now, Keys: now.Add(-rules["key"].Span()), Networks: now.Add(next - rules["network"].Span())})
}
