package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// StatementTemplate is the statement that a rule's key fills in for an author who speaks the language.
type StatementTemplate struct {
	SiteID       uuid.UUID
	Version      int
	Locale, Code string
	Text         string
	UpdatedAt    time.Time
	UpdatedBy    *uuid.UUID // nil: published with the rules
}

// StatementTemplates lists those of one version of the rules.
func (q Queries) StatementTemplates(ctx context.Context, siteID uuid.UUID, version int) (all []StatementTemplate, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from statement_templates where site_id = ? and version = ? order by locale, code`, siteID, version).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("statement templates: %w", err)
	}
	return all, nil
}

// PutStatementTemplate sets the template of a rule; a rule that is not there gives ErrNotFound.
func (q Queries) PutStatementTemplate(ctx context.Context, t StatementTemplate) error {
	err := q.at(ctx, t.SiteID, func(tx *Tx) error {
		put := tx.db.Exec(`insert into statement_templates (site_id, version, locale, code, text, updated_at, updated_by)
			select site_id, version, locale, code, @Text, @UpdatedAt, @UpdatedBy from rules
			where site_id = @SiteID and version = @Version and locale = @Locale and code = @Code
			on conflict (site_id, version, locale, code) do update set text = excluded.text, updated_at = excluded.updated_at, updated_by = excluded.updated_by`, t)
		if put.Error == nil && put.RowsAffected == 0 {
			return ErrNotFound
		}
		return put.Error
	})
	if err != nil {
		return fmt.Errorf("put a statement template: %w", err)
	}
	return nil
}
