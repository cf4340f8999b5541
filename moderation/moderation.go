// Package moderation is what happens to a comment: every verb, every rule, every consequence.
//
//	                submit
//	                  │
//	                  ▼      approve                        remove(rules)
//	           ┌── pending ────────────► approved ─────────────────────► removed
//	 reject(rules) │  ▲ │ spam            │  ▲  │ spam                      │
//	           │   │  │ │        keep ────┘  │  └──────► spam               │
//	           ▼   │  │ └────► spam          │                              │
//	        rejected  │                      │        restore               │
//	           │      │                      └──── rejected, spam, removed ─┘
//	           │      └─ reopen ── approved, rejected, spam, removed
//	           │
//	 author    withdraw, from any state: withdrawn, for good
//	           erase, from any state: the same, and of text and name nothing is left
//
//	An edit of a pending comment replaces what waits. An edit of an approved one is held: the old text stays public
//	until the edit is approved; reject leaves the old text up, remove and spam take both down.
//	undo is a decision of its own: back to the state before, by the same actor, while the mails wait.
//
//	report by a reader, of what is approved: a case, open until keep, remove or spam answers it
//	appeal by the author, of what was refused or taken down: uphold changes nothing, overturn → approved
//	pass, set_aside, feature, unfeature change no state; a batch is several decisions, each with its own entry
//
// Each verb is a method of Flow in a file of its own and one transaction. A state changes only together with exactly
// one ledger entry, and everything that follows from it (mails) is a job committed with it.
package moderation

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
	"plenum/moderation/outgoing"
	"plenum/moderation/signon"
	"plenum/moderation/triage"
)

// Flow is the life of comments on one database. All fields but Party and SignOn are required; it is safe for concurrent use.
type Flow struct {
	Store *models.Store
	Now   func() time.Time
	NewID func() uuid.UUID
	Undo  time.Duration // how long mails of a decision wait, on sites that set nothing else
	Party Party         // whom passkeys are made for

	Outgoing *outgoing.Gate   // which addresses may be called
	SignOn   *signon.Provider // vouches for moderators; nil: none does

	Unlimited bool // nobody is asked to go slower: for tests, benchmarks and whatever writes the past

	keys    keys.Keys
	memory  *triage.Memory
	hashing chan struct{} // a place for each password that may be computed at a time
	lobby   chan struct{} // and for each of those who wait for one
	hashed  *atomic.Int64 // passwords so far
}

// Together they bound the memory that sign-ins take: 19 MiB each.
const (
	maxHashing   = 2
	maxWaiting   = 32 // under two seconds' worth
	collectAfter = 4
	waitForPlace = 5 * time.Second // of whoever is not let in to wait
)

// New makes a Flow. The secret is PLENUM_SECRET: whoever changes it ends every manage link.
func New(store *models.Store, secret []byte) *Flow {
	return &Flow{Store: store, Now: time.Now, NewID: newID, Undo: 20 * time.Second, Outgoing: outgoing.New(),
		keys: keys.New(secret), memory: triage.NewMemory(), hashing: make(chan struct{}, maxHashing), lobby: make(chan struct{}, maxWaiting), hashed: &atomic.Int64{}}
}

// newID makes a UUIDv7, whose order is the order of making within one process.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// now is the time as the database keeps it, so that what is hashed is what is stored.
func (f *Flow) now() time.Time { return f.Now().UTC().Truncate(time.Microsecond) }

// UndoDelay is how long a decision on the site may be undone.
func (f *Flow) UndoDelay(site models.Site) time.Duration { return f.undoDelay(site) }

// undoDelay is how long a decision on the site may be undone and its mails wait.
func (f *Flow) undoDelay(site models.Site) time.Duration { return site.UndoDelay(f.Undo) }

// Kind sorts refusals by what the asker can do about them.
type Kind int

// The kinds of refusals, and the HTTP status that each has.
const (
	Invalid   Kind = iota // 422: well-formed, but not acceptable as it is
	Conflict              // 409: somebody else was faster
	Forbidden             // 403: not yours to do
	TooSoon               // 429: later, after Wait
	Gone                  // 410: it was there, and is deleted
	Unknown               // 401: credentials that do not hold
)

// Refusal is an expected no. Key names the sentence in the catalogue of languages, Args fill it.
type Refusal struct {
	Kind  Kind
	Field string // the input it is about, as the API names it; empty: the request as a whole
	Key   string // refusal.… or invalid.…
	Args  map[string]any
	Wait  time.Duration // of TooSoon: until it may be asked again
}

func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

func invalid(field, key string, args ...any) *Refusal {
	return &Refusal{Kind: Invalid, Field: field, Key: key, Args: named(args)}
}

func conflict(key string, args ...any) *Refusal {
	return &Refusal{Kind: Conflict, Key: key, Args: named(args)}
}

func forbidden(key string) *Refusal { return &Refusal{Kind: Forbidden, Key: key} }

// named reads "name", value pairs.
func named(pairs []any) map[string]any {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return args
}

// StaleRules refuses a comment whose author was shown other rules than those in force. It carries those in force.
type StaleRules struct {
	Refusal
	Current models.RuleVersion
}

// Unwrap lets errors.As find the refusal.
func (s *StaleRules) Unwrap() error { return &s.Refusal }

// StaleVersion refuses a decision on a version that is no longer the newest. It carries what happened meanwhile.
type StaleVersion struct {
	Refusal
	Comment models.Comment
	Since   []Event
}

// Unwrap lets errors.As find the refusal.
func (s *StaleVersion) Unwrap() error { return &s.Refusal }
