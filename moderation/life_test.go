package moderation_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"plenum/models"
	"plenum/moderation"
)

const (
	undoDelay = 20 * time.Second // moderation.New's
	target    = time.Hour        // of a new site
)

// Random verbs by random actors lead where the contract says (contract_test.go), and nowhere else.
func TestACommentLivesAsTheContractSays(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() == checks.DefValue { // each step of each is a dozen queries
		if err := checks.Value.Set("30"); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		w.site = w.newSite(fmt.Sprintf("site-%d", round))
		p := &play{world: w, T: rt, rules: 1}
		p.write(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"submit": p.write, "edit": p.edit, "withdraw": p.withdraw, "claim": p.claim, "release": p.release, "publish rules": p.publishRules,
			"decide": p.decide, "decide what fits": p.decideFitting, "decide again": p.decideFitting, "undo": p.undo, "": p.compare,
		})
		v, err := w.flow.VerifyLedger(t.Context(), w.site)
		if err != nil || v.Fault != nil || v.Entries != p.entries {
			rt.Fatalf("got %+v, %+v (%v), want %d entries that hold", v, v.Fault, err, p.entries)
		}
	})
}

// play is one run: the comments so far, and how many ledger entries there must be.
type play struct {
	*world
	*rapid.T
	all     lives
	rules   int // the version in force
	entries int64
	done    *life // whom the next entry must be about; nil: there must be none
}

// codes are the rules in force: every other version has other ones.
func (p *play) codes() []string {
	if p.rules%2 == 1 {
		return []string{"topic", "respect", "presence", "substance"}
	}
	return []string{"kindness"}
}

// pass lets time pass, or none: two things may happen in one microsecond.
func (p *play) pass() {
	p.now = p.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, 7 * time.Second, 30 * time.Second, time.Hour}).Draw(p.T, "passes"))
}

// some is one of the comments so far.
func (p *play) some() *life {
	p.pass()
	return p.one("comment")
}

// one is drawn by its number, so that a failure is told shortly.
func (p *play) one(label string) *life {
	return p.all[rapid.IntRange(0, len(p.all)-1).Draw(p.T, label)]
}

// somebody is one of the staff; the first of them writes comments too.
func (p *play) somebody() moderation.Actor {
	return []moderation.Actor{p.moderator, p.other, p.editor}[rapid.IntRange(0, 2).Draw(p.T, "actor")]
}

func (p *play) write(*rapid.T) {
	p.pass()
	s := p.submission()
	l := &life{article: rapid.SampledFrom([]string{"a", "b"}).Draw(p.T, "article"), state: state{status: models.Pending, held: 1}, version: 1,
		created: p.now, rank: p.now.Add(target), texts: []string{s.Body}}
	s.Article.Key = l.article
	if rapid.IntRange(0, 3).Draw(p.T, "by staff") == 0 {
		s.Email, l.owner = strings.ToUpper(p.moderator.Email), p.moderator.ID
	}
	if len(p.all) > 0 && rapid.Bool().Draw(p.T, "reply") {
		l.parent = p.one("parent")
		s.ParentID = &l.parent.id
	}
	if len(p.all) > 0 {
		s.RulesVersion = p.rules - rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(p.T, "old rules")
	}
	r, err := p.flow.Submit(p.Context(), p.site, s)
	var stale *moderation.StaleRules
	switch {
	case s.RulesVersion != p.rules:
		if !errors.As(err, &stale) || stale.Current.Version != p.rules {
			p.Fatalf("a comment under old rules: got %v, want the rules in force", err)
		}
	case l.parent != nil && (l.parent.status != models.Approved || l.parent.article != l.article):
		p.wantRefusal("a reply to what is "+l.parent.status, err, moderation.Invalid)
	case err != nil:
		p.Fatal(err)
	default:
		l.id, l.token = r.ID, r.ManageToken
		l.forward = p.forward(l)
		p.all = append(p.all, l)
	}
}

// forward is what triage made of a text: no rule of the contract, but the order follows from it.
func (p *play) forward(l *life) time.Duration {
	return time.Duration(p.comment(l.id).Priority) * time.Minute
}

func (p *play) edit(*rapid.T) {
	l := p.some()
	token, text := l.token, p.submission().Body
	switch rapid.IntRange(0, 5).Draw(p.T, "how") {
	case 0:
		token = p.one("token of").token
	case 1:
		text = l.texts[l.judged()-1]
	}
	err := p.flow.Edit(p.Context(), p.site, l.id, token, text)
	switch {
	case token != l.token:
		if !errors.Is(err, models.ErrNotFound) {
			p.Fatalf("an edit with another's token: got %v, want not found", err)
		}
	case l.status != models.Pending && l.status != models.Approved:
		p.wantRefusal("an edit of what is "+l.status, err, moderation.Invalid)
	case err != nil:
		p.Fatal(err)
	case text != l.texts[l.judged()-1]:
		if l.held == 0 {
			l.rank = p.now.Add(target)
		}
		l.forward = p.forward(l)
		l.texts = append(l.texts, text)
		p.made(l, state{l.status, l.public, len(l.texts), l.published}, made{action: "edit", about: len(l.texts)})
	}
}

func (p *play) withdraw(*rapid.T) {
	l := p.some()
	if rapid.IntRange(0, 3).Draw(p.T, "really") > 0 { // it is the end of a life
		p.Skip("not now")
	}
	if err := p.flow.Withdraw(p.Context(), p.site, l.id, l.token); err != nil {
		p.Fatal(err)
	}
	if l.status != models.Withdrawn {
		p.made(l, state{models.Withdrawn, 0, 0, l.published}, made{action: "withdraw", about: l.judged()})
	}
}

func (p *play) claim(*rapid.T) {
	p.pass()
	actor, lane := p.somebody(), rapid.SampledFrom([]string{"", models.LanePending, models.LaneEdited}).Draw(p.T, "lane")
	limit := rapid.IntRange(1, 3).Draw(p.T, "limit")
	var want, got []uuid.UUID
	for _, l := range p.all.queue(lane) {
		if len(want) < limit && !l.involves(actor) && (l.holder == uuid.Nil || !l.until.After(p.now)) {
			want, l.holder, l.until = append(want, l.id), actor.ID, p.now.Add(time.Minute)
		}
	}
	items, err := p.flow.Claim(p.Context(), p.site, actor, lane, limit, time.Minute)
	for _, item := range items {
		got = append(got, item.ID)
	}
	if err != nil || !slices.Equal(got, want) {
		p.Fatalf("claim of lane %q: got %v (%v), want %v", lane, got, err, want)
	}
}

func (p *play) release(*rapid.T) {
	l, actor := p.some(), p.somebody()
	if err := p.flow.Release(p.Context(), p.site, actor, l.id); err != nil {
		p.Fatal(err)
	}
	if l.holder == actor.ID {
		l.holder = uuid.Nil
	}
}

func (p *play) publishRules(*rapid.T) {
	p.rules++
	var rules []moderation.RuleText
	for _, code := range p.codes() {
		rules = append(rules, moderation.RuleText{Code: code, Title: code, Text: code})
	}
	got, err := p.flow.PublishRules(p.Context(), p.site, p.editor, moderation.RuleTexts{Locales: map[string]moderation.LocaleRules{"de": {Rules: rules}}})
	if err != nil || got != p.rules {
		p.Fatalf("got version %d of the rules (%v), want %d", got, err, p.rules)
	}
}

var actions = []string{"approve", "reject", "spam", "remove", "keep", "restore", "reopen", "undo"}

// decide asks for anything; decideFitting for what the state allows, undo for that, so that lives become long.
func (p *play) decide(*rapid.T) {
	rules := rapid.SampledFrom([][]string{{"respect"}, {"topic", "substance"}, {"kindness"}, nil, {"nonsense"}}).Draw(p.T, "rules")
	p.judge(p.some(), rapid.SampledFrom(actions).Draw(p.T, "action"), rules)
}

func (p *play) decideFitting(*rapid.T) {
	l := p.some()
	var fitting []string
	for _, action := range actions {
		if slices.Contains(fits[action], l.word()) {
			fitting = append(fitting, action)
		}
	}
	if fitting == nil {
		p.Skip("nothing fits what is withdrawn")
	}
	rules := p.codes()[:rapid.IntRange(0, 1).Draw(p.T, "rules")]
	p.judge(l, rapid.SampledFrom(fitting).Draw(p.T, "action"), rules)
}

func (p *play) undo(*rapid.T) { p.judge(p.some(), "undo", nil) }

func (p *play) judge(l *life, action string, rules []string) {
	actor, version := p.somebody(), l.version+rapid.SampledFrom([]int{0, 0, 0, 0, 0, -1, 1}).Draw(p.T, "version off by")
	event, err := p.flow.Decide(p.Context(), p.site, actor, moderation.Verdict{CommentID: l.id, Version: version, Action: action, Rules: rules})
	var stale *moderation.StaleVersion
	if version != l.version {
		if !errors.As(err, &stale) || stale.Comment.Version != l.version || len(stale.Since) != max(0, l.version-max(version, 1)) {
			p.Fatalf("a decision on version %d of %d: got %+v, want it stale with what happened since", version, l.version, err)
		}
		return
	}
	if kinds := l.refused(action, actor, rules, p.codes(), p.now); len(kinds) > 0 {
		p.wantRefusal(fmt.Sprintf("%s of what is %s by %s", action, l.word(), actor.Role), err, kinds...)
		return
	}
	if err != nil {
		p.Fatalf("%s of what is %s by %s: %v", action, l.word(), actor.Role, err)
	}
	grounds := slices.Sorted(slices.Values(rules))
	if action != "reject" && action != "remove" {
		grounds = nil
	}
	if event.RulesVersion != p.rules || !slices.Equal(event.Rules, grounds) {
		p.Fatalf("got rules %v of version %d in the entry, want %v of %d", event.Rules, event.RulesVersion, grounds, p.rules)
	}
	if action == "reopen" {
		l.rank = p.now.Add(target)
	}
	next, about := l.next(action)
	p.made(l, next, made{action: action, by: actor.ID, about: about})
}

// made notes a change, that compare looks for.
func (p *play) made(l *life, s state, m made) {
	m.at = p.now
	l.move(s, m)
	p.done = l
}

func (p *play) wantRefusal(what string, err error, kinds ...moderation.Kind) {
	var refusal *moderation.Refusal
	if !errors.As(err, &refusal) || !slices.Contains(kinds, refusal.Kind) {
		p.Fatalf("%s: got %v, want a refusal of the kinds %v", what, err, kinds)
	}
}

// Context is the test's: rapid's ends with each run, and the model's with each step.
func (p *play) Context() context.Context { return p.world.Context() }
