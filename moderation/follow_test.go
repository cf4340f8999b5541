package moderation_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

func TestAFollowerIsToldOnceHoweverOftenACommentIsApproved(t *testing.T) {
	r := newReaders(t)
	r.follow(site("fay@example.org"))
	id := r.submit(r.submission()).ID
	r.wait(5 * time.Hour)
	r.wantTold("nobody decided yet")
	r.must(r.decide(r.moderator, id, moderation.Approve))
	r.wantTold("it can be undone")
	r.wait(time.Minute)
	r.wantTold("it is published", "fay@example.org")
	r.must(r.decide(r.editor, id, moderation.Reopen))
	r.must(r.decide(r.moderator, id, moderation.Approve))
	r.wait(time.Minute)
	r.must(r.flow.Edit(t.Context(), r.site, id, r.flow.ManageToken(r.site.ID, id), "An edit."))
	r.must(r.decide(r.moderator, id, moderation.Approve))
	r.wait(time.Minute)
	r.must(r.decide(r.moderator, id, moderation.Remove, "topic"))
	r.must(r.decide(r.editor, id, moderation.Restore))
	r.wait(time.Hour)
	r.wantTold("it was taken down and published again, and edited", "fay@example.org")
}

func TestWhatIsUndoneOrTakenDownAtOnceIsNotTold(t *testing.T) {
	r := newReaders(t)
	r.follow(site("fay@example.org"))
	undone, removed := r.approve(r.submission()), r.approve(r.submission())
	r.must(r.decide(r.moderator, undone, moderation.Undo))
	r.must(r.decide(r.moderator, removed, moderation.Remove, "topic"))
	r.wait(time.Minute)
	r.wantTold("one was undone, the other removed")
	r.must(r.decide(r.editor, removed, moderation.Restore))
	r.wait(time.Minute)
	r.wantTold("the removed one was restored", "fay@example.org")
}

// The first approval's job finds the comment public; but by the second, which can still be undone.
func TestAnApprovalAfterAnUndoHasADelayOfItsOwn(t *testing.T) {
	r := newReaders(t)
	r.follow(site("fay@example.org"))
	id := r.approve(r.submission())
	r.must(r.decide(r.moderator, id, moderation.Undo))
	r.now = r.now.Add(19 * time.Second)
	r.must(r.decide(r.moderator, id, moderation.Approve))
	r.wait(time.Second)
	r.wantTold("the first delay is over")
	if noted := r.count(`follow_ups`); noted != 0 {
		t.Errorf("got %d followers noted by an approval that was undone, want none", noted)
	}
	r.must(r.decide(r.moderator, id, moderation.Undo))
	r.wait(time.Minute)
	r.wantTold("the second was undone too")
}

func TestAnOverturnedRefusalIsTold(t *testing.T) {
	r := newReaders(t)
	r.follow(site("fay@example.org"))
	id := r.submit(r.submission()).ID
	r.must(r.decide(r.moderator, id, moderation.Reject, "topic"))
	a, err := r.flow.Appeal(t.Context(), r.site, id, r.flow.ManageToken(r.site.ID, id), "No.", moderation.Request{})
	r.must(err)
	_, err = r.flow.DecideAppeal(t.Context(), r.site, r.other, moderation.AppealVerdict{AppealID: a.ID, Action: moderation.Overturn})
	r.must(err)
	r.wait(time.Minute)
	r.wantTold("it is overturned", "fay@example.org")
}

func TestEachIsToldOfWhatTheyFollowAndNobodyOfTheirOwn(t *testing.T) {
	r := newReaders(t)
	parent := r.approve(r.by("ann@example.org"))
	r.wait(time.Minute)
	for _, w := range []moderation.Wish{
		site("all@example.org"), site("BEA@example.org"),
		{Email: "here@example.org", Kind: models.FollowArticle, ArticleKey: "a"},
		{Email: "there@example.org", Kind: models.FollowArticle, ArticleKey: "b"},
		{Email: "ann@example.org", Kind: models.FollowReplies},
		{Email: "ann@example.org", Kind: models.FollowReplies, ArticleKey: "a"},
		{Email: "ann@example.org", Kind: models.FollowSite},
		{Email: "nobody@example.org", Kind: models.FollowReplies},
	} {
		r.follow(w)
	}
	reply := r.by("bea@example.org") // follows the site herself
	reply.ParentID = &parent
	r.approve(reply)
	r.wait(time.Minute)
	r.wantTold("Bea answers Ann", "all@example.org", "ann@example.org", "here@example.org")
	var why string
	r.must(r.flow.Store.Pool().QueryRow(t.Context(), `select kind from subscriptions s join follow_ups u on u.subscription_id = s.id join followers f on f.id = u.follower_id
		where f.email = 'ann@example.org'`).Scan(&why))
	if why != models.FollowReplies {
		t.Errorf("got Ann told as of %s, want as of a reply", why)
	}
	own := r.by("ann@example.org")
	own.ParentID = &parent
	r.approve(own)
	r.wait(time.Minute)
	r.wantTold("Ann answers herself", "BEA@example.org", "all@example.org", "all@example.org", "ann@example.org", "here@example.org", "here@example.org")
}

func TestOnlyWhatIsPublishedAfterItWasConfirmedIsTold(t *testing.T) {
	r := newReaders(t)
	r.ask(site("unconfirmed@example.org"))
	id := r.approve(r.submission())
	r.now = r.now.Add(time.Second)
	r.follow(site("late@example.org"))
	r.wait(time.Minute)
	r.must(r.decide(r.editor, id, moderation.Reopen))
	r.must(r.decide(r.moderator, id, moderation.Approve))
	r.wait(time.Minute)
	r.wantTold("it was published before either followed")
}

func TestManyFollowersAreToldInRoundsAndEachOnce(t *testing.T) {
	r := newReaders(t)
	r.crowd(1203)
	id := r.approve(r.submission())
	job := moderation.FollowUpJob{SiteID: r.site.ID, CommentID: id, EntryID: *r.comment(id).Entry}
	var workers sync.WaitGroup
	for range 4 { // as where one was thought dead and was not
		workers.Go(func() {
			if err := r.flow.TellFollowers(t.Context(), job); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	r.must(r.flow.TellFollowers(t.Context(), job))
	if mails, rows := r.count(`river_job where kind = 'notify_follower'`), r.count(`follow_ups`); mails != 1203 || rows != 1203 {
		t.Errorf("got %d mails for %d followers noted, want 1203 of each", mails, rows)
	}
	if behind := r.count(`river_job where kind = 'notify_follower' and priority > 1`); behind != 1203 {
		t.Errorf("got %d mails that wait for those to authors, want all", behind)
	}
}

func TestADailyMailIsPutTogetherOnceADayAndOnlyOfNews(t *testing.T) {
	r := newReaders(t) // it is nine in the morning
	digests := func(when string, want int) {
		t.Helper()
		for range 2 { // looked for again and again
			r.must(r.flow.SendDigests(t.Context()))
		}
		if got := r.count(`river_job where kind = 'notify_digest'`); got != want {
			t.Fatalf("%s: got %d daily mails, want %d", when, got, want)
		}
	}
	daily := site("day@example.org")
	daily.Pace = models.PaceDaily
	_, all := r.follow(daily)
	digests("nothing is new", 0)
	r.approve(r.submission())
	r.approve(r.submission())
	r.wait(time.Minute)
	digests("it is not morning yet", 0)
	r.wait(21*time.Hour - 2*time.Minute)
	digests("it is almost six", 0)
	r.wait(2 * time.Minute)
	digests("it is six", 1)
	r.approve(r.submission())
	r.wait(time.Hour)
	digests("something came after", 1)
	r.wait(24 * time.Hour)
	digests("the next morning", 2)
	r.wait(48 * time.Hour)
	digests("nothing was new", 2)
	r.wantTold("all of it came by the daily mail")
	items, err := r.flow.Following(t.Context(), r.site, all)
	r.must(err)
	r.must(r.flow.SetPace(t.Context(), r.site, all, items.Items[0].ID, models.PaceOnce))
	r.approve(r.submission())
	r.wait(time.Minute)
	r.wantTold("from now on at once", "day@example.org")
}

// Each comment is noted by one of the things that it belongs to; ending that one leaves the others. The comment is Bea's
// answer to Fay.
func TestWhatIsStillFollowedAnotherWayIsToldOnce(t *testing.T) {
	const fay = "fay@example.org"
	wish := func(kind, article, pace string) moderation.Wish {
		return moderation.Wish{Email: fay, Kind: kind, ArticleKey: article, Pace: pace}
	}
	daily, once := models.PaceDaily, models.PaceOnce
	for what, c := range map[string]struct {
		ended, left moderation.Wish
		told        []string
	}{
		"the site, daily":           {wish(models.FollowArticle, "a", daily), wish(models.FollowSite, "", daily), []string{fay}},
		"the article, daily":        {wish(models.FollowReplies, "", daily), wish(models.FollowArticle, "a", daily), []string{fay}},
		"replies, daily":            {wish(models.FollowReplies, "a", daily), wish(models.FollowReplies, "", daily), []string{fay}},
		"the site, at once":         {wish(models.FollowArticle, "a", once), wish(models.FollowSite, "", once), []string{fay}},
		"the site, at once earlier": {wish(models.FollowArticle, "a", once), wish(models.FollowSite, "", daily), []string{fay}},
		"another article":           {wish(models.FollowArticle, "a", daily), wish(models.FollowArticle, "b", daily), nil},
		"replies elsewhere":         {wish(models.FollowReplies, "", daily), wish(models.FollowReplies, "b", daily), nil},
	} {
		t.Run(what, func(t *testing.T) {
			r := newReaders(t)
			parent := r.approve(r.by(fay))
			r.wait(time.Minute)
			ended, all := r.follow(c.ended)
			r.follow(c.left)
			r.approve(reply(r.by("bea@example.org"), parent))
			r.now = r.now.Add(time.Minute)
			run(r, "follow_ups", r.flow.TellFollowers)
			r.must(r.flow.StopFollowing(t.Context(), r.site, all, ended))
			r.tellAll()
			r.wantTold("one of two is ended", c.told...)
		})
	}
}

func TestWhatOnlyCameToBeFollowedLaterIsNotToldInstead(t *testing.T) {
	r := newReaders(t)
	article := moderation.Wish{Email: "fay@example.org", Kind: models.FollowArticle, ArticleKey: "a", Pace: models.PaceDaily}
	r.follow(moderation.Wish{Email: "fay@example.org", Kind: models.FollowReplies, Pace: models.PaceDaily})
	ended, all := r.follow(article)
	r.approve(r.submission()) // which answers nobody
	r.wait(time.Minute)
	late := site("fay@example.org")
	late.Pace = models.PaceDaily
	r.follow(late)
	r.must(r.flow.StopFollowing(t.Context(), r.site, all, ended))
	r.tellAll()
	r.wantTold("neither is about it")
}

func reply(s moderation.Submission, parent uuid.UUID) moderation.Submission {
	s.ParentID = &parent
	return s
}

// tellAll runs the mails that wait, and the daily ones of two mornings.
func (r *readers) tellAll() {
	r.Helper()
	run(r, "notify_follower", r.postman.DeliverFollowUp)
	for range 2 {
		r.now = r.now.AddDate(0, 0, 1)
		r.must(r.flow.SendDigests(r.Context()))
		run(r, "notify_digest", r.postman.DeliverDigest)
	}
}
