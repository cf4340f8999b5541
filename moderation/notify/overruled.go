package notify

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// decided finds a decision in the history, and the later ones by which it no longer stands: it was undone, or they changed
// the state. One that leaves the state as it is, such as keep, takes nothing from the one before; nor does one that was
// undone before anybody heard of it. What is taken back later than that is told by the entry that does so.
func decided(history []models.Entry, id uuid.UUID, undoDelay time.Duration) (decision models.Entry, overruled []models.Entry) {
	i := slices.IndexFunc(history, func(e models.Entry) bool { return e.ID == id })
	if i < 0 {
		return decision, nil
	}
	decision, later := history[i], history[i+1:]
	off := map[uuid.UUID]bool{} // cancel each other out
	for _, undo := range later {
		for _, e := range later {
			if undo.Undoes != nil && *undo.Undoes == e.ID && undo.CreatedAt.Sub(e.CreatedAt) <= undoDelay {
				off[undo.ID], off[e.ID] = true, true
			}
		}
	}
	state := decision.State
	for _, e := range later {
		if e.Kind == models.KindDecision && !off[e.ID] && (!e.State.Same(state) || e.Undoes != nil && *e.Undoes == id) {
			overruled = append(overruled, e)
		}
		state = e.State
	}
	return decision, overruled
}

// NotYet says that what a notice is about does not stand, but may again: it is to be tried once more, After a time.
type NotYet struct{ After time.Duration }

func (n *NotYet) Error() string { return "not to be told for " + n.After.String() }

// perhapsLater is NotYet where only the newest decision stands against a letter, and may be undone.
func (p *Postman) perhapsLater(f facts) error {
	if len(f.overruled) != 1 || f.overruled[0].Version != f.comment.Version || f.overruled[0].Undoes != nil {
		return nil
	}
	after := f.overruled[0].CreatedAt.Add(f.site.UndoDelay(p.Undo)).Sub(p.Now())
	if after <= 0 {
		return nil
	}
	return &NotYet{after}
}
