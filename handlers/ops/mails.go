package ops

import (
	"context"
	"errors"

	"plenum/moderation/notify"
)

// What became of a try to hand a letter on.
const (
	mailSent    = "sent"
	mailRefused = "refused"
	mailFailed  = "failed"
)

// Mails counts the letters that pass through to the sender.
func (m *Metrics) Mails(to notify.Sender) notify.Sender { return counted{to, m} }

type counted struct {
	notify.Sender
	metrics *Metrics
}

// Send hands the letter on, and counts what became of it.
func (c counted) Send(ctx context.Context, l notify.Letter) error {
	err := c.Sender.Send(ctx, l)
	outcome := mailSent
	switch {
	case errors.Is(err, notify.ErrRefused):
		outcome = mailRefused
	case err != nil:
		outcome = mailFailed
	}
	c.metrics.mails.WithLabelValues(outcome).Inc()
	return err
}
