package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// NetworkOf answers the network that a comment came from; ErrNotFound where it is not, or no longer, known.
func (q Queries) NetworkOf(ctx context.Context, siteID, commentID uuid.UUID) ([]byte, error) {
	var row struct{ NetworkHash []byte }
	err := q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select network_hash from comment_networks where site_id = ? and comment_id = ?`, siteID, commentID).Scan(&row))
	})
	if err != nil {
		return nil, fmt.Errorf("network of comment %s: %w", commentID, err)
	}
	return row.NetworkHash, nil
}

// LastWritten answers when whoever writes last sent a comment under the article, after a time; nil: not since then. With
// an address it goes by that alone. Until the transaction ends nobody else asks for the same writer and article.
func (t *Tx) LastWritten(_ context.Context, a Article, w Writer, after time.Time) (*time.Time, error) {
	by := w.AddressHash
	query := `select max(c.created_at) as at from authors a join comments c on c.site_id = a.site_id and c.author_id = a.id
		where a.site_id = @site and a.address_hash = @by and c.created_at > @after and c.article_id = @article`
	if by == nil {
		by = w.NetworkHash
		query = `select max(c.created_at) as at from comment_networks n join comments c on c.site_id = n.site_id and c.id = n.comment_id
			where n.site_id = @site and n.network_hash = @by and n.created_at > @after and c.article_id = @article`
	}
	lock := fmt.Sprintf("slow %s %x", a.ID, by)
	if err := t.db.Exec(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, lock).Error; err != nil {
		return nil, fmt.Errorf("last comment under article %s: %w", a.ID, err)
	}
	var row struct{ At *time.Time }
	err := t.db.Raw(query, sql.Named("site", a.SiteID), sql.Named("by", by), sql.Named("after", after), sql.Named("article", a.ID)).Scan(&row).Error
	if err != nil {
		return nil, fmt.Errorf("last comment under article %s: %w", a.ID, err)
	}
	return row.At, nil
}
