package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plenum/moderation/markup"
)

// Item is one comment on its way: where it belongs, and what became of it.
type Item struct {
	Row
	Number   int    // from 1, as in the file
	Article  string // key
	Parent   *Item  // nil: a root
	Wave     int    // 0 for roots; a reply comes in the wave after its parent's
	Text     string // what every surface must show of it, normalised
	Postable bool   // whether the contract takes it

	ID      string // once posted
	Settled bool   // once decided as labelled
	Decided Span
}

// Posted reports whether the server took the comment.
func (i *Item) Posted() bool { return i.ID != "" }

// Public reports whether the comment was approved.
func (i *Item) Public() bool { return i.Settled && !i.Refused }

// Rejected reports whether the comment was refused.
func (i *Item) Rejected() bool { return i.Settled && i.Refused }

// Reply reports whether the comment was posted below another.
func (i *Item) Reply() bool { return i.Posted() && i.Parent != nil }

// Unpostable reports whether the contract refuses the comment, and the server did.
func (i *Item) Unpostable() bool { return !i.Postable && !i.Posted() }

// Span is when a decision was made: somewhere between its request and its answer.
type Span struct{ Start, End time.Time }

// Before reports whether one certainly came before the other.
func (s Span) Before(other Span) bool { return s.End.Before(other.Start) }

// Name is the author's, one of his own for every comment.
func (i *Item) Name() string { return fmt.Sprintf("Leser %d", i.Number) }

// Title is the article's.
func (i *Item) Title() string { return "Zu " + i.Article }

func (i *Item) parentID() string {
	if i.Parent == nil {
		return ""
	}
	return i.Parent.ID
}

// postable is the contract's limit of a body: 1 to 10,000 characters after trimming, no control characters.
func postable(body string) bool {
	n := utf8.RuneCountInString(strings.TrimSpace(body))
	return n >= 1 && n <= 10_000 && !strings.ContainsFunc(body, isControl)
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r'
}

// asTyped faults items of plain words whose expected text is not what was typed. All other checks trust markup.Text;
// this one does not.
func asTyped(items []*Item) (faults []Fault) {
	for _, item := range items {
		if isPlain(item.Row.Text) && item.Text != markup.Normalise(item.Row.Text) {
			faults = append(faults, missing("markup.Text changes the plain words of row %s", item.Row.ID))
		}
	}
	return faults
}

// isPlain reports whether nothing in a line of text could be a mark.
func isPlain(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(first) && !strings.ContainsAny(s, "*_[]<>`~#|\\\n\r") && !strings.Contains(s, "://") && !strings.Contains(s, "www.")
}
