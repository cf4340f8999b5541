package templates

import "time"

// Sprees is the page of alarms, and of taking back what one person decided in a time.
type Sprees struct {
	Look
	Site         Site
	Alarms       []SpreeItem
	People       []Person // who decided something of late
	By, From, To string   // as asked for, times by the minute of UTC
	Problem      string
	Asked        bool         // the numbers below are of what was asked for
	Takes        int          // comments that can be taken back
	Leaves       int          // and those that cannot: somebody else has been at them since
	Open         int          // ordered, and not decided yet
	Taken, Left  []TakingItem // the first of these
}

// SpreeItem is an alarm: Kind is approved or taken_down.
type SpreeItem struct {
	URL          string // of the page that shows what it was
	Name, Kind   string
	Count, Usual int
	Since, Last  time.Time
	Over         bool
}

// TakingItem is a comment that somebody decided.
type TakingItem struct {
	URL, Name, Text string
	Action          string
	Status          string // of now
	Since, SinceBy  string // what was done since, and by whom; empty: by the author
}

// SpreeMail is an alarm, by mail. Kind is approved or taken_down.
type SpreeMail struct {
	Kind         string
	Site         Site
	Name, Who    string // of who is told, and about whom
	Count, Usual int
	Since        time.Time
	URL          string
}

// Case names the words of the mail.
func (m SpreeMail) Case() string { return "spree_" + m.Kind }

// About is whom it is about, in the subject.
func (m SpreeMail) About() string { return m.Who }
