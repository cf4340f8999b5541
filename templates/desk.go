package templates

import (
	"net/url"
	"time"

	"github.com/google/uuid"
)

// Lane is one list of the desk. More says that Total is only as far as it was counted.
type Lane struct {
	Key     string
	Total   int
	More    bool
	Current bool
}

// Desk is the one page of the desk: lanes and list on the left, the open comment in the middle, its context on the right.
type Desk struct {
	Look
	Site    Site
	Sites   []Site // where the moderator works; one or more
	All     bool   // the list is of all of these sites
	Me      string
	Role    string
	View    url.Values // the query of the address, with which links and forms come back to the same list
	Lane    string
	Lanes   []Lane
	Search  Search
	Oldest  time.Duration // how long the oldest has waited; zero: nothing waits
	Target  time.Duration // the site's promise
	Items   []QueueItem
	Next    string // cursor of the list's next page
	Rules   []Rule // in force: by which several are rejected or removed at once
	Open    *DeskItem
	Undo    *Undo
	Notice  string      // one sentence: what has just happened, or why it did not
	Alarms  []SpreeItem // that are not over, for editors
	Editor  bool        // may see the log and change rules, articles and word lists
	Taken   bool        // the next was asked for, and none of the items is free for this moderator
	OnlyOne bool        // the site has one moderator, so nobody may hear appeals of their decisions
}

// Search is what narrows the list, as typed. Empty fields narrow nothing.
type Search struct {
	Words, Sort, Article, Section, Rule, Signal, Language, Age string
	Author                                                     string   // an author's id
	Signals                                                    []string // that can be asked for
}

// QueueItem is a line of the list.
type QueueItem struct {
	ID             uuid.UUID
	Version        int
	Site           Site // of the item: the list may be of several
	Status         string
	Name, Excerpt  string
	Article        string
	Waited         time.Duration
	Late           bool      // the site's promise is broken
	At             time.Time // of a decided one: when
	Aside          time.Time // set aside until
	Priority       int       // minutes that signals moved it forward
	Reports        int       // in its open case
	Holder         string    // who else has it open
	Mine           bool      // I hold its claim
	Here           bool      // it is the open one
	Previous, Next bool      // what k and j open
}

// DeskItem is the comment a moderator has open.
type DeskItem struct {
	ID              uuid.UUID
	Version         int
	Status          string
	Article         Article
	Section, Lead   string    // of the article
	Ancestors       []Comment // what it answers, from the root down; the last is the parent
	ParentIsGone    bool      // it answers a comment that is no longer public
	AuthorPage      string    // where the desk shows its author; empty: nowhere
	Name, URL       string
	Staff, Email    bool   // written by the newsroom; the author left an address, and will be told
	HTML            string // with the spans of signals marked
	PublicHTML      string // of a held edit: what is public meanwhile
	Diff            []Piece
	CreatedAt       time.Time
	RulesVersion    int // that the author was shown
	Rules           []Rule
	Signals         []Signal
	Priority        int
	Case            *Case
	Appeals         []AppealItem
	Siblings        []Published
	Record          Record
	History         []HistoryEntry
	Mine            bool
	Holder          string // who else holds the claim
	SetAside        time.Time
	PassedTo        string            // a colleague's name, or "editors"
	Actions         []string          // what fits its state and my role: approve spam remove keep restore reopen reject …
	Drafts          map[string]string // the statement that each rule's template gives
	Replies         int               // below it, public or waiting
	Featured        bool
	Colleagues      []Person
	Statement, Note string // as typed so far
	Answer, Hearing string // as typed so far
	Passage         string // as marked so far, to be quoted in the statement
	Problem         string // why the last try was refused
	ProblemIn       string // which form it is about: decide pass set_aside answer branch appeal
	Meanwhile       []HistoryEntry
}

// Piece is a run of words of a diff. Op is same, added or removed.
type Piece struct{ Op, Text string }

// Signal is one hint of triage. Number marks its spans in the text; zero: it has none.
type Signal struct {
	Number  int
	Name    string
	Reason  string // a sentence, in the language of the page
	Minutes int    // its term of the priority
	Silent  bool   // it could not be had
}

// Case is what readers report of the comment, waiting for an answer.
type Case struct {
	OpenedAt time.Time
	Reports  []ReportItem
}

// ReportItem is one reader's report. Kind is rule or illegal.
type ReportItem struct {
	Number, Kind string
	Rule         *Rule
	Text, Name   string
	At           time.Time
}

// AppealItem is an author's objection to a decision, and what became of it.
type AppealItem struct {
	ID        uuid.UUID
	Text      string
	At        time.Time
	Decider   string // whose decision it is about
	Open      bool
	Mine      bool   // that was me: another person decides
	Outcome   string // upheld, overturned or moot, once closed
	DecidedBy string
	DecidedAt time.Time
	Statement string
}

// Person is a colleague to pass a comment to.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Batch is how far a decision on several comments is.
type Batch struct {
	Look
	Site                 Site
	ID                   uuid.UUID
	Action               string
	Total, Done, Refused int
	CalledOff            int // of what is taken back: what had not had its turn
	Finished             bool
	Left                 time.Duration // for taking it back
	Why                  []RefusedItem
	Back                 string // the list
}

// RefusedItem is a comment of a batch that was not decided.
type RefusedItem struct{ URL, Why string }

// Record is what is known of an author on this site.
type Record struct {
	Since                             time.Time
	Approved, Rejected, Removed, Spam int
	Waiting, Reports, Appeals         int
	ByRule                            []RuleCount
	Notes                             []string
	Sanction                          string // a sentence, where one is in force
	ByAddress                         bool   // known by an address; else this comment only
}

// RuleCount is how often an author broke a rule.
type RuleCount struct {
	Rule  Rule
	Count int
}

// HistoryEntry is one line of a comment's history. Action is a decision's, or edit or withdraw.
type HistoryEntry struct {
	At              time.Time
	Action          string
	Actor           string // empty: the author, or nobody here, see ByAuthor
	To              string // whom it was passed to
	Until           time.Time
	Rules           []Rule
	Statement, Note string
}

// ByAuthor reports whether the author did it: what is erased may have been erased for them, and what was imported was
// decided elsewhere.
func (h HistoryEntry) ByAuthor() bool {
	return h.Actor == "" && h.Action != "erase" && h.Action != "import"
}

// Undo offers to take back my latest decision while its mails wait: of one comment, or of a whole batch.
type Undo struct {
	CommentID uuid.UUID
	BatchID   uuid.UUID // zero: one comment
	Count     int       // of the batch
	Version   int
	Action    string
	Rule      string
	Name      string
	Until     time.Time
	Left      time.Duration
}
