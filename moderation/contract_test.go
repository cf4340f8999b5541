package moderation_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// life is the contract's life of one comment, told a second time and without a database.
type life struct {
	id      uuid.UUID
	token   string
	article string
	owner   uuid.UUID // the moderator who wrote it; zero: a reader
	parent  *life
	created time.Time
	texts   []string
	state
	version int
	entries []made        // of each version from the second on
	rank    time.Time     // when it is due
	forward time.Duration // by which triage moved it, as the program says
	holder  uuid.UUID
	until   time.Time // of the claim
}

// state is all that an undo brings back.
type state struct {
	status       string
	public, held int       // revision numbers; 0: none
	published    time.Time // first made public
}

// made is a ledger entry: who did what when, about which text, and the state before it.
type made struct {
	action string
	by     uuid.UUID // zero: the author
	at     time.Time
	about  int
	before state
}

func (l *life) judged() int {
	switch {
	case l.held > 0:
		return l.held
	case l.public > 0:
		return l.public
	}
	return len(l.texts)
}

// word is the state as the contract's table has it.
func (l *life) word() string {
	if l.status == models.Approved && l.held > 0 {
		return "held"
	}
	return l.status
}

// move makes the next version. Whoever is decided on or withdrawn is no longer claimed; an edit leaves the claim.
func (l *life) move(s state, m made) {
	if s.public > 0 && s.published.IsZero() {
		s.published = m.at
	}
	m.before, l.state = l.state, s
	l.entries = append(l.entries, m)
	l.version++
	if m.action != "edit" {
		l.holder = uuid.Nil
	}
}

func (l *life) wrote(a moderation.Actor) bool { return l.owner == a.ID }

// involves: own comments, and replies to them, nobody decides or is given.
func (l *life) involves(a moderation.Actor) bool {
	return l.wrote(a) || l.parent != nil && l.parent.wrote(a)
}

func (l *life) heldByOther(a moderation.Actor, now time.Time) bool {
	return l.holder != uuid.Nil && l.holder != a.ID && l.until.After(now)
}

// fits is the contract's table of verbs and states.
var fits = map[string][]string{
	"approve": {"pending", "held"}, "reject": {"pending", "held"}, "spam": {"pending", "approved", "held"}, "remove": {"approved", "held"},
	"keep": {"approved", "held"}, "restore": {"rejected", "spam", "removed"}, "reopen": {"approved", "held", "rejected", "spam", "removed"},
}

var editors = []string{"restore", "reopen"}

// refused reports whether a decision, on the newest version, must be: by the kinds of no that may be said.
func (l *life) refused(action string, a moderation.Actor, rules, inForce []string, now time.Time) (kinds []moderation.Kind) {
	refuse := func(kind moderation.Kind, when bool) {
		if when {
			kinds = append(kinds, kind)
		}
	}
	refuse(moderation.Conflict, l.heldByOther(a, now))
	refuse(moderation.Forbidden, l.involves(a) || slices.Contains(editors, action) && a.Role == moderation.RoleModerator)
	refuse(moderation.Invalid, (action == "reject" || action == "remove") && len(rules) == 0)
	refuse(moderation.Invalid, slices.ContainsFunc(rules, func(code string) bool { return !slices.Contains(inForce, code) }))
	if action != "undo" {
		refuse(moderation.Invalid, !slices.Contains(fits[action], l.word()))
		return kinds
	}
	last := l.last()
	refuse(moderation.Invalid, last.by == uuid.Nil || last.action == "undo" || now.Sub(last.at) > undoDelay)
	refuse(moderation.Forbidden, last.by != a.ID && a.Role == moderation.RoleModerator)
	return kinds
}

func (l *life) last() (m made) {
	if n := len(l.entries); n > 0 {
		m = l.entries[n-1]
	}
	return m
}

// cause is the newest entry that no undo has taken back: by it a comment was refused or taken down.
func (l *life) cause() (m made) {
	var standing []made
	for _, e := range l.entries {
		if e.action == "undo" {
			standing = standing[:len(standing)-1]
		} else {
			standing = append(standing, e)
		}
	}
	if n := len(standing); n > 0 {
		m = standing[n-1]
	}
	return m
}

// next is where a decision that is not refused leads to, and the text it is about.
func (l *life) next(action string) (state, int) {
	cause, about, published := l.cause(), l.judged(), l.published
	switch action {
	case "undo":
		last := l.last()
		return last.before, last.about
	case "approve":
		return state{models.Approved, about, 0, published}, about
	case "reject":
		if l.status == models.Approved {
			return state{models.Approved, l.public, 0, published}, about
		}
		return state{models.Rejected, 0, 0, published}, about
	case "keep":
		return l.state, l.public
	case "spam":
		return state{models.Spam, 0, 0, published}, about
	case "remove":
		return state{models.Removed, 0, 0, published}, about
	case "restore":
		if cause.before.status == models.Approved {
			again := cause.before
			again.published = published // which an undo of the first publication took back
			return again, again.public
		}
		return state{models.Approved, cause.about, 0, published}, cause.about
	}
	if l.status != models.Approved {
		about = cause.about
	}
	return state{models.Pending, 0, about, published}, about
}

// lives are all comments of a site, oldest first.
type lives []*life

// thread is the public thread of an article in reading order: what is approved, and the empty places above it.
func (all lives) thread(article string, newest bool) (shown lives) {
	var roots lives
	for _, l := range all {
		if l.article == article && l.parent == nil {
			roots = append(roots, l)
		}
	}
	if newest {
		slices.Reverse(roots)
	}
	for _, root := range roots {
		shown = append(shown, all.below(root)...)
	}
	return shown
}

// below is a comment with its replies, if anything of it is public.
func (all lives) below(l *life) (shown lives) {
	for _, reply := range all {
		if reply.parent == l {
			shown = append(shown, all.below(reply)...)
		}
	}
	if l.public == 0 && len(shown) == 0 {
		return nil
	}
	return append(lives{l}, shown...)
}

// overview is what is public, newest publication first.
func (all lives) overview() (shown lives) {
	for _, l := range all {
		if l.public > 0 {
			shown = append(shown, l)
		}
	}
	slices.SortStableFunc(shown, func(a, b *life) int {
		return cmp.Or(b.published.Compare(a.published), cmp.Compare(slices.Index(all, b), slices.Index(all, a)))
	})
	return shown
}

// queue is what waits in a lane, most urgent first.
func (all lives) queue(lane string) (waiting lives) {
	for _, l := range all {
		edited := l.status == models.Approved
		if l.held > 0 && (lane == "" || edited == (lane == models.LaneEdited)) {
			waiting = append(waiting, l)
		}
	}
	slices.SortStableFunc(waiting, func(a, b *life) int { return a.rank.Add(-a.forward).Compare(b.rank.Add(-b.forward)) })
	return waiting
}
