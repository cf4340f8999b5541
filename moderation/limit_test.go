package moderation_test

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
)

// busy is a world whose limits hold.
func busy(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.flow.Unlimited = false
	return w
}

// from is a submission from a network.
func (w *world) from(address string) moderation.Submission {
	s := w.submission()
	s.Request.Network = netip.MustParseAddr(address)
	return s
}

// untilRefused submits what next makes until that is refused, and answers how many were taken and the refusal.
func (w *world) untilRefused(next func() moderation.Submission) (taken int, refused *moderation.Refusal) {
	w.Helper()
	for range 500 {
		_, err := w.flow.Submit(w.Context(), w.site, next())
		if errors.As(err, &refused) {
			return taken, refused
		}
		w.must(err)
		taken++
	}
	w.Fatal("nothing was ever refused")
	return 0, nil
}

func TestANetworkWritesFiveCommentsAtOnceAndThenOneInHalfAMinute(t *testing.T) {
	w := busy(t)
	taken, refused := w.untilRefused(func() moderation.Submission { return w.from("198.51.100.7") })
	if taken != 5 || refused.Kind != moderation.TooSoon || refused.Key != "refusal.limit_network" || refused.Wait != 30*time.Second {
		t.Fatalf("got %d taken and then %+v, want 5 and half a minute", taken, refused)
	}
	w.submit(w.from("198.51.100.8"))
	w.now = w.now.Add(30 * time.Second)
	w.submit(w.from("198.51.100.7"))
	if err := second(w.flow.Submit(t.Context(), w.site, w.from("198.51.100.7"))); !errors.As(err, &refused) {
		t.Errorf("got %v, want one in half a minute", err)
	}
}

func TestTheAddressesOfOneHouseholdAreOneNetwork(t *testing.T) {
	w, n := busy(t), 0
	taken, refused := w.untilRefused(func() moderation.Submission { n++; return w.from(fmt.Sprintf("2001:db8:1:2::%x", n)) })
	if taken != 5 || refused.Key != "refusal.limit_network" {
		t.Errorf("got %d taken from one /64, then %+v", taken, refused)
	}
	w.submit(w.from("2001:db8:1:3::1"))
}

func TestAnAddressIsOneHoweverItIsSpelledAndWhereverItIsTyped(t *testing.T) {
	w, n := busy(t), 0
	taken, refused := w.untilRefused(func() moderation.Submission {
		n++
		s := w.from(fmt.Sprintf("198.51.100.%d", n))
		s.Email = []string{"ann@reader.example", " ANN@Reader.example"}[n%2]
		return s
	})
	if taken != 5 || refused.Key != "refusal.limit_address" {
		t.Errorf("got %d taken of one address, then %+v", taken, refused)
	}
}

func TestAnArticleTakesAHundredCommentsAtOnceFromEverybody(t *testing.T) {
	w, n := busy(t), 0
	taken, refused := w.untilRefused(func() moderation.Submission { n++; return w.from(fmt.Sprintf("198.51.%d.%d", n/200, n%200)) })
	if taken != 100 || refused.Key != "refusal.limit_thread" {
		t.Errorf("got %d taken under one article, then %+v", taken, refused)
	}
	s := w.from("203.0.113.1")
	s.Article.Key = "another"
	w.submit(s)
}

func TestASiteSetsItsOwnLimits(t *testing.T) {
	w := busy(t)
	w.site.LimitBurst, w.site.LimitSeconds = 2, 60
	taken, refused := w.untilRefused(func() moderation.Submission { return w.from("198.51.100.7") })
	if taken != 2 || refused.Wait != time.Minute {
		t.Errorf("got %d taken and a wait of %s, want 2 and a minute", taken, refused.Wait)
	}
}

// What is sent again, and what is refused for another reason, is no comment more.
func TestARepetitionAndAMistakeCountForNothing(t *testing.T) {
	w := busy(t)
	first := w.from("198.51.100.7")
	first.Request.Key, first.Request.Hash = "k", make([]byte, 32)
	id := w.submit(first).ID
	for range 20 {
		if got := w.submit(first).ID; got != id {
			t.Fatalf("got %s for the same request, want %s", got, id)
		}
		mistake := w.from("198.51.100.7")
		mistake.RulesVersion = 9
		var stale *moderation.StaleRules
		if err := second(w.flow.Submit(t.Context(), w.site, mistake)); !errors.As(err, &stale) {
			t.Fatalf("got %v, want the rules that changed", err)
		}
	}
	for range 4 {
		w.submit(w.from("198.51.100.7"))
	}
}

func TestReportsAppealsAndSignInsAreLimitedToo(t *testing.T) {
	w := busy(t)
	network := moderation.Request{Network: netip.MustParseAddr("198.51.100.7")}
	id := w.submit(w.submission()).ID
	w.must(w.decide(w.moderator, id, moderation.Approve))
	for what, ask := range map[string]func(n int) error{
		"reports": func(int) error {
			return second(w.flow.Report(t.Context(), w.site, moderation.Report{CommentID: id, Kind: models.ReportRule, Rule: "topic", Request: network}))
		},
		"sign-ins from a network": func(n int) error {
			_, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: fmt.Sprintf("m%d@news.example", n), Password: "wrong password", Network: network.Network})
			return err
		},
		"sign-ins of an address": func(int) error {
			_, _, err := w.flow.SignIn(t.Context(), moderation.Credentials{Email: "mo.news@news.example", Password: "wrong password"})
			return err
		},
	} {
		limited := false
		for n := range 21 {
			var refused *moderation.Refusal
			err := ask(n)
			limited = errors.As(err, &refused) && refused.Kind == moderation.TooSoon
		}
		if !limited {
			t.Errorf("%s: got no limit after 20", what)
		}
	}
	appeals := func() error {
		refused := w.submit(w.submission()).ID
		w.must(w.decide(w.moderator, refused, moderation.Reject, "topic"))
		return second(w.flow.Appeal(t.Context(), w.site, refused, w.flow.ManageToken(w.site.ID, refused), "hear me", network))
	}
	for range 10 {
		w.must(appeals())
	}
	if err := appeals(); w.refusal(err) != "refusal.limit_network" {
		t.Errorf("appeals: got %v, want a limit after 10", err)
	}
}

// No address and no network stands in the table, nor anything that is the same for two sites.
// A script that never rests would leave whoever moderates no version to decide on.
func TestOneCommentIsEditedTenTimesAtOnceAndThenOnceInHalfAMinute(t *testing.T) {
	w := busy(t)
	r, other := w.submit(w.from("198.51.100.7")), w.submit(w.from("198.51.100.7"))
	edit := func(text string) error {
		return w.flow.Edit(t.Context(), w.site, r.ID, r.ManageToken, text)
	}
	for n := range 10 {
		w.must(edit(fmt.Sprint("text ", n)))
	}
	var refused *moderation.Refusal
	if err := edit("one more"); !errors.As(err, &refused) || refused.Kind != moderation.TooSoon || refused.Key != "refusal.limit_thread" || refused.Wait != 30*time.Second {
		t.Errorf("got %v, want half a minute", err)
	}
	w.must(edit("text 9")) // changes nothing
	w.must(w.flow.Edit(t.Context(), w.site, other.ID, other.ManageToken, "of another"))
	w.now = w.now.Add(30 * time.Second)
	w.must(edit("one more"))
	if c := w.comment(r.ID); c.Version != 12 {
		t.Errorf("got version %d, want one of the submission and of 11 edits", c.Version)
	}
}

func TestTheTableOfLimitsNamesNobody(t *testing.T) {
	w := busy(t)
	s := w.from("198.51.100.7")
	s.Email = "ann@reader.example"
	w.submit(s)
	other := w.newSite("other")
	stored, err := w.flow.Store.SiteByID(t.Context(), other.ID)
	w.must(err)
	w.must(second(w.flow.Submit(t.Context(), stored, s)))
	var rows, buckets int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*), count(distinct key) from limits where octet_length(key) = 32`).Scan(&rows, &buckets))
	if rows != 10 || buckets != 10 {
		t.Errorf("got %d rows with %d keys, want five hashes for each site, no two of them the same", rows, buckets)
	}
}
