// Package notify tells people what they must be told. A notice is a job, committed with what it is about; the worker
// delivers it at least once, with the same Message-ID each time.
package notify

import (
	"time"

	"github.com/google/uuid"
)

// What a notice is about.
const (
	Received  = "received"
	Published = "published"
	Refused   = "refused"

	AppealReceived = "appeal_received"
	AppealDecided  = "appeal_decided"

	ReportReceived = "report_received"
	ReportDecided  = "report_decided"
)

// Notice is a job: tell the author of a comment what became of it. It holds ids only; everything else is read when it
// runs, and a decision that no longer stands by then is not told.
type Notice struct {
	SiteID    uuid.UUID `json:"site_id"`
	CommentID uuid.UUID `json:"comment_id"`
	About     string    `json:"about"`
	EntryID   uuid.UUID `json:"entry_id"` // the decision; zero for received
}

// Kind names the job in its row.
func (Notice) Kind() string { return "notify_author" }

// ConfirmNotice is a job: mail the link by which the author of a comment confirms the address.
type ConfirmNotice struct {
	SiteID    uuid.UUID `json:"site_id"`
	CommentID uuid.UUID `json:"comment_id"`
}

// Kind names the job in its row.
func (ConfirmNotice) Kind() string { return "notify_confirm" }

// ReporterNotice is a job: tell whoever reported a comment, and left an address, what became of the report.
type ReporterNotice struct {
	SiteID   uuid.UUID `json:"site_id"`
	ReportID uuid.UUID `json:"report_id"`
	About    string    `json:"about"`
	EntryID  uuid.UUID `json:"entry_id"` // the decision; zero for report_received
}

// Kind names the job in its row.
func (ReporterNotice) Kind() string { return "notify_reporter" }

// SanctionNotice is a job: tell an author of a warning, a pause or a ban, or with EntryID that it was lifted.
type SanctionNotice struct {
	SiteID     uuid.UUID `json:"site_id"`
	SanctionID uuid.UUID `json:"sanction_id"`
	EntryID    uuid.UUID `json:"entry_id"` // what lifted it; zero: it was laid
}

// Kind names the job in its row.
func (SanctionNotice) Kind() string { return "notify_sanction" }

// StaffNotice is a job: tell a moderator what they wished to be told of a site. About is models.AlertWaiting or AlertLate.
type StaffNotice struct {
	SiteID      uuid.UUID `json:"site_id"`
	ModeratorID uuid.UUID `json:"moderator_id"`
	About       string    `json:"about"`
	At          time.Time `json:"at"`
}

// Kind names the job in its row.
func (StaffNotice) Kind() string { return "notify_staff" }

// SubscriptionNotice is a job: ask whoever reads mail to an address to confirm a subscription, or tell them that it is
// confirmed already.
type SubscriptionNotice struct {
	SiteID         uuid.UUID `json:"site_id"`
	SubscriptionID uuid.UUID `json:"subscription_id"`
	At             time.Time `json:"at"`
}

// Kind names the job in its row.
func (SubscriptionNotice) Kind() string { return "notify_subscription" }

// FollowUpNotice is a job: tell a follower of a comment that the entry made public. There is one for each follower and
// comment, see models.Tx.NoteFollowUps.
type FollowUpNotice struct {
	SiteID     uuid.UUID `json:"site_id"`
	CommentID  uuid.UUID `json:"comment_id"`
	FollowerID uuid.UUID `json:"follower_id"`
	EntryID    uuid.UUID `json:"entry_id"`
}

// Kind names the job in its row.
func (FollowUpNotice) Kind() string { return "notify_follower" }

// DigestNotice is a job: tell a follower of all that was put together for them at a time.
type DigestNotice struct {
	SiteID     uuid.UUID `json:"site_id"`
	FollowerID uuid.UUID `json:"follower_id"`
	At         time.Time `json:"at"`
}

// Kind names the job in its row.
func (DigestNotice) Kind() string { return "notify_digest" }
