package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/templates"
)

// StoppedNotice is a job: tell an editor that a webhook of the site was stopped.
type StoppedNotice struct {
	SiteID      uuid.UUID `json:"site_id"`
	WebhookID   uuid.UUID `json:"webhook_id"`
	ModeratorID uuid.UUID `json:"moderator_id"`
	At          time.Time `json:"at"`
}

// Kind names the job in its row.
func (StoppedNotice) Kind() string { return "notify_webhook_stopped" }

// tellEditors has everybody told who may do something about it.
func tellEditors(ctx context.Context, tx *models.Tx, hook models.Webhook, now time.Time) error {
	staff, err := tx.Members(ctx, hook.SiteID)
	if err != nil {
		return err
	}
	for _, m := range staff {
		if m.Role == "moderator" {
			continue
		}
		if err := tx.Enqueue(ctx, StoppedNotice{SiteID: hook.SiteID, WebhookID: hook.ID, ModeratorID: m.ID, At: now}, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// DeliverStopped tells an editor, unless somebody has done something about it, or they no longer serve the site.
func (p *Postman) DeliverStopped(ctx context.Context, n StoppedNotice) error {
	hook, err := p.Store.Webhook(ctx, n.SiteID, n.WebhookID)
	if errors.Is(err, models.ErrNotFound) || err == nil && hook.State != models.WebhookStopped {
		return nil
	}
	var letter Letter
	if err == nil {
		letter, err = p.stoppedLetter(ctx, n, hook)
	}
	if err == nil && letter.To != "" {
		err = p.Sender.Send(ctx, letter)
	}
	if err != nil {
		return fmt.Errorf("tell %s of webhook %s: %w", n.ModeratorID, n.WebhookID, err)
	}
	return nil
}

func (p *Postman) stoppedLetter(ctx context.Context, n StoppedNotice, hook models.Webhook) (l Letter, err error) {
	to, err := p.serving(ctx, n.SiteID, n.ModeratorID)
	if err != nil || to == nil {
		return l, err
	}
	site := to.site
	m := templates.StoppedMail{Site: templates.Site{Slug: site.Slug, Name: site.Name}, Name: to.Name, Host: hostOf(hook.URL),
		URL: p.BaseURL.JoinPath("desk", site.Slug, "webhooks", hook.ID.String()).String()}
	l = Letter{ID: fmt.Sprintf("webhook.%s.%s.%d@%s", hook.ID, to.ID, n.At.Unix(), p.BaseURL.Hostname()), SiteID: site.ID, FromName: site.Name, To: to.Email, Date: p.Now(), Locale: to.Locale}
	l.Subject, l.Text, l.HTML, err = p.Templates.StoppedMail(to.Locale, m)
	return l, err
}

// hostOf is what of an address is written into a mail: the rest may hold a token.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
