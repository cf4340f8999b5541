package moderation

import (
	"context"
	"fmt"

	"plenum/models"
)

// Queue is a page of a lane, with how much waits in each.
type Queue struct {
	Totals models.QueueTotals
	Items  []models.Waiting
	More   bool
}

// Total is how much waits in a lane.
func (q Queue) Total(lane string) int {
	if lane == models.LaneEdited {
		return q.Totals.Edited
	}
	return q.Totals.Pending
}

// Queue reads a page of what waits, most urgent first. It changes nothing.
func (f *Flow) Queue(ctx context.Context, site models.Site, p models.QueuePage) (q Queue, err error) {
	limit := p.Limit
	p.Limit++ // one more, to see whether there is more
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if q.Totals, err = tx.QueueTotals(ctx, site.ID); err != nil {
			return err
		}
		q.Items, err = tx.Queue(ctx, site.ID, p)
		return err
	})
	if err != nil {
		return Queue{}, fmt.Errorf("queue: %w", err)
	}
	q.More = len(q.Items) > limit
	q.Items = q.Items[:min(limit, len(q.Items))]
	return q, nil
}
