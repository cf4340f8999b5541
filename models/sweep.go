package models

import (
	"context"
	"fmt"
	"time"
)

// Cutoffs say what a sweep deletes: keys of repeated requests and networks from before these times, and whatever carries
// its own end, once that lies before Now.
type Cutoffs struct{ Now, Keys, Networks time.Time }

// Sweep deletes what is kept for hours only, on all sites at once, as the schema's owner. What a network ban was about is
// forgotten once it is over; who agreed with what, with the day. The counts stay.
func (s *Store) Sweep(ctx context.Context, c Cutoffs) error {
	for _, each := range []struct {
		statement string
		before    time.Time
	}{
		{`delete from idempotency_keys where created_at < ?`, c.Keys},
		{`delete from sessions where expires_at < ?`, c.Now},
		{`delete from comment_networks where created_at < ?`, c.Networks},
		{`update sanctions set network_hash = null where network_hash is not null and (until < ? or lifted is not null)`, c.Now},
		{`delete from limits where free_at <= ?`, c.Now},
		{`delete from agreement_marks where day < cast(? as date)`, c.Now.UTC()},
		{`delete from agreement_salts where day < cast(? as date)`, c.Now.UTC()},
		{`update unconfirmed set network_hash = null where network_hash is not null and created_at < ?`, c.Networks},
		{`delete from unconfirmed where expires_at < ?`, c.Now},
		{`delete from inquiries where expires_at < ?`, c.Now},
		{`delete from password_links where used_at is not null or expires_at < ?`, c.Now},
		{`delete from api_tokens where expires_at < ?`, c.Now},
		{`delete from passkey_challenges where expires_at < ?`, c.Now},
	} {
		if err := s.db.WithContext(ctx).Exec(each.statement, each.before).Error; err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}
