package templates

import (
	"time"

	"github.com/google/uuid"
)

// Privacy is a site's privacy notice, with the form that asks what is kept under an address.
type Privacy struct {
	Site    Site
	Origins []string // of the publisher, who is responsible
	Groups  []KeptData
	Email   string            // as typed so far
	Errors  map[string]string // by field, in the language of the page
	Notice  string
	Sent    bool
}

// KeptData is what is kept for one purpose; its words are privacy.data.NAME and privacy.why.NAME.
type KeptData struct {
	Name, Basis, Law string
	Keep             []KeptFor
}

// KeptFor is for how long; its words are privacy.keep.RULE.
type KeptFor struct {
	Rule        string
	Days, Hours int
}

// Count is the number that the sentence's plural goes by.
func (k KeptFor) Count() int { return k.Days + k.Hours }

// Inquiry is the page that a mailed link opens: everything under an address, to be had or erased.
type Inquiry struct {
	Site     Site
	ID       uuid.UUID
	Token    string
	Until    time.Time
	Exported bool
	Erased   *ErasedCount // set once it is done
}

// ErasedCount says how much was erased.
type ErasedCount struct{ Comments, Reports, Subscriptions int }

// InquiryMail is the mail with that link. It quotes nobody.
type InquiryMail struct {
	Site  Site
	URL   string
	Until time.Time
}

// Case names the mail's words.
func (InquiryMail) Case() string { return "inquiry" }

// About is what its subject names.
func (m InquiryMail) About() string { return m.Site.Name }
