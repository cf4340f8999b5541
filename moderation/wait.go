package moderation

import (
	"context"
	"time"

	"plenum/models"
)

// The usual wait is that of the newest decisions, and not known where they are few or old.
const (
	waitLooked = 100
	waitEnough = 10
	waitRecent = 14 * 24 * time.Hour
)

// MeasureWaits finds anew how long a decision usually takes on each site. Pages say it in steps so coarse that they may
// stay in memory until the step changes.
func (f *Flow) MeasureWaits(ctx context.Context) error {
	sites, err := f.Store.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		w, err := f.Store.Waited(ctx, site.ID, f.now().Add(-waitRecent), waitLooked)
		if err != nil {
			return err
		}
		if step := waitStep(w); step != site.UsualWait {
			if err := f.Store.SetUsualWait(ctx, site.ID, step); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitStep is the least that may be promised of a median.
func waitStep(w models.Waited) string {
	median := time.Duration(w.Median) * time.Second
	switch {
	case w.Decided < waitEnough || median > 7*24*time.Hour:
		return models.WaitUnknown
	case median <= time.Hour:
		return models.WaitHour
	case median <= 5*time.Hour:
		return models.WaitHours
	case median <= 24*time.Hour:
		return models.WaitDay
	}
	return models.WaitDays
}
