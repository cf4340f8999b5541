package models

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The states of a delivery.
const (
	DeliveryWaiting = "waiting" // for its next try
	DeliveryTold    = "told"
	DeliveryFailed  = "failed" // and is not tried again
)

// Delivery is one event that a webhook is told of.
type Delivery struct {
	SiteID, ID, WebhookID uuid.UUID
	Event                 string
	CommentID             *uuid.UUID // nil: a test
	Entry                 *uuid.UUID // in the log; nil: something that has none there
	State                 string
	Attempts              int
	TriedAt               *time.Time
	Code                  *int // that the last try was answered with; nil: it was not answered
	Millis                *int // until that answer
	CreatedAt             time.Time
}

// A webhook that was deleted since it was read is told nothing.
const insertDelivery = `insert into webhook_deliveries (site_id, id, webhook_id, event, comment_id, entry, created_at)
	select w.site_id, @id, w.id, @event, @comment, @entry, @created from webhooks w where w.site_id = @site and w.id = @webhook for key share`

func (d Delivery) args() named {
	return named{"site": d.SiteID, "id": d.ID, "webhook": d.WebhookID, "event": d.Event, "comment": d.CommentID, "entry": d.Entry, "created": d.CreatedAt}
}

// CreateDelivery stores a delivery that waits.
func (t *Tx) CreateDelivery(ctx context.Context, d Delivery) error {
	if _, err := t.pgx.Exec(ctx, insertDelivery, d.args()); err != nil {
		return fmt.Errorf("create a delivery: %w", err)
	}
	return nil
}

// Deliveries lists the newest deliveries of a webhook, newest first.
func (q Queries) Deliveries(ctx context.Context, siteID, webhookID uuid.UUID, limit int) (all []Delivery, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(`select * from webhook_deliveries where site_id = ? and webhook_id = ? order by created_at desc, id desc limit ?`,
			siteID, webhookID, limit).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries of webhook %s: %w", webhookID, err)
	}
	return all, nil
}

// Delivery finds a delivery.
func (q Queries) Delivery(ctx context.Context, siteID, id uuid.UUID) (Delivery, error) {
	return q.delivery(ctx, `select * from webhook_deliveries where site_id = ? and id = ?`, siteID, id)
}

// LockDelivery finds a delivery and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockDelivery(ctx context.Context, siteID, id uuid.UUID) (Delivery, error) {
	return t.delivery(ctx, `select * from webhook_deliveries where site_id = ? and id = ? for no key update`, siteID, id)
}

func (q Queries) delivery(ctx context.Context, query string, siteID, id uuid.UUID) (d Delivery, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error { return first(tx.db.Raw(query, siteID, id).Scan(&d)) })
	if err != nil {
		return Delivery{}, fmt.Errorf("delivery %s: %w", id, err)
	}
	return d, nil
}

// PutDelivery writes what became of a delivery.
func (t *Tx) PutDelivery(ctx context.Context, d Delivery) error {
	return t.ofSite(ctx, d.SiteID, "change a delivery", `update webhook_deliveries set state = @State, attempts = @Attempts, tried_at = @TriedAt,
		code = @Code, millis = @Millis where site_id = @SiteID and id = @ID`, d)
}

// ForgetDeliveries deletes deliveries from before a time.
func (t *Tx) ForgetDeliveries(_ context.Context, siteID uuid.UUID, before time.Time, limit int) (int, error) {
	return t.empty("deliveries", `delete from webhook_deliveries where site_id = ? and id in (
		select id from webhook_deliveries where site_id = ? and created_at < ? order by created_at limit ?)`, siteID, siteID, before, limit)
}
