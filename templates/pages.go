package templates

import (
	"time"

	"github.com/google/uuid"
)

// Site names the site a page belongs to. Wish is the language that the reader asked for in the address, which the page's
// links keep; empty: the site's own.
type Site struct {
	Slug, Name, Wish string
}

// Article is the article a thread stands under. Title and URL may be empty: nobody has named them yet.
type Article struct {
	Key, URL, Title string
	Open            bool
	Notice          string // of the editors, above the thread: plain text
	SlowMinutes     int    // one comment per author in so many; 0: as many as they like
}

// Rule is one numbered rule in the language of the page.
type Rule struct {
	Number            int
	Code, Title, Text string
}

// Rules is one published version of a site's rules in one language.
type Rules struct {
	Version     int
	PublishedAt time.Time
	Intro       string
	Rules       []Rule
}

// Comment is a place in a thread. HTML comes from markup.Render and nowhere else.
// A Gap holds the place of a comment that is not public: it has an id and replies, nothing more.
type Comment struct {
	ID          uuid.UUID
	Gap         bool
	Name, URL   string
	Staff       bool
	AlikeStaff  bool // a reader, whose name looks like one of the newsroom
	Featured    bool // chosen by an editor
	Agreed      int  // how many readers agree with it
	HTML        string
	CreatedAt   time.Time
	EditedAt    time.Time // zero: never edited
	PublishedAt time.Time // zero: not told
	Long        bool      // the text is folded until it is asked for
	Rest        int       // of a root: the public comments of its branch that are not shown
	RestFrom    uuid.UUID // the last of the branch that is shown
	Marked      bool      // the page was asked for to show this one
	JustAgreed  bool      // by whoever asks for the page
	AnswersID   uuid.UUID // the parent, where it stands on an earlier page; else nil
	Answers     string    // that parent's name
	Replies     []Comment
	MayReply    bool
	MayReport   bool
	MayAgree    bool
	Linked      bool // its time is a permalink; else an anchor on the page it stands on
	ArticleKey  string
	Wish        string // as the site has it
}

// Form is the comment form as typed so far; Errors maps a field to its message in the language of the page.
type Form struct {
	ArticleKey, ArticleURL, ArticleTitle string
	ArticleLead, Signature               string // the publisher's, of key, address, title and lead
	ParentID                             string
	Name, Email, URL, Body, Subscribe    string
	RulesVersion                         int
	Most                                 int // characters of the body
	Errors                               map[string]string
	Notice                               string // a sentence above the form: the rules have changed, the article was closed
	Sanction                             *FormSanction
	Challenge                            string // a sum as JSON, whose solution lets the comment through; empty: none
	Preview                              string // the body, rendered as the thread would show it; empty: none was asked for
	Hints                                []Hint // rules that the body may go against: it is sent anyway by the button
	Anyway                               bool   // the author has been hinted at, and sends
	TooFast                              bool   // it could be confirmed by mail instead of waiting
	MustConfirm                          bool   // an address is asked for, and must be confirmed
}

// Hint is a rule that a text may go against. Signal names its sentence, hint.<signal>; Passage is what it is about.
type Hint struct {
	Signal, Passage string
	Rule            Rule
}

// FormSanction is what stands against the writer: a warning to acknowledge, or the rules behind a pause or a ban.
type FormSanction struct {
	ID        uuid.UUID
	Warning   bool
	Statement string // of a warning
	Rules     []Rule
}

// Thread is the page of a thread, which is also the frame on the article.
type Thread struct {
	Site     Site
	Article  Article
	Rules    Rules
	Form     Form
	Parent   *Comment // the comment being answered
	Sort     string   // oldest, newest or top
	Total    int
	Version  int64     // of the thread: a greater one is news
	Comments []Comment // the roots of this page, each with its replies
	Next     string    // cursor of the next page, empty at the end
	Featured bool      // only editors' picks are shown
	Branch   string    // the root of the one branch that is shown; empty: the thread
	Reaction bool      // readers may agree with comments
	Missing  bool      // the comment that was asked for is not there
	First    bool      // this is the first page
	Fragment bool      // for inclusion by the publisher's server: no form, no page around it
	BaseURL  string    // of the fragment: before its link, which is read on another origin
	Wait     string    // how long a decision usually takes: hour, hours, day, days or unknown
}

// Overview lists the recently published comments of a site, newest publication first.
type Overview struct {
	Site     Site
	Comments []Published
	Next     string
}

// Published is one approved comment outside its thread.
type Published struct {
	Comment     Comment
	Article     Article
	PublishedAt time.Time
}

// RulesPage shows one version of the rules; Current is the version in force.
type RulesPage struct {
	Site    Site
	Rules   Rules
	Current int
	Locale  string
}

// Status is the author's own page for one comment.
type Status struct {
	Site                             Site
	Article                          Article
	ID                               uuid.UUID
	Token                            string
	State                            string // pending approved rejected spam removed withdrawn
	Held                             bool   // a published comment whose edit waits
	Edited                           bool   // it has more than one text
	EditRefused                      bool   // the newest edit was refused, the older text is public
	Name, HTML, Body                 string // the newest text: rendered, and as typed
	PublicHTML                       string // what is public while an edit is held or was refused
	CreatedAt, DecidedAt             time.Time
	RulesBroken                      []Rule // in the wording that the author was shown
	RulesVersion                     int    // that wording's version
	Statement                        string
	MayEdit, MayWithdraw, JustPosted bool
	MayErase                         bool
	Erased                           bool // its texts and its name are wiped
	Follows                          bool // just posted, with the wish to be told of answers
	Errors                           map[string]string
	Link                             string // of this page, with its token and the whole address
	Wait                             string // how long a decision usually takes: see Thread
	Within                           bool   // a script asks, which puts it into the thread
	ParentID                         string // of the comment that it answers
	Most                             int    // characters of the body
	Preview                          string // of an edit: the text, rendered

	Appeal      *Appeal
	AppealUntil time.Time // an appeal may be made until then; zero: not
	AppealText  string    // as typed so far
	AppealError string

	ConfirmUntil time.Time // the address must be confirmed until then; zero: it need not, or is
}

// Confirm is the page that a mailed link leads to: the comment, and the button that confirms it.
type Confirm struct {
	Site       Site
	ID         uuid.UUID
	Token      string
	Name, HTML string
	Until      time.Time
	StatusURL  string // it is confirmed already: where to go on
}

// Appeal is what an author objected and what became of it. Status is open, upheld, overturned or moot.
type Appeal struct {
	Status, Text, Statement string
	CreatedAt, DecidedAt    time.Time
}

// Report is the page on which a reader reports a public comment, and then the one that gives the number.
type Report struct {
	Site    Site
	Article Article
	Comment Comment
	Rules   Rules
	Form    ReportForm
	Number  string // set once it is taken
}

// ReportForm is the report as typed so far; Errors maps a field to its message in the language of the page.
type ReportForm struct {
	Kind, Rule, Text, Name, Email string
	GoodFaith                     bool
	Errors                        map[string]string
	Notice                        string
}

// Problem is the page for whatever could not be done: one sentence, in the reader's language.
type Problem struct {
	Site          Site // may be empty
	Status        int
	Title, Detail string
	Desk          bool   // the way on leads there; else to the site, where there is one
	SignIn        string // where to sign in first, and come back to where the form was sent from
}

// SignIn is the desk's door.
type SignIn struct {
	Look
	Email, Problem, Next string
	Passkeys             bool // one may come in with a passkey
	SignOn               bool // an identity provider vouches for moderators
}

// Mail is what an author is told about a comment. Kind is received, published or refused.
type Mail struct {
	Kind        string
	Site        Site
	Article     Article
	Name        string
	Text        string // the comment as plain text
	StatusURL   string
	ThreadURL   string // set once it is public
	RulesBroken []Rule
	Statement   string
	Edit        bool // the decision was about an edit of a published comment
	Removed     bool // the comment was public until the decision
	Overturned  bool // the decision on the appeal was for the author
}

// ConfirmMail asks whoever reads an address to confirm that they wrote. It quotes nothing: anybody may have typed it.
type ConfirmMail struct {
	Site  Site
	URL   string
	Until time.Time
}

// ReportMail is what a reporter is told about a report. Kind is report_received or report_decided. It quotes nobody.
type ReportMail struct {
	Kind       string
	Site       Site
	Article    Article // named only while it is public
	Number     string
	CommentURL string // set while the comment is public
	Outcome    string // kept, removed or withdrawn; empty: received
}

// AlertMail is what a moderator wanted to be told. Kind is waiting or late. It quotes nobody.
type AlertMail struct {
	Kind        string
	Site        Site
	Name        string // of the moderator
	Items       []AlertItem
	Lanes       []Lane
	DeskURL     string
	SettingsURL string
}

// AlertItem is a comment that waits.
type AlertItem struct {
	Article, URL string
	Waited       time.Duration
}

// SanctionMail is what an author is told of a sanction. Kind is warn, pause, ban, or lift: of one that has ended early.
type SanctionMail struct {
	Kind        string
	Site        Site
	Name        string
	Until       time.Time // zero: a warning, or for good
	RulesBroken []Rule
	Statement   string
}

// DemoArticle is an invented article of the demo, with the frame in it.
type DemoArticle struct {
	SiteName, Notice               string
	Site                           Site
	BaseURL                        string
	URL, Slug, Title, Lead, Author string
	Section                        string
	Date                           time.Time
	Body                           []string
	Others                         []DemoLink
	Front                          bool // the list of articles instead of one
}

// DemoLink leads to another article of the demo.
type DemoLink struct {
	Slug, Title, Lead string
}
