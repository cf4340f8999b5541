package moderation_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/models/modeltest"
	"plenum/moderation"
)

// traces are all that a test's person leaves behind, in words that nobody else uses.
var traces = []string{"Zwetschgenknödel", "Quittengelee", "quitteng", "Wanda", "wanda", "Mirabell", "mirabell", "waldmeister", "Holunder", "holund"}

const wanda = "Wanda@Mirabell.example"

// dumped is a world of which all can be dumped.
type dumped struct {
	*world
	url string
}

func newDumped(t *testing.T) *dumped {
	t.Helper()
	url := modeltest.URL(t)
	store, err := models.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	w := &dumped{&world{TB: t, flow: moderation.New(store, []byte("a secret of thirty-two characters"))}, url}
	w.now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	w.flow.Now = func() time.Time { return w.now }
	w.site = w.newSite("news")
	w.site, err = store.SiteByID(t.Context(), w.site.ID)
	w.must(err)
	return w
}

// left lists which of the texts the database holds anywhere, with the line.
func (w *dumped) left(texts ...string) (found []string) {
	w.Helper()
	for line := range strings.Lines(modeltest.Dump(w, w.url)) {
		for _, text := range texts {
			if strings.Contains(line, text) {
				found = append(found, text+" in "+line)
			}
		}
	}
	return found
}

// wanda leaves a trace in everything that a reader can: public, edited, refused, appealed, reported, quoted by readers
// and moderators, warned. It answers what she wrote.
func (w *dumped) wanda() (all []moderation.Receipt) {
	w.Helper()
	write := func(text string, parent *uuid.UUID) moderation.Receipt {
		s := w.by(wanda)
		s.Name, s.URL, s.Body, s.ParentID = "Wanda", "https://mirabell.example/", text, parent
		s.Request = moderation.Request{Key: "waldmeister-" + text, Hash: make([]byte, 32), Network: netip.MustParseAddr("198.51.100.7")}
		r := w.submit(s)
		all = append(all, r)
		return r
	}
	root := write("Zwetschgenknödel for all. KREDIT!!!", nil)
	w.must(w.decide(w.moderator, root.ID, moderation.Approve))
	reply := w.submission()
	reply.ParentID = &root.ID
	w.must(w.decide(w.moderator, w.submit(reply).ID, moderation.Approve))
	w.must(w.flow.Edit(w.Context(), w.site, root.ID, root.ManageToken, "Quittengelee instead"))
	_, err := w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: root.ID, Kind: models.ReportIllegal, Text: "Wanda wrote Zwetschgenknödel", Email: "nosy@reader.example", GoodFaith: true})
	w.must(err)
	write("Holunder waits", nil)
	refused := write("Quittengelee, Quittengelee", nil)
	_, err = w.flow.Decide(w.Context(), w.site, w.moderator, moderation.Verdict{CommentID: refused.ID, Version: 1, Action: moderation.Reject,
		Rules: []string{"respect"}, Statement: "Dear Wanda, no Quittengelee.", Note: "Wanda again"})
	w.must(err)
	_, err = w.flow.Appeal(w.Context(), w.site, refused.ID, refused.ManageToken, "But Holunder!", moderation.Request{})
	w.must(err)
	_, err = w.flow.Sanction(w.Context(), w.site, w.editor, moderation.Sanctioning{AuthorID: w.author(root.ID), Kind: moderation.Warn, Rules: []string{"respect"},
		Statement: "Enough Holunder, Wanda", Note: "Holunder"})
	w.must(err)
	w.must(w.flow.Subscribe(w.Context(), w.site, moderation.Wish{Email: wanda, Kind: "site"}))
	other := w.public()
	_, err = w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: other, Kind: models.ReportIllegal, Text: "no Holunder here", Name: "Wanda", Email: wanda, GoodFaith: true})
	w.must(err)
	return all
}

// The whole promise: of whoever is erased the database holds nothing, and the log still holds.
func TestErasureLeavesNothingOfAPersonInADumpAndTheLogHolds(t *testing.T) {
	w := newDumped(t)
	w.wanda()
	for _, trace := range traces {
		if len(w.left(trace)) == 0 {
			t.Fatalf("%q is nowhere before the erasure: something is wrong with this test", trace)
		}
	}
	before := w.verify()
	got, err := w.flow.ErasePerson(t.Context(), w.site, " wanda@mirabell.EXAMPLE")
	if want := (moderation.Erased{Comments: 3, Reports: 1, Subscriptions: 1}); err != nil || got != want {
		t.Fatalf("got %+v, %v, want %+v", got, err, want)
	}
	if found := w.left(traces...); len(found) > 0 {
		t.Errorf("after the erasure there is still\n%s", strings.Join(found, "\n"))
	}
	if v := w.verify(); v.Fault != nil || v.Entries != before.Entries+4 {
		t.Errorf("got %+v, want %d entries and four more that hold", v, before.Entries)
	}
	if got, err := w.flow.ErasePerson(t.Context(), w.site, wanda); err != nil || got != (moderation.Erased{}) || w.verify().Entries != before.Entries+4 {
		t.Errorf("got %+v, %v the second time, want nothing more to do", got, err)
	}
}

func TestErasureKeepsPlaceDecisionsAndTotals(t *testing.T) {
	w := newDumped(t)
	all := w.wanda()
	period := w.flow.LastDays(30)
	before, err := w.flow.Statistics(t.Context(), w.site, period)
	w.must(err)
	_, err = w.flow.ErasePerson(t.Context(), w.site, wanda)
	w.must(err)
	for _, r := range all {
		c := w.comment(r.ID)
		if c.Status != models.Withdrawn || c.ErasedAt == nil || c.AuthorName+c.AuthorURL != "" || c.HeldRevision != nil {
			t.Errorf("got %+v, want it withdrawn and without a name", c)
		}
		entry, err := w.flow.Store.Entry(t.Context(), w.site.ID, *c.Entry)
		if err != nil || entry.Kind != models.KindErasure || entry.ActorID != nil {
			t.Errorf("got %+v, %v, want an entry of the erasure", entry, err)
		}
	}
	places, err := w.flow.Thread(t.Context(), w.site, moderation.ThreadPage{Key: "a", ThreadPage: models.ThreadPage{Limit: 100}})
	w.must(err)
	if first := places.Places[0]; first.ID != all[0].ID || first.Public || first.HTML+first.AuthorName != "" || len(places.Places) != 3 {
		t.Errorf("got the places %+v, want a gap above the reply, and the other comment", places.Places)
	}
	after, err := w.flow.Statistics(t.Context(), w.site, period)
	w.must(err)
	if after.Received != before.Received || after.Decided != before.Decided || after.Reports != before.Reports || after.Appeals != before.Appeals {
		t.Errorf("got the totals %+v, want those from before: %+v", after, before)
	}
}

func TestAnAuthorErasesOneCommentByItsToken(t *testing.T) {
	w := newDumped(t)
	first, second := w.submit(w.by("ann@holunder.example")), w.submit(w.by("ann@holunder.example"))
	if err := w.flow.Erase(t.Context(), w.site, first.ID, second.ManageToken); !strings.Contains(err.Error(), models.ErrNotFound.Error()) {
		t.Errorf("got %v with another comment's token, want not found", err)
	}
	for range 2 { // twice is once
		w.must(w.flow.Erase(t.Context(), w.site, first.ID, first.ManageToken))
	}
	if c := w.comment(first.ID); c.ErasedAt == nil || c.Version != 2 {
		t.Errorf("got %+v, want it erased once", c)
	}
	if found := w.left("text number 1"); len(found) > 0 {
		t.Errorf("there is still %s", found)
	}
	if c := w.comment(second.ID); c.ErasedAt != nil || len(w.left("ann@holunder.example")) == 0 {
		t.Errorf("got %+v, want the other comment and its address kept", c)
	}
	w.must(w.flow.Withdraw(t.Context(), w.site, second.ID, second.ManageToken))
	w.must(w.flow.Erase(t.Context(), w.site, second.ID, second.ManageToken))
	if found := w.left("ann@holunder.example", "text number 2"); len(found) > 0 {
		t.Errorf("nothing is left of the author, but there is still %s", found)
	}
	if err := w.decide(w.editor, second.ID, moderation.Restore); w.refusal(err) != "refusal.action_unfit" {
		t.Errorf("got %v, want that nothing brings it back", err)
	}
	if v := w.verify(); v.Fault != nil {
		t.Errorf("got %+v, want the log to hold", v.Fault)
	}
}

// Whoever is banned would else be free by erasing himself. What stays is no address, only its keyed hash.
func TestABanOutlivesTheErasureOfItsAddress(t *testing.T) {
	w := newDumped(t)
	r := w.submit(w.by(reader))
	w.laid(w.editor, moderation.Ban, r.ID)
	_, err := w.flow.ErasePerson(t.Context(), w.site, reader)
	w.must(err)
	if found := w.left("Reader.example", "reader.example"); len(found) > 0 {
		t.Errorf("the address is still there: %s", found)
	}
	if got := w.try(w.by(reader)); got != "refusal.banned_until" {
		t.Errorf("got %q, want the ban to stand", got)
	}
	w.now = w.now.Add(8 * 24 * time.Hour)
	again := w.submit(w.by(reader))
	if a, err := w.flow.Store.Author(t.Context(), w.site.ID, w.author(again.ID)); err != nil || a.Email == nil || *a.Email != reader {
		t.Errorf("got %+v, %v, want the address known again after the ban", a, err)
	}
}

func TestARestoredBackupIsBroughtUpToTheErasures(t *testing.T) {
	w, old := newDumped(t), newDumped(t)
	w.wanda()
	_, err := w.flow.ErasePerson(t.Context(), w.site, wanda)
	w.must(err)
	list, err := w.flow.Store.Erasures(t.Context(), w.site.ID)
	w.must(err)
	if len(list) != 6 {
		t.Errorf("got %+v, want three comments, their author, a report and a follower", list)
	}
	// A backup from before: the same comments by other ids, which stand for those of the list.
	receipts := old.wanda()
	backup := []models.Erasure{{SiteID: old.site.ID, Kind: models.ErasedComment, Subject: receipts[0].ID},
		{SiteID: old.site.ID, Kind: models.ErasedAuthor, Subject: old.author(receipts[0].ID)},
		{SiteID: old.site.ID, Kind: models.ErasedReport, Subject: old.only("reports where name = 'Wanda'")}, {SiteID: old.site.ID, Kind: models.ErasedSubscription, Subject: old.only("followers")},
		{SiteID: old.site.ID, Kind: models.ErasedComment, Subject: uuid.New()}, {SiteID: uuid.New(), Kind: models.ErasedComment, Subject: uuid.New()}}
	for range 2 { // any number of times
		_, err := old.flow.ReplayErasures(t.Context(), backup)
		old.must(err)
	}
	if found := old.left(traces...); len(found) > 0 {
		t.Errorf("after the list was played there is still\n%s", strings.Join(found, "\n"))
	}
	if v := old.verify(); v.Fault != nil {
		t.Errorf("got %+v, want the log to hold", v.Fault)
	}
}

// only is the id of the only such row.
func (w *dumped) only(rows string) (id uuid.UUID) {
	w.Helper()
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), "select id from "+rows).Scan(&id))
	return id
}

// While one of somebody's comments is erased by its link, or all of them by the address, the next one is being written.
func TestWhatIsWrittenDuringAnErasureIsErasedOrKeepsItsAddress(t *testing.T) {
	for what, erase := range map[string]func(*world, moderation.Receipt) error{
		"the only comment": func(w *world, r moderation.Receipt) error {
			return w.flow.Erase(w.Context(), w.site, r.ID, r.ManageToken)
		},
		"the person": func(w *world, _ moderation.Receipt) error {
			_, err := w.flow.ErasePerson(w.Context(), w.site, reader)
			return err
		},
	} {
		w := newWorld(t)
		first := w.submit(w.by(reader))
		id, erased := uuid.Must(uuid.NewV7()), make(chan error, 1)
		w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
			w.must(tx.Submit(t.Context(), w.next(first.ID, id)))
			w.must(tx.CatchUp(t.Context()))
			w.blocked(func() { erased <- erase(w, first) })
			return nil
		}))
		w.must(<-erased)
		w.erasedOrAddressed(what, id)
	}
}

// The night forgets those of whom nothing is left, and waits for nobody who writes: one whom it has would be the next that
// the writer needs.
func TestTheNightWaitsForNobodyWhoWrites(t *testing.T) {
	w := newWorld(t)
	silent, writes := w.submit(w.by("silent@reader.example")), w.submit(w.by(reader))
	for _, r := range []moderation.Receipt{silent, writes} {
		w.must(w.flow.Withdraw(t.Context(), w.site, r.ID, r.ManageToken))
	}
	w.now = w.now.AddDate(1, 0, 0)
	id := uuid.Must(uuid.NewV7())
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.Submit(t.Context(), w.next(writes.ID, id)))
		w.must(tx.CatchUp(t.Context()))
		return w.flow.Expire(t.Context())
	}))
	w.erasedOrAddressed("by night", id)
	if a, err := w.flow.Store.Author(t.Context(), w.site.ID, w.author(silent.ID)); err != nil || a.Email != nil || a.AddressHash != nil {
		t.Errorf("got %+v (%v), want nothing of who is silent", a, err)
	}
}

// While all of somebody's comments are being erased, the next one is written.
func TestWhatIsWrittenAfterAnErasureIsANewAuthors(t *testing.T) {
	w := newWorld(t)
	first := w.submit(w.by(reader))
	s, next := w.by(reader), make(chan moderation.Receipt, 1)
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		_, err := tx.LockAuthor(t.Context(), w.site.ID, w.author(first.ID))
		w.must(err)
		w.blocked(func() {
			r, err := w.flow.Submit(t.Context(), w.site, s)
			if err != nil {
				t.Error(err)
			}
			next <- r
		})
		return tx.WipeAuthor(t.Context(), w.site.ID, w.author(first.ID), w.now)
	}))
	id := (<-next).ID
	w.erasedOrAddressed("written after", id)
	if w.author(id) == w.author(first.ID) {
		t.Error("got the author who was erased, want a new one")
	}
}

// The night forgets the address of somebody who has long been silent, and who writes at that very moment.
func TestWhoWritesByNightKeepsTheAddress(t *testing.T) {
	w := newWorld(t)
	first, id := w.submit(w.by(reader)), uuid.Must(uuid.NewV7())
	w.must(w.decide(w.moderator, first.ID, moderation.Approve))
	w.now = w.now.AddDate(10, 0, 0)
	w.must(w.flow.Store.Serve(t.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.Submit(t.Context(), w.next(first.ID, id)))
		w.must(tx.CatchUp(t.Context()))
		w.must(w.flow.Expire(t.Context()))
		return nil
	}))
	w.erasedOrAddressed("by night", id)
	w.now = w.now.AddDate(10, 0, 0)
	w.must(w.decide(w.moderator, id, moderation.Approve))
	w.now = w.now.AddDate(10, 0, 0)
	w.must(w.flow.Expire(t.Context()))
	if a, err := w.flow.Store.Author(t.Context(), w.site.ID, w.author(id)); err != nil || a.Email != nil {
		t.Errorf("got %+v (%v), want the address forgotten in its time", a, err)
	}
}

// next is one more comment by the author of another, as a submission writes it.
func (w *world) next(other, id uuid.UUID) models.Submission {
	w.Helper()
	a, err := w.flow.Store.Author(w.Context(), w.site.ID, w.author(other))
	w.must(err)
	a.ID = uuid.New()
	return models.Submission{
		Comment: models.Comment{SiteID: w.site.ID, ID: id, RootID: id, Path: id[:], AuthorName: "Ann", AuthorRole: "reader", Locale: "de", RulesVersion: 1,
			CreatedAt: w.now, Handling: models.Handling{RankAt: w.now, WaitingSince: w.now}},
		Revision: models.Revision{SiteID: w.site.ID, CommentID: id, Number: 1, Body: "x", HTML: "<p>x</p>", MarkupVersion: 1, CreatedAt: w.now},
		Author:   a, Article: models.Article{ID: uuid.New(), Key: "a"},
	}
}

// blocked runs f on the side, and returns once it waits for a lock.
func (w *world) blocked(f func()) {
	w.Helper()
	conn, err := w.flow.Store.Pool().Acquire(w.Context()) // before, because a lock is waited for only so long
	w.must(err)
	defer conn.Release()
	over := make(chan struct{})
	go func() { defer close(over); f() }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; n == 0; {
		select {
		case <-over:
			w.Fatal("it waited for nobody")
		case <-tick.C:
			w.must(conn.QueryRow(w.Context(), `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).Scan(&n))
		}
	}
}

func (w *world) erasedOrAddressed(what string, id uuid.UUID) {
	w.Helper()
	c := w.comment(id)
	a, err := w.flow.Store.Author(w.Context(), w.site.ID, c.AuthorID)
	w.must(err)
	if c.ErasedAt == nil && a.Email == nil {
		w.Errorf("%s: the comment stands, but its author's address is gone", what)
	}
}

func TestErasingTheOnlyCommentForgetsWhatWasWrittenWithItsSanction(t *testing.T) {
	w := newDumped(t)
	r := w.submit(w.by(reader))
	_, err := w.flow.Sanction(t.Context(), w.site, w.moderator, moderation.Sanctioning{AuthorID: w.author(r.ID), Kind: moderation.Warn, CommentID: &r.ID,
		Rules: []string{"respect"}, Statement: "You wrote: Quittengelee", Note: "Quittengelee again"})
	w.must(err)
	w.must(w.flow.Erase(t.Context(), w.site, r.ID, r.ManageToken))
	if found := w.left("Quittengelee"); len(found) > 0 {
		t.Errorf("there is still %s", found)
	}
	if v := w.verify(); v.Fault != nil {
		t.Errorf("got %+v, want the log to hold", v.Fault)
	}
}
