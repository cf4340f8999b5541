package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The scopes of an API token.
const (
	ScopeRead  = "read"
	ScopeWrite = "write"
)

// Token is an API token: it may do on its site what its owner may, within its scope. Only its SHA-256 is stored.
type Token struct {
	SiteID, ID, ModeratorID uuid.UUID
	TokenHash               []byte
	Scope                   string
	CreatedAt               time.Time
}

// TokenOwner is who speaks through an API token.
type TokenOwner struct {
	Moderator
	Role, Scope string
}

// CreateToken stores a token, as the schema's owner. Its owner must be a member of its site.
func (s *Store) CreateToken(ctx context.Context, t Token) error {
	err := s.db.WithContext(ctx).Exec(`insert into api_tokens (site_id, id, moderator_id, token_hash, scope, created_at)
		values (@SiteID, @ID, @ModeratorID, @TokenHash, @Scope, @CreatedAt)`, t).Error
	if err != nil {
		return fmt.Errorf("create a token: %w", err)
	}
	return nil
}

// TokenOwner finds who speaks through the token with this hash on the site, with their role of today.
func (q Queries) TokenOwner(ctx context.Context, siteID uuid.UUID, tokenHash []byte) (o TokenOwner, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select mo.*, me.role, t.scope from api_tokens t
			join memberships me on me.site_id = t.site_id and me.moderator_id = t.moderator_id
			join moderators mo on mo.id = t.moderator_id
			where t.site_id = ? and t.token_hash = ?`, siteID, tokenHash).Scan(&o))
	})
	if err != nil {
		return TokenOwner{}, fmt.Errorf("token: %w", err)
	}
	return o, nil
}
