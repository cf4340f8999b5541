package moderation

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// Events are what a webhook can be told of: that a comment was sent, reported or appealed, or that the log has an entry on
// it with this action.
var Events = []string{submit, report, appeal, edit, withdraw, erase, Approve, Reject, Spam, Remove, Keep, Restore, Reopen, Undo, Uphold, Overturn}

// What happens to a comment without an entry in the log.
const (
	submit = "submit"
	report = "report"
	appeal = "appeal"
)

const (
	maxWebhooks    = 10             // of a site
	secretLength   = 32             // bytes; Standard Webhooks asks for 24 to 64
	secretOverlap  = 24 * time.Hour // in which the secret before signs too
	shownDelivered = 50             // deliveries
	maxWebhookURL  = 1000           // characters
)

// WebhookChange is a webhook as an editor sets it.
type WebhookChange struct {
	URL    string
	Events []string
	State  string // models.WebhookOn or WebhookOff
}

// Webhooks lists the site's webhooks. They are for editors.
func (f *Flow) Webhooks(ctx context.Context, site models.Site, actor Actor) ([]models.Webhook, error) {
	if !actor.AtLeast(RoleEditor) {
		return nil, forbidden("refusal.role")
	}
	return f.Store.Webhooks(ctx, site.ID)
}

// Webhook finds one with its newest deliveries.
func (f *Flow) Webhook(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (w models.Webhook, told []models.Delivery, err error) {
	if !actor.AtLeast(RoleEditor) {
		return w, nil, forbidden("refusal.role")
	}
	if w, err = f.Store.Webhook(ctx, site.ID, id); err != nil {
		return w, nil, err
	}
	told, err = f.Store.Deliveries(ctx, site.ID, id, shownDelivered)
	return w, told, err
}

// AddWebhook sets a webhook up and answers its secret: it is shown once.
func (f *Flow) AddWebhook(ctx context.Context, site models.Site, actor Actor, c WebhookChange) (w models.Webhook, secret string, err error) {
	if err := f.checkWebhook(actor, &c); err != nil {
		return w, "", err
	}
	w = models.Webhook{SiteID: site.ID, ID: f.NewID(), URL: c.URL, Events: c.Events, State: c.State, CreatedAt: f.now(), CreatedBy: actor.ID, ByName: actor.Name}
	if w.Sealed, secret, err = f.webhookSecret(w.ID); err != nil {
		return w, "", err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if _, err := tx.LockMembers(ctx, site.ID); err != nil { // one at a time, so that the number holds
			return err
		}
		all, err := tx.Webhooks(ctx, site.ID)
		if err != nil {
			return err
		}
		if len(all) >= maxWebhooks {
			return invalid("", "refusal.webhooks_many", "max", maxWebhooks)
		}
		return tx.CreateWebhook(ctx, w)
	})
	return w, secret, err
}

// SetWebhook changes what a webhook is told and where. One that the program stopped begins anew when it is switched on.
func (f *Flow) SetWebhook(ctx context.Context, site models.Site, actor Actor, id uuid.UUID, c WebhookChange) (models.Webhook, error) {
	if err := f.checkWebhook(actor, &c); err != nil {
		return models.Webhook{}, err
	}
	return f.changeWebhook(ctx, site, id, func(w *models.Webhook) error {
		if w.State != c.State || w.URL != c.URL {
			w.FailingSince = nil
		}
		w.URL, w.Events, w.State = c.URL, c.Events, c.State
		return nil
	})
}

// RotateSecret gives a webhook another secret and answers it: it is shown once. The one before signs too for a day.
func (f *Flow) RotateSecret(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (w models.Webhook, secret string, err error) {
	if err := actor.write(RoleEditor); err != nil {
		return w, "", err
	}
	w, err = f.changeWebhook(ctx, site, id, func(w *models.Webhook) (err error) {
		until := f.now().Add(secretOverlap)
		w.SealedBefore, w.BeforeUntil = w.Sealed, &until
		w.Sealed, secret, err = f.webhookSecret(w.ID)
		return err
	})
	return w, secret, err
}

// RemoveWebhook takes a webhook away. What it was not told yet it is not told any more.
func (f *Flow) RemoveWebhook(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) error {
	if err := actor.write(RoleEditor); err != nil {
		return err
	}
	return f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if _, err := tx.LockWebhook(ctx, site.ID, id); err != nil {
			return err
		}
		return tx.DeleteWebhook(ctx, site.ID, id)
	})
}

// TestWebhook has a webhook told that this is a test, whatever else it is told, and also while it is off.
func (f *Flow) TestWebhook(ctx context.Context, site models.Site, actor Actor, id uuid.UUID) (d models.Delivery, err error) {
	if err := actor.write(RoleEditor); err != nil {
		return d, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if _, err := tx.LockWebhook(ctx, site.ID, id); err != nil {
			return err
		}
		d = models.Delivery{SiteID: site.ID, ID: f.NewID(), WebhookID: id, Event: notify.WebhookTest, State: models.DeliveryWaiting, CreatedAt: f.now()}
		return deliver(ctx, tx, d)
	})
	return d, err
}

// TellAgain has a webhook told once more what it was told, or could not be. It is the same message, under the same id.
func (f *Flow) TellAgain(ctx context.Context, site models.Site, actor Actor, webhookID, id uuid.UUID) (d models.Delivery, err error) {
	if err := actor.write(RoleEditor); err != nil {
		return d, err
	}
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if d, err = tx.LockDelivery(ctx, site.ID, id); err != nil {
			return err
		}
		if d.WebhookID != webhookID {
			return models.ErrNotFound
		}
		if d.State == models.DeliveryWaiting {
			return conflict("refusal.delivery_waits")
		}
		d.State, d.Attempts = models.DeliveryWaiting, 0
		if err := tx.PutDelivery(ctx, d); err != nil {
			return err
		}
		return tx.Enqueue(ctx, notify.WebhookNotice{SiteID: d.SiteID, DeliveryID: d.ID}, time.Time{})
	})
	return d, err
}

// happening is something that webhooks may be told of.
type happening struct {
	siteID, commentID uuid.UUID
	event             string
	entry             *uuid.UUID // in the log; nil: something that has none there
}

// tellWebhooks has the site's webhooks told of something, if and only if the transaction commits.
func (f *Flow) tellWebhooks(ctx context.Context, tx *models.Tx, h happening) error {
	all, err := tx.WebhooksFor(ctx, h.siteID, h.event)
	if err != nil {
		return err
	}
	return f.deliverTo(ctx, tx, all, h)
}

// deliverTo has these webhooks told of something.
func (f *Flow) deliverTo(ctx context.Context, tx *models.Tx, webhooks []uuid.UUID, h happening) error {
	for _, id := range webhooks {
		if err := deliver(ctx, tx, f.delivery(id, h)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Flow) delivery(webhookID uuid.UUID, h happening) models.Delivery {
	return models.Delivery{SiteID: h.siteID, ID: f.NewID(), WebhookID: webhookID, Event: h.event, CommentID: &h.commentID, Entry: h.entry, CreatedAt: f.now()}
}

func deliver(ctx context.Context, tx *models.Tx, d models.Delivery) error {
	if err := tx.CreateDelivery(ctx, d); err != nil {
		return err
	}
	return tx.Enqueue(ctx, notify.WebhookNotice{SiteID: d.SiteID, DeliveryID: d.ID}, time.Time{})
}

// changeWebhook makes one change of a webhook.
func (f *Flow) changeWebhook(ctx context.Context, site models.Site, id uuid.UUID, change func(*models.Webhook) error) (w models.Webhook, err error) {
	err = f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		if w, err = tx.LockWebhook(ctx, site.ID, id); err != nil {
			return err
		}
		if err := change(&w); err != nil {
			return err
		}
		return tx.PutWebhook(ctx, w)
	})
	return w, err
}

// checkWebhook refuses whoever may not set webhooks up, and what no webhook can be.
func (f *Flow) checkWebhook(actor Actor, c *WebhookChange) error {
	if err := actor.write(RoleEditor); err != nil {
		return err
	}
	c.URL = strings.TrimSpace(c.URL)
	switch {
	case c.State != models.WebhookOn && c.State != models.WebhookOff:
		return invalid("state", "invalid.value")
	case len(c.URL) > maxWebhookURL || f.Outgoing.Check(c.URL) != nil:
		return invalid("url", "refusal.webhook_url")
	case len(c.Events) == 0:
		return invalid("events", "refusal.webhook_events")
	}
	for _, e := range c.Events {
		if !slices.Contains(Events, e) {
			return invalid("events", "invalid.value")
		}
	}
	c.Events = slices.DeleteFunc(slices.Clone(Events), func(e string) bool { return !slices.Contains(c.Events, e) })
	return nil
}

// webhookSecret makes a secret: as it is stored, and as it is shown.
func (f *Flow) webhookSecret(id uuid.UUID) (sealed []byte, shown string, err error) {
	secret := make([]byte, secretLength)
	rand.Read(secret) // never fails, see crypto/rand
	sealed, err = f.keys.Seal(notify.SealWebhook, id, secret)
	return sealed, notify.ShownSecret(secret), err
}
