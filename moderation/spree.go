package moderation

import (
	"context"
	"fmt"
	"time"

	"plenum/models"
	"plenum/moderation/notify"
)

// An alarm is raised about somebody who, within an hour, approves or takes down at least so many comments, and more than
// half of what all of the staff do on a usual day: the mean of the four weeks before.
const (
	spreeHour      = time.Hour
	spreeApproved  = 100
	spreeTakenDown = 20
	usualDays      = 28
	spreesShown    = 7 * 24 * time.Hour
)

// WatchSprees raises these alarms: a mail to the site's other editors and admins, once until it is over. It is to be
// called every minute.
func (f *Flow) WatchSprees(ctx context.Context) error {
	sites, err := f.Store.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if err := f.watchSprees(ctx, site); err != nil {
			return fmt.Errorf("sprees on site %s: %w", site.Slug, err)
		}
	}
	return nil
}

func (f *Flow) watchSprees(ctx context.Context, site models.Site) error {
	now := f.now()
	busy, err := f.Store.Busy(ctx, site.ID, now.Add(-spreeHour))
	if err != nil {
		return err
	}
	for _, b := range busy {
		least := map[string]int{models.SpreeApproved: spreeApproved, models.SpreeTakenDown: spreeTakenDown}[b.Kind]
		if b.Count < least {
			continue
		}
		all, err := f.Store.CountKind(ctx, site.ID, b.Kind, b.StartedAt.AddDate(0, 0, -usualDays), b.StartedAt)
		if err != nil {
			return err
		}
		s := models.Spree{SiteID: site.ID, ID: f.NewID(), ModeratorID: b.ModeratorID, Kind: b.Kind, Count: b.Count, Usual: all / usualDays,
			StartedAt: b.StartedAt, LastAt: b.LastAt}
		if 2*s.Count <= s.Usual {
			continue
		}
		if err := f.raise(ctx, s); err != nil {
			return err
		}
	}
	return f.Store.EndSprees(ctx, site.ID, now.Add(-spreeHour))
}

// raise notes an alarm, and tells whoever is to hear of it when it is a new one.
func (f *Flow) raise(ctx context.Context, s models.Spree) error {
	return f.Store.Serve(ctx, s.SiteID, func(tx *models.Tx) error {
		fresh, err := tx.NoteSpree(ctx, s)
		if err != nil || !fresh {
			return err
		}
		staff, err := tx.Members(ctx, s.SiteID)
		if err != nil {
			return err
		}
		for _, m := range staff {
			if m.ID == s.ModeratorID || !(Actor{Role: m.Role}).AtLeast(RoleEditor) {
				continue
			}
			if err := tx.Enqueue(ctx, notify.SpreeNotice{SiteID: s.SiteID, SpreeID: s.ID, ModeratorID: m.ID}, time.Time{}); err != nil {
				return err
			}
		}
		return tx.TellDesk(ctx, s.SiteID)
	})
}

// Sprees are the alarms of the last week, the newest first, for editors.
func (f *Flow) Sprees(ctx context.Context, site models.Site, actor Actor) ([]models.Spree, error) {
	if !actor.AtLeast(RoleEditor) {
		return nil, forbidden("refusal.role")
	}
	return f.Store.Sprees(ctx, site.ID, f.now().Add(-spreesShown))
}

// Deciders are those who decided something of late, whoever has left too, for editors.
func (f *Flow) Deciders(ctx context.Context, site models.Site, actor Actor) ([]models.Colleague, error) {
	if !actor.AtLeast(RoleEditor) {
		return nil, forbidden("refusal.role")
	}
	return f.Store.Deciders(ctx, site.ID, f.now().AddDate(0, 0, -usualDays))
}

// TakingBack is what it would mean to take back all that one person decided in a time.
type TakingBack struct {
	Takes  []models.Taking // each goes back to what it was before
	Leaves []models.Taking // somebody else, or the author, has been at it since
	Open   int             // ordered in that time, and not decided yet: it would not be
}

// TakingBack looks what can be taken back. It is for editors, and of at most MaxBatch comments.
func (f *Flow) TakingBack(ctx context.Context, site models.Site, actor Actor, d models.Decider) (t TakingBack, err error) {
	if !actor.AtLeast(RoleEditor) {
		return t, forbidden("refusal.role")
	}
	if err := sensible(d); err != nil {
		return t, err
	}
	if t, err = takingBack(ctx, f.Store.Queries, site, d); err != nil {
		return t, err
	}
	t.Open, err = f.Store.Ordered(ctx, site.ID, d)
	return t, err
}

// sensible refuses a time that ends before it begins.
func sensible(d models.Decider) error {
	if d.From.IsZero() || !d.From.Before(d.To) {
		return invalid("to", "invalid.period")
	}
	return nil
}

func takingBack(ctx context.Context, q models.Queries, site models.Site, d models.Decider) (t TakingBack, err error) {
	all, err := q.TakingBack(ctx, site.ID, d, MaxBatch+1)
	if err == nil && len(all) > MaxBatch {
		err = invalid("from", "refusal.spree_large", "max", MaxBatch)
	}
	for _, one := range all {
		if one.Entries > 0 {
			t.Takes = append(t.Takes, one)
		} else {
			t.Leaves = append(t.Leaves, one)
		}
	}
	return t, err
}

// UndoSpree takes all of it back as one batch: the newest decision first, each by an entry of its own, however long ago
// it was made. What was ordered in that time and had no turn yet gets none. What changes before its turn comes is left as
// it is then, and the batch says so.
func (f *Flow) UndoSpree(ctx context.Context, site models.Site, actor Actor, d models.Decider) (models.Batch, error) {
	if err := actor.write(RoleEditor); err != nil {
		return models.Batch{}, err
	}
	if err := sensible(d); err != nil {
		return models.Batch{}, err
	}
	return f.beginBatch(ctx, site, models.Batch{ModeratorID: actor.ID, Action: Undo, SpreeOf: &d.ModeratorID}, func(tx *models.Tx) (m meant, err error) {
		if m.calledOff, err = tx.CallOffAll(ctx, site.ID, d); err != nil { // first: it waits for what is being decided
			return m, err
		}
		t, err := takingBack(ctx, tx.Queries, site, d)
		if err != nil {
			return m, err
		}
		for _, one := range t.Takes {
			for i := range one.Entries { // each undo makes the version that the next one is about
				m.items = append(m.items, models.BatchItem{CommentID: one.CommentID, Version: one.Version + i, Action: Undo})
			}
		}
		if m.calledOff+len(m.items) == 0 {
			err = invalid("", "refusal.undo_nothing")
		}
		return m, err
	})
}

// undoSpree takes back what stands last of somebody's decisions on a comment.
func undoSpree(d decision, j judged, change *models.Change) error {
	if err := d.actor.write(RoleEditor); err != nil {
		return err
	}
	if len(j.standing) == 0 {
		return invalid("action", "refusal.undo_nothing")
	}
	last := j.standing[len(j.standing)-1]
	if last.Kind != models.KindDecision || last.ActorID == nil || *last.ActorID != *d.spreeOf {
		return invalid("action", "refusal.undo_nothing")
	}
	last.takeBack(change)
	return nil
}
