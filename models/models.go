// Package models holds the rows, queries and constraints of Plenum. It knows nothing of HTTP or of words on a page.
//
//	sites ─┬─ articles ── comments ─┬─ revisions ── signals   what was written, each text once; what triage said of it
//	       │      authors ──┘       ├─ report_cases ── reports
//	       │                        ├─ appeals        each of one decision
//	       │                        ├─ agreements ── agreement_marks   how many agree; who, by hashes, for a day
//	       │                        └─ ledger ── statements
//	       │                             │        what a moderator wrote: grounds to the author, notes
//	       │                             ├─ ledger_heads   count, hash and mac of the chain
//	       │                             └─ ledger_days    the same as it stood on a day
//	       ├─ rule_versions ── rule_intros ── rules ── statement_templates
//	       ├─ rule_hints, site_words   what writers and the desk are pointed at
//	       ├─ memberships ── moderators ── sessions, totp_secrets, passkeys, recovery_codes, password_links
//	       │        ├─ api_tokens
//	       │        └─ alerts        that something waits, or is late: what each has been told
//	       ├─ batches ── batch_items   decisions ordered at once
//	       ├─ webhooks ── webhook_deliveries
//	       ├─ sprees                 alarms: somebody decided far more than is usual
//	       ├─ staff_changes          who was given or taken which role, append-only
//	       ├─ setting_changes        what was changed of a site's settings, append-only
//	       ├─ sanctions              of authors: warnings, pauses and bans, each by a ledger entry
//	       ├─ comment_networks       keyed hashes, for a day
//	       ├─ followers ── subscriptions   who is told what by mail, once confirmed
//	       │        └─ follow_ups    each comment to each follower once
//	       ├─ imported               which comment of another system a comment is
//	       ├─ idempotency_keys
//	       ├─ unconfirmed            comments whose author must first confirm the address
//	       ├─ limits                 how often one asker asks, under keyed hashes, for a day at most
//	       ├─ erasures               what was erased, by ids, for a backup that is restored
//	       ├─ agreement_salts        of the day's hashes
//	       ├─ inquiries              mailed links to what is kept under an address
//	       └─ search_words           what a search by words reads, and nobody else does
//
//	passkey_challenges               of a browser at the door, for minutes
//
// Every table of site data has site_id first in its key. Whatever serves a request runs as the role plenum_serve under
// row-level security and sees only the sites its transaction named; [Store.Serve] opens such transactions. The methods
// of [Queries] work the same on a Store, each in a transaction of its own, and on a Tx.
package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"
)

var (
	// ErrNotFound says that no such row is there, or none that this site may see.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody else was faster: the row is no longer in the state that was named.
	ErrConflict = errors.New("conflict")
)

// Queries are the reads and writes of site data. Each takes the site first.
type Queries struct {
	run  func(ctx context.Context, scope Scope, f func(tx *Tx) error) error
	look func(ctx context.Context, siteID uuid.UUID, l look) error
}

// Scope says what a serving transaction may see: the rows of Sites, and the memberships of Moderator.
type Scope struct {
	Sites     []uuid.UUID
	Moderator uuid.UUID
}

// Store is a database. Its methods each run in a serving transaction of their own.
type Store struct {
	Queries
	handle                // of requests
	readers handle        // of what the public may see
	working *pgxpool.Pool // of the job worker
	standby *standby      // nil: none
	jobs    enqueuer
	url     string

	presence *presence
	hearing  sync.RWMutex
	onCommit []func(Hint)
}

// Unavailable reports whether err means that the database can't be reached or is shutting down, so that the same call
// may succeed a little later.
func Unavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// Class 57: operator intervention (shutdown, crash, a statement that took too long); class 08: connection; class 53: no
		// room on the disk, no memory, too many connections; 55P03: somebody else's lock; 25P03, 25P04: a transaction that took
		// too long; class 40: rolled back for the sake of another one.
		return len(pg.Code) == 5 && (slices.Contains([]string{"57", "08", "53", "40"}, pg.Code[:2]) || slices.Contains([]string{"55P03", "25P03", "25P04"}, pg.Code))
	}
	var connect *pgconn.ConnectError
	var network net.Error
	cut := slices.ContainsFunc([]error{io.EOF, io.ErrUnexpectedEOF, driver.ErrBadConn, sql.ErrConnDone},
		func(end error) bool { return errors.Is(err, end) }) // the server was killed under an open connection
	return cut || errors.Is(err, ErrAway) || errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err)
}

// at runs f for one site.
func (q Queries) at(ctx context.Context, siteID uuid.UUID, f func(tx *Tx) error) error {
	return q.run(ctx, Scope{Sites: []uuid.UUID{siteID}}, f)
}

// first scans the one row of a query into dst, or says ErrNotFound.
func first(result *gorm.DB) error {
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return result.Error
}
