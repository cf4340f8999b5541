package ops

import (
	"net/http"

	"plenum/moderation/notify"
)

// What became of a call of a webhook.
const (
	callTaken   = "taken"
	callRefused = "refused"
	callFailed  = "failed"
)

// Webhooks counts the calls that pass through to the caller.
func (m *Metrics) Webhooks(to notify.Caller) notify.Caller { return countedCalls{to, m} }

type countedCalls struct {
	notify.Caller
	metrics *Metrics
}

// Do makes the call, and counts what became of it.
func (c countedCalls) Do(q *http.Request) (*http.Response, error) {
	answer, err := c.Caller.Do(q)
	outcome := callTaken
	switch {
	case err != nil:
		outcome = callFailed
	case answer.StatusCode/100 != 2:
		outcome = callRefused
	}
	c.metrics.webhooks.WithLabelValues(outcome).Inc()
	return answer, err
}
