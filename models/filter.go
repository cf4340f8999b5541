package models

import (
	"database/sql"
	"time"

	"github.com/google/uuid"
)

// Filter narrows a lane. Zero fields do not.
type Filter struct {
	Article  string // key
	Section  string
	Author   uuid.NullUUID
	Rule     string    // a code that the newest entry names
	Signal   string    // a name that moves what waits forward
	Before   time.Time // not younger: waiting, reported, appealed or decided before it
	Since    time.Time // not older
	Language string
	Found    *[]uuid.UUID // only these, as a search found them; nil: no search
}

// narrow is the filter's condition on the items c of a lane, and its arguments.
func (f Filter) narrow(l lane) (where string, args []any) {
	add := func(set bool, condition, name string, value any) {
		if set {
			where += ` and ` + condition
			args = append(args, sql.Named(name, value))
		}
	}
	add(f.Article != "", `c.article_id = (select a.id from articles a where a.site_id = @site and a.key = @article)`, "article", f.Article)
	add(f.Section != "", `exists (select from articles a where a.site_id = c.site_id and a.id = c.article_id and a.section = @section)`, "section", f.Section)
	add(f.Author.Valid, `c.author_id = @author`, "author", f.Author.UUID)
	add(f.Rule != "", `exists (select from ledger e where e.site_id = c.site_id and e.id = c.entry and @rule = any (e.rules))`, "rule", f.Rule)
	add(f.Signal != "", `exists (select from signals s where s.site_id = c.site_id and s.comment_id = c.id and s.revision = c.held_revision
		and s.name = @signal and s.minutes > 0)`, "signal", f.Signal)
	add(!f.Before.IsZero(), l.age+` <= @before`, "before", f.Before)
	add(!f.Since.IsZero(), l.age+` >= @since`, "since", f.Since)
	add(f.Language != "", `c.locale = @language`, "language", f.Language)
	if f.Found != nil {
		add(true, `c.id = any (cast(@found as uuid[]))`, "found", texts(*f.Found))
	}
	return where, args
}

// texts writes ids as PostgreSQL reads them in an array.
func texts(ids []uuid.UUID) Strings {
	list := make(Strings, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list
}
