package moderation_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"plenum/moderation"
	"plenum/moderation/internal/keys"
)

func TestTheFiguresOfAPeriodAreWhatHappened(t *testing.T) {
	w := newWorld(t)
	for i, action := range []string{moderation.Approve, moderation.Reject, moderation.Spam, moderation.Approve} {
		id := w.submit(w.submission()).ID
		w.now = w.now.Add(time.Duration(i+1) * time.Minute)
		w.must(w.decide(w.moderator, id, action, map[string][]string{moderation.Reject: {"topic"}}[action]...))
	}
	undone := w.submit(w.submission()).ID
	w.must(w.decide(w.moderator, undone, moderation.Reject, "respect"))
	w.must(w.decide(w.moderator, undone, moderation.Undo))
	g, err := w.flow.Statistics(w.Context(), w.site, w.flow.LastDays(2))
	w.must(err)
	if g.Received != 5 || g.Decided != 4 || *g.Median != 120 || *g.Ninetieth != 240 || len(g.Days) != 2 {
		t.Errorf("got %+v with median %d and ninetieth %d, want 5 received, 4 decided, 2 and 4 minutes, 2 days", g.Statistics, *g.Median, *g.Ninetieth)
	}
	if len(g.Rules) != 1 || g.Rules[0].Code != "topic" || g.Rules[0].Count != 1 || g.Waiting[0].Count != 1 {
		t.Errorf("got rules %v and waiting %v, want the one that stands, and the one that was given back", g.Rules, g.Waiting)
	}
	today := g.Days[1]
	if today.Received != 5 || today.Approved != 2 || today.Refused != 2 || g.Moderators[0].Count != 4 {
		t.Errorf("got %+v and %+v", today, g.Moderators)
	}
	_, err = w.flow.Statistics(w.Context(), w.site, moderation.Period{From: w.now, To: w.now.AddDate(0, 0, -1)})
	w.wantRefusal(err, "refusal.period")
}

func TestAnswersOfTheNewsroomAreNoDecisionsOfWhatWaited(t *testing.T) {
	w := newWorld(t)
	id := w.submit(w.submission()).ID
	w.now = w.now.Add(time.Hour)
	w.must(w.decide(w.moderator, id, moderation.Approve))
	for _, text := range []string{"One.", "Two.", "Three."} {
		_, err := w.flow.Answer(t.Context(), w.site, w.moderator, id, text)
		w.must(err)
	}
	g, err := w.flow.Statistics(t.Context(), w.site, w.flow.LastDays(2))
	w.must(err)
	if g.Received != 1 || g.Decided != 1 || *g.Median != 3600 {
		t.Errorf("got %d received, %d decided, a median of %d s, want one of each and an hour", g.Received, g.Decided, *g.Median)
	}
	approved := 0
	for _, day := range g.Days {
		approved += day.Approved
	}
	if approved != 1 {
		t.Errorf("got %d approved day by day, want one", approved)
	}
}

func TestReportsAndAppealsAreCountedByTheirOutcome(t *testing.T) {
	w := newWorld(t)
	kept, removed := w.public(), w.public()
	w.reports(kept, 2)
	w.reports(removed, 1)
	w.must(w.decide(w.moderator, kept, moderation.Keep))
	w.must(w.decide(w.moderator, removed, moderation.Remove, "topic"))
	a, err := w.appeal(removed)
	w.must(err)
	w.must(w.hear(w.other, a, moderation.Overturn))
	g, err := w.flow.Statistics(w.Context(), w.site, w.flow.LastDays(1))
	w.must(err)
	if g.Reports != 3 || g.Kept != 1 || g.TakenDown != 1 || g.Appeals != 1 || g.Overturned != 1 || *g.ReversalRate() != 100 {
		t.Errorf("got %+v, want three reports in two cases, one kept, and an appeal that succeeded", g.Statistics)
	}
}

// The head of each day is published, so a tail that is cut off and signed anew is named.
func TestATailCutOffAndSignedAnewIsNamedByTheDaysHead(t *testing.T) {
	f := newForger(t)
	f.must(f.flow.KeepHeads(t.Context()))
	f.do(`delete from statements where entry_id in (select id from ledger where seq = 4); delete from ledger where seq = 4`)
	f.signAnew()
	if v := f.verify(); v.Fault == nil || v.Fault.Seq != 4 {
		t.Errorf("got %+v, want the missing end named", v.Fault)
	}
}

// Any of ten thousand rows, changed by a superuser with the guards off, is named.
func TestOneChangedRowOfTenThousandIsNamed(t *testing.T) {
	f := newForger(t)
	f.do(`set session_replication_role = origin;
		insert into ledger (site_id, id, kind, action, comment_id, version, revision, status, public_revision, held_revision, rules_version, rules, actor_id, created_at)
		select l.site_id, gen_random_uuid(), 'decision', 'keep', l.comment_id, l.version + n, l.revision, l.status, l.public_revision, l.held_revision, 1, '{}',
			(select id from moderators limit 1), now()
		from (select * from ledger order by seq desc limit 1) l, generate_series(1, 10000) n;
		set session_replication_role = replica`)
	f.signAnew()
	if v := f.verify(); v.Entries != 10004 || v.Fault != nil && v.Fault.Seq != 0 {
		t.Fatalf("got %+v after %d entries: something is wrong with this test", v.Fault, v.Entries)
	}
	for range 5 {
		seq := rand.IntN(10000) + 4
		f.do(fmt.Sprintf(`create table kept as select * from ledger where seq = %d; update ledger set created_at = created_at + interval '1 microsecond' where seq = %[1]d`, seq))
		if v := f.verify(); v.Fault == nil || v.Fault.Seq != int64(seq) {
			t.Errorf("got %+v, want entry %d named", v.Fault, seq)
		}
		f.do(fmt.Sprintf(`delete from ledger where seq = %d; insert into ledger select * from kept; drop table kept`, seq))
	}
	f.do(`delete from ledger where seq > 9990`)
	if v := f.verify(); v.Fault == nil || v.Fault.Seq != 9991 {
		t.Errorf("got %+v, want the cut tail named", v.Fault)
	}
}

// signAnew gives the log the end that it has now, as somebody with the secret could.
func (f *forger) signAnew() {
	f.Helper()
	var count int64
	var hash []byte
	f.must(f.sql.QueryRow(f.Context(), `select seq, hash from ledger order by seq desc limit 1`).Scan(&count, &hash))
	mac := keys.New([]byte("a secret of thirty-two characters")).Head(f.site.ID, count, hash)
	_, err := f.sql.Exec(f.Context(), `update ledger_heads set count = $1, hash = $2, mac = $3`, count, hash, mac)
	f.must(err)
}
