package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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

	turn    int        // the item's position in the batch
	bulk    bool       // one of several that are asked for at once
	asked   time.Time  // when, if that was earlier; zero: now
	spreeOf *uuid.UUID // an Undo of what this person decided, however long ago
}

// seen is the version since which the moderator has missed something. What was asked for may be no number of the database's.
func (v Verdict) seen(c models.Comment) int { return max(0, min(v.Version, c.Version)) }

// Decide makes one decision: its ledger entry, the comment's new state and the mails that follow, all or nothing. What
// is approved is public at once; mails wait for the site's undo delay. A version that is no longer the newest gives
// StaleVersion, so that of two decisions at once exactly one wins.
func (f *Flow) Decide(ctx context.Context, site models.Site, actor Actor, v Verdict) (Event, error) {
	v.Statement, v.Note, v.Rules = strings.TrimSpace(v.Statement), strings.TrimSpace(v.Note), slices.Clone(v.Rules)
	d := decision{site: site, actor: actor, Verdict: v, entryID: f.NewID(), call: "decisions " + v.CommentID.String()}
	event, err := f.resolve(ctx, d, f.decide)
	if err != nil {
		return Event{}, fmt.Errorf("decide comment %s: %w", v.CommentID, err)
	}
	return event, nil
}

func (f *Flow) decide(ctx context.Context, tx *models.Tx, d decision, m models.Matter) (Event, error) {
	if err := f.allow(ctx, tx, d, m); err != nil {
		return Event{}, err
	}
	if err := takeTurn(ctx, tx, d); err != nil {
		return Event{}, err
	}
	o, err := f.judge(d, m)
	if err != nil {
		return Event{}, err
	}
	return f.enact(ctx, tx, d, o)
}

// allow refuses a decision that is not to be made: now, by this person, or as one more.
func (f *Flow) allow(ctx context.Context, tx *models.Tx, d decision, m models.Matter) error {
	if err := f.current(ctx, tx, d, m.Comment); err != nil {
		return err
	}
	if err := permit(d.actor, m.Written, d.Action); err != nil {
		return err
	}
	return f.paced(ctx, tx, d, m.Comment)
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
	return f.free(ctx, tx, d, c)
}

// free refuses what somebody else has open.
func (f *Flow) free(ctx context.Context, tx *models.Tx, d decision, c models.Comment) error {
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

// takeTurn refuses an item of a batch that was taken back meanwhile, or decided by another worker.
func takeTurn(ctx context.Context, tx *models.Tx, d decision) error {
	if d.BatchID == nil {
		return nil
	}
	mine, err := tx.TakeTurn(ctx, d.site.ID, *d.BatchID, d.turn)
	if err == nil && !mine {
		err = conflict(models.CalledOff)
	}
	return err
}

// judge says what becomes of the comment, and what follows from it for its reports, its appeals and the people who wait
// for it. It reads and writes nothing.
func (f *Flow) judge(d decision, m models.Matter) (outcome, error) {
	if err := grounds(d, m.Codes); err != nil {
		return outcome{}, err
	}
	d.Statement = filled(d, m)
	o := f.begin(d, m)
	o.Handling = settled(m.Comment.Handling)
	if err := f.move(d, m, &o.Change); err != nil {
		return outcome{}, err
	}
	if err := f.answerReports(d, m, &o); err != nil {
		return outcome{}, err
	}
	o.Moots = moots(m, o.Entry)
	f.announce(d.site, m.Comment, &o)
	f.tell(d, m, &o)
	return o, nil
}

// grounds refuses a rule that is not in force, and a rejection or removal without one.
func grounds(d decision, inForce []string) error {
	if (d.Action == Reject || d.Action == Remove) && len(d.Rules) == 0 {
		return invalid("rules", "refusal.rule_required")
	}
	for _, code := range d.Rules {
		if !slices.Contains(inForce, code) {
			return invalid("rules", "refusal.rule_unknown", "code", code)
		}
	}
	return nil
}

// move leads the comment to the state that the action asks for, if it fits.
func (f *Flow) move(d decision, m models.Matter, change *models.Change) error {
	c, e := m.Comment, &change.Entry
	j := trace(c, m.History)
	switch {
	case d.Action == Undo:
		if err := f.undo(d, j, change); err != nil {
			return err
		}
	case !slices.Contains(Fits(c.State), d.Action):
		return invalid("action", "refusal.action_unfit", "action", d.Action, "status", c.Status)
	default:
		e.State, e.Revision = j.next(d.Action)
	}
	if e.PublicRevision == nil {
		change.FeaturedAt = nil
	}
	if d.Action == Reopen { // the site's promise begins anew
		change.Handling = waiting(d.site, f.now(), c.Priority)
	}
	change.Public = number(c.PublicRevision) != number(e.PublicRevision) || (c.FeaturedAt == nil) != (change.FeaturedAt == nil)
	return nil
}

// settled is how a comment is dealt with once somebody decided it: nobody else is asked any more.
func settled(h models.Handling) models.Handling {
	h.SetAsideUntil, h.PassedTo, h.PassedRole = nil, nil, nil
	return h
}

// undo takes back the newest decision on the comment: by whoever made it, or an editor, within the delay.
func (f *Flow) undo(d decision, j judged, change *models.Change) error {
	last, asked := j.newest, d.asked
	if d.spreeOf != nil {
		return undoSpree(d, j, change)
	}
	if asked.IsZero() {
		asked = f.now()
	}
	switch {
	case last.Kind != models.KindDecision || last.Action == Undo:
		return invalid("action", "refusal.undo_nothing")
	case *last.ActorID != d.actor.ID && !d.actor.AtLeast(RoleEditor):
		return forbidden("refusal.undo_other")
	case asked.Sub(last.CreatedAt) > f.undoDelay(d.site):
		return invalid("action", "refusal.undo_late")
	}
	last.takeBack(change)
	return nil
}

// takeBack makes a change lead to what was before an entry.
func (last judgedEntry) takeBack(change *models.Change) {
	change.Entry.State, change.Entry.Revision, change.Entry.Undoes = last.before, last.Revision, &last.ID
	change.Handling, change.FeaturedAt = last.handling, last.featured
	change.Unpublish = last.published
}

// heard says which decisions the author hears of, and as what. spam, keep, reopen and undo send nothing.
var heard = map[string]string{
	Approve: notify.Published, Restore: notify.Published, Reject: notify.Refused, Remove: notify.Refused,
	Uphold: notify.AppealDecided, Overturn: notify.AppealDecided,
}

// tell has the author told, once the decision can't be undone any more.
func (f *Flow) tell(d decision, m models.Matter, o *outcome) {
	c := m.Comment
	about, ok := heard[d.Action]
	if d.Action == Undo && o.Entry.PublicRevision != nil && c.PublicRevision == nil && f.late(d, m, o) { // they have heard the contrary
		about, ok = notify.Published, true
	}
	if ok {
		o.later(notify.Notice{SiteID: c.SiteID, CommentID: c.ID, About: about, EntryID: d.entryID}, f.undone(d.site))
	}
}

// late reports whether the mails of what is undone are out.
func (f *Flow) late(d decision, m models.Matter, o *outcome) bool {
	return slices.ContainsFunc(m.History, func(e models.Entry) bool {
		return e.ID == *o.Entry.Undoes && f.now().Sub(e.CreatedAt) > f.undoDelay(d.site)
	})
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
