package moderation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// digestHour is when daily mails go out, in UTC: early in the European morning, in summer and in winter.
const digestHour = 6

// nextDigest is when what is noted now goes out together with the rest of the day.
func nextDigest(now time.Time) time.Time {
	due := time.Date(now.Year(), now.Month(), now.Day(), digestHour, 0, 0, 0, time.UTC)
	if !due.After(now) {
		due = due.AddDate(0, 0, 1)
	}
	return due
}

// SendDigests puts together what is due for each follower and has it mailed. It is to be called every few minutes: what
// is put together once is not again, and where nothing is new there is nothing to put together.
func (f *Flow) SendDigests(ctx context.Context) error {
	sites, err := f.Store.DigestSites(ctx, f.now())
	if err != nil {
		return err
	}
	for _, id := range sites {
		if err := f.sendDigests(ctx, id); err != nil {
			return fmt.Errorf("digests of site %s: %w", id, err)
		}
	}
	return nil
}

func (f *Flow) sendDigests(ctx context.Context, siteID uuid.UUID) error {
	for more := true; more; {
		err := f.Store.Serve(ctx, siteID, func(tx *models.Tx) error {
			now := f.now()
			followers, err := tx.TakeDigests(ctx, siteID, now, toldTogether)
			if err != nil {
				return err
			}
			more = len(followers) == toldTogether
			mails := make([]models.Job, len(followers))
			for i, id := range followers {
				mails[i] = notify.DigestNotice{SiteID: siteID, FollowerID: id, At: now}
			}
			return tx.EnqueueAll(ctx, mails)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
