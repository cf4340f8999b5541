package models_test

import (
	"testing"

	"github.com/google/uuid"

	"plenum/models"
)

// listen has a program told of what happens on the site, and of something that did.
func (w *twins) listen(s *side) {
	w.Helper()
	s.webhook, s.delivery = uuid.New(), uuid.New()
	w.must(w.flow.Store.Serve(w.Context(), s.site.ID, func(tx *models.Tx) error {
		w.must(tx.CreateWebhook(w.Context(), w.webhook(s.site.ID, s.webhook)))
		return tx.CreateDelivery(w.Context(), models.Delivery{SiteID: s.site.ID, ID: s.delivery, WebhookID: s.webhook, Event: "approve", CommentID: &s.decided.ID, Entry: s.decided.Entry, CreatedAt: earlier})
	}))
}

func (w *twins) webhook(site, id uuid.UUID) models.Webhook {
	return models.Webhook{SiteID: site, ID: id, URL: "https://hooks.example/" + site.String(), Events: models.Strings{"approve"}, State: models.WebhookOn, Sealed: []byte("sealed"), CreatedAt: later, CreatedBy: w.actor.ID}
}

func (w *twins) ofWebhooks(site uuid.UUID, s side) calls {
	return calls{
		"Webhooks":         {site},
		"Webhook":          {site, s.webhook},
		"LockWebhook":      {site, s.webhook},
		"WebhooksFor":      {site, "approve"},
		"CreateWebhook":    {w.webhook(site, s.fresh)},
		"PutWebhook":       {w.webhook(site, s.webhook)},
		"DeleteWebhook":    {site, s.webhook},
		"CreateDelivery":   {models.Delivery{SiteID: site, ID: s.fresh, WebhookID: s.webhook, Event: "test", CreatedAt: later}},
		"Deliveries":       {site, s.webhook, 10},
		"Delivery":         {site, s.delivery},
		"LockDelivery":     {site, s.delivery},
		"PutDelivery":      {models.Delivery{SiteID: site, ID: s.delivery, State: models.DeliveryFailed}},
		"ForgetDeliveries": {site, later, 10},
	}
}

// The schema, and no care, keeps what is sent on its own site and in its order.
func TestWhatIsSentIsHeldByTheSchema(t *testing.T) {
	w := newTwins(t)
	a, b := w.a.site.ID.String(), w.b.site.ID.String()
	insert := `insert into webhook_deliveries (site_id, id, webhook_id, event, comment_id, created_at) values (`
	for what, statement := range map[string]string{
		"to another site's webhook":      insert + `'` + a + `', gen_random_uuid(), '` + w.b.webhook.String() + `', 'approve', null, now())`,
		"about another site's comment":   insert + `'` + a + `', gen_random_uuid(), '` + w.a.webhook.String() + `', 'approve', '` + w.b.decided.ID.String() + `', now())`,
		"told without a try":             `update webhook_deliveries set state = 'told'`,
		"an answer without its time":     `update webhook_deliveries set code = 200`,
		"another state":                  `update webhook_deliveries set state = 'lost'`,
		"a webhook that is told nothing": `update webhooks set events = '{}'`,
		"a secret before without end":    `update webhooks set sealed_before = 'x'`,
		"on another site":                `insert into webhooks (site_id, id, url, events, sealed, created_at, created_by) select '` + b + `', gen_random_uuid(), url, events, sealed, now(), created_by from webhooks`,
	} {
		if err := w.exec(true, w.a.site, statement); !refused(err) {
			t.Errorf("%s: got %v, want it refused", what, err)
		}
	}
}
