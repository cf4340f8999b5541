package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenum/models"
	"plenum/moderation"
)

func TestASiteIsMadeOnce(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	if site.Name != "News" || site.Locale != "de" || len(site.Origins) != 1 || site.Origins[0] != "https://news.example" {
		t.Errorf("got the site %+v", site)
	}
	s.run("site", "create", "news", "--name", "Again", "--origin", "https://again.example").failed("slug: ").silent()
	if again, err := s.flow().Store.Site(t.Context(), "news"); err != nil || again.Name != "News" {
		t.Errorf("got the site %+v (%v), want it as it was", again, err)
	}
}

func TestASiteThatCouldNotBeReachedIsRefused(t *testing.T) {
	s := newShell(t)
	for says, args := range map[string][]string{
		"slug: ":    {"api", "--name", "News", "--origin", "https://news.example"},
		"slug":      {"News!", "--name", "News", "--origin", "https://news.example"},
		"origins: ": {"news", "--name", "News", "--origin", "https://news.example/path"},
		"origins":   {"news", "--name", "News", "--origin", "news.example"},
		"name: ":    {"news", "--name", "", "--origin", "https://news.example"},
	} {
		s.run(append([]string{"site", "create"}, args...)...).failed(says).silent()
	}
	if all, err := s.flow().Store.Sites(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("got the sites %v (%v), want none", all, err)
	}
}

func TestASitesArticlesCloseAfterDays(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.run("site", "set", "news", "--close-after", "30", "--target", "90").done().silent()
	site, err := s.flow().Store.Site(t.Context(), "news")
	s.must(err)
	if site.CloseAfterDays == nil || *site.CloseAfterDays != 30 || site.TargetMinutes != 90 {
		t.Errorf("got %+v, want 30 days and 90 minutes", site)
	}
	s.run("site", "set", "news", "--close-after", "0").done()
	if site, err = s.flow().Store.Site(t.Context(), "news"); err != nil || site.CloseAfterDays != nil || site.TargetMinutes != 90 {
		t.Errorf("got %+v (%v), want articles that stay open and the same promise", site, err)
	}
	s.run("site", "set", "news", "--close-after", "99999").failed("close_after_days: ").silent()
	s.run("site", "set", "other", "--close-after", "3").failed("there is no site").silent()
}

func TestWhatHoldsForASiteIsSetByCommandAndWithinItsBounds(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.run("site", "set", "news", "--undo-delay", "60", "--appeal-days", "365", "--limit-burst", "20", "--limit-seconds", "10", "--confirm", "yes",
		"--thread-depth", "3", "--reaction", "none", "--cdn", "30", "--bulk-hour", "200", "--bulk-day", "900", "--removals-hour", "15",
		"--name", "The News", "--origin", "https://news.example", "--origin", "https://www.news.example", "--report-target", "90", "--appeal-target", "600").done().silent()
	site, err := s.flow().Store.Site(t.Context(), "news")
	s.must(err)
	if *site.UndoSeconds != 60 || site.AppealDays != 365 || site.LimitBurst != 20 || site.LimitSeconds != 10 || !site.RequireConfirmed ||
		site.ThreadDepth != 3 || site.Reaction != "none" || site.SharedCacheSeconds != 30 ||
		site.BulkHour != 200 || site.BulkDay != 900 || site.RemovalsHour != 15 ||
		site.Name != "The News" || len(site.Origins) != 2 || site.ReportTargetMinutes != 90 || site.AppealTargetMinutes != 600 {
		t.Errorf("got %+v, want what was set", site)
	}
	changes, err := s.flow().Store.SettingChanges(t.Context(), site.ID, 100)
	if err != nil || len(changes) != 15 || changes[0].ActorID != nil {
		t.Errorf("got %d changes in the log (%v), want one of each, by nobody of the staff", len(changes), err)
	}
	for _, bad := range [][]string{{"--appeal-days", "30"}, {"--limit-burst", "1000", "--limit-seconds", "3600"}, {"--confirm", "perhaps"}, {"--thread-depth", "21"}, {"--removals-hour", "0"}, {"--name", " "}, {"--origin", "news.example"}} {
		s.run(append([]string{"site", "set", "news"}, bad...)...).failed("").silent()
	}
}

func TestWhereACDNIsToldIsSetWithASecretThatIsNeverShown(t *testing.T) {
	s := newShell(t)
	s.site("news")
	told := s.with("Authorization: Bearer geheim\n", "site", "set", "news", "--purge", "https://api.cdn.example/zones/1/purge_cache").done()
	told.silent()
	if !strings.Contains(told.errs, "https://api.cdn.example (Authorization: …)") || strings.Contains(told.errs, "geheim") || strings.Contains(told.errs, "zones") {
		t.Errorf("got said %q", told.errs)
	}
	s.with("Authorization: Bearer anders\n", "site", "set", "news", "--purge", "https://api.cdn.example/zones/1/purge_cache").done()
	again := s.run("site", "set", "news", "--cdn", "3600").done()
	if !strings.Contains(again.errs, "https://api.cdn.example (Authorization: …)") {
		t.Errorf("got said %q, want it to stay as it is", again.errs)
	}
	s.with("geheim\n", "site", "set", "news", "--purge", "https://api.cdn.example/").failed("purge: ").silent()
	s.run("site", "set", "news", "--purge", "http://10.0.0.1/").failed("purge: ").silent()
	if off := s.run("site", "set", "news", "--purge", "none").done(); strings.Contains(off.errs, "CDN") {
		t.Errorf("got said %q, want it to be over", off.errs)
	}
	site, err := s.flow().Store.Site(t.Context(), "news")
	if err != nil || site.PurgeURL != "" || site.PurgeSealed != nil || site.SharedCacheSeconds != 3600 {
		t.Errorf("got %+v (%v), want neither address nor secret", site, err)
	}
	logged := ""
	changes, err := s.flow().Store.SettingChanges(t.Context(), site.ID, 10)
	for _, c := range changes {
		logged += c.Setting + ": " + c.Was + " → " + c.Becomes + "\n"
	}
	if err != nil || strings.Count(logged, "purge: ") != 3 || strings.Contains(logged, "Bearer") {
		t.Errorf("got %s (%v), want all of it in the log, another secret too, and none shown", logged, err)
	}
}

// Whoever took an account over is out at once, by every way in.
func TestASuspendedModeratorIsOutByEveryWay(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	s.with("open sesame", "moderator", "create", "ida@news.example", "--site", "news", "--role", "editor").done()
	key := s.run("token", "create", "ida@news.example", "--site", "news").line()
	flow, credentials := s.flow(), moderation.Credentials{Email: "ida@news.example", Password: "open sesame"}
	token, _, err := flow.SignIn(t.Context(), credentials)
	s.must(err)
	s.run("moderator", "suspend", "Ida@News.Example").done().silent()
	if _, err := flow.Seat(t.Context(), token); err == nil {
		t.Error("the session still holds")
	}
	if _, err := flow.TokenActor(t.Context(), site.ID, key); err == nil {
		t.Error("the API token still holds")
	}
	if _, _, err := flow.SignIn(t.Context(), credentials); err == nil {
		t.Error("the password still holds")
	}
	changes, err := flow.Store.StaffChanges(t.Context(), site.ID, 10)
	if err != nil || len(changes) != 1 || changes[0].Action != models.StaffRevoke {
		t.Errorf("got %+v (%v), want the token's end in the log of the staff", changes, err)
	}
	s.run("moderator", "suspend", "nobody@news.example").failed("nobody signs in").silent()
}

func TestAModeratorSignsInWithThePasswordFromStandardInput(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	s.with("open sesame\r\n", "moderator", "create", "Ida@News.Example", "--site", "news", "--role", "editor").done().silent()
	flow := s.flow()
	token, _, err := flow.SignIn(t.Context(), moderation.Credentials{Email: "ida@news.example", Password: "open sesame"})
	s.must(err)
	seat, err := flow.Seat(t.Context(), token)
	s.must(err)
	actor, err := flow.SessionActor(t.Context(), site.ID, seat.Moderator)
	if err != nil || actor.Role != moderation.RoleEditor || actor.Name != "Ida" || seat.Moderator.Locale != "de" {
		t.Errorf("got %+v in %s (%v), want the editor Ida in German", actor, seat.Moderator.Locale, err)
	}
	s.with("another sesame", "moderator", "create", "ida@news.example", "--site", "news", "--role", "admin", "--name", "I. D.", "--locale", "en").done()
	if _, _, err := flow.SignIn(t.Context(), moderation.Credentials{Email: "ida@news.example", Password: "open sesame"}); err == nil {
		t.Error("the old password still opens the desk")
	}
	if actor, err = flow.SessionActor(t.Context(), site.ID, seat.Moderator); err != nil || actor.Role != moderation.RoleAdmin {
		t.Errorf("got the role %s (%v), want admin", actor.Role, err)
	}
}

func TestAModeratorNeedsASiteAPasswordAndAnAddress(t *testing.T) {
	s := newShell(t)
	s.site("news")
	create := func(email, site string) []string {
		return []string{"moderator", "create", email, "--site", site, "--role", "moderator"}
	}
	s.with("open sesame", create("mo@news.example", "none")...).failed("no site \"none\"", "plenum site create none").silent()
	s.with("", create("mo@news.example", "news")...).failed("no password on standard input").silent()
	s.with("\nopen sesame", create("mo@news.example", "news")...).failed("no password on standard input").silent()
	s.with("short", create("mo@news.example", "news")...).failed("password: ").silent()
	s.with("open sesame", create("mo", "news")...).failed("no e-mail address").silent()
	s.with("open sesame", create("@news.example", "news")...).failed("no e-mail address").silent()
}

func TestAModeratorWhoLostTheirSecondFactorIsUnlocked(t *testing.T) {
	s := newShell(t)
	s.site("news")
	s.with("open sesame", "moderator", "create", "mo@news.example", "--site", "news", "--role", "moderator").done()
	flow := s.flow()
	m, err := flow.Store.ModeratorByEmail(t.Context(), "mo@news.example")
	s.must(err)
	key := models.Passkey{ID: m.ID, ModeratorID: m.ID, CredentialID: make([]byte, 32), PublicKey: []byte{1}, Name: "Phone", Kept: models.KeptOnDevice, CreatedAt: m.CreatedAt}
	s.must(flow.Store.CreatePasskey(t.Context(), key))
	enter := func() models.Seat {
		token, _, err := flow.SignIn(t.Context(), moderation.Credentials{Email: m.Email, Password: "open sesame"})
		s.must(err)
		seat, err := flow.Seat(t.Context(), token)
		s.must(err)
		return seat
	}
	if seat := enter(); !moderation.Unproven(seat) || !seat.HasPasskey {
		t.Errorf("got %+v, want somebody who owes the passkey", seat)
	}
	s.run("moderator", "unlock", "MO@news.example").done().silent()
	if seat := enter(); moderation.Unproven(seat) || seat.HasSecond {
		t.Errorf("got %+v, want somebody who is in by the password alone", seat)
	}
	s.run("moderator", "unlock", "ida@news.example").failed("nobody signs in with").silent()
}

func TestATokenSpeaksForItsOwner(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	s.with("open sesame", "moderator", "create", "mo@news.example", "--site", "news", "--role", "moderator").done()
	for scope, readOnly := range map[string]bool{"read": true, "write": false} {
		token := s.run("token", "create", "MO@news.example", "--site", "news", "--scope", scope).line()
		actor, err := s.flow().TokenActor(t.Context(), site.ID, token)
		if err != nil || actor.Email != "mo@news.example" || actor.ReadOnly != readOnly {
			t.Errorf("a token to %s: got %+v (%v)", scope, actor, err)
		}
	}
	s.run("token", "create", "ida@news.example", "--site", "news").failed("plenum moderator create ida@news.example").silent()
	s.run("token", "create", "mo@news.example", "--site", "none").failed("no site").silent()
}

const nextRules = `locales:
  de: {intro: Neu, rules: [{code: calm, title: Ruhe, text: Bleiben Sie ruhig.}]}
  en: {intro: New, rules: [{code: calm, title: Calm, text: Keep calm.}]}
`

func TestRulesArePublishedFromAFile(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	file := filepath.Join(s.folder, "rules.yaml")
	publish := func(text string) result {
		s.must(os.WriteFile(file, []byte(text), 0o600))
		return s.run("rules", "publish", file, "--site", "news")
	}
	if got := publish(nextRules).line(); got != "2" {
		t.Errorf("got version %s, want 2", got)
	}
	rules, err := s.flow().Store.Rules(t.Context(), site.ID, 0)
	if err != nil || rules.Version != 2 || rules.PublishedBy != nil || rules.Locales["en"].Rules[0].Title != "Calm" {
		t.Errorf("got in force %+v (%v), want what was published", rules, err)
	}
	publish("locales: [").failed("read the rules").silent()
	publish("").failed("locales: ").silent()
	publish(nextRules + "extra: yes\n").failed("extra").silent()
	publish("locales:\n  en: {intro: New, rules: [{code: calm, title: Calm, text: Keep calm.}]}\n").failed("locales: ").silent()
	publish(strings.ReplaceAll(nextRules, "calm,", "R1,")).failed("locales.de.rules.0.code: ", "small letter").silent()
	many := strings.Repeat("{code: calm, title: Ruhe, text: Bleiben Sie ruhig.}, ", 9)
	publish(strings.ReplaceAll(nextRules, "rules: [", "rules: ["+many)).failed("rules: ", "one to 9 rules").silent()
	if version, err := s.flow().Store.RulesVersion(t.Context(), site.ID); err != nil || version != 2 {
		t.Errorf("got version %d in force (%v), want 2 still", version, err)
	}
}

func TestTheKeyOfAPublisherIsOfOneSite(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	s.site("other")
	key := s.run("site", "embed-key", "news").line()
	if key != s.run("site", "embed-key", "news").line() || key == s.run("site", "embed-key", "other").line() || key != s.flow().PublisherKey(site) {
		t.Errorf("got the key %s, want one that is the site's own and stays", key)
	}
	s.run("site", "embed-key", "nowhere").failed("nowhere").silent()
}
