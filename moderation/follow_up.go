package moderation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// FollowUpJob tells the followers of a comment that an entry made public.
type FollowUpJob struct {
	SiteID    uuid.UUID `json:"site_id"`
	CommentID uuid.UUID `json:"comment_id"`
	EntryID   uuid.UUID `json:"entry_id"`
}

// Kind names the job in its row.
func (FollowUpJob) Kind() string { return "follow_ups" }

// Queue is Chores.
func (FollowUpJob) Queue() string { return Chores }

// toldTogether is how many followers one transaction notes, so that none takes long.
const toldTogether = 500

// announce has followers told that a comment is public now and was not before, once the decision can't be undone any
// more. Whatever leads to it is the same: approved, restored, overturned on appeal, or a removal taken back.
func (f *Flow) announce(site models.Site, before models.Comment, o *outcome) {
	if before.PublicRevision == nil && o.Entry.PublicRevision != nil {
		o.later(FollowUpJob{SiteID: site.ID, CommentID: before.ID, EntryID: o.Entry.ID}, f.undone(site))
	}
}

// TellFollowers notes whom the comment is told to, each follower once for good, and has a mail sent to those who want it
// at once. What was undone, taken down or made public by a later entry meanwhile is not told by this one. Begun again
// after it was broken off, it goes on where it was: whoever was noted is passed over.
func (f *Flow) TellFollowers(ctx context.Context, j FollowUpJob) error {
	r := models.Round{Limit: toldTogether, Now: f.now(), DueAt: nextDigest(f.now())}
	for more := true; more; {
		err := f.Store.Serve(ctx, j.SiteID, func(tx *models.Tx) error {
			next, err := f.tellSome(ctx, tx, j, r)
			if more = len(next) == r.Limit; more {
				r.After = next[r.Limit-1].FollowerID
			}
			return err
		})
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("tell followers of comment %s: %w", j.CommentID, err)
		}
	}
	return nil
}

// tellSome is one round of TellFollowers. That the comment still stands is asked in each.
func (f *Flow) tellSome(ctx context.Context, tx *models.Tx, j FollowUpJob, r models.Round) ([]models.Addressee, error) {
	a, err := tx.Announcement(ctx, j.SiteID, j.CommentID, j.EntryID)
	if err != nil {
		return nil, err
	}
	next, err := tx.NoteFollowUps(ctx, a, r)
	if err != nil {
		return nil, err
	}
	var mails []models.Job
	for _, to := range next {
		if to.New && to.AtOnce {
			mails = append(mails, notify.FollowUpNotice{SiteID: j.SiteID, CommentID: j.CommentID, FollowerID: to.FollowerID, EntryID: j.EntryID})
		}
	}
	return next, tx.EnqueueAll(ctx, mails)
}
