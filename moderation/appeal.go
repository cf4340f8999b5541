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
	"plenum/moderation/markup"
	"plenum/moderation/notify"
)

// Appeal takes an author's objection to the decision that stands: a rejection (of an edit too), a removal or spam. One
// for each decision, within the site's period. The token is the comment's; with another one there is no such comment.
func (f *Flow) Appeal(ctx context.Context, site models.Site, id uuid.UUID, token, text string, again Request) (a models.Appeal, err error) {
	text = markup.Clean(text)
	if markup.IsBlank(text) {
		return a, invalid("text", "invalid.required")
	}
	appealID := f.NewID()
	err = f.own(ctx, site, id, token, func(tx *models.Tx, c models.Comment) error {
		first := true
		if again.Key != "" {
			k := models.Key{Call: "appeals " + id.String(), Key: again.Key, RequestHash: again.Hash, Lifetime: keyLifetime}
			if appealID, first, err = takeKey(ctx, tx, site.ID, k, appealID, f.now()); err != nil {
				return err
			}
		}
		if first {
			if err := f.asked(ctx, tx, attempt{siteID: site.ID, what: "appeals", network: again.Network}); err != nil {
				return err
			}
			if err := f.appeal(ctx, tx, site, c, models.Appeal{SiteID: site.ID, ID: appealID, CommentID: id, Text: text}); err != nil {
				return err
			}
		}
		a, err = tx.AppealByID(ctx, site.ID, appealID)
		return err
	})
	if err != nil {
		return models.Appeal{}, fmt.Errorf("appeal: %w", err)
	}
	return a, nil
}

func (f *Flow) appeal(ctx context.Context, tx *models.Tx, site models.Site, c models.Comment, a models.Appeal) error {
	history, err := tx.History(ctx, c.SiteID, c.ID, 0)
	if err != nil {
		return err
	}
	earlier, err := tx.Appeals(ctx, c.SiteID, c.ID)
	if err != nil {
		return err
	}
	about, now := appealable(c, history), f.now()
	switch {
	case about == nil:
		return invalid("", "refusal.appeal_nothing")
	case appealOf(earlier, about.ID) != nil:
		return invalid("", "refusal.appeal_once")
	case now.After(appealEnd(site, *about)):
		return invalid("", "refusal.appeal_late", "days", site.AppealDays)
	}
	a.Appealed, a.DeciderID, a.CreatedAt, a.RankAt = about.ID, *about.ActorID, now, now.Add(site.AppealTarget())
	if err := tx.Appeal(ctx, a); err != nil {
		return err
	}
	if err := f.tellWebhooks(ctx, tx, happening{siteID: site.ID, commentID: c.ID, event: appeal}); err != nil {
		return err
	}
	return tx.Enqueue(ctx, notify.Notice{SiteID: site.ID, CommentID: c.ID, About: notify.AppealReceived, EntryID: about.ID}, time.Time{})
}

// appealable is the decision that an author may object to now: what took the text down, or refused its newest edit.
func appealable(c models.Comment, history []models.Entry) *models.Entry {
	if c.Status == models.Withdrawn || c.HeldRevision != nil {
		return nil
	}
	e := standingEntry(history)
	if e == nil || !slices.Contains([]string{Reject, Remove, Spam}, e.Action) || e.Status == models.Approved && e.Revision != c.Revision {
		return nil
	}
	return e
}

func appealOf(all []models.Appeal, entryID uuid.UUID) *models.Appeal {
	if i := slices.IndexFunc(all, func(a models.Appeal) bool { return a.Appealed == entryID }); i >= 0 {
		return &all[i]
	}
	return nil
}

// appealEnd is when the period for an appeal of the decision is over.
func appealEnd(site models.Site, e models.Entry) time.Time {
	return e.CreatedAt.AddDate(0, 0, site.AppealDays)
}

// AppealVerdict is a decision on an appeal as a moderator asks for it.
type AppealVerdict struct {
	AppealID  uuid.UUID
	Action    string // Uphold or Overturn
	Statement string // of reasons, to the author
	Request   Request
}

// DecideAppeal upholds the decision appealed, which changes no state, or overturns it: then the text is public, in its
// place. It is for anybody but the one who made that decision, which the database holds too.
func (f *Flow) DecideAppeal(ctx context.Context, site models.Site, actor Actor, v AppealVerdict) (Event, error) {
	d := decision{site: site, actor: actor, entryID: f.NewID(), call: "appeal decisions " + v.AppealID.String(),
		Verdict: Verdict{Action: v.Action, Statement: strings.TrimSpace(v.Statement), Request: v.Request}}
	var event Event
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		a, err := tx.AppealByID(ctx, site.ID, v.AppealID)
		if err != nil {
			return err
		}
		d.CommentID = a.CommentID
		event, err = f.hear(ctx, tx, d, func(ctx context.Context, tx *models.Tx, d decision, m models.Matter) (Event, error) {
			if err := f.free(ctx, tx, d, m.Comment); err != nil {
				return Event{}, err
			}
			o, err := f.judgeAppeal(d, a.ID, m)
			if err != nil {
				return Event{}, err
			}
			return f.enact(ctx, tx, d, o)
		})
		return err
	})
	if err != nil {
		return Event{}, fmt.Errorf("decide appeal %s: %w", v.AppealID, err)
	}
	return event, nil
}

// judgeAppeal says what becomes of an appeal, and of the comment that it is about. It reads and writes nothing.
func (f *Flow) judgeAppeal(d decision, appealID uuid.UUID, m models.Matter) (outcome, error) {
	i := slices.IndexFunc(m.Appeals, func(a models.Appeal) bool { return a.ID == appealID })
	if i < 0 {
		return outcome{}, fmt.Errorf("appeal %s of comment %s: %w", appealID, d.CommentID, models.ErrNotFound)
	}
	a := m.Appeals[i]
	if err := permit(d.actor, m.Written, d.Action); err != nil {
		return outcome{}, err
	}
	if a.DeciderID == d.actor.ID {
		return outcome{}, forbidden("refusal.own_decision")
	}
	if about := appealable(m.Comment, m.History); a.Entry != nil || about == nil || about.ID != a.Appealed {
		return outcome{}, conflict("refusal.appeal_closed")
	}
	o := f.begin(d, m)
	o.Handling, o.Entry.Appealed = settled(m.Comment.Handling), &a.Appealed
	settleAppeal(d, m, a, &o.Change)
	f.announce(d.site, m.Comment, &o)
	f.tell(d, m, &o)
	return o, nil
}

// settleAppeal closes an appeal, and leads its comment to the state that the decision on it asks for.
func settleAppeal(d decision, m models.Matter, a models.Appeal, change *models.Change) {
	before, e := start(), &change.Entry
	for _, h := range m.History {
		if h.ID == a.Appealed {
			e.Revision = h.Revision
			break
		}
		before = h.State
	}
	became := models.AppealUpheld
	if d.Action == Overturn {
		became, e.State = models.AppealOverturned, overturned(before, m.Comment, e.Revision)
	}
	a.DecidedBy, a.Outcome, change.Decides = &d.actor.ID, &became, &a
	change.Public = number(m.Comment.PublicRevision) != number(e.PublicRevision)
}

// overturned is the state that a refused text comes to: what was public before it was taken down, or else the text.
func overturned(before models.State, c models.Comment, revision int) models.State {
	if before.Status == models.Approved && c.Status != models.Approved {
		return before
	}
	return models.State{Status: models.Approved, PublicRevision: &revision}
}

// moots reports whether a decision on a comment leaves nothing to appeal, because it moved the comment on. One that is
// undone opens again what it closed.
func moots(m models.Matter, e models.Entry) bool {
	if e.Undoes == nil {
		return !e.State.Same(m.Comment.State)
	}
	about := standingEntry(append(slices.Clone(m.History), e))
	return about == nil || appealOf(m.Appeals, about.ID) == nil
}

// AppealView is an appeal as the desk shows it, with the names of who decided.
type AppealView struct {
	models.Appeal
	Decider  string // of the decision appealed
	Decision *Event // on the appeal; nil: open, or moot
}

// Status is one word for what became of the appeal: open, or its outcome.
func (a AppealView) Status() string { return AppealStatus(a.Appeal) }

// AppealStatus is one word for what became of an appeal: open, or its outcome.
func AppealStatus(a models.Appeal) string {
	if a.Outcome == nil {
		return "open"
	}
	return *a.Outcome
}

// appealViews shows the comment's appeals beside its history.
func appealViews(ctx context.Context, q models.Queries, c models.Comment, history []Event) (views []AppealView, err error) {
	all, err := q.Appeals(ctx, c.SiteID, c.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		v := AppealView{Appeal: a}
		for i, e := range history {
			if e.ID == a.Appealed {
				v.Decider = e.Actor
			}
			if a.DecidedBy != nil && e.ID == *a.Entry {
				v.Decision = &history[i]
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// openCase is Queries.OpenCase with nil for none.
func openCase(ctx context.Context, q models.Queries, c models.Comment) (*models.Case, error) {
	open, err := q.OpenCase(ctx, c.SiteID, c.ID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return &open, err
}
