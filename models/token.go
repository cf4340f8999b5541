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
	Name                    string // what it is for; may be empty
	CreatedAt               time.Time
	ExpiresAt               *time.Time // nil: until it is revoked
	Owner                   string     // of a list: the moderator's name
}

// TokenOwner is who speaks through an API token.
type TokenOwner struct {
	Moderator
	Role, Scope string
}

// CreateToken stores a token. Its owner must be a member of its site.
func (q Queries) CreateToken(ctx context.Context, t Token) error {
	return q.ofSite(ctx, t.SiteID, "create a token", `insert into api_tokens (site_id, id, moderator_id, token_hash, scope, name, created_at, expires_at)
		values (@SiteID, @ID, @ModeratorID, @TokenHash, @Scope, @Name, @CreatedAt, @ExpiresAt)`, t)
}

// TokenOwner finds who speaks through the token with this hash on the site at the given time, with their role of today.
func (q Queries) TokenOwner(ctx context.Context, siteID uuid.UUID, tokenHash []byte, now time.Time) (o TokenOwner, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select mo.*, me.role, t.scope from api_tokens t
			join memberships me on me.site_id = t.site_id and me.moderator_id = t.moderator_id
			join moderators mo on mo.id = t.moderator_id
			where t.site_id = ? and t.token_hash = ? and coalesce(t.expires_at > ?, true)`, siteID, tokenHash, now).Scan(&o))
	})
	if err != nil {
		return TokenOwner{}, fmt.Errorf("token: %w", err)
	}
	return o, nil
}

// Tokens lists the tokens of a site, the newest first, also those that ran out.
func (q Queries) Tokens(ctx context.Context, siteID uuid.UUID) (all []Token, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select t.*, o.name as owner from api_tokens t join moderators o on o.id = t.moderator_id
			where t.site_id = ? order by t.created_at desc, t.id desc`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return all, nil
}

// Token finds a token of the site.
func (q Queries) Token(ctx context.Context, siteID, id uuid.UUID) (t Token, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(`select * from api_tokens where site_id = ? and id = ?`, siteID, id).Scan(&t))
	})
	if err != nil {
		return Token{}, fmt.Errorf("token %s: %w", id, err)
	}
	return t, nil
}

// DeleteToken takes a token away.
func (q Queries) DeleteToken(ctx context.Context, siteID, id uuid.UUID) error {
	return q.ofSite(ctx, siteID, "delete a token", `delete from api_tokens where site_id = ? and id = ?`, siteID, id)
}
