package moderation

import (
	"context"
	"slices"
	"time"

	"plenum/models"
)

// Period is whole days of UTC: from the beginning of From until the end of To.
type Period struct{ From, To time.Time }

// maxPeriod is the longest period that is counted at a time.
const maxPeriod = 3 * 366 * 24 * time.Hour

// LastDays is the period of so many days that ends today.
func (f *Flow) LastDays(days int) Period {
	today := f.now().Truncate(24 * time.Hour)
	return Period{From: today.AddDate(0, 0, 1-days), To: today}
}

// Figures are what a site's pages and reports say of a period.
type Figures struct {
	Period
	models.Statistics
	Heads []models.HeadOfDay // of the log, newest first; for the public
}

// ReversalRate is the share of decided appeals that were overturned, in percent; nil where none was decided.
func (g Figures) ReversalRate() *int { return share(g.Overturned, g.Overturned+g.Upheld) }

// SortedShare is the share of decided comments that signals moved forward, in percent. None was decided by them.
func (g Figures) SortedShare() *int { return share(g.Sorted, g.Decided) }

func share(part, whole int) *int {
	if whole == 0 {
		return nil
	}
	percent := (100*part + whole/2) / whole
	return &percent
}

// shownHeads is for how many days the head of the log is published.
const shownHeads = 30

// Statistics counts a period. A period that ends before it begins, or is longer than three years, is refused.
func (f *Flow) Statistics(ctx context.Context, site models.Site, p Period) (Figures, error) {
	if p.To.Before(p.From) || p.To.Sub(p.From) > maxPeriod {
		return Figures{}, invalid("to", "refusal.period")
	}
	counted, err := f.Store.Statistics(ctx, site.ID, p.From, p.To.AddDate(0, 0, 1), f.now())
	if err != nil {
		return Figures{}, err
	}
	counted.Days = everyDay(p, counted.Days)
	var waiting []models.AgeCount
	for _, minutes := range models.Ages {
		i := slices.IndexFunc(counted.Waiting, func(a models.AgeCount) bool { return a.Minutes == minutes })
		if i < 0 {
			waiting = append(waiting, models.AgeCount{Minutes: minutes})
		} else {
			waiting = append(waiting, counted.Waiting[i])
		}
	}
	counted.Waiting = waiting
	heads, err := f.Store.Heads(ctx, site.ID, p.To.AddDate(0, 0, 1), shownHeads)
	return Figures{p, counted, heads}, err
}

// everyDay adds the days on which nothing happened.
func everyDay(p Period, counted []models.DayCount) (all []models.DayCount) {
	for day := p.From; !day.After(p.To); day = day.AddDate(0, 0, 1) {
		i := slices.IndexFunc(counted, func(d models.DayCount) bool { return d.Day.UTC().Equal(day) })
		if i < 0 {
			all = append(all, models.DayCount{Day: day})
		} else {
			all = append(all, counted[i])
		}
	}
	return all
}

// KeepHeads writes down the end of each site's log for today: the transparency page publishes it.
func (f *Flow) KeepHeads(ctx context.Context) error {
	sites, err := f.Store.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if err := f.Store.KeepHead(ctx, site.ID, f.now().Truncate(24*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}
