package models_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// twins are two sites with the same staff, articles, authors and comments, and a row in every table of site data; only
// ids and texts differ.
type twins struct {
	*world
	store *models.Store // whose statements are heard
	heard *recorder
	judge moderation.Actor
	whole string // SQL for the fingerprint of a site
	a, b  side
}

type side struct {
	site                                           models.Site
	held, reply, decided, answered, batched, wiped models.Comment // waits; below decided; public and reported; kept; rejected in a batch; to be wiped
	entry                                          models.Entry   // the last of decided
	token                                          string
	tokenID                                        uuid.UUID
	report, caseID, appeal, appealed               uuid.UUID // open, as is the appeal of appealed
	overruled, upheld                              uuid.UUID // what was appealed in vain, and the entry that says so
	rejected, lonely                               uuid.UUID // authors: of appealed, and of nothing
	loud                                           loud
	fan                                            fan
	told                                           models.Told // at once
	unsure, bare                                   uuid.UUID   // followers: who confirmed nothing, and who follows nothing
	batch, started                                 uuid.UUID
	spree                                          uuid.UUID
	inquiry, unconfirmed, word, fresh, erased      uuid.UUID
	webhook, delivery                              uuid.UUID
}

var (
	earlier = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	later   = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
)

// hashOf stands for what would be a keyed hash; some are the same on both sites, as nothing but the site then tells them apart.
func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func newTwins(t *testing.T) *twins {
	t.Helper()
	w := &twins{world: newWorld(t), heard: &recorder{}}
	w.a.site, w.b.site = w.site, w.newSite("other")
	w.judge = moderation.Actor{ID: uuid.New(), Name: "Ju", Email: "ju@news", Role: moderation.RoleEditor}
	for _, site := range []models.Site{w.a.site, w.b.site} {
		for _, actor := range []moderation.Actor{w.actor, w.judge} {
			w.must(w.flow.Store.CreateModerator(w.Context(), models.Moderator{ID: actor.ID, Email: actor.Email, Name: actor.Name, PasswordHash: "x", Locale: "de", CreatedAt: time.Now()},
				site.ID, moderation.RoleEditor))
		}
	}
	for _, s := range []*side{&w.a, &w.b} {
		w.site = s.site
		w.write(s)
		w.object(s)
		w.remember(s)
		w.follow(s)
		w.order(s)
		w.wipe(s)
		w.breakRules(s)
		w.listen(s)
	}
	err := w.flow.Store.Serve(w.Context(), w.b.site.ID, func(tx *models.Tx) error { // or the numbers of both sites' rules were the same
		return tx.InsertRules(w.Context(), w.b.site.ID, models.RuleVersion{Version: 9, PublishedAt: later})
	})
	w.must(err)
	w.store = w.open("")
	w.whole = w.everything()
	w.heard.all = nil
	return w
}

// open is a store of its own, with settings of the connection.
func (w *twins) open(settings string) *models.Store {
	w.Helper()
	store, err := models.OpenTraced(w.Context(), w.sql.Config().ConnString()+" "+settings, w.heard)
	w.must(err)
	w.Cleanup(store.Close)
	return store
}

// write has comments written, and one of them decided twice.
func (w *twins) write(s *side) {
	w.Helper()
	held, decided := w.comment("held on "+s.site.Slug, false), w.comment("decided on "+s.site.Slug, true)
	_, err := w.flow.Decide(w.Context(), s.site, w.actor, moderation.Verdict{CommentID: decided, Version: 2, Action: moderation.Keep, Statement: s.site.Slug, Note: "note"})
	w.must(err)
	reply, err := w.flow.Submit(w.Context(), s.site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, ParentID: &decided, Name: "Ann", Body: "reply on " + s.site.Slug, RulesVersion: 1})
	w.must(err)
	_, err = w.flow.Answer(w.Context(), s.site, w.actor, decided, "answer on "+s.site.Slug)
	w.must(err)
	s.loud = w.warn(s.site)
	s.held, s.reply, s.decided = w.row(s.site, held), w.row(s.site, reply.ID), w.row(s.site, decided)
	s.answered, s.batched = w.row(s.site, w.comment("answered on "+s.site.Slug, true)), w.row(s.site, w.comment("batched on "+s.site.Slug, false))
	s.entry, err = w.flow.Store.Entry(w.Context(), s.site.ID, *s.decided.Entry)
	w.must(err)
	w.must(w.flow.Store.Serve(w.Context(), s.site.ID, func(tx *models.Tx) error {
		_, err := tx.Agree(w.Context(), s.site.ID, decided, earlier, hashOf("somebody"))
		return err
	}))
	_, err = w.flow.Store.DaySalt(w.Context(), s.site.ID, earlier, hashOf("salt of "+s.site.Slug))
	w.must(err)
}

// object reports public comments, one of them to be kept, and appeals two refusals, one of them in vain.
func (w *twins) object(s *side) {
	w.Helper()
	stored, err := w.flow.Store.SiteByID(w.Context(), s.site.ID) // with what the schema gives a new site
	w.must(err)
	s.site = stored
	for _, c := range []models.Comment{s.decided, s.answered} {
		_, err = w.flow.Report(w.Context(), s.site, moderation.Report{CommentID: c.ID, Kind: models.ReportIllegal, Text: s.site.Slug, Name: "Rea", Email: "ann@reader.example", GoodFaith: true})
		w.must(err)
	}
	open, err := w.flow.Store.OpenCase(w.Context(), s.site.ID, s.decided.ID)
	w.must(err)
	s.report, s.caseID = open.Reports[0].ID, open.ID
	_, err = w.flow.Decide(w.Context(), s.site, w.actor, moderation.Verdict{CommentID: s.answered.ID, Version: 2, Action: moderation.Keep})
	w.must(err)
	s.answered = w.row(s.site, s.answered.ID)
	s.appealed, s.appeal = w.refuse(s)
	var vain uuid.UUID
	s.overruled, vain = w.refuse(s)
	upheld, err := w.flow.DecideAppeal(w.Context(), s.site, w.judge, moderation.AppealVerdict{AppealID: vain, Action: moderation.Uphold})
	w.must(err)
	s.upheld = upheld.ID
	s.rejected = w.row(s.site, s.appealed).AuthorID
}

// refuse rejects a comment, whose author appeals.
func (w *twins) refuse(s *side) (id, appeal uuid.UUID) {
	w.Helper()
	id = w.comment("refused on "+s.site.Slug, false)
	_, err := w.flow.Decide(w.Context(), s.site, w.actor, moderation.Verdict{CommentID: id, Version: 1, Action: moderation.Reject, Rules: []string{"respect"}})
	w.must(err)
	a, err := w.flow.Appeal(w.Context(), s.site, id, w.flow.ManageToken(s.site.ID, id), s.site.Slug, moderation.Request{})
	w.must(err)
	return id, a.ID
}

// remember fills the tables of what is kept beside comments.
func (w *twins) remember(s *side) {
	w.Helper()
	ctx, site := w.Context(), s.site.ID
	var err error
	s.token, err = w.flow.CreateToken(ctx, s.site, w.actor.Email, models.ScopeRead)
	w.must(err)
	tokens, err := w.flow.Store.Tokens(ctx, site)
	w.must(err)
	s.tokenID, s.fresh, s.erased = tokens[0].ID, uuid.New(), uuid.New()
	s.inquiry, s.unconfirmed, s.word, s.lonely = uuid.New(), uuid.New(), uuid.New(), uuid.New()
	email := "uma@reader.example"
	w.must(w.flow.Store.Serve(ctx, site, func(tx *models.Tx) error {
		w.must(tx.Inquire(ctx, models.Inquiry{SiteID: site, ID: s.inquiry, AddressHash: hashOf(email), Email: email, Locale: "de", CreatedAt: earlier, ExpiresAt: later}))
		w.must(tx.InsertUnconfirmed(ctx, models.Unconfirmed{SiteID: site, ID: s.unconfirmed, ArticleKey: "a", Locale: "de", Email: &email, AddressHash: hashOf(email),
			RulesVersion: 1, Submission: "{}", CreatedAt: earlier, ExpiresAt: later}))
		w.must(tx.AddWord(ctx, models.Word{SiteID: site, ID: s.word, Kind: models.WordPlain, Text: "word", Minutes: 5, CreatedAt: earlier, CreatedBy: w.actor.ID}))
		w.must(tx.SetRuleHints(ctx, site, []models.RuleHint{{SiteID: site, Signal: "links", Rule: "respect"}}))
		w.must(tx.PutAlerts(ctx, site, w.actor.ID, []string{models.AlertWaiting, models.AlertLate}))
		_, err := tx.RaiseAlerts(ctx, site, models.AlertLate, earlier, 0)
		w.must(err)
		_, _, err = tx.TakeKey(ctx, site, models.Key{Call: "c", Key: "k", RequestHash: hashOf("k"), Lifetime: time.Hour}, s.fresh, later)
		w.must(err)
		s.spree = uuid.New()
		_, err = tx.NoteSpree(ctx, models.Spree{SiteID: site, ID: s.spree, ModeratorID: w.actor.ID, Kind: models.SpreeTakenDown, Count: 1, StartedAt: earlier, LastAt: later})
		w.must(err)
		w.must(tx.CreateStaffChange(ctx, models.StaffChange{SiteID: site, ID: uuid.New(), Action: models.StaffInvite, CreatedAt: earlier}))
		w.must(tx.CreateSettingChange(ctx, models.SettingChange{SiteID: site, ID: uuid.New(), Setting: "thread_depth", Was: "6", Becomes: "5", CreatedAt: earlier}))
		_, err = tx.Take(ctx, site, later, []models.Bucket{{Key: hashOf("one"), Burst: 5, Every: time.Minute}})
		w.must(err)
		return tx.KeepHead(ctx, site, earlier)
	}))
	_, err = w.sql.Exec(ctx, `insert into imported values ($1, $2, $3)`, site, hashOf("imported"), s.decided.ID)
	w.must(err)
	_, err = w.sql.Exec(ctx, `insert into erasures values ($1, 'comment', $2, now())`, site, s.erased)
	w.must(err)
	_, err = w.sql.Exec(ctx, `insert into authors (site_id, id, address_hash, email, created_at) values ($1, $2, $3, 'lo@reader.example', '2000-01-01')`, site, s.lonely, hashOf("lonely"))
	w.must(err)
	_, err = w.sql.Exec(ctx, `update comments set claimed_by = $2, claimed_until = '2030-01-01' where site_id = $1 and id = $3`, site, w.actor.ID, s.held.ID)
	w.must(err)
	s.held = w.row(s.site, s.held.ID)
}

// follow has the site followed in each way: by a daily mail, at once, unconfirmed, and not any more.
func (w *twins) follow(s *side) {
	w.Helper()
	ctx, site := w.Context(), s.site.ID
	s.fan = w.fan(s.site, s.decided)
	w.must(w.flow.Store.Serve(ctx, site, func(tx *models.Tx) error {
		var held [3]models.Follower
		for i, name := range []string{"once", "unsure", "bare"} {
			var err error
			held[i], err = tx.HoldFollower(ctx, models.Follower{SiteID: site, ID: uuid.New(), AddressHash: hashOf(name), Email: name + "@example.org", CreatedAt: later})
			w.must(err)
			if name == "bare" {
				continue
			}
			asked, err := tx.Subscribe(ctx, models.Subscription{SiteID: site, ID: uuid.New(), FollowerID: held[i].ID, Kind: models.FollowSite, Pace: models.PaceOnce, Locale: "de", CreatedAt: earlier}, later)
			w.must(err)
			if name == "once" {
				w.must(tx.Confirm(ctx, site, asked.ID, earlier))
			}
		}
		s.unsure, s.bare = held[1].ID, held[2].ID
		a, err := tx.Announcement(ctx, site, s.answered.ID, w.published(s.site, s.answered.ID))
		w.must(err)
		s.told = models.Told{SiteID: site, CommentID: s.answered.ID, FollowerID: held[0].ID, Entry: a.Entry}
		_, err = tx.NoteFollowUps(ctx, a, models.Round{Limit: 10, Now: earlier, DueAt: later})
		return err
	}))
}

// wipe has the entry of an erasure written, which allows that a comment is wiped.
func (w *twins) wipe(s *side) {
	w.Helper()
	s.wiped = w.row(s.site, w.comment("wiped on "+s.site.Slug, false))
	e := models.Entry{SiteID: s.site.ID, ID: uuid.New(), Kind: models.KindErasure, Action: "erase", CommentID: s.wiped.ID, Version: 2, Revision: 1,
		State: models.State{Status: models.Withdrawn}, RulesVersion: 1, CreatedAt: time.Now()}
	w.must(w.flow.Store.Serve(w.Context(), s.site.ID, func(tx *models.Tx) error {
		recorded, _, err := tx.Record(w.Context(), models.Change{Entry: e, Handling: s.wiped.Handling})
		w.must(err)
		head := recorded.Head()
		head.Mac = hashOf("mac")
		return tx.SignHead(w.Context(), head)
	}))
}

// breakRules does what no program may: a comment's state is none that its entries tell, and a note is gone.
func (w *twins) breakRules(s *side) {
	w.Helper()
	w.do(`begin; set local session_replication_role = replica;
		update comments set version = 7 where site_id = '` + s.site.ID.String() + `' and id = '` + w.comment("stray on "+s.site.Slug, true).String() + `';
		delete from statements where site_id = '` + s.site.ID.String() + `' and entry_id = '` + s.entry.ID.String() + `' and kind = 'note'; commit`)
}

// order has one batch worked off, and one that is not yet begun.
func (w *twins) order(s *side) {
	w.Helper()
	ctx := w.Context()
	items := []models.BatchItem{{CommentID: s.batched.ID, Version: 1}}
	b, err := w.flow.DecideTogether(ctx, s.site, w.actor, moderation.Order{Action: moderation.Reject, Rules: []string{"respect"}, Items: items})
	w.must(err)
	w.must(w.flow.RunBatch(ctx, moderation.BatchJob{SiteID: s.site.ID, BatchID: b.ID}))
	s.batch, s.batched = b.ID, w.row(s.site, s.batched.ID)
	items[0].CommentID = s.reply.ID
	b, err = w.flow.DecideTogether(ctx, s.site, w.actor, moderation.Order{Action: moderation.Spam, Items: items})
	w.must(err)
	s.started = b.ID
}

func (w *twins) row(site models.Site, id uuid.UUID) models.Comment {
	w.Helper()
	c, err := w.flow.Store.Comment(w.Context(), site.ID, id)
	w.must(err)
	return c
}

func (s side) tokenHash() []byte {
	hash := sha256.Sum256([]byte(s.token))
	return hash[:]
}
