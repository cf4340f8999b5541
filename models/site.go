package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Site is one publication: its comments, rules and moderators are its own.
type Site struct {
	ID            uuid.UUID
	Slug, Name    string
	Locale        string  // de or en
	Origins       Strings // exact scheme://host[:port]: who may frame it, and under which article addresses lie
	TargetMinutes int     // the promise: decided within
	UndoSeconds   *int    // how long mails of a decision wait; nil: the program's setting
	SecondFactor  string  // of the staff: optional or required
	CreatedAt     time.Time

	ReportTargetMinutes, AppealTargetMinutes int // the promises for a report and an appeal
	AppealDays                               int // within which an author may appeal

	UsualWait string // how long a decision usually takes: WaitHour and so on

	CloseAfterDays *int // after which articles that set nothing else close; nil: never

	ThreadDepth int    // levels of answers that stand below each other
	Reaction    string // agree, or none

	LimitBurst, LimitSeconds int // of one network or address: so many comments at once, and then one in so many seconds
	SharedCacheSeconds       int // for which a CDN may keep public pages without asking; 0: it asks each time

	PurgeURL    string // where a CDN is told what to drop; empty: nowhere
	PurgeSealed []byte // the header by which that call authorises itself; nil: it needs none

	BulkHour, BulkDay int // decisions of one person, beyond which none are made in bulk
	RemovalsHour      int // public comments that one person may take down in an hour

	RequireConfirmed bool // a comment enters the queue only once its author has confirmed the address
}

// How long a decision usually takes, in coarse steps.
const (
	WaitUnknown = "unknown"
	WaitHour    = "hour"
	WaitHours   = "hours"
	WaitDay     = "day"
	WaitDays    = "days"
)

// UndoDelay is how long a decision can be undone and its mails wait: as on every site, unless this one sets something else.
func (s Site) UndoDelay(usual time.Duration) time.Duration {
	if s.UndoSeconds != nil {
		return time.Duration(*s.UndoSeconds) * time.Second
	}
	return usual
}

// Target is the time within which the site promises a decision.
func (s Site) Target() time.Duration { return time.Duration(s.TargetMinutes) * time.Minute }

// ReportTarget is the time within which the site promises to decide a report.
func (s Site) ReportTarget() time.Duration { return time.Duration(s.ReportTargetMinutes) * time.Minute }

// AppealTarget is the time within which the site promises to decide an appeal.
func (s Site) AppealTarget() time.Duration { return time.Duration(s.AppealTargetMinutes) * time.Minute }

// Site finds a site by its slug.
func (q Queries) Site(ctx context.Context, slug string) (site Site, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from sites where slug = ?`, slug).Scan(&site))
	})
	if err != nil {
		return Site{}, fmt.Errorf("site %q: %w", slug, err)
	}
	return site, nil
}

// SiteByID finds a site by its id.
func (q Queries) SiteByID(ctx context.Context, id uuid.UUID) (site Site, err error) {
	err = q.run(ctx, Scope{}, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from sites where id = ?`, id).Scan(&site))
	})
	if err != nil {
		return Site{}, fmt.Errorf("site %s: %w", id, err)
	}
	return site, nil
}

// Sites lists every site that has not ended by its slug: for the command line, as the schema's owner.
func (s *Store) Sites(ctx context.Context) (all []Site, err error) {
	err = s.db.WithContext(ctx).Raw(`select * from sites where ended_at is null order by slug`).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	return all, nil
}

// CreateSite adds a site with its first rules and the head of its empty ledger, signed by mac, as the schema's owner.
// A slug that is taken gives ErrConflict.
func (s *Store) CreateSite(ctx context.Context, site Site, rules RuleVersion, mac []byte) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		created := tx.db.Exec(`insert into sites (id, slug, name, locale, origins, target_minutes, undo_seconds, created_at)
			values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (slug) do nothing`,
			site.ID, site.Slug, site.Name, site.Locale, site.Origins, site.TargetMinutes, site.UndoSeconds, site.CreatedAt)
		if created.Error != nil {
			return created.Error
		}
		if created.RowsAffected == 0 {
			return ErrConflict
		}
		if err := tx.db.Exec(`insert into ledger_heads (site_id, mac) values (?, ?)`, site.ID, mac).Error; err != nil {
			return err
		}
		return tx.InsertRules(ctx, site.ID, rules)
	})
	if err != nil {
		return fmt.Errorf("create site %q: %w", site.Slug, err)
	}
	return nil
}
