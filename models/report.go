package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The kinds of reports.
const (
	ReportRule    = "rule"
	ReportIllegal = "illegal" // DSA Art. 16
)

// Case is what readers reported of one comment until somebody decides it.
type Case struct {
	SiteID, ID, CommentID uuid.UUID
	Revision              int // that was public when the case was opened
	OpenedAt, RankAt      time.Time
	Entry                 *uuid.UUID // the decision that answered it; nil: open
	Reports               []Report   `gorm:"-"` // oldest first
}

// Report is what one reader said against a public comment.
type Report struct {
	SiteID, ID, CaseID uuid.UUID
	Number             string // random; what the reporter keeps
	Kind               string
	Rule               *string // a code, of kind rule
	Text               string
	Name, Email        *string
	AddressHash        []byte
	GoodFaith          bool
	Locale             string
	CreatedAt          time.Time
}

// Report adds a report to the comment's open case; where none is open, c becomes one. The caller holds the comment.
func (t *Tx) Report(ctx context.Context, c Case, r Report) error {
	open, err := t.OpenCase(ctx, c.SiteID, c.CommentID)
	if errors.Is(err, ErrNotFound) {
		open = c
		err = t.db.Exec(`insert into report_cases (site_id, id, comment_id, revision, opened_at, rank_at)
			values (@SiteID, @ID, @CommentID, @Revision, @OpenedAt, @RankAt)`, c).Error
	}
	if err != nil {
		return fmt.Errorf("report comment %s: %w", c.CommentID, err)
	}
	r.SiteID, r.CaseID = c.SiteID, open.ID
	err = t.db.Exec(`insert into reports (site_id, id, case_id, number, kind, rule, text, name, email, address_hash, good_faith, locale, created_at)
		values (@SiteID, @ID, @CaseID, @Number, @Kind, @Rule, @Text, @Name, @Email, @AddressHash, @GoodFaith, @Locale, @CreatedAt)`, r).Error
	if err != nil {
		return fmt.Errorf("report comment %s: %w", c.CommentID, err)
	}
	return t.TellDesk(ctx, c.SiteID)
}

// OpenCase finds the comment's open case with its reports; ErrNotFound where nothing is open.
func (q Queries) OpenCase(ctx context.Context, siteID, commentID uuid.UUID) (c Case, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		err := first(tx.db.Raw(`select * from report_cases where site_id = ? and comment_id = ? and entry is null`, siteID, commentID).Scan(&c))
		if err != nil {
			return err
		}
		return tx.db.Raw(`select * from reports where site_id = ? and case_id = ? order by created_at, id`, siteID, c.ID).Scan(&c.Reports).Error
	})
	if err != nil {
		return Case{}, fmt.Errorf("open case of comment %s: %w", commentID, err)
	}
	return c, nil
}

// Answer is a report with the comment that it is about.
type Answer struct {
	Report
	CommentID uuid.UUID
	Entry     *uuid.UUID // the decision that answered it
}

// ReportByID finds one report.
func (q Queries) ReportByID(ctx context.Context, siteID, id uuid.UUID) (a Answer, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select r.*, c.comment_id, c.entry from reports r
			join report_cases c on c.site_id = r.site_id and c.id = r.case_id
			where r.site_id = ? and r.id = ?`, siteID, id).Scan(&a))
	})
	if err != nil {
		return Answer{}, fmt.Errorf("report %s: %w", id, err)
	}
	return a, nil
}
