package moderation

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/markup"
)

// SiteChange is what holds for a whole site; nil fields stay as they are.
type SiteChange struct {
	Name    *string
	Origins []string // see NewSite

	Numbers map[string]int // by the names in SettingBounds

	Reaction *string  // models.ReactionAgree or none
	Confirm  *string  // yes: a comment enters the queue once its author has confirmed the address; or no
	Purge    *Purging // how the site's CDN is told what to drop

	Seen *uuid.UUID // the newest change that its sender knows, the zero one: none; nil: whatever was changed meanwhile
}

// Bounds are the least and the most that a setting may be.
type Bounds struct{ Min, Max int }

const (
	maxSiteName   = 80           // characters
	maxOrigins    = 20           // of a site
	maxRemembered = 23 * 60 * 60 // seconds: whom a limit counts is forgotten within the day

	monthOfMinutes = 30 * 24 * 60
	dayOfSeconds   = 24 * 60 * 60
)

// SettingBounds are those of each number that holds for a site, by its name.
var SettingBounds = map[string]Bounds{
	"target_minutes":        {1, monthOfMinutes}, // the promise; of what comes in from now on
	"report_target_minutes": {1, monthOfMinutes}, // and for a report
	"appeal_target_minutes": {1, monthOfMinutes}, // and for an appeal
	"appeal_days":           {183, 3650},         // within which an author may appeal; DSA Art. 20(1): six months at least
	"close_after_days":      {0, maxCloseDays},   // after which articles close that set nothing else; 0: never
	"thread_depth":          {1, 20},             // levels of answers that stand below each other; the API tells callers of the most
	"limit_burst":           {1, 1000},           // of one network or address: so many comments at once,
	"limit_seconds":         {1, 60 * 60},        // then one in so many seconds
	"undo_seconds":          {0, dayOfSeconds},   // how long mails of a decision wait
	"bulk_hour":             {1, 1_000_000},      // see models.Site
	"bulk_day":              {1, 1_000_000},
	"removals_hour":         {1, 1_000_000},
	"shared_cache_seconds":  {0, dayOfSeconds}, // for which a CDN may keep public pages without asking; 0: it asks each time
}

// Settings is what holds for a site, and what was changed of it.
type Settings struct {
	Site    models.Site
	Numbers map[string]int         // by the names in SettingBounds
	CDN     string                 // as PurgeShown
	Changes []models.SettingChange // the newest first
}

// Settings answers it to an admin, with so many of the changes.
func (f *Flow) Settings(ctx context.Context, site models.Site, actor Actor, changes int) (s Settings, err error) {
	if !actor.AtLeast(RoleAdmin) {
		return s, forbidden("refusal.role")
	}
	err = f.Store.Look(ctx, site.ID, func(tx *models.Tx) error {
		if s.Site, err = tx.SiteByID(ctx, site.ID); err != nil {
			return err
		}
		s.Changes, err = tx.SettingChanges(ctx, site.ID, changes)
		return err
	})
	if err != nil {
		return s, err
	}
	s.Numbers = f.numbers(s.Site)
	s.CDN, err = f.PurgeShown(s.Site)
	return s, err
}

// SetSite changes what holds for a site: for the command line. Threads that close or open by it are so at once.
func (f *Flow) SetSite(ctx context.Context, site models.Site, c SiteChange) (models.Site, error) {
	return f.setSite(ctx, site, nil, c)
}

// ChangeSettings is SetSite by an admin.
func (f *Flow) ChangeSettings(ctx context.Context, site models.Site, actor Actor, c SiteChange) (models.Site, error) {
	if err := actor.write(RoleAdmin); err != nil {
		return site, err
	}
	return f.setSite(ctx, site, &actor.ID, c)
}

// setSite makes a change together with an entry in the log for each setting that is another now.
func (f *Flow) setSite(ctx context.Context, site models.Site, by *uuid.UUID, c SiteChange) (models.Site, error) {
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		before, err := tx.LockSite(ctx, site.ID)
		if err != nil {
			return err
		}
		if err := c.newest(ctx, tx, site.ID); err != nil {
			return err
		}
		if site, err = f.changed(before, c); err != nil {
			return err
		}
		if err := f.logSettings(ctx, tx, by, before, site); err != nil {
			return err
		}
		return tx.SetSite(ctx, site.ID, site)
	})
	return site, err
}

// logSettings writes down what is another now.
func (f *Flow) logSettings(ctx context.Context, tx *models.Tx, by *uuid.UUID, before, after models.Site) error {
	was, err := f.texts(before)
	if err != nil {
		return err
	}
	becomes, err := f.texts(after)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(becomes)) {
		if was[name] == becomes[name] && (name != "purge" || bytes.Equal(before.PurgeSealed, after.PurgeSealed)) { // a secret is logged, not shown
			continue
		}
		c := models.SettingChange{SiteID: after.ID, ID: f.NewID(), ActorID: by, Setting: name, Was: was[name], Becomes: becomes[name], CreatedAt: f.now()}
		if err := tx.CreateSettingChange(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// newest refuses what was sent in ignorance of somebody else's change.
func (c SiteChange) newest(ctx context.Context, tx *models.Tx, siteID uuid.UUID) error {
	if c.Seen == nil {
		return nil
	}
	last, err := tx.SettingChanges(ctx, siteID, 1)
	if err != nil {
		return err
	}
	if len(last) == 1 && last[0].ID != *c.Seen {
		return conflict("refusal.settings_changed")
	}
	return nil
}

// changed is the site as the change wants it.
func (f *Flow) changed(site models.Site, c SiteChange) (models.Site, error) {
	if err := c.words(&site); err != nil {
		return site, err
	}
	if err := setNumbers(&site, c.Numbers); err != nil {
		return site, err
	}
	if p := c.Purge; p != nil {
		if err := f.setPurge(&site, *p); err != nil {
			return site, err
		}
	}
	return site, nil
}

// words sets what is no number.
func (c SiteChange) words(site *models.Site) error {
	if c.Name != nil {
		if site.Name = strings.TrimSpace(*c.Name); markup.IsBlank(site.Name) {
			return invalid("name", "invalid.required")
		}
		if utf8.RuneCountInString(site.Name) > maxSiteName {
			return invalid("name", "invalid.max", "max", maxSiteName)
		}
		if markup.HasControl(site.Name) {
			return invalid("name", "invalid.control")
		}
	}
	if c.Origins != nil {
		if err := checkOrigins(c.Origins); err != nil {
			return err
		}
		if len(c.Origins) > maxOrigins {
			return invalid("origins", "invalid.max_list", "max", maxOrigins)
		}
		site.Origins = c.Origins
	}
	if r := c.Reaction; r != nil {
		if *r != models.ReactionAgree && *r != "none" {
			return invalid("reaction", "invalid.value")
		}
		site.Reaction = *r
	}
	if w := c.Confirm; w != nil {
		if *w != "yes" && *w != "no" {
			return invalid("confirm", "invalid.value")
		}
		site.RequireConfirmed = *w == "yes"
	}
	return nil
}

// setNumbers sets those that are within their bounds.
func setNumbers(site *models.Site, wishes map[string]int) error {
	of := always(site)
	for _, name := range slices.Sorted(maps.Keys(wishes)) {
		n := wishes[name]
		switch b, known := SettingBounds[name]; {
		case !known:
			return invalid(name, "invalid.unknown")
		case n < b.Min || n > b.Max:
			return invalid(name, "invalid.between", "min", b.Min, "max", b.Max)
		case name == "undo_seconds":
			site.UndoSeconds = &n
		case name == "close_after_days":
			if site.CloseAfterDays = &n; n == 0 {
				site.CloseAfterDays = nil
			}
		default:
			*of[name] = n
		}
	}
	if site.LimitBurst*site.LimitSeconds > maxRemembered {
		return invalid("limit_seconds", "invalid.between", "min", 1, "max", maxRemembered/site.LimitBurst)
	}
	return nil
}

// numbers are a site's, by name.
func (f *Flow) numbers(site models.Site) map[string]int {
	all := map[string]int{"undo_seconds": int(f.undoDelay(site).Seconds()), "close_after_days": 0}
	if site.CloseAfterDays != nil {
		all["close_after_days"] = *site.CloseAfterDays
	}
	for name, n := range always(&site) {
		all[name] = *n
	}
	return all
}

// always is where a site has the numbers that are set on every one.
func always(s *models.Site) map[string]*int {
	return map[string]*int{"target_minutes": &s.TargetMinutes, "report_target_minutes": &s.ReportTargetMinutes,
		"appeal_target_minutes": &s.AppealTargetMinutes, "appeal_days": &s.AppealDays, "thread_depth": &s.ThreadDepth,
		"limit_burst": &s.LimitBurst, "limit_seconds": &s.LimitSeconds, "bulk_hour": &s.BulkHour, "bulk_day": &s.BulkDay,
		"removals_hour": &s.RemovalsHour, "shared_cache_seconds": &s.SharedCacheSeconds}
}

// texts are all settings of a site by name, as the log writes them.
func (f *Flow) texts(site models.Site) (map[string]string, error) {
	cdn, err := f.PurgeShown(site)
	all := map[string]string{"name": site.Name, "origins": strings.Join(site.Origins, " "), "reaction": site.Reaction, "confirm": "no", "purge": cdn}
	if site.RequireConfirmed {
		all["confirm"] = "yes"
	}
	for name, n := range f.numbers(site) {
		all[name] = strconv.Itoa(n)
	}
	return all, err
}
