package moderation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/notify"
)

// Verdict is a decision as a moderator asks for it, bound to the version of the comment that was shown.
type Verdict struct {
	CommentID uuid.UUID
	Version   int
	Action    string
	Rules     []string // codes of the rules broken: for reject and remove at least one
	Statement string   // of reasons, to the author
	Note      string   // internal
	Request   Request

	FromTemplate bool   // an empty Statement is filled from the first rule's template
	Passage      string // the words of the comment that it is about, for the template
	BatchID      *uuid.UUID

	bulk    bool       // one of several that are asked for at once
	spreeOf *uuid.UUID // an Undo of what this person decided, however long ago
}

// seen is the version since which the moderator has missed something. What was asked for may be no number of the database's.
func (v Verdict) seen(c models.Comment) int { return max(0, min(v.Version, c.Version)) }

// Decide makes one decision: its ledger entry, the comment's new state and the mails that follow, all or nothing. What
// is approved is public at once; mails wait for the site's undo delay. A version that is no longer the newest gives
// StaleVersion, so that of two decisions at once exactly one wins.
func (f *Flow) Decide(ctx context.Context, site models.Site, actor Actor, v Verdict) (Event, error) {
	v.Statement, v.Note, v.Rules = strings.TrimSpace(v.Statement), strings.TrimSpace(v.Note), slices.Clone(v.Rules)
	entryID := f.NewID()
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		c, err := tx.LockComment(ctx, site.ID, v.CommentID)
		if err != nil {
			return err
		}
		first := true
		if v.Request.Key != "" && actor.May(v.Action) { // a key lends nobody a right
			k := models.Key{Call: "decisions " + v.CommentID.String(), Caller: actor.ID.String(), Key: v.Request.Key,
				RequestHash: v.Request.Hash, Lifetime: keyLifetime}
			entryID, first, err = takeKey(ctx, tx, site.ID, k, entryID, f.now())
		}
		if err != nil || !first {
			return err
		}
		return f.decide(ctx, tx, decision{site, actor, v, entryID}, c)
	})
	if err != nil {
		return Event{}, fmt.Errorf("decide comment %s: %w", v.CommentID, err)
	}
	return f.Event(ctx, site.ID, entryID)
}

// decision is one verdict on its way into the ledger.
type decision struct {
	site  models.Site
	actor Actor
	Verdict
	entryID uuid.UUID
}

func (f *Flow) decide(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
	if err := f.allow(ctx, tx, d, c); err != nil {
		return err
	}
	j, err := f.judge(ctx, tx, c)
	if err != nil {
		return err
	}
	version, err := grounds(ctx, tx, d)
	if err != nil {
		return err
	}
	if d.Action != Reject && d.Action != Remove {
		d.Rules = nil // nothing else names a rule, spam least of all
	}
	if d.Statement, err = f.template(ctx, tx, d, c, version); err != nil {
		return err
	}
	slices.Sort(d.Rules)
	change := models.Change{Handling: settled(c.Handling), FeaturedAt: c.FeaturedAt, Entry: models.Entry{
		SiteID: c.SiteID, ID: d.entryID, Kind: models.KindDecision, Action: d.Action, CommentID: c.ID, Version: c.Version + 1,
		RulesVersion: version, Rules: slices.Compact(d.Rules), ActorID: &d.actor.ID, CreatedAt: f.now(), BatchID: d.BatchID,
	}}
	if d.Action == Undo {
		err = f.undo(d, j, &change)
	} else if !slices.Contains(Fits(c.State), d.Action) {
		err = invalid("action", "refusal.action_unfit", "action", d.Action, "status", c.Status)
	} else {
		change.Entry.State, change.Entry.Revision = j.next(d.Action)
	}
	if err != nil {
		return err
	}
	if change.Entry.PublicRevision == nil {
		change.FeaturedAt = nil
	}
	if d.Action == Reopen { // the site's promise begins anew
		change.Handling = waiting(d.site, f.now(), c.Priority)
	}
	change.Public = number(c.PublicRevision) != number(change.Entry.PublicRevision)
	write(d, &change)
	if err := f.record(ctx, tx, change); err != nil {
		return err
	}
	return f.follow(ctx, tx, d, c, change.Entry)
}

// allow refuses a decision that is not to be made: now, by this person, or as one more.
func (f *Flow) allow(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
	if err := f.current(ctx, tx, d, c); err != nil {
		return err
	}
	if err := f.permit(ctx, tx, d.actor, c, d.Action); err != nil {
		return err
	}
	return f.paced(ctx, tx, d, c)
}

// follow does what a decision means for the comment's reports, its appeals and the people who wait for it.
func (f *Flow) follow(ctx context.Context, tx *models.Tx, d decision, c models.Comment, e models.Entry) error {
	if e.Undoes != nil {
		if err := tx.ReopenCase(ctx, c.SiteID, c.ID, *e.Undoes); err != nil {
			return err
		}
	}
	if answers(d.Action, c) {
		if err := f.answerReports(ctx, tx, d, c); err != nil {
			return err
		}
	}
	if err := followAppeals(ctx, tx, c, e); err != nil {
		return err
	}
	if err := f.announce(ctx, tx, d.site, c, e); err != nil {
		return err
	}
	return f.tell(ctx, tx, d, c, e)
}

// settled is how a comment is dealt with once somebody decided it: nobody else is asked any more.
func settled(h models.Handling) models.Handling {
	h.SetAsideUntil, h.PassedTo, h.PassedRole = nil, nil, nil
	return h
}

// current refuses a decision on an older version, before everything else, and on a comment that another has open.
func (f *Flow) current(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
	if c.Version != d.Version {
		since, err := events(ctx, tx.Queries, c, d.seen(c))
		if err != nil {
			return err
		}
		return &StaleVersion{Refusal: *conflict("refusal.stale"), Comment: c, Since: since}
	}
	holder, held := c.HeldBy(d.actor.ID, f.now())
	if !held {
		return nil
	}
	names, err := tx.ModeratorNames(ctx, []uuid.UUID{holder})
	if err != nil {
		return err
	}
	return conflict("refusal.claimed", "holder", names[holder])
}

// judge reads how the comment came to its state. An entry that left the state as it was explains nothing of it.
func (f *Flow) judge(ctx context.Context, tx *models.Tx, c models.Comment) (judged, error) {
	j := judged{Comment: c, before: start()}
	history, err := tx.History(ctx, c.SiteID, c.ID, 0)
	state, first := start(), uuid.Nil // the entry by which it came to be public
	for _, e := range history {
		switch {
		case first == uuid.Nil && e.PublicRevision != nil:
			first = e.ID
		case e.Undoes != nil && *e.Undoes == first:
			first = uuid.Nil
		}
		j.newest = judgedEntry{Entry: e, before: state, published: e.ID == first}
		if e.Undoes == nil {
			j.standing = append(j.standing, j.newest)
		} else if n := len(j.standing); n > 0 {
			j.standing = j.standing[:n-1] // an undo takes back what stood last
		}
		if !e.State.Same(state) {
			j.last, j.before = e, state
		}
		state = e.State
	}
	j.newest.handling = handled(history, c.Handling)
	if n := len(j.standing); n > 0 {
		last := &j.standing[n-1]
		last.handling = handled(history[:last.Version-1], c.Handling)
	}
	return j, err
}

// grounds answers the version of the rules in force, and refuses a rule that it does not have, or a rejection or
// removal without one.
func grounds(ctx context.Context, tx *models.Tx, d decision) (version int, err error) {
	rules, err := tx.Rules(ctx, d.site.ID, 0)
	if err != nil {
		return 0, err
	}
	if (d.Action == Reject || d.Action == Remove) && len(d.Rules) == 0 {
		return 0, invalid("rules", "refusal.rule_required")
	}
	set, _ := rules.In(d.site.Locale, d.site.Locale)
	for _, code := range d.Rules {
		if !slices.ContainsFunc(set.Rules, func(r models.Rule) bool { return r.Code == code }) {
			return 0, invalid("rules", "refusal.rule_unknown", "code", code)
		}
	}
	return rules.Version, nil
}

// undo takes back the newest decision on the comment: by whoever made it, or an editor, within the delay.
func (f *Flow) undo(d decision, j judged, change *models.Change) error {
	last := j.newest
	if d.spreeOf != nil {
		return undoSpree(d, j, change)
	}
	switch {
	case last.Kind != models.KindDecision || last.Action == Undo:
		return invalid("action", "refusal.undo_nothing")
	case *last.ActorID != d.actor.ID && !d.actor.AtLeast(RoleEditor):
		return forbidden("refusal.undo_other")
	case f.now().Sub(last.CreatedAt) > f.undoDelay(d.site):
		return invalid("action", "refusal.undo_late")
	}
	last.takeBack(change)
	return nil
}

// takeBack makes a change lead to what was before an entry.
func (last judgedEntry) takeBack(change *models.Change) {
	change.Entry.State, change.Entry.Revision, change.Entry.Undoes = last.before, last.Revision, &last.ID
	change.Handling = last.handling
	change.Unpublish = last.published
}

// write adds what the moderator wrote.
func write(d decision, change *models.Change) {
	change.Statements = append(change.Statements, writeDown(&change.Entry, d.Statement, d.Note)...)
}

// writeDown puts hashes of what a moderator wrote into an entry, and answers the texts that stand beside it.
func writeDown(e *models.Entry, statement, note string) (texts []models.Statement) {
	add := func(kind, text string) []byte {
		if text == "" {
			return nil
		}
		s := models.Statement{EntryID: e.ID, Kind: kind, Text: text, Salt: []byte(rand.Text())}
		texts = append(texts, s)
		return statementHash(s)
	}
	e.StatementHash, e.NoteHash = add(models.KindStatement, statement), add(models.KindNote, note)
	return texts
}

// told says which decisions the author hears of, and as what. spam, keep, reopen and undo send nothing.
var told = map[string]string{
	Approve: notify.Published, Restore: notify.Published, Reject: notify.Refused, Remove: notify.Refused,
	Uphold: notify.AppealDecided, Overturn: notify.AppealDecided,
}

func (f *Flow) tell(ctx context.Context, tx *models.Tx, d decision, c models.Comment, e models.Entry) error {
	about, ok := told[d.Action]
	if d.spreeOf != nil && e.PublicRevision != nil && c.PublicRevision == nil { // they have heard the contrary
		about, ok = notify.Published, true
	}
	if !ok {
		return nil
	}
	notice := notify.Notice{SiteID: c.SiteID, CommentID: c.ID, About: about, EntryID: d.entryID}
	return tx.Enqueue(ctx, notice, f.now().Add(f.undoDelay(d.site)))
}

// Result is what became of one item of a bulk decision.
type Result struct {
	ID     uuid.UUID
	Status string // decided, or refused
	Err    error  // why it was refused
}

// DecideAll makes the same decision on several comments, each in a transaction of its own with an entry of its own.
// It stops at the first error that is not a refusal.
func (f *Flow) DecideAll(ctx context.Context, site models.Site, actor Actor, verdicts []Verdict) ([]Result, error) {
	if err := actor.write(RoleModerator); err != nil {
		return nil, err
	}
	results := make([]Result, len(verdicts))
	for i, v := range verdicts {
		v.bulk = len(verdicts) > 1
		event, err := f.Decide(ctx, site, actor, v)
		results[i] = Result{ID: v.CommentID, Status: event.Status, Err: err}
		var refusal *Refusal
		if err != nil && !errors.As(err, &refusal) && !errors.Is(err, models.ErrNotFound) {
			return nil, err
		}
	}
	return results, nil
}
