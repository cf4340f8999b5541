package moderation_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"plenum/moderation"
)

// life is the contract's life of one comment, told a second time and without a database.
type life struct {
	id           uuid.UUID
	token        string
	owner        *moderation.Actor // a moderator who wrote it; nil: a reader
	parent       *life
	texts        []string
	status       string
	public, held int // revision numbers; 0: none
	version      int
	history      []state // before each version from the second on
	decided      []made  // parallel to history
}

type state struct {
	status       string
	public, held int
}

// made is a ledger entry: who decided what, when; by nil the author.
type made struct {
	action string
	by     uuid.UUID
	at     time.Time
	about  int
}

func (l *life) state() state { return state{l.status, l.public, l.held} }

func (l *life) judged() int {
	switch {
	case l.held > 0:
		return l.held
	case l.public > 0:
		return l.public
	}
	return len(l.texts)
}

func (l *life) move(s state, m made) {
	l.history, l.decided = append(l.history, l.state()), append(l.decided, m)
	l.status, l.public, l.held = s.status, s.public, s.held
	l.version++
}

// fits is the contract's table of verbs and states.
var fits = map[string][]string{
	"approve": {"pending", "held"}, "reject": {"pending", "held"}, "spam": {"pending", "approved", "held"}, "remove": {"approved", "held"},
	"keep": {"approved", "held"}, "restore": {"rejected", "spam", "removed"}, "reopen": {"approved", "held", "rejected", "spam", "removed"},
}

// expect is what a decision must lead to; false: it must be refused.
func (l *life) expect(action string, actor moderation.Actor, rules []string, now time.Time) (state, made, bool) {
	word, m := l.status, made{action, actor.ID, now, l.judged()}
	if l.status == "approved" && l.held > 0 {
		word = "held"
	}
	if l.wrote(actor) || l.parent != nil && l.parent.wrote(actor) {
		return state{}, m, false
	}
	if (action == "restore" || action == "reopen") && actor.Role == moderation.RoleModerator {
		return state{}, m, false
	}
	if (action == "reject" || action == "remove") && len(rules) == 0 || slices.Contains(rules, "nonsense") {
		return state{}, m, false
	}
	if action == "undo" {
		return l.expectUndo(actor, m, now)
	}
	if !slices.Contains(fits[action], word) {
		return state{}, m, false
	}
	last := made{}
	before := state{"pending", 0, 1}
	if n := len(l.history); n > 0 {
		last, before = l.decided[n-1], l.history[n-1]
	}
	switch action {
	case "approve":
		return state{"approved", l.judged(), 0}, m, true
	case "reject":
		if word == "held" {
			return state{"approved", l.public, 0}, m, true
		}
		return state{"rejected", 0, 0}, m, true
	case "keep":
		m.about = l.public
		return l.state(), m, true
	case "spam":
		return state{"spam", 0, 0}, m, true
	case "remove":
		return state{"removed", 0, 0}, m, true
	case "restore":
		if before.status == "approved" {
			m.about = before.public
			return before, m, true
		}
		m.about = last.about
		return state{"approved", last.about, 0}, m, true
	}
	if l.status != "approved" {
		m.about = last.about
	}
	return state{"pending", 0, m.about}, m, true
}

func (l *life) expectUndo(actor moderation.Actor, m made, now time.Time) (state, made, bool) {
	n := len(l.history)
	if n == 0 {
		return state{}, m, false
	}
	last := l.decided[n-1]
	if last.by == uuid.Nil || last.action == "undo" || now.Sub(last.at) > 20*time.Second ||
		last.by != actor.ID && actor.Role == moderation.RoleModerator {
		return state{}, m, false
	}
	m.about = last.about
	return l.history[n-1], m, true
}

func (l *life) wrote(a moderation.Actor) bool { return l.owner != nil && l.owner.ID == a.ID }

// Random verbs by random actors lead where the contract says, and nowhere else.
func TestACommentLivesAsTheContractSays(t *testing.T) {
	w := newWorld(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		w.TB, w.n = t, round*1000
		w.site = w.newSite(fmt.Sprintf("site-%d", round))
		p := &play{world: w}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			p.step(rt)
			p.compare(rt)
		}
		v, err := w.flow.VerifyLedger(t.Context(), w.site)
		if err != nil || v.Fault != nil {
			rt.Fatalf("the ledger does not hold: %v %v", v.Fault, err)
		}
	})
}

// play is one run: the comments so far, and how many ledger entries there must be.
type play struct {
	*world
	lives   []*life
	entries int64
}

func (p *play) step(rt *rapid.T) {
	p.now = p.now.Add(rapid.SampledFrom([]time.Duration{time.Second, 7 * time.Second, 30 * time.Second}).Draw(rt, "passes"))
	if len(p.lives) == 0 || rapid.IntRange(0, 3).Draw(rt, "new") == 0 {
		p.write(rt)
		return
	}
	l := rapid.SampledFrom(p.lives).Draw(rt, "comment")
	switch rapid.IntRange(0, 9).Draw(rt, "verb") {
	case 0:
		p.edit(rt, l)
	case 1:
		if rapid.IntRange(0, 3).Draw(rt, "really") == 0 {
			p.withdraw(rt, l)
		}
	default:
		p.judge(rt, l)
	}
}

func (p *play) write(rt *rapid.T) {
	s, l := p.submission(), &life{status: "pending", held: 1, version: 1}
	if rapid.IntRange(0, 3).Draw(rt, "by staff") == 0 {
		s.Email, l.owner = p.moderator.Email, &p.moderator
	}
	if len(p.lives) > 0 && rapid.Bool().Draw(rt, "reply") {
		l.parent = rapid.SampledFrom(p.lives).Draw(rt, "parent")
		s.ParentID = &l.parent.id
	}
	r, err := p.flow.Submit(p.Context(), p.site, s)
	if l.parent != nil && l.parent.status != "approved" {
		if err == nil {
			rt.Fatalf("a reply to a comment that is %s was taken", l.parent.status)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	l.id, l.token, l.texts = r.ID, r.ManageToken, []string{s.Body}
	p.lives = append(p.lives, l)
}

func (p *play) edit(rt *rapid.T, l *life) {
	text := p.submission().Body
	err := p.flow.Edit(p.Context(), p.site, l.id, l.token, text)
	if l.status != "pending" && l.status != "approved" {
		if err == nil {
			rt.Fatalf("an edit of a comment that is %s was taken", l.status)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	l.texts = append(l.texts, text)
	l.move(state{l.status, l.public, len(l.texts)}, made{action: "edit", about: len(l.texts)})
	p.entries++
}

func (p *play) withdraw(rt *rapid.T, l *life) {
	if err := p.flow.Withdraw(p.Context(), p.site, l.id, l.token); err != nil {
		rt.Fatal(err)
	}
	if l.status == "withdrawn" {
		return
	}
	l.move(state{"withdrawn", 0, 0}, made{action: "withdraw", about: l.judged()})
	p.entries++
}

func (p *play) judge(rt *rapid.T, l *life) {
	actor := rapid.SampledFrom([]moderation.Actor{p.moderator, p.other, p.editor}).Draw(rt, "actor")
	action := rapid.SampledFrom([]string{"approve", "approve", "reject", "spam", "remove", "keep", "restore", "reopen", "undo"}).Draw(rt, "action")
	rules := rapid.SampledFrom([][]string{{"respect"}, {"topic", "substance"}, nil, {"nonsense"}}).Draw(rt, "rules")
	version := l.version + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(rt, "version off by")
	_, err := p.flow.Decide(p.Context(), p.site, actor, moderation.Verdict{CommentID: l.id, Version: version, Action: action, Rules: rules})
	var stale *moderation.StaleVersion
	if version != l.version {
		if !errors.As(err, &stale) {
			rt.Fatalf("a decision on version %d of %d: got %v, want it stale", version, l.version, err)
		}
		return
	}
	want, m, ok := l.expect(action, actor, rules, p.now)
	var refusal *moderation.Refusal
	if !ok {
		if !errors.As(err, &refusal) {
			rt.Fatalf("%s of %+v by %s: got %v, want a refusal", action, l.state(), actor.Role, err)
		}
		return
	}
	if err != nil {
		rt.Fatalf("%s of %+v by %s: %v", action, l.state(), actor.Role, err)
	}
	l.move(want, m)
	p.entries++
}

// compare holds the database to the lives: states, what is public, one entry for each change.
func (p *play) compare(rt *rapid.T) {
	shown := p.public()
	for _, l := range p.lives {
		c := p.comment(l.id)
		got := state{c.Status, value(c.PublicRevision), value(c.HeldRevision)}
		if got != l.state() || c.Version != l.version {
			rt.Fatalf("%s is %+v at version %d, want %+v at %d", l.id, got, c.Version, l.state(), l.version)
		}
		html, public := shown[l.id]
		if public != (l.status == "approved") {
			rt.Fatalf("a comment that is %s: public is %v", l.status, public)
		}
		if want := fmt.Sprintf("<p>%s</p>\n", l.texts[max(l.public, 1)-1]); public && html != want {
			rt.Fatalf("got %q in public, want %q", html, want)
		}
	}
	head, err := p.flow.Store.LedgerHead(p.Context(), p.site.ID)
	if err != nil || head.Count != p.entries {
		rt.Fatalf("got %d ledger entries, want %d (%v)", head.Count, p.entries, err)
	}
}

func value(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
