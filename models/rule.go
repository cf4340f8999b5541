package models

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// RuleVersion is one published version of a site's rules, in every language at once.
type RuleVersion struct {
	Version     int
	PublishedAt time.Time
	PublishedBy *uuid.UUID
	Locales     map[string]RuleSet `gorm:"-"`
}

// RuleSet is the rules of one version in one language.
type RuleSet struct {
	Intro string
	Rules []Rule
}

// Rule is one numbered rule. Its code is the same in each language, its number the key that rejects under it.
type Rule struct {
	Number            int
	Code, Title, Text string
	Statement         string `gorm:"-"` // published with it: the first template of its statement
}

// In answers the rules in the language, or in fallback where the version has none in it.
func (v RuleVersion) In(locale, fallback string) (RuleSet, string) {
	if set, ok := v.Locales[locale]; ok {
		return set, locale
	}
	return v.Locales[fallback], fallback
}

// Rules finds one version of a site's rules; version 0 is the one in force.
func (q Queries) Rules(ctx context.Context, siteID uuid.UUID, version int) (v RuleVersion, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		found := tx.db.Raw(`select version, published_at, published_by from rule_versions
			where site_id = ? and (version = ? or ? = 0) order by version desc limit 1`, siteID, version, version).Scan(&v)
		if err := first(found); err != nil {
			return err
		}
		return tx.fillRules(siteID, &v)
	})
	if err != nil {
		return RuleVersion{}, fmt.Errorf("rules %d: %w", version, err)
	}
	return v, nil
}

func (t *Tx) fillRules(siteID uuid.UUID, v *RuleVersion) error {
	var rows []struct {
		Locale, Intro string
		Rule
	}
	err := t.db.Raw(`select i.locale, i.intro, r.number, r.code, r.title, r.text
		from rule_intros i join rules r using (site_id, version, locale)
		where i.site_id = ? and i.version = ? order by i.locale, r.number`, siteID, v.Version).Scan(&rows).Error
	if err != nil {
		return err
	}
	v.Locales = map[string]RuleSet{}
	for _, row := range rows {
		set := v.Locales[row.Locale]
		set.Intro, set.Rules = row.Intro, append(set.Rules, row.Rule)
		v.Locales[row.Locale] = set
	}
	return nil
}

// LockRules answers the newest version's number and keeps others from publishing the next until the transaction ends.
func (t *Tx) LockRules(_ context.Context, siteID uuid.UUID) (version int, err error) {
	err = t.db.Exec(`select pg_advisory_xact_lock(hashtextextended('rules ' || ?::text, 0))`, siteID).Error
	if err == nil {
		err = t.db.Raw(`select coalesce(max(version), 0) from rule_versions where site_id = ?`, siteID).Scan(&version).Error
	}
	if err != nil {
		return 0, fmt.Errorf("lock the rules: %w", err)
	}
	return version, nil
}

// InsertRules adds one version in all its languages.
func (t *Tx) InsertRules(_ context.Context, siteID uuid.UUID, v RuleVersion) error {
	err := t.db.Exec(`insert into rule_versions (site_id, version, published_at, published_by) values (?, ?, ?, ?)`,
		siteID, v.Version, v.PublishedAt, v.PublishedBy).Error
	for locale, set := range v.Locales {
		if err == nil {
			err = t.insertRuleSet(siteID, v.Version, locale, set)
		}
	}
	if err != nil {
		return fmt.Errorf("insert rules %d: %w", v.Version, err)
	}
	t.hint(Hint{SiteID: siteID, Whole: true})
	return nil
}

func (t *Tx) insertRuleSet(siteID uuid.UUID, version int, locale string, set RuleSet) error {
	err := t.db.Exec(`insert into rule_intros (site_id, version, locale, intro) values (?, ?, ?, ?)`,
		siteID, version, locale, set.Intro).Error
	for _, rule := range set.Rules {
		if err == nil {
			err = t.db.Exec(`insert into rules (site_id, version, locale, number, code, title, text) values (?, ?, ?, ?, ?, ?, ?)`,
				siteID, version, locale, rule.Number, rule.Code, rule.Title, rule.Text).Error
		}
		if err == nil && rule.Statement != "" {
			err = t.db.Exec(`insert into statement_templates (site_id, version, locale, code, text, updated_at)
				select site_id, version, ?, ?, ?, published_at from rule_versions where site_id = ? and version = ?`,
				locale, rule.Code, rule.Statement, siteID, version).Error
		}
	}
	return err
}

// RulesVersion answers the number of the version in force.
func (q Queries) RulesVersion(ctx context.Context, siteID uuid.UUID) (version int, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select version from rule_versions where site_id = ? order by version desc limit 1`, siteID).Scan(&version))
	})
	if err != nil {
		return 0, fmt.Errorf("version of the rules: %w", err)
	}
	return version, nil
}

// Has reports whether the version has a rule of each of the codes.
func (v RuleVersion) Has(codes []string) bool {
	for _, set := range v.Locales {
		for _, code := range codes {
			if !slices.ContainsFunc(set.Rules, func(r Rule) bool { return r.Code == code }) {
				return false
			}
		}
	}
	return true
}
