package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"plenum/models"
)

// SealWebhook is the purpose for which the secrets of webhooks are sealed.
const SealWebhook = "webhook"

// ShownSecret is a secret as Standard Webhooks writes it.
func ShownSecret(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }

// WebhookNotice is a job: tell a webhook of what a delivery is about.
type WebhookNotice struct {
	SiteID     uuid.UUID `json:"site_id"`
	DeliveryID uuid.UUID `json:"delivery_id"`
}

// Kind names the job in its row.
func (WebhookNotice) Kind() string { return "notify_webhook" }

// Queue is one of its own: nobody's mail waits for somebody's server.
func (WebhookNotice) Queue() string { return WebhookQueue }

// WebhookQueue is where webhooks are told.
const WebhookQueue = "webhooks"

// pauses are how long to wait between two tries, as Standard Webhooks proposes it: three days and four hours in all.
var pauses = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// PauseAfter is how long to wait after so many tries.
func PauseAfter(tries int) time.Duration { return pauses[min(max(tries, 1), len(pauses))-1] }

// stopAfter is how long a webhook may fail without a break before it is stopped.
const stopAfter = 3 * 24 * time.Hour

// Caller makes calls of addresses that somebody typed: the client of an outgoing.Gate.
type Caller interface {
	Do(q *http.Request) (*http.Response, error)
}

// telling is a delivery on its way.
type telling struct {
	models.Delivery
	hook models.Webhook
	body []byte
}

// DeliverWebhook tells a webhook, and notes what became of it. Told means that the answer was a 2xx. An error asks to be
// tried again. Only a crash between the call and the note has it told twice, under the same id.
func (p *Postman) DeliverWebhook(ctx context.Context, n WebhookNotice) error {
	t, err := p.prepare(ctx, n)
	if errors.Is(err, models.ErrNotFound) || err == nil && t.State != models.DeliveryWaiting {
		return nil // taken away, or told already
	}
	if err != nil {
		return fmt.Errorf("prepare delivery %s: %w", n.DeliveryID, err)
	}
	var failed error
	if t.hook.State == models.WebhookOn || t.Event == WebhookTest {
		failed = p.call(ctx, &t)
	} else {
		t.State = models.DeliveryFailed // switched off meanwhile
	}
	if ctx.Err() != nil { // the program stops: this was no try
		return ctx.Err()
	}
	if err := p.settle(ctx, t); err != nil {
		return fmt.Errorf("settle delivery %s: %w", n.DeliveryID, err)
	}
	if t.State == models.DeliveryWaiting {
		return fmt.Errorf("delivery %s: %w", n.DeliveryID, failed)
	}
	return nil
}

// call makes one try.
func (p *Postman) call(ctx context.Context, t *telling) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, t.hook.URL, bytes.NewReader(t.body))
	if err != nil {
		return errors.New("the address can't be read") // which is not for the log
	}
	start := p.Now()
	if err := p.sign(q, *t, start); err != nil {
		return err
	}
	t.Attempts, t.TriedAt, t.Code, t.Millis = t.Attempts+1, &start, nil, nil
	if t.Attempts > len(pauses) {
		t.State = models.DeliveryFailed // unless this last try is taken
	}
	answer, err := p.Caller.Do(q)
	if err != nil {
		return withoutAddress(err)
	}
	took := int(p.Now().Sub(start).Milliseconds())
	t.Code, t.Millis = &answer.StatusCode, &took
	switch {
	case answer.StatusCode/100 == 2:
		t.State = models.DeliveryTold
	case answer.StatusCode == http.StatusGone:
		t.State = models.DeliveryFailed
	}
	if err := answer.Body.Close(); err != nil {
		return fmt.Errorf("end the answer: %w", err)
	}
	if t.State == models.DeliveryTold {
		return nil
	}
	return fmt.Errorf("the answer was %d", answer.StatusCode)
}

// sign adds the headers of Standard Webhooks: the id is the same at each try, and while the secret before is still good
// there are two signatures.
func (p *Postman) sign(q *http.Request, t telling, at time.Time) error {
	sealed := [][]byte{t.hook.Sealed}
	if until := t.hook.BeforeUntil; until != nil && at.Before(*until) {
		sealed = append(sealed, t.hook.SealedBefore)
	}
	var signatures []string
	for _, s := range sealed {
		secret, err := p.Keys.Unseal(SealWebhook, t.hook.ID, s)
		if err != nil {
			return err
		}
		signer, err := webhooks.NewWebhookRaw(secret)
		if err != nil {
			return fmt.Errorf("sign: %w", err)
		}
		signature, err := signer.Sign(t.ID.String(), at, t.body)
		if err != nil {
			return fmt.Errorf("sign: %w", err)
		}
		signatures = append(signatures, signature)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("User-Agent", "Plenum")
	q.Header.Set(webhooks.HeaderWebhookID, t.ID.String())
	q.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	q.Header.Set(webhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}

// withoutAddress is an error of a call without the address, which may hold a token and is for no log.
func withoutAddress(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// settle notes what became of a try. A webhook that failed for too long, or says that it is gone for good (RFC 9110
// §15.5.11), is stopped, and the site's editors are told.
func (p *Postman) settle(ctx context.Context, t telling) error {
	return p.Store.Serve(ctx, t.SiteID, func(tx *models.Tx) error {
		hook, err := tx.LockWebhook(ctx, t.SiteID, t.WebhookID)
		if err != nil {
			return err
		}
		if err := tx.PutDelivery(ctx, t.Delivery); err != nil || t.Event == WebhookTest || hook.State != models.WebhookOn {
			return err
		}
		now := p.Now()
		gone := t.Code != nil && *t.Code == http.StatusGone
		switch {
		case t.State == models.DeliveryTold:
			hook.FailingSince = nil
		case hook.FailingSince == nil:
			hook.FailingSince = &now
		}
		if gone || hook.FailingSince != nil && now.Sub(*hook.FailingSince) > stopAfter {
			hook.State = models.WebhookStopped
			if err := tellEditors(ctx, tx, hook, now); err != nil {
				return err
			}
		}
		return tx.PutWebhook(ctx, hook)
	})
}
