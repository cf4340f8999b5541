package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"plenum/models"
)

// Question is what somebody at the desk wants to see. Zero fields ask for nothing special.
type Question struct {
	Lane, Sort     string // models.Lane…, models.Sort…
	Filter         models.Filter
	Older, Younger time.Duration // than this: age by the lane's own beginning of the wait
	Search         string        // words that a text or a name must have
	After          models.Position
	Limit          int
}

// Queue is a page of a lane, with how much waits in each.
type Queue struct {
	Totals models.QueueTotals
	Items  []models.Waiting
	More   bool
}

// Total is how much waits in a lane, up to models.CountCap; what was decided is not counted.
func (q Queue) Total(lane string) int {
	return map[string]int{
		models.LanePending: q.Totals.Pending, models.LaneEdited: q.Totals.Edited, models.LaneReported: q.Totals.Reported,
		models.LaneAppealed: q.Totals.Appealed, models.LaneMine: q.Totals.Mine, models.LaneSetAside: q.Totals.SetAside,
	}[lane]
}

// Total counts a lane of one site to its end; what was decided is not counted.
func (f *Flow) Total(ctx context.Context, site models.Site, actor Actor, lane string) (int, error) {
	if lane == models.LaneDecided || lane == models.LaneAll {
		return 0, nil
	}
	return f.Store.QueueTotal(ctx, []uuid.UUID{site.ID}, models.QueuePage{Lane: lane, Me: actor.ID, Now: f.now()})
}

// Queue reads a page of a lane of one site, most urgent first unless asked otherwise. It changes nothing.
func (f *Flow) Queue(ctx context.Context, site models.Site, actor Actor, q Question) (Queue, error) {
	return f.queue(ctx, []uuid.UUID{site.ID}, actor.ID, q)
}

// QueueOf reads a page of a lane of all sites that somebody serves, as one list.
func (f *Flow) QueueOf(ctx context.Context, moderatorID uuid.UUID, q Question) (Queue, error) {
	memberships, err := f.Store.Memberships(ctx, moderatorID)
	if err != nil {
		return Queue{}, err
	}
	var siteIDs []uuid.UUID
	for _, m := range memberships {
		siteIDs = append(siteIDs, m.SiteID)
	}
	return f.queue(ctx, siteIDs, moderatorID, q)
}

func (f *Flow) queue(ctx context.Context, siteIDs []uuid.UUID, me uuid.UUID, q Question) (found Queue, err error) {
	p := models.QueuePage{Lane: q.Lane, Sort: q.Sort, Filter: q.Filter, Me: me, Now: f.now(), After: q.After, Limit: q.Limit + 1} // one more, to see whether there is more
	if err = f.narrow(ctx, siteIDs, q, &p.Filter); err != nil {
		return Queue{}, fmt.Errorf("queue: %w", err)
	}
	if found.Totals, err = f.Store.QueueTotals(ctx, siteIDs, p); err != nil {
		return Queue{}, fmt.Errorf("queue: %w", err)
	}
	if found.Items, err = f.Store.QueueAcross(ctx, siteIDs, p); err != nil {
		return Queue{}, fmt.Errorf("queue: %w", err)
	}
	found.More = len(found.Items) > q.Limit
	found.Items = found.Items[:min(q.Limit, len(found.Items))]
	return found, nil
}

// narrow adds what depends on the time and on a search to the filter.
func (f *Flow) narrow(ctx context.Context, siteIDs []uuid.UUID, q Question, to *models.Filter) error {
	if q.Older > 0 {
		to.Before = f.now().Add(-q.Older)
	}
	if q.Younger > 0 {
		to.Since = f.now().Add(-q.Younger)
	}
	if q.Search == "" {
		if q.Lane == models.LaneAll {
			return invalid("q", "invalid.required")
		}
		return nil
	}
	hits := []uuid.UUID{}
	to.Found = &hits
	if strings.IndexFunc(q.Search, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
		return nil
	}
	for _, id := range siteIDs {
		found, err := f.Store.Search(ctx, id, q.Search)
		if err != nil {
			return err
		}
		hits = append(hits, found...)
	}
	return nil
}
