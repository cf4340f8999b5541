package templates

import (
	"html/template"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// What a page shows follows from its fields; where a template would have to reason about them, it asks here.

// Step is one station on a comment's way. Mark is done, now, open, end (refused) or over (withdrawn).
type Step struct {
	Key, Mark string
	At        time.Time     // zero: not yet, or not known
	Took      time.Duration // of a review; zero: not known
}

// Face names what the author's page says: its words are own.<face>.title and own.<face>.lead. Spam wears the face of a refusal.
func (s Status) Face() string {
	switch {
	case !s.ConfirmUntil.IsZero():
		return "unconfirmed"
	case s.State == "approved" && s.Held:
		return "held"
	case s.State == "approved" && s.EditRefused:
		return "edit_refused"
	case s.Erased:
		return "erased"
	case s.State == "rejected" || s.State == "spam":
		return "refused"
	}
	return s.State
}

// Steps draws the way so far, and what is still to come.
func (s Status) Steps() []Step {
	received := Step{Key: "received", Mark: "done", At: s.CreatedAt}
	switch s.Face() {
	case "unconfirmed":
		return []Step{received, {Key: "confirm", Mark: "now"}, {Key: "review", Mark: "open"}, {Key: "decision", Mark: "open"}}
	case "pending":
		return []Step{received, {Key: "review", Mark: "now"}, {Key: "decision", Mark: "open"}}
	case "held":
		return []Step{received, {Key: "approved", Mark: "done"}, {Key: "edit_review", Mark: "now"}}
	case "edit_refused":
		return s.appealed(received, Step{Key: "approved", Mark: "done"}, Step{Key: "edit_refused", Mark: "end", At: s.DecidedAt})
	case "approved":
		return []Step{received, s.reviewed(), {Key: "approved", Mark: "done", At: s.DecidedAt}}
	case "withdrawn", "erased":
		return []Step{received, {Key: s.Face(), Mark: "over", At: s.DecidedAt}}
	case "removed":
		return s.appealed(received, Step{Key: "approved", Mark: "done"}, Step{Key: "removed", Mark: "end", At: s.DecidedAt})
	}
	return s.appealed(received, s.reviewed(), Step{Key: s.Face(), Mark: "end", At: s.DecidedAt})
}

// reviewed is a person's look at the comment, and how long it waited for that; of an edit's decision that is not known.
func (s Status) reviewed() Step {
	step := Step{Key: "reviewed", Mark: "done"}
	if !s.Edited && !s.DecidedAt.IsZero() {
		step.Took = s.DecidedAt.Sub(s.CreatedAt)
	}
	return step
}

// appealed adds what became of the author's appeal to the way.
func (s Status) appealed(way ...Step) []Step {
	switch {
	case s.Appeal == nil:
		return way
	case s.Appeal.Status == "open":
		return append(way, Step{Key: "appeal", Mark: "now", At: s.Appeal.CreatedAt})
	case s.Appeal.Status == "upheld":
		return append(way, Step{Key: "appeal_upheld", Mark: "end", At: s.Appeal.DecidedAt})
	}
	return way
}

// Waits tells whether somebody is to decide.
func (s Status) Waits() bool { return s.State == "pending" || s.Held }

// Mine tells whether the thread shows the comment to its author alone: what is public stands there for everybody, and
// what was withdrawn for nobody.
func (s Status) Mine() bool {
	return !slices.Contains([]string{"approved", "withdrawn"}, s.State) && !s.Erased
}

// Refused tells whether there is a refusal to explain. Spam is not explained.
func (s Status) Refused() bool {
	return slices.Contains([]string{"refused", "removed", "edit_refused"}, s.Face()) && s.State != "spam"
}

// MayRewrite tells whether writing anew is the way on.
func (s Status) MayRewrite() bool { return !s.MayEdit && s.State != "pending" && s.State != "approved" }

// Sorts are the orders that the thread is offered in.
func (t Thread) Sorts() []string {
	if t.Reaction {
		return []string{"oldest", "newest", "top"}
	}
	return []string{"oldest", "newest"}
}

// Sorted tells whether the page is in this order, all of it.
func (t Thread) Sorted(sort string) bool { return t.Sort == sort && !t.Featured }

// Picks tells whether the page shows an editor's pick, so that it is worth offering them alone.
func (t Thread) Picks() bool { return t.Featured || picked(t.Comments) }

func picked(comments []Comment) bool {
	return slices.ContainsFunc(comments, func(c Comment) bool { return c.Featured || picked(c.Replies) })
}

// First is the field that a person should look at first: of those with an error, the uppermost.
func (f Form) First() string {
	for _, field := range []string{"body", "name", "email"} {
		if f.Errors[field] != "" {
			return field
		}
	}
	return ""
}

// Hidden lists the errors of fields that the form does not show, ordered by field.
func (f Form) Hidden() []string {
	var messages []string
	for _, field := range slices.Sorted(maps.Keys(f.Errors)) {
		if !slices.Contains([]string{"body", "name", "email", "acknowledge"}, field) {
			messages = append(messages, f.Errors[field])
		}
	}
	return messages
}

// Earlier is the version before the one shown, zero for the first.
func (p RulesPage) Earlier() int { return max(p.Rules.Version-1, 0) }

// shownAncestors is how many of the comments above one are shown at once: its parent and what that answers.
const shownAncestors = 2

// Nearest are the comments right above, the last of them the parent.
func (i DeskItem) Nearest() []Comment { return i.Ancestors[max(0, len(i.Ancestors)-shownAncestors):] }

// Further are those above the nearest.
func (i DeskItem) Further() []Comment { return i.Ancestors[:max(0, len(i.Ancestors)-shownAncestors)] }

// Events is where a page of the desk hears of changes.
func (d Desk) Events() string {
	if d.All {
		return "/api/v1/queue/events"
	}
	return "/api/v1/sites/" + d.Site.Slug + "/queue/events"
}

// Renewal is where the claim on the open item is renewed.
func (d Desk) Renewal() string {
	return "/api/v1/sites/" + d.Site.Slug + "/comments/" + d.Open.ID.String() + "/claim"
}

// Here is the address of the page itself, also where it answers a form.
func (d Desk) Here() string {
	if d.Open == nil {
		return d.Home() + "?" + string(d.Query())
	}
	return "/desk/" + d.Site.Slug + "/comments/" + d.Open.ID.String() + "?" + string(d.Query())
}

// May tells whether an action fits the comment's state and the moderator's role.
func (i DeskItem) May(action string) bool { return slices.Contains(i.Actions, action) }

// Typed is what somebody wrote into a field, with the key of the field's label.
type Typed struct{ Label, Text string }

// Stranded is what was typed into forms that are no longer offered: it can be read and copied.
func (i DeskItem) Stranded() (typed []Typed) {
	keep := func(label, text string) {
		if text != "" {
			typed = append(typed, Typed{label, text})
		}
	}
	if len(i.Actions) == 0 || i.Holder != "" {
		keep("field.statement", i.Statement)
		keep("desk.quoted", i.Passage)
		keep("field.note", i.Note)
	}
	if !i.May("answer") || i.Holder != "" {
		keep("answer.text", i.Answer)
	}
	if !i.Hears() || !i.Mine {
		keep("appeals.statement", i.Hearing)
	}
	return typed
}

// Verb is what breaking a rule leads to: a waiting text is rejected, a public one removed.
func (i DeskItem) Verb() string {
	if i.May("reject") {
		return "reject"
	}
	if i.May("remove") {
		return "remove"
	}
	return ""
}

// RemovesToo tells whether rejecting an edit and removing the whole comment are both open.
func (i DeskItem) RemovesToo() bool { return i.May("reject") && i.May("remove") }

// Key is the digit that triggers the rule at the desk; the tenth rule and those after it have none.
func (r Rule) Key() int {
	if r.Number > 9 {
		return 0
	}
	return r.Number
}

// Hears tells whether an appeal waits that this moderator may decide.
func (i DeskItem) Hears() bool {
	return slices.ContainsFunc(i.Appeals, func(a AppealItem) bool { return a.Open && !a.Mine })
}

// AsideChoices are the minutes for which a comment may be set aside at the desk: aside.<minutes> says them.
func (DeskItem) AsideChoices() []int { return []int{60, 240, 1440, 4320, 10080} }

// Query is View as the part of an address behind the question mark; Encode leaves nothing in it to be escaped.
func (d Desk) Query() template.URL { return template.URL(d.View.Encode()) }

// Home is where the desk's lists are.
func (d Desk) Home() string {
	if d.All {
		return "/desk/queue"
	}
	return "/desk/" + d.Site.Slug + "/queue"
}

// Claims is where the next item of the list is asked for.
func (d Desk) Claims() string {
	if d.All {
		return "/desk/claims"
	}
	return "/desk/" + d.Site.Slug + "/claims"
}

// NextLane is the lane that the key l opens: the next one, behind the last the first, in which something waits.
func (d Desk) NextLane() string {
	here := slices.IndexFunc(d.Lanes, func(l Lane) bool { return l.Current })
	for i := range d.Lanes {
		if next := d.Lanes[(here+1+i)%len(d.Lanes)]; next.Total > 0 && !next.Current {
			return next.Key
		}
	}
	return ""
}

// Several tells whether items of the list can be picked and decided together: those whose text waits, of one site.
func (d Desk) Several() bool { return !d.All && (d.Lane == "pending" || d.Lane == "edited") }

// Sorts are the orders that the lane has: sort.<name> says them.
func (d Desk) Sorts() []string {
	if d.Lane == "decided" || d.Lane == "all" {
		return []string{"newest", "oldest"}
	}
	return []string{"urgent", "oldest", "newest", "priority"}
}

// Counted tells whether the lane has a number: what was decided is no work.
func (l Lane) Counted() bool { return l.Key != "decided" }

// Narrows tells whether the list is not the whole lane.
func (s Search) Narrows() bool { return s.Words != "" || s.Filters() }

// Filters tells whether something beside words narrows the list.
func (s Search) Filters() bool {
	return s.Article+s.Section+s.Rule+s.Signal+s.Language+s.Age+s.Author != ""
}

// Ages are the minutes of waiting that can be asked for: search.older_<minutes> says them.
func (Search) Ages() []string { return []string{"15", "60", "240", "1440"} }

// Several tells whether a batch is taken back.
func (u Undo) Several() bool { return u.BatchID != uuid.Nil }

// Decided is how many items had their turn.
func (b Batch) Decided() int { return b.Done + b.Refused }

// Seconds is how long the batch can still be taken back.
func (b Batch) Seconds() int { return max(0, int(b.Left/time.Second)) }

// Late tells whether the oldest has waited longer than the site promises.
func (d Desk) Late() bool { return d.Target > 0 && d.Oldest > d.Target }

// Seconds is how long the decision can still be taken back.
func (u Undo) Seconds() int { return int(u.Left / time.Second) }

// About is what a mail's subject ends with: the article, or the site where it has no title yet.
func (m Mail) About() string {
	if m.Article.Title != "" {
		return m.Article.Title
	}
	return m.Site.Name
}

// Case names the words of the mail: its kind, or that kind about an edit or about what was public.
func (m Mail) Case() string {
	if m.Kind == "appeal_decided" {
		return map[bool]string{true: "appeal_overturned", false: "appeal_upheld"}[m.Overturned]
	}
	if m.Removed && m.Kind == "refused" {
		return "removed"
	}
	if m.Edit && m.Kind != "received" && m.Kind != "appeal_received" {
		return m.Kind + "_edit"
	}
	return m.Kind
}

// Case names the words of a reporter's mail.
func (m ReportMail) Case() string {
	if m.Outcome != "" {
		return "report_" + m.Outcome
	}
	return m.Kind
}

// Case names the words of the mail.
func (ConfirmMail) Case() string { return "confirm" }

// About is what the subject ends with: the site.
func (m ConfirmMail) About() string { return m.Site.Name }

// Case names the words of a mail about a sanction.
func (m SanctionMail) Case() string {
	if m.Kind == "ban" && m.Until.IsZero() {
		return "sanction_ban_for_good"
	}
	return "sanction_" + m.Kind
}

// About is what the subject ends with: the site.
func (m SanctionMail) About() string { return m.Site.Name }

// Ends tells whether the mail has an end to name.
func (m SanctionMail) Ends() bool { return m.Kind != "lift" && !m.Until.IsZero() }

// About is what the subject ends with: the report's number.
func (m ReportMail) About() string { return m.Number }

// Lengths are the days that a pause or a ban may be given at the desk; 0 is for good.
func (AuthorPage) Lengths() []int { return []int{1, 3, 7, 14, 30, 90, 365, 0} }

// Has tells whether a rule was ticked.
func (f SanctionForm) Has(code string) bool { return slices.Contains(f.Codes, code) }

// Case names the words of the mail.
func (m AlertMail) Case() string { return "alert_" + m.Kind }

// About is the site's name, in the subject.
func (m AlertMail) About() string { return m.Site.Name }
