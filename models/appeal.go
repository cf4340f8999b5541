package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// What becomes of an appeal.
const (
	AppealUpheld     = "upheld"     // the decision stays
	AppealOverturned = "overturned" // the text is public
	AppealMoot       = "moot"       // the comment moved on before anybody decided the appeal
)

// Appeal is an author's objection to one decision. It is never decided by whoever made that decision.
type Appeal struct {
	SiteID, ID, CommentID uuid.UUID
	Appealed, DeciderID   uuid.UUID // the decision, and who made it
	Text                  string
	CreatedAt, RankAt     time.Time
	Entry                 *uuid.UUID // what closed it; nil: open
	Outcome               *string
	DecidedBy             *uuid.UUID
}

// Appeal stores a new appeal. A second one about the same decision is refused by the database.
func (t *Tx) Appeal(ctx context.Context, a Appeal) error {
	err := t.db.Exec(`insert into appeals (site_id, id, comment_id, appealed, decider_id, text, created_at, rank_at)
		values (@SiteID, @ID, @CommentID, @Appealed, @DeciderID, @Text, @CreatedAt, @RankAt)`, a).Error
	if err != nil {
		return fmt.Errorf("appeal of comment %s: %w", a.CommentID, err)
	}
	return t.TellDesk(ctx, a.SiteID)
}

// AppealByID finds one appeal.
func (q Queries) AppealByID(ctx context.Context, siteID, id uuid.UUID) (a Appeal, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from appeals where site_id = ? and id = ?`, siteID, id).Scan(&a))
	})
	if err != nil {
		return Appeal{}, fmt.Errorf("appeal %s: %w", id, err)
	}
	return a, nil
}

// Appeals lists the appeals about one comment, oldest first.
func (q Queries) Appeals(ctx context.Context, siteID, commentID uuid.UUID) (all []Appeal, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from appeals where site_id = ? and comment_id = ? order by created_at, id`, siteID, commentID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("appeals of comment %s: %w", commentID, err)
	}
	return all, nil
}

// StaffCount says how many people may decide on the site: where it is one, nobody can decide an appeal of theirs.
func (q Queries) StaffCount(ctx context.Context, siteID uuid.UUID) (n int, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select count(*) from memberships where site_id = ?`, siteID).Scan(&n).Error
	})
	if err != nil {
		return 0, fmt.Errorf("count the staff: %w", err)
	}
	return n, nil
}
