package templates

import (
	"time"

	"github.com/google/uuid"
)

// Webhooks is the page of a site's webhooks, for its editors.
type Webhooks struct {
	Look
	Site     Site
	Problem  string
	Notice   string // the end of a key of the catalogue
	Webhooks []WebhookItem
	URL      string // of the next, as typed
	Events   []EventChoice
}

// WebhookItem is one webhook. State is on, off or stopped.
type WebhookItem struct {
	ID           uuid.UUID
	URL, State   string
	Events       []string
	By           string
	Since        time.Time
	FailingSince time.Time // zero: the last call was taken
	BeforeUntil  time.Time // the secret before signs too until then; zero: there is none
}

// EventChoice is something that a webhook can be told of.
type EventChoice struct {
	Name   string
	Chosen bool
}

// WebhookPage is one webhook with its last deliveries.
type WebhookPage struct {
	Look
	Site       Site
	Problem    string
	Notice     string
	Webhook    WebhookItem
	Secret     string // shown this once
	URL        string // as it is, or as typed
	On         bool   // the same
	Events     []EventChoice
	Deliveries []DeliveryItem
}

// DeliveryItem is one event and what became of telling it. State is waiting, told or failed.
type DeliveryItem struct {
	ID           uuid.UUID
	Event, State string
	CommentID    string // empty: a test
	At           time.Time
	Attempts     int
	Tried        time.Time // zero: not yet
	Code, Millis int       // of the last answer; 0: there was none
}

// StoppedMail tells an editor that a webhook was stopped.
type StoppedMail struct {
	Site            Site
	Name, Host, URL string
}

// Case names the words of the mail.
func (StoppedMail) Case() string { return "stopped" }

// About is the site's name, in the subject.
func (m StoppedMail) About() string { return m.Site.Name }
