package handlers_test

import (
	"cmp"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/handlers"
	"plenum/models"
	"plenum/moderation"
	"plenum/templates"
)

// matrixWorld is a world with everybody who may come to a door, and something behind each.
type matrixWorld struct {
	*world
	reads    *world // the same, in transactions that may not write
	people   map[string]person
	subjects map[string]subject
}

// person is one column of the matrix.
type person struct {
	email  string
	cookie option // of whoever is, or was, signed in
	bearer string // an API token; authors bring the token of their comment
	writes bool   // holds the token of a comment
}

func (p person) credentials(manageToken string) option {
	return func(q *http.Request) {
		switch {
		case p.cookie != nil:
			p.cookie(q)
		case p.bearer != "":
			token(p.bearer)(q)
		case p.writes:
			token(manageToken)(q)
		}
	}
}

// subject is what an operation is done to: a comment, or something of it that the path names.
type subject struct {
	posted
	version int
	named   string // by the path
	below   string // what of it the path names too
}

var newspaper = map[string]templates.DemoArticle{"eins": {}}

func newMatrix(t *testing.T) *matrixWorld {
	t.Helper()
	w := &matrixWorld{world: newWorldWith(t, func(o *handlers.Options) { o.Demo = newspaper }), subjects: map[string]subject{}}
	w.editor = "eli@zeitung.example" // decides what the others are asked about
	const old, dora, rolf, moe, eva, bob = "old@zeitung.example", "dora@zeitung.example", "rolf@zeitung.example", "moe@blatt.example", "eva@blatt.example", "bob@blatt.example"
	for email, role := range map[string]string{old: "admin", dora: "admin", rolf: "admin"} {
		w.join(w.site, email, role)
	}
	for email, role := range map[string]string{moe: "moderator", eva: "editor", bob: "admin"} {
		w.join(w.other, email, role)
	}
	w.join(w.site, w.editor, "editor")
	expired := w.session(old)
	w.pass(moderation.SessionLifetime + time.Minute)
	w.people = map[string]person{
		"anon": {}, "author": {email: lena, writes: true}, "other": {email: "otto@leser.example", writes: true}, "banned": {email: "bert@leser.example", writes: true},
		"mod": {cookie: w.session(mia)}, "editor": {cookie: w.session(ida)}, "admin": {cookie: w.session(ada)},
		"mod*": {cookie: w.session(moe)}, "editor*": {cookie: w.session(eva)}, "admin*": {cookie: w.session(bob)},
		"read": {bearer: w.newToken(ada, models.ScopeRead)}, "write": {bearer: w.newToken(mia, models.ScopeWrite)},
		"expired": {cookie: expired}, "demoted": {cookie: w.session(dora)}, "removed": {cookie: w.session(rolf)},
	}
	w.sanction(w.send(newDraft("lorem").by("Bert", w.people["banned"].email)), models.SanctionBan, 30)
	w.reads = w.readOnly()
	w.join(w.site, dora, "moderator")
	w.sql(`delete from api_tokens where moderator_id = (select id from moderators where email = $1)`, rolf)
	w.sql(`delete from memberships where moderator_id = (select id from moderators where email = $1)`, rolf)
	return w
}

// readOnly is a second product on the database, whose every transaction refuses to change anything.
func (w *matrixWorld) readOnly() *world {
	w.Helper()
	config := w.flow.Store.Pool().Config().ConnConfig
	store, err := models.Open(w.Context(), config.ConnString()+" default_transaction_read_only=on")
	w.must(err)
	w.Cleanup(store.Close)
	same, flow := *w.world, *w.flow
	same.flow, flow.Store = &flow, store
	same.serve(func(o *handlers.Options) { o.Demo = newspaper })
	return &same
}

func (w *matrixWorld) newToken(email, scope string) string {
	w.Helper()
	made, err := w.flow.CreateToken(w.Context(), w.site, email, scope)
	w.must(err)
	return made
}

func (w *world) sql(statement string, args ...any) {
	w.Helper()
	_, err := w.flow.Store.Pool().Exec(w.Context(), statement, args...)
	w.must(err)
}

// manageToken is the token that somebody brings to a comment: its own, or that of another comment.
func (w *matrixWorld) manageToken(who string, p posted) string {
	if who == "other" {
		return w.flow.ManageToken(w.site.ID, uuid.New())
	}
	if !w.people[who].writes {
		return ""
	}
	return p.Token
}

// subject is the one that the operation has for the person: kept until somebody changed it.
func (w *matrixWorld) subject(kind, who string) subject {
	w.Helper()
	if kind == "" || kind == "-" {
		return subject{named: "1"}
	}
	key := kindOf(kind, who)
	if s, ok := w.subjects[key]; ok {
		return s
	}
	s := w.make(kind)
	if who == "banned" {
		w.sanction(s.posted, models.SanctionBan, 30)
	}
	s.version = w.comment(s.posted).Version
	w.subjects[key] = s
	return s
}

func (w *matrixWorld) spend(kind, who string) { delete(w.subjects, kindOf(kind, who)) }

// kindOf keeps what is a banned author's apart.
func kindOf(kind, who string) string {
	if who == "banned" {
		return kind + " of " + who
	}
	return kind
}

// make makes something new of a kind.
func (w *matrixWorld) make(kind string) (s subject) {
	w.Helper()
	state := map[string]string{"member": "pending", "token": "pending", "author": "approved", "batch": "approved", "branch": "approved", "featured": "approved",
		"claimed": "pending", "sanction": "pending", "word": "pending", "webhook": "pending", "delivery": "pending", "appeal": "rejected"}[kind]
	s.posted = w.stateOf(w.flow.NewID().String()+"@leser.example", cmp.Or(state, kind))
	s.named = s.ID
	if name := w.namings()[kind]; name != nil {
		s.named = name(s.posted)
	}
	if kind == "delivery" {
		s.below = w.failedTest(uuid.MustParse(s.named))
	}
	return s
}

// namings are the kinds that a path names otherwise than by their comment.
func (w *matrixWorld) namings() map[string]func(posted) string {
	id := func(a answer) string { return read[struct{ ID string }](a).ID }
	return map[string]func(posted) string{
		"author":   func(p posted) string { return w.comment(p).AuthorID.String() },
		"sanction": func(p posted) string { return w.sanction(p, models.SanctionWarn, 0).ID },
		"appeal": func(p posted) string {
			return id(w.do("POST", w.api("/comments/"+p.ID+"/appeals"), draft{"text": "lorem"}, token(p.Token)).want(202))
		},
		"member": func(p posted) string {
			m, err := w.flow.Invite(w.Context(), w.site, w.actor(ada), moderation.NewMember{Email: "m" + p.ID + "@zeitung.example", Role: "moderator"})
			w.must(err)
			return m.ID.String()
		},
		"token": func(posted) string {
			made, _, err := w.flow.MakeToken(w.Context(), w.site, w.actor(tom), moderation.NewToken{Scope: "read"})
			w.must(err)
			return made.ID.String()
		},
		"webhook":  func(posted) string { return w.oneWebhook() },
		"delivery": func(posted) string { return w.oneWebhook() },
		"word": func(p posted) string {
			return id(w.do("POST", w.api("/words"), draft{"kind": "word", "text": "w" + p.ID, "minutes": 1}, w.as(ida)).want(201))
		},
		"batch": func(p posted) string {
			order := draft{"action": "keep", "items": []draft{{"id": p.ID, "version": w.comment(p).Version}}}
			made := id(w.do("POST", w.api("/batches"), order, w.as(mia)).want(202))
			w.must(w.flow.RunBatch(w.Context(), moderation.BatchJob{SiteID: w.site.ID, BatchID: uuid.MustParse(made)}))
			return made
		},
		"featured": func(p posted) string {
			w.do("POST", w.api("/comments/"+p.ID+"/feature"), draft{"version": w.comment(p).Version}, w.as(ida)).want(201)
			return p.ID
		},
		"claimed": func(p posted) string {
			w.sql(`update comments set claimed_by = (select id from moderators where email = $1), claimed_until = $2 where id = $3`,
				mia, w.flow.Now().Add(time.Hour), p.ID)
			return p.ID
		},
	}
}
