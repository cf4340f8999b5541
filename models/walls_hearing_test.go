package models_test

import (
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// hearing is of a verdict on a comment that was decided and reported.
func (s side) hearing() models.Hearing {
	return models.Hearing{EntryID: s.fresh, CommentID: s.decided.ID, AddressHash: s.loud.writer.AddressHash, Event: moderation.Approve, Locale: "de", Drafted: "respect", At: later,
		Key: models.Key{Call: "decisions", Caller: "c", Key: "k", RequestHash: hashOf("k"), Lifetime: time.Hour}}
}

// undone takes a decision back and does all else that a change can do.
func (w *twins) undone(site uuid.UUID, s side) models.Change {
	c, upheld := s.answered, models.AppealUpheld
	c.PublicRevision = nil
	return models.Change{Handling: c.Handling, Public: true, Unpublish: true, Answers: &s.caseID, Moots: true, End: models.Head{SiteID: site, Mac: hashOf("mac")},
		Decides:    &models.Appeal{ID: s.appeal, Outcome: &upheld, DecidedBy: &w.judge.ID},
		Deliveries: []models.Delivery{{SiteID: site, ID: s.fresh, WebhookID: s.webhook, Event: "undo", CommentID: &c.ID, Entry: &s.fresh, CreatedAt: later}},
		Statements: []models.Statement{{Kind: models.KindNote, Text: "note", Salt: hashOf("salt")}},
		Entry: models.Entry{SiteID: site, ID: s.fresh, Kind: models.KindDecision, Action: moderation.Undo, CommentID: c.ID, Version: c.Version + 1, Revision: 1,
			State: models.State{Status: models.Removed}, Undoes: c.Entry, RulesVersion: 1, ActorID: &w.judge.ID, CreatedAt: later}}
}
