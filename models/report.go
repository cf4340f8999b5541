package models

import (
	"context"
	"database/sql"
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

// AnswerCase closes an open case by the decision that answered it.
func (t *Tx) AnswerCase(_ context.Context, siteID, caseID, entryID uuid.UUID) error {
	err := t.db.Exec(`update report_cases set entry = ? where site_id = ? and id = ? and entry is null`, entryID, siteID, caseID).Error
	if err != nil {
		return fmt.Errorf("answer case %s: %w", caseID, err)
	}
	return nil
}

// ReopenCase opens again what the undone decision had answered. Where readers have reported the comment since, the
// earlier reports join the case that is open already, at the earlier case's place in the lane.
func (t *Tx) ReopenCase(_ context.Context, siteID, commentID, undone uuid.UUID) error {
	names := []any{sql.Named("site", siteID), sql.Named("comment", commentID), sql.Named("undone", undone)}
	for _, statement := range []string{
		`update reports r set case_id = o.id from report_cases a, report_cases o
			where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
			and o.site_id = @site and o.comment_id = @comment and o.entry is null and r.site_id = @site and r.case_id = a.id`,
		`update report_cases o set rank_at = least(o.rank_at, a.rank_at) from report_cases a
			where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
			and o.site_id = @site and o.comment_id = @comment and o.entry is null`,
		`update report_cases a set entry = null where a.site_id = @site and a.comment_id = @comment and a.entry = @undone
			and not exists (select from report_cases o where o.site_id = @site and o.comment_id = @comment and o.entry is null)`,
	} {
		if err := t.db.Exec(statement, names...).Error; err != nil {
			return fmt.Errorf("reopen the case of comment %s: %w", commentID, err)
		}
	}
	return nil
}
