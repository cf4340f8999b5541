package models

import "strings"

// The lanes of the queue. Each is a pure function of rows and the time.
const (
	LanePending  = "pending"
	LaneEdited   = "edited"
	LaneReported = "reported"
	LaneAppealed = "appealed"
	LaneMine     = "mine"      // my claims, what was passed to me, and for editors what was passed to the editors
	LaneSetAside = "set_aside" // until a time that is yet to come
	LaneDecided  = "decided"
	LaneAll      = "all" // whatever a search finds
)

// Lanes are all that a moderator sees, in the order of the desk.
var Lanes = []string{LanePending, LaneEdited, LaneReported, LaneAppealed, LaneMine, LaneSetAside, LaneDecided}

// The orders of a lane. Only what waits for a first look has a priority; elsewhere it is the lane's own order.
const (
	SortUrgent   = "urgent"
	SortOldest   = "oldest"
	SortNewest   = "newest"
	SortPriority = "priority"
)

// Sorts are all of them; the first is the default.
var Sorts = []string{SortUrgent, SortOldest, SortNewest, SortPriority}

// lane is the SQL of a lane: where its items c come from within the site @site, which of them, and its orders.
type lane struct {
	from, when string
	rank, age  string // the columns, timestamptz, of its own order and of the age
	asks       bool   // waits since somebody reported or appealed, which is the age; else since the text came
	id         string // makes an order total
	due        string
	anchor     string // the row a that gives the comment @after its place
	newest     bool   // its own order begins with the newest
	triaged    bool   // has an order by priority
	none       string // of a claim: items that @by may not decide, beside the own ones
}

const (
	// here leaves out what is set aside until later.
	here = ` and (c.set_aside_until is null or c.set_aside_until <= @now)`

	held     = `c.held_revision is not null`
	promised = `c.rank_at + make_interval(mins => c.priority)`
	place    = `from comments a where a.site_id = @site and a.id = @after`
)

// lanes gives each lane its SQL; conditions are word for word those of its partial indexes. "" is whatever waits.
var lanes = map[string]lane{
	"": waiting(held),
	// The first word is that of comments_pending, the second of the indexes by age and priority.
	LanePending: waiting(`c.status = 'pending' and ` + held),
	LaneEdited:  waiting(`c.status = 'approved' and ` + held),
	LaneReported: {
		from: `report_cases k join comments c on c.site_id = k.site_id and c.id = k.comment_id`, when: `k.site_id = @site and k.entry is null` + here,
		rank: `k.rank_at`, age: `k.opened_at`, asks: true, id: `k.id`, due: `p.rank_at_key`,
		anchor: `from report_cases a where a.site_id = @site and a.comment_id = @after order by a.opened_at desc limit 1`,
		none:   ` and not exists (select from reports o where o.site_id = k.site_id and o.case_id = k.id and o.address_hash = @address)`,
	},
	LaneAppealed: {
		from: `appeals k join comments c on c.site_id = k.site_id and c.id = k.comment_id`, when: `k.site_id = @site and k.entry is null` + here,
		rank: `k.rank_at`, age: `k.created_at`, asks: true, id: `k.id`, due: `p.rank_at_key`,
		anchor: `from appeals a where a.site_id = @site and a.comment_id = @after order by a.created_at desc limit 1`,
		none:   ` and k.decider_id <> @by`,
	},
	LaneMine: {
		from: `(select m.id from comments m where m.site_id = @site and m.claimed_by = @me and m.claimed_until > @now
				union select m.id from comments m where m.site_id = @site and m.passed_to = @me
				union select m.id from comments m where m.site_id = @site and m.passed_role = 'editor' and exists (select from memberships e
					where e.site_id = @site and e.moderator_id = @me and e.role in ('editor', 'admin'))
			) mine join comments c on c.site_id = @site and c.id = mine.id`,
		when: `true` + here, rank: `c.rank_at`, age: `c.waiting_since`, id: `c.id`, due: promised, anchor: place, triaged: true,
	},
	LaneSetAside: {
		from: `comments c`, when: `c.site_id = @site and c.set_aside_until > @now`,
		rank: `c.set_aside_until`, age: `c.waiting_since`, id: `c.id`, due: promised, anchor: place,
	},
	LaneDecided: {
		from: `ledger l join comments c on c.site_id = l.site_id and c.id = l.comment_id`,
		// The entry is the comment's newest: in a case, as the planner takes the bare comparison for one that hardly ever
		// holds, and would rather read everything than the index from its end.
		when: `l.site_id = @site and case when c.entry = l.id then true else false end and l.kind = 'decision' and l.comment_id is not null and l.action not in ('pass', 'set_aside')
			and c.held_revision is null`,
		rank: `l.created_at`, age: `l.created_at`, id: `l.id`, due: promised, newest: true,
	},
	LaneAll: {
		from: `comments c`, when: `c.site_id = @site`, rank: `c.created_at`, age: `c.created_at`, id: `c.id`, due: promised, newest: true,
	},
}

// waiting is a lane of texts that wait for a decision.
func waiting(when string) lane {
	return lane{from: `comments c`, when: `c.site_id = @site and ` + when + here, rank: `c.rank_at`, age: `c.waiting_since`, id: `c.id`,
		due: promised, anchor: place, triaged: true}
}

// since is the column of when what waits came.
func (l lane) since() string {
	if l.asks {
		return l.age
	}
	return `c.waiting_since`
}

// sorted is a lane in one of its orders.
type sorted struct {
	lane
	key        string // timestamptz
	byPriority bool
	desc       bool
}

func (l lane) sorted(sort string) sorted {
	switch {
	case sort == SortOldest:
		return sorted{lane: l, key: l.age}
	case sort == SortNewest:
		return sorted{lane: l, key: l.age, desc: true}
	case sort == SortPriority && l.triaged:
		return sorted{lane: l, key: l.rank, byPriority: true}
	}
	return sorted{lane: l, key: l.rank, desc: l.newest}
}

// columns are what the order goes by.
func (s sorted) columns(urgency, key, id string) []string {
	if s.byPriority {
		return []string{urgency, key, id}
	}
	return []string{key, id}
}

// order is the order by the given columns.
func (s sorted) order(urgency, key, id string) string {
	direction := ""
	if s.desc {
		direction = " desc"
	}
	return strings.Join(s.columns(urgency, key, id), direction+", ") + direction
}

// behind is the condition that an item comes after a place in the order, given as values or as a query.
func (s sorted) behind(place string) string {
	than := ` > `
	if s.desc {
		than = ` < `
	}
	return ` and (` + strings.Join(s.columns("c.urgency", s.key, s.id), ", ") + `)` + than + `(` + place + `)`
}

// position is the place that a page names.
func (s sorted) position() string { return strings.Join(s.columns("@urgency", "@at", "@id"), ", ") }

// after is the place of the comment @after.
func (s sorted) after() string {
	columns := strings.Join(s.columns("c.urgency", s.key, s.id), ", ")
	return `select ` + strings.NewReplacer("c.", "a.", "k.", "a.").Replace(columns) + ` ` + s.anchor
}
