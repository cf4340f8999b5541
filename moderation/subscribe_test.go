package moderation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/internal/keys"
)

// asked counts the mails about subscriptions.
func (r *readers) asked() int {
	r.Helper()
	return r.count(`river_job where kind = 'notify_subscription'`)
}

func TestAnAddressIsWrittenToOnceAnHourAboutOneWishAndFiveTimesADayAboutAll(t *testing.T) {
	r := newReaders(t)
	asked := func(when string, want int) {
		t.Helper()
		if got := r.asked(); got != want {
			t.Fatalf("%s: got %d mails, want %d", when, got, want)
		}
	}
	r.ask(site("fay@example.org"))
	r.must(r.flow.Subscribe(t.Context(), r.site, site(" Fay@EXAMPLE.org ")))
	asked("twice the same, in another spelling", 1)
	r.now = r.now.Add(time.Hour)
	r.ask(site("fay@example.org"))
	asked("an hour later", 2)
	for i := range 10 {
		r.must(r.flow.Subscribe(t.Context(), r.site, moderation.Wish{Email: "fay@example.org", Kind: models.FollowArticle, ArticleKey: fmt.Sprint(i)}))
	}
	asked("a flood", 6) // five subscriptions, and the first of them asked for twice
	r.ask(site("other@example.org"))
	asked("another address", 7)
}

func TestAConfirmedFollowerIsNotAskedAgainWithEachComment(t *testing.T) {
	r := newReaders(t)
	write := func() {
		s := r.by("fay@example.org")
		s.Subscribe = models.FollowReplies
		r.submit(s)
		r.now = r.now.Add(2 * time.Hour)
	}
	write()
	write()
	if got := r.asked(); got != 2 {
		t.Fatalf("got %d mails, want one with each comment until it is confirmed", got)
	}
	wish := moderation.Wish{Email: "fay@example.org", Kind: models.FollowReplies}
	_, err := r.flow.Confirm(t.Context(), r.site, r.link(keys.Confirm, r.subscription(wish)))
	r.must(err)
	write()
	if got := r.asked(); got != 2 {
		t.Errorf("got %d mails, want none once it is confirmed", got)
	}
	r.ask(wish)
	if got := r.asked(); got != 3 {
		t.Errorf("got %d mails, want one to whoever asks for it by itself", got)
	}
}

func TestATokenIsGoodForOnePurposeOneRowAndOneSite(t *testing.T) {
	r := newReaders(t)
	id, all := r.follow(site("fay@example.org"))
	theirs := r.ask(site("eve@example.org"))
	_, evil := r.follow(site("mallory@example.org"))
	other, err := r.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "other", Name: "Other", Locale: "de", Origins: []string{"https://other.example"}})
	r.must(err)
	for what, try := range map[string]func() error{
		"to confirm by the way out": func() error {
			_, err := r.flow.Confirm(t.Context(), r.site, r.link(keys.Unsubscribe, theirs))
			return err
		},
		"to end by the way in":   func() error { return r.flow.Unsubscribe(t.Context(), r.site, r.link(keys.Confirm, id)) },
		"to end without a token": func() error { return r.flow.Unsubscribe(t.Context(), r.site, moderation.Link{ID: id}) },
		"to end what is another's": func() error {
			return r.flow.Unsubscribe(t.Context(), r.site, moderation.Link{ID: id, Token: r.link(keys.Unsubscribe, theirs).Token})
		},
		"to end on another site": func() error { return r.flow.Unsubscribe(t.Context(), other, r.link(keys.Unsubscribe, id)) },
		"to end the daily mail by another link": func() error {
			return r.flow.EndDigest(t.Context(), r.site, moderation.Link{ID: all.ID, Token: all.Token})
		},
		"to change what is another's": func() error { return r.flow.SetPace(t.Context(), r.site, evil, id, models.PaceDaily) },
		"to look": func() error {
			_, err := r.flow.Following(t.Context(), r.site, moderation.Link{ID: all.ID, Token: evil.Token})
			return err
		},
	} {
		if err := try(); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v, want not found", what, err)
		}
	}
	r.must(r.flow.StopFollowing(t.Context(), r.site, evil, id)) // which is none of theirs
	if got := r.count(`subscriptions where pace = 'once' and confirmed_at is not null`); got != 2 {
		t.Errorf("got %d confirmed subscriptions, want both", got)
	}
}

func TestWithTheLastSubscriptionTheAddressIsForgotten(t *testing.T) {
	r := newReaders(t)
	article := moderation.Wish{Email: "fay@example.org", Kind: models.FollowArticle, ArticleKey: "a", Pace: models.PaceDaily}
	first, all := r.follow(site("fay@example.org"))
	r.follow(article)
	r.approve(r.submission())
	r.wait(time.Minute)
	for range 2 {
		r.must(r.flow.Unsubscribe(t.Context(), r.site, r.link(keys.Unsubscribe, first)))
	}
	if got := r.count(`followers`); got != 1 {
		t.Fatalf("got %d followers, want one who still follows the article", got)
	}
	for range 2 {
		r.must(r.flow.EndDigest(t.Context(), r.site, r.link(keys.NoDigest, all.ID)))
	}
	if got := r.count(`(select from followers union all select from subscriptions union all select from follow_ups) s`); got != 0 {
		t.Errorf("got %d rows left, want none", got)
	}
	left, err := r.flow.Following(t.Context(), r.site, all)
	if err != nil || len(left.Items) != 0 || left.Follower.Email != "" {
		t.Errorf("got %+v, %v, want nothing", left, err)
	}
}

func TestWhatAnAddressFollowsIsHandedOutAndErasedWithIt(t *testing.T) {
	r := newReaders(t)
	r.follow(site("fay@example.org"))
	r.ask(moderation.Wish{Email: "fay@example.org", Kind: models.FollowArticle, ArticleKey: "a"})
	r.follow(site("other@example.org"))
	r.approve(r.submission())
	r.wait(time.Minute)
	person, err := r.flow.ExportPerson(t.Context(), r.site, "FAY@example.org")
	r.must(err)
	if got := person.Subscriptions; len(got) != 2 || got[0].Kind != models.FollowSite || got[0].ConfirmedAt == nil || got[1].ArticleKey != "a" || got[1].ConfirmedAt != nil {
		t.Errorf("got %+v for them to have, want both", got)
	}
	_, err = r.flow.ErasePerson(t.Context(), r.site, "FAY@example.org")
	r.must(err)
	r.must(r.flow.ForgetFollower(t.Context(), r.site, "unknown@example.org"))
	if f, s, u := r.count(`followers`), r.count(`subscriptions`), r.count(`follow_ups`); f != 1 || s != 1 || u != 1 {
		t.Errorf("got %d followers, %d subscriptions and %d follow-ups, want those of the other address", f, s, u)
	}
}

func TestWhatNobodyConfirmsIsForgottenAfterAWeek(t *testing.T) {
	r := newReaders(t)
	r.ask(site("never@example.org"))
	r.follow(site("fay@example.org"))
	r.now = r.now.Add(7 * 24 * time.Hour)
	r.ask(site("today@example.org"))
	r.now = r.now.Add(time.Second)
	r.must(r.flow.Expire(t.Context()))
	if left := r.count(`followers where email = 'never@example.org'`); left != 0 || r.count(`followers`) != 2 || r.count(`subscriptions`) != 2 {
		t.Errorf("got %d of the unconfirmed and %d in all, want none and two", left, r.count(`followers`))
	}
}

func TestFollowingAnArticleNeedsItsKey(t *testing.T) {
	r := newReaders(t)
	var refusal *moderation.Refusal
	err := r.flow.Subscribe(t.Context(), r.site, moderation.Wish{Email: "fay@example.org", Kind: models.FollowArticle})
	if !errors.As(err, &refusal) || refusal.Field != "article" {
		t.Errorf("got %v, want the article refused", err)
	}
}
