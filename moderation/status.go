package moderation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// The actions of decisions.
const (
	Approve = "approve"
	Reject  = "reject"
	Spam    = "spam"
	Remove  = "remove"
	Keep    = "keep"
	Restore = "restore"
	Reopen  = "reopen"
	Undo    = "undo"

	// These change no state, see pass.go and set_aside.go.
	Pass     = "pass"
	SetAside = "set_aside"

	// These change what readers see of a public comment, see feature.go.
	Feature   = "feature"
	Unfeature = "unfeature"

	// The actions of decisions on an appeal.
	Uphold   = "uphold"
	Overturn = "overturn"

	edit     = "edit"
	withdraw = "withdraw"
	erase    = "erase" // of an author too
)

// Actions are all that a ledger entry can be about a comment.
var Actions = []string{Approve, Reject, Spam, Remove, Keep, Restore, Reopen, Undo, Pass, SetAside, Feature, Unfeature, Uphold, Overturn, edit, withdraw, erase}

// judged is a comment at the moment of a decision, with the entry that made its state and the state before that one: not
// one that was taken back, nor the taking back.
type judged struct {
	models.Comment
	last   models.Entry // zero in the first state
	before models.State
	newest judgedEntry

	standing []judgedEntry // all that no undo has taken back, the oldest first
}

// judgedEntry is the newest entry, whether or not it changed the state, and what was before it: what undo takes back.
type judgedEntry struct {
	models.Entry // zero at version 1
	before       models.State
	handling     models.Handling
	featured     *time.Time // before it
	published    bool       // by it the comment came to be public
}

// trace tells how a comment came to its state. An entry that left the state as it was explains nothing of it.
func trace(c models.Comment, history []models.Entry) judged {
	j := judged{Comment: c}
	state, first, picks := start(), uuid.Nil, picked(history) // first: the entry by which it came to be public
	for _, e := range history {
		switch {
		case first == uuid.Nil && e.PublicRevision != nil:
			first = e.ID
		case e.Undoes != nil && *e.Undoes == first:
			first = uuid.Nil
		}
		j.newest = judgedEntry{Entry: e, before: state, featured: picks[e.ID], published: e.ID == first}
		if e.Undoes == nil {
			j.standing = append(j.standing, j.newest)
		} else if n := len(j.standing); n > 0 {
			j.standing = j.standing[:n-1] // an undo takes back what stood last
		}
		state = e.State
	}
	j.newest.handling = handled(history, c.Handling)
	if n := len(j.standing); n > 0 {
		last := &j.standing[n-1]
		last.handling = handled(history[:last.Version-1], c.Handling)
	}
	j.last, j.before = j.cause()
	return j
}

// cause is the newest entry that stands and changed the state, and the state before it.
func (j judged) cause() (models.Entry, models.State) {
	for _, e := range slices.Backward(j.standing) {
		if !e.State.Same(e.before) {
			return e.Entry, e.before
		}
	}
	return models.Entry{}, start()
}

// picked tells for each entry since when the comment was an editor's pick before it; nil: it was none.
func picked(history []models.Entry) map[uuid.UUID]*time.Time {
	before, now := make(map[uuid.UUID]*time.Time, len(history)), (*time.Time)(nil)
	for _, e := range history {
		before[e.ID] = now
		switch {
		case e.Action == Feature:
			now = &e.CreatedAt
		case e.Action == Unfeature || e.PublicRevision == nil:
			now = nil
		case e.Undoes != nil:
			now = before[*e.Undoes]
		}
	}
	return before
}

// start is the state of every new comment.
func start() models.State {
	first := 1
	return models.State{Status: models.Pending, HeldRevision: &first}
}

// Fits lists the actions, undo aside, that fit a comment's state, in the order the desk offers them.
func Fits(s models.State) []string {
	switch {
	case s.Status == models.Pending:
		return []string{Approve, Reject, Spam}
	case s.Status == models.Approved && s.HeldRevision != nil:
		return []string{Approve, Reject, Spam, Remove, Keep, Reopen}
	case s.Status == models.Approved:
		return []string{Keep, Remove, Spam, Reopen}
	case s.Status == models.Withdrawn:
		return nil
	}
	return []string{Restore, Reopen}
}

// next is the state that a fitting action leads to, and the revision it is about.
func (j judged) next(action string) (models.State, int) {
	about := j.Judged()
	switch action {
	case Approve:
		return models.State{Status: models.Approved, PublicRevision: &about}, about
	case Reject:
		if j.Status == models.Approved { // of a held edit: the old text stays up
			return models.State{Status: models.Approved, PublicRevision: j.PublicRevision}, about
		}
		return models.State{Status: models.Rejected}, about
	case Spam:
		return models.State{Status: models.Spam}, about
	case Remove:
		return models.State{Status: models.Removed}, about
	case Keep:
		return j.State, *j.PublicRevision
	case Restore:
		return j.restored()
	}
	return j.reopened()
}

// restored is the public state before a comment was taken down, or the refused text made public.
func (j judged) restored() (models.State, int) {
	if j.before.Status == models.Approved {
		return j.before, *j.before.PublicRevision
	}
	about := j.last.Revision
	return models.State{Status: models.Approved, PublicRevision: &about}, about
}

// reopened holds again what was decided: the text that waited or was public.
func (j judged) reopened() (models.State, int) {
	about := j.Judged()
	if j.Status != models.Approved {
		about = j.last.Revision
	}
	return models.State{Status: models.Pending, HeldRevision: &about}, about
}
