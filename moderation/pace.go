package moderation

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// lately counts what somebody decided, and has a second of theirs wait that counts too.
func (f *Flow) lately(ctx context.Context, tx *models.Tx, site models.Site, actorID uuid.UUID) (models.Pace, error) {
	return tx.LockPace(ctx, site.ID, actorID, f.now(), max(site.BulkDay, site.BulkHour, site.RemovalsHour))
}

// inBulk refuses what would be more in bulk than one person may decide in an hour or a day. One by one they may go on,
// but for what takes public comments down.
func (f *Flow) inBulk(ctx context.Context, tx *models.Tx, site models.Site, actorID uuid.UUID, items []models.BatchItem) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i models.BatchItem) bool { return i.Action == Undo })
	if f.Unlimited || len(items) == 0 {
		return nil
	}
	p, err := f.lately(ctx, tx, site, actorID)
	if err != nil {
		return err
	}
	removals := 0
	for _, i := range items {
		if i.Action == Remove {
			removals++
		}
	}
	switch {
	case removals > 0 && p.TakenDown+removals > site.RemovalsHour:
		return capped("refusal.cap_removals", site.RemovalsHour, time.Hour)
	case p.Hour+len(items) > site.BulkHour:
		return capped("refusal.cap_hour", site.BulkHour, time.Hour)
	case p.Day+len(items) > site.BulkDay:
		return capped("refusal.cap_day", site.BulkDay, 24*time.Hour)
	}
	return nil
}

// paced refuses one decision where it is one of many, or takes down what is public, and is one more than its maker may.
func (f *Flow) paced(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
	down := c.PublicRevision != nil && slices.Contains([]string{Remove, Spam, Reopen}, d.Action)
	if f.Unlimited || !down && !d.bulk {
		return nil
	}
	p, err := f.lately(ctx, tx, d.site, d.actor.ID)
	if err != nil {
		return err
	}
	if d.BatchID != nil { // which has been counted when it was ordered, this one with it
		p = models.Pace{TakenDown: p.TakenDown - 1}
	}
	switch {
	case down && p.TakenDown >= d.site.RemovalsHour:
		return capped("refusal.cap_removals", d.site.RemovalsHour, time.Hour)
	case d.bulk && p.Hour >= d.site.BulkHour:
		return capped("refusal.cap_hour", d.site.BulkHour, time.Hour)
	case d.bulk && p.Day >= d.site.BulkDay:
		return capped("refusal.cap_day", d.site.BulkDay, 24*time.Hour)
	}
	return nil
}

// capped is a refusal that ends within a time at the latest.
func capped(key string, most int, within time.Duration) *Refusal {
	return &Refusal{Kind: TooSoon, Key: key, Args: map[string]any{"max": most}, Wait: within}
}
