package models

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// RuleHint ties a signal of triage to the rule that it points a writer at before they send.
type RuleHint struct {
	SiteID       uuid.UUID
	Signal, Rule string // the rule's code
}

// RuleHints lists which signals of a site point at which rules.
func (q Queries) RuleHints(ctx context.Context, siteID uuid.UUID) (all []RuleHint, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from rule_hints where site_id = ? order by signal`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("rule hints: %w", err)
	}
	return all, nil
}

// SetRuleHints puts these in the place of all that a site had.
func (t *Tx) SetRuleHints(ctx context.Context, siteID uuid.UUID, hints []RuleHint) error {
	if err := t.db.WithContext(ctx).Exec(`delete from rule_hints where site_id = ?`, siteID).Error; err != nil {
		return fmt.Errorf("set rule hints: %w", err)
	}
	for _, h := range hints {
		if err := t.db.WithContext(ctx).Exec(`insert into rule_hints (site_id, signal, rule) values (?, ?, ?)`, siteID, h.Signal, h.Rule).Error; err != nil {
			return fmt.Errorf("set rule hint of %s: %w", h.Signal, err)
		}
	}
	return nil
}
