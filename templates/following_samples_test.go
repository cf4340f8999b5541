package templates

import (
	"strings"
	"testing"
)

func following() Following {
	return Following{Site: site, ID: id(80), Token: "geheim", Email: "jana@example.org", Confirmed: true, Items: []FollowedItem{
		{Followed{"article", true, article.Title}, id(81), false, false, article.Key},
		{Followed{"replies", false, ""}, id(82), true, false, ""}, {Followed{"site", false, ""}, id(83), false, true, ""},
	}}
}

func refusedFollow() Follow {
	form := FollowForm{Site: site, ArticleKey: article.Key, Email: "jana@", Kind: "site", Daily: true, Errors: map[string]string{"email": "Das ist keine E-Mail-Adresse."}, Notice: "Bitte etwas später."}
	return Follow{Site: site, Article: article, Form: form}
}

func subscriptionMail(known bool) SubscriptionMail {
	m := SubscriptionMail{Site: site, What: Followed{"article", true, article.Title}, Known: known, EndURL: "https://plenum.example/stadtanzeiger/subscriptions/1/end?token=e"}
	if known {
		m.Daily, m.ManageURL = true, "https://plenum.example/stadtanzeiger/followers/1?token=m"
	} else {
		m.ConfirmURL = "https://plenum.example/stadtanzeiger/subscriptions/1/confirm?token=c"
	}
	return m
}

func toldComment(name string) ToldComment {
	return ToldComment{Name: name, Text: "Gezählt wurde 2024 an vier Tagen. Wir haben die Tabelle im Artikel ergänzt, danke für den Hinweis.\n\n<b>kein Markup</b>",
		URL: "https://plenum.example/stadtanzeiger/thread?article=radweg#c-1"}
}

func followUpMail(kind string) FollowUpMail {
	return FollowUpMail{Site: site, Article: article, What: Followed{kind, kind == "article", article.Title}, Comment: toldComment("M. Özdemir"),
		EndURL: "https://plenum.example/stadtanzeiger/subscriptions/1/end?token=e", ManageURL: "https://plenum.example/stadtanzeiger/followers/1?token=m"}
}

func digestMail() DigestMail {
	return DigestMail{Site: site, Total: 54, More: 51, Articles: []DigestArticle{{article, []ToldComment{toldComment("Jana Reuter"), toldComment("عمر")}},
		{Article{}, []ToldComment{toldComment("Lokalredaktion")}}},
		EndURL: "https://plenum.example/stadtanzeiger/digests/1/end?token=e", ManageURL: "https://plenum.example/stadtanzeiger/followers/1?token=m"}
}

func followingSamples() []sample {
	page := func(act string, done bool) SubscriptionPage {
		return SubscriptionPage{Site: site, Act: act, What: Followed{"article", true, article.Title}, Done: done, Action: "/stadtanzeiger/subscriptions/1/" + act + "?token=t"}
	}
	return []sample{
		{"public/follow", "refused", refusedFollow()}, {"public/follow", "sent", Follow{Site: site, Article: article, Sent: true}}, {"public/follow", "bare", Follow{}},
		{"public/subscription", "confirm", page("confirm", false)}, {"public/subscription", "end", page("end", false)}, {"public/subscription", "ended", page("end", true)},
		{"public/subscription", "end_daily", page("end_daily", false)}, {"public/subscription", "ended_daily", SubscriptionPage{Act: "end_daily", Done: true}},
		{"public/following", "full", following()}, {"public/following", "bare", Following{}},
		{"mail/subscription", "full", subscriptionMail(false)}, {"mail/subscription", "bare", SubscriptionMail{What: Followed{Kind: "replies", Narrow: true}}},
		{"mail/follow_up", "full", followUpMail("replies")}, {"mail/follow_up", "bare", FollowUpMail{What: Followed{Kind: "article", Narrow: true}}},
		{"mail/digest", "full", digestMail()}, {"mail/digest", "bare", DigestMail{}},
	}
}

// mails to followers, as text and as HTML, by the name of their golden file.
func followingMails(t *testing.T, locale string) map[string][3]string {
	t.Helper()
	set, all := newSet(t), map[string][3]string{}
	put := func(name string, subject, text, html string, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all[name] = [3]string{subject, text, html}
	}
	mail := func(name string) func(string, string, string, error) {
		return func(subject, text, html string, err error) { put(name, subject, text, html, err) }
	}
	mail("subscription_ask")(set.SubscriptionMail(locale, subscriptionMail(false)))
	mail("subscription_known")(set.SubscriptionMail(locale, subscriptionMail(true)))
	mail("follow_up_reply")(set.FollowUpMail(locale, followUpMail("replies")))
	mail("follow_up")(set.FollowUpMail(locale, followUpMail("article")))
	mail("digest")(set.DigestMail(locale, digestMail()))
	return all
}

func TestMailsToFollowersLookAsTheyDid(t *testing.T) {
	for _, locale := range Locales() {
		for name, m := range followingMails(t, locale) {
			golden(t, name+"."+locale+".txt", "Subject: "+m[0]+"\n\n"+m[1])
			golden(t, name+"."+locale+".html", m[2])
		}
	}
}

func TestEachMailToAFollowerHasItsWayOutInBothParts(t *testing.T) {
	for name, m := range followingMails(t, "en") {
		for _, part := range m[1:] {
			if !strings.Contains(part, "/end?token=e") && name != "subscription_known" {
				t.Errorf("%s: got\n%s\nwant the way to end it", name, part)
			}
			if strings.Contains(part, "followers/1?token=m") == (name == "subscription_ask") {
				t.Errorf("%s: got\n%s\nwant the way to all that is followed once it is confirmed, and not before", name, part)
			}
			if strings.Contains(part, "<img") || strings.Contains(part, "<b>kein") && strings.Contains(part, "<html") {
				t.Errorf("%s: got an image, or markup of a comment's text, in\n%s", name, part)
			}
		}
		for _, line := range strings.Split(m[1], "\n") {
			if len([]rune(line)) > mailWidth && !strings.Contains(line, "https://") {
				t.Errorf("%s: %d characters: %s", name, len([]rune(line)), line)
			}
		}
	}
}

func TestTheFollowFormKeepsWhatWasTyped(t *testing.T) {
	d := read(t, render(t, "de", "public/follow", refusedFollow()))
	d.has("#follow-email", "value", "jana@")
	d.count(1, "input[value=site][checked]")
	d.count(1, "option[value=daily][selected]")
	d.says("[role=alert] a", "keine E-Mail-Adresse")
	d.count(0, "input[value=replies]") // nobody can prove in a form that a comment was theirs
}

func TestTheAuthorsPageSaysThatFollowingIsToBeConfirmed(t *testing.T) {
	page := statuses()["pending"]
	before := render(t, "de", "public/status", page)
	page.Follows = true
	if after := render(t, "de", "public/status", page); strings.Contains(before, "bestätigen Sie das bitte") || !strings.Contains(after, "bestätigen Sie das bitte") {
		t.Error("got the sentence in the wrong case")
	}
}
