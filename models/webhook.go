package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The states of a webhook.
const (
	WebhookOn      = "on"
	WebhookOff     = "off"     // somebody switched it off
	WebhookStopped = "stopped" // the program did, after it failed for long
)

// Webhook is where a site wants to be told of what happens to comments.
type Webhook struct {
	SiteID, ID           uuid.UUID
	URL                  string
	Events               Strings
	State                string
	Sealed, SealedBefore []byte     // the secret, and the one before
	BeforeUntil          *time.Time // until when the one before signs too; nil: there is none
	FailingSince         *time.Time // nil: the last call was taken
	CreatedAt            time.Time
	CreatedBy            uuid.UUID
	ByName               string
}

const selectWebhooks = `select w.*, m.name as by_name from webhooks w join moderators m on m.id = w.created_by where w.site_id = ?`

// Webhooks lists a site's webhooks, oldest first.
func (q Queries) Webhooks(ctx context.Context, siteID uuid.UUID) (all []Webhook, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return tx.db.Raw(selectWebhooks+` order by w.created_at, w.id`, siteID).Scan(&all).Error
	})
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	return all, nil
}

// Webhook finds a webhook of the site.
func (q Queries) Webhook(ctx context.Context, siteID, id uuid.UUID) (w Webhook, err error) {
	err = q.at(ctx, siteID, func(tx *Tx) error {
		return first(tx.db.Raw(selectWebhooks+` and w.id = ?`, siteID, id).Scan(&w))
	})
	if err != nil {
		return Webhook{}, fmt.Errorf("webhook %s: %w", id, err)
	}
	return w, nil
}

// LockWebhook finds a webhook and keeps everybody else from changing it until the transaction ends.
func (t *Tx) LockWebhook(_ context.Context, siteID, id uuid.UUID) (w Webhook, err error) {
	if err := first(t.db.Raw(selectWebhooks+` and w.id = ? for no key update of w`, siteID, id).Scan(&w)); err != nil {
		return Webhook{}, fmt.Errorf("webhook %s: %w", id, err)
	}
	return w, nil
}

const webhooksFor = `select id from webhooks where site_id = @site and state = 'on' and @event = any (events) order by id`

// queueWebhooksFor adds WebhooksFor to a batch.
func queueWebhooksFor(batch *pgx.Batch, ids *[]uuid.UUID, args named) {
	batch.Queue(webhooksFor, args).Query(func(rows pgx.Rows) (err error) {
		*ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
}

// WebhooksFor lists the webhooks of the site that want to be told of an event.
func (t *Tx) WebhooksFor(_ context.Context, siteID uuid.UUID, event string) (ids []uuid.UUID, err error) {
	err = t.db.Raw(webhooksFor, sql.Named("site", siteID), sql.Named("event", event)).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("webhooks for %s: %w", event, err)
	}
	return ids, nil
}

// CreateWebhook stores a webhook.
func (t *Tx) CreateWebhook(ctx context.Context, w Webhook) error {
	return t.ofSite(ctx, w.SiteID, "create a webhook", `insert into webhooks (site_id, id, url, events, state, sealed, created_at, created_by)
		values (@SiteID, @ID, @URL, @Events, @State, @Sealed, @CreatedAt, @CreatedBy)`, w)
}

// PutWebhook writes everything of a webhook that can change.
func (t *Tx) PutWebhook(ctx context.Context, w Webhook) error {
	return t.ofSite(ctx, w.SiteID, "change a webhook", `update webhooks set url = @URL, events = @Events, state = @State, sealed = @Sealed,
		sealed_before = @SealedBefore, before_until = @BeforeUntil, failing_since = @FailingSince where site_id = @SiteID and id = @ID`, w)
}

// DeleteWebhook takes a webhook away with its deliveries.
func (t *Tx) DeleteWebhook(ctx context.Context, siteID, id uuid.UUID) error {
	return t.ofSite(ctx, siteID, "delete a webhook", `delete from webhooks where site_id = ? and id = ?`, siteID, id)
}
