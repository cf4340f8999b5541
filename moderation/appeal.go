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
	v.Statement = strings.TrimSpace(v.Statement)
	entryID := f.NewID()
	err := f.Store.Serve(ctx, site.ID, func(tx *models.Tx) error {
		a, err := tx.AppealByID(ctx, site.ID, v.AppealID)
		if err != nil {
			return err
		}
		c, err := tx.LockComment(ctx, site.ID, a.CommentID)
		if err != nil {
			return err
		}
		first := true
		if v.Request.Key != "" && actor.May(v.Action) {
			k := models.Key{Call: "appeal decisions " + a.ID.String(), Caller: actor.ID.String(), Key: v.Request.Key,
				RequestHash: v.Request.Hash, Lifetime: keyLifetime}
			entryID, first, err = takeKey(ctx, tx, site.ID, k, entryID, f.now())
		}
		if err != nil || !first {
			return err
		}
		d := decision{site, actor, Verdict{CommentID: c.ID, Version: c.Version, Action: v.Action, Statement: v.Statement}, entryID}
		return f.decideAppeal(ctx, tx, d, a.ID, c)
	})
	if err != nil {
		return Event{}, fmt.Errorf("decide appeal %s: %w", v.AppealID, err)
	}
	return f.Event(ctx, site.ID, entryID)
}

func (f *Flow) decideAppeal(ctx context.Context, tx *models.Tx, d decision, appealID uuid.UUID, c models.Comment) error {
	a, err := tx.AppealByID(ctx, c.SiteID, appealID) // again, now that nobody else can decide it
	if err != nil {
		return err
	}
	if err := f.permit(ctx, tx, d.actor, c, d.Action); err != nil {
		return err
	}
	if a.DeciderID == d.actor.ID {
		return forbidden("refusal.own_decision")
	}
	history, err := tx.History(ctx, c.SiteID, c.ID, 0)
	if err != nil {
		return err
	}
	if about := appealable(c, history); a.Entry != nil || about == nil || about.ID != a.Appealed {
		return conflict("refusal.appeal_closed")
	}
	change, err := f.appealChange(ctx, tx, d, a, c, history)
	if err != nil {
		return err
	}
	if err := f.record(ctx, tx, change); err != nil {
		return err
	}
	outcome := map[string]string{Uphold: models.AppealUpheld, Overturn: models.AppealOverturned}[d.Action]
	a.Entry, a.DecidedBy, a.Outcome = &d.entryID, &d.actor.ID, &outcome
	if err := tx.DecideAppeal(ctx, a); err != nil {
		return err
	}
	if err := f.announce(ctx, tx, d.site, c, change.Entry); err != nil {
		return err
	}
	return f.tell(ctx, tx, d, c, change.Entry)
}

// appealChange is the entry of a decision on an appeal with what it does to the comment.
func (f *Flow) appealChange(ctx context.Context, tx *models.Tx, d decision, a models.Appeal, c models.Comment, history []models.Entry) (models.Change, error) {
	rules, err := tx.RulesVersion(ctx, c.SiteID)
	if err != nil {
		return models.Change{}, err
	}
	change := models.Change{Handling: settled(c.Handling), FeaturedAt: c.FeaturedAt, Entry: models.Entry{
		SiteID: c.SiteID, ID: d.entryID, Kind: models.KindDecision, Action: d.Action, CommentID: c.ID, Version: c.Version + 1,
		State: c.State, RulesVersion: rules, ActorID: &d.actor.ID, Appealed: &a.Appealed, CreatedAt: f.now(),
	}}
	before := start()
	for _, e := range history {
		if e.ID == a.Appealed {
			change.Entry.Revision = e.Revision
			break
		}
		before = e.State
	}
	if d.Action == Overturn {
		change.Entry.State = overturned(before, c, change.Entry.Revision)
	}
	change.Public = number(c.PublicRevision) != number(change.Entry.PublicRevision)
	write(d, &change)
	return change, nil
}

// overturned is the state that a refused text comes to: what was public before it was taken down, or else the text.
func overturned(before models.State, c models.Comment, revision int) models.State {
	if before.Status == models.Approved && c.Status != models.Approved {
		return before
	}
	return models.State{Status: models.Approved, PublicRevision: &revision}
}

// followAppeals keeps appeals in step with a decision on their comment: one that is undone opens again what it closed,
// and one that moves the comment on leaves nothing to appeal.
func followAppeals(ctx context.Context, tx *models.Tx, c models.Comment, e models.Entry) error {
	if e.Undoes != nil {
		if err := tx.ReopenAppeals(ctx, c.SiteID, c.ID, *e.Undoes); err != nil {
			return err
		}
		history, err := tx.History(ctx, c.SiteID, c.ID, 0)
		if err != nil {
			return err
		}
		all, err := tx.Appeals(ctx, c.SiteID, c.ID)
		about := standingEntry(history)
		if err != nil || about != nil && appealOf(all, about.ID) != nil {
			return err
		}
	} else if e.State.Same(c.State) {
		return nil
	}
	return tx.MootAppeals(ctx, c.SiteID, c.ID, e.ID)
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
