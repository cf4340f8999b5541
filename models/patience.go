package models

import (
	"context"
	"strconv"
	"time"
)

// How long one waits for connections and locks that others hold. Whoever asked over HTTP is told within two seconds that it
// does not work at the moment: all that a request waits for comes out of one patience, of which the last steps get a rest.
const (
	patience    = 1200 * time.Millisecond
	atLeast     = 400 * time.Millisecond
	acquireIn   = 4 * time.Second // a job or command, for a connection
	lockedFor   = 5 * time.Second // and for each lock
	sqlTimeouts = `set_config('statement_timeout', '15s', true), set_config('idle_in_transaction_session_timeout', '4s', true)`
	// of a serving transaction, so that none holds up the others; one whose program is gone without a word gives its locks up
	// before others tire of waiting for them
)

type askedAt struct{}

// Asked marks all that is done in the context as done for somebody who waits for it since now, or, where that is said
// already, since then. By the machine's own clock: a wait is measured, and nothing is dated by it.
func Asked(ctx context.Context) context.Context {
	if ctx.Value(askedAt{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, askedAt{}, time.Now())
}

// bear is how long to wait now: as long as patient, or what is left to somebody who asked.
func bear(ctx context.Context, patient time.Duration) time.Duration {
	if since, ok := ctx.Value(askedAt{}).(time.Time); ok {
		return max(patience-time.Since(since), atLeast)
	}
	return patient
}

// lockTimeout is how long a transaction that begins now waits for a lock, as PostgreSQL takes it.
func lockTimeout(ctx context.Context) string {
	return strconv.FormatInt(bear(ctx, lockedFor).Milliseconds(), 10)
}
