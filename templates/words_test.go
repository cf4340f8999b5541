package templates

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"time"
)

func TestLanguagesSayTheSameThings(t *testing.T) {
	want := keys(t, "de")
	for _, locale := range Locales() {
		if got := keys(t, locale); !slices.Equal(got, want) {
			t.Errorf("%s lacks %v, has besides %v", locale, without(want, got), without(got, want))
		}
	}
}

// Of two sentences under one key the last would be said everywhere.
func TestEveryKeyHasOneSentence(t *testing.T) {
	for _, locale := range Locales() {
		source, err := files.ReadFile("locale/" + locale + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^  ("[^"]+"): `).FindAllSubmatch(source, -1) {
			if key := string(m[1]); seen[key] {
				t.Errorf("%s: %s stands twice", locale, key)
			} else {
				seen[key] = true
			}
		}
		if len(seen) != len(messages(t, locale)) {
			t.Errorf("%s: got %d keys of %d: something is wrong with this test", locale, len(seen), len(messages(t, locale)))
		}
	}
}

// After "Guten Tag Frau K.," German goes on with a small letter, but for "Sie" and "Ihr"; English begins a sentence.
func TestMailsGoOnAfterTheirGreetingAsTheLanguageDoes(t *testing.T) {
	ungreeted := []string{"mail.inquiry.body"}
	for locale, wrong := range map[string]string{"de": `^"[A-ZÄÖÜ]`, "en": `^"[a-z]`} {
		for key, sentence := range messages(t, locale) {
			courtesy := regexp.MustCompile(`^"(Sie|Ihr\w*)\b`).Match(sentence)
			if !strings.HasPrefix(key, "mail.") || !strings.HasSuffix(key, ".body") || slices.Contains(ungreeted, key) || courtesy {
				continue
			}
			if regexp.MustCompile(wrong).Match(sentence) {
				t.Errorf("%s: %s begins as no sentence does there: %s", locale, key, sentence)
			}
		}
	}
}

// The parts of the house have one name each, as the roles and pages call them.
func TestGermanCallsEachThingByOneName(t *testing.T) {
	for key, sentence := range messages(t, "de") {
		if found := regexp.MustCompile(`\bTisch|\bAdmins?\b|Redaktionsleitung|jemand anders\b`).Find(sentence); found != nil {
			t.Errorf("%s says %q, where the rest says Arbeitsplatz, Verwaltung, Redaktion, jemand anderes", key, found)
		}
	}
}

func TestLanguagesLeaveTheSamePlaces(t *testing.T) {
	german, english := messages(t, "de"), messages(t, "en")
	place := regexp.MustCompile(`\{\{(?:if )?\.(\w+)\}\}`)
	for key := range german {
		var got, want []string
		for _, m := range place.FindAllStringSubmatch(string(english[key]), -1) {
			got = append(got, m[1])
		}
		for _, m := range place.FindAllStringSubmatch(string(german[key]), -1) {
			want = append(want, m[1])
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(slices.Compact(got), slices.Compact(want)) {
			t.Errorf("%s: %v in English, %v in German", key, got, want)
		}
	}
}

// Every {{t "key"}} of a template must have its sentence, also on a branch that no sample takes.
func TestTemplatesSayOnlyWhatTheLanguagesKnow(t *testing.T) {
	known := messages(t, "de")
	for file, trees := range sources(t) {
		for _, tree := range trees {
			walk(tree.Root, func(n parse.Node) {
				command, ok := n.(*parse.CommandNode)
				if !ok || len(command.Args) < 2 || command.Args[0].String() != "t" {
					return
				}
				if key, ok := command.Args[1].(*parse.StringNode); ok && known[key.Text] == nil {
					t.Errorf("%s: no sentence for %q", file, key.Text)
				}
			})
		}
	}
}

func TestEveryPartIsUsed(t *testing.T) {
	called := map[string]bool{}
	defined := map[string]string{}
	for file, trees := range sources(t) {
		for name, tree := range trees {
			if name != file {
				defined[name] = file
			}
			walk(tree.Root, func(n parse.Node) {
				if call, ok := n.(*parse.TemplateNode); ok {
					called[call.Name] = true
				}
			})
		}
	}
	for name, file := range defined {
		if !called[name] {
			t.Errorf("%s: nothing uses %q", file, name)
		}
	}
}

func TestUnescapedHTMLHasOneDoor(t *testing.T) {
	count := 0
	for _, path := range glob(t, "*.go") {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			count += strings.Count(string(source), "template.HTML(")
		}
	}
	if count != 1 {
		t.Errorf("template.HTML( stands %d times", count)
	}
}

func TestTemplatesStayShort(t *testing.T) {
	for file := range sources(t) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(source), "\n"); lines > 120 {
			t.Errorf("%s has %d lines", file, lines)
		}
	}
}

func TestNumbersDatesAndPluralsAreOfTheLanguage(t *testing.T) {
	for _, c := range []struct{ locale, template, want string }{
		{"de", "one", "1 Kommentar"}, {"de", "none", "0 Kommentare"}, {"de", "many", "12.345 Kommentare"},
		{"en", "one", "1 comment"}, {"en", "none", "0 comments"}, {"en", "many", "12,345 comments"},
	} {
		n := map[string]int{"one": 1, "none": 0, "many": 12345}[c.template]
		if got := newSet(t).T(c.locale, "thread.total", map[string]any{"count": n}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.locale, got, c.want)
		}
	}
	for locale, want := range map[string][]string{
		"de": {"23. November 2026", "23. November 2026, 10:02 Uhr", "weniger als einer Minute", "1 Minute", "90 Minuten", "2 Stunden", "3 Tagen", "38 min", "< 1 min"},
		"en": {"23 November 2026", "23 November 2026, 10:02", "less than a minute", "1 minute", "90 minutes", "2 hours", "3 days", "38 min", "< 1 min"},
	} {
		w, err := newWords(locale)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		say := func(s string, err error) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, s)
		}
		say(w.date(morning))
		say(w.datetime(morning))
		for _, d := range []time.Duration{59 * time.Second, time.Minute, 90 * time.Minute, 2*time.Hour + time.Minute, 80 * time.Hour} {
			say(w.minutes(d))
		}
		say(w.short(38 * time.Minute))
		say(w.short(0))
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", locale, got, want)
		}
	}
}

// A percentage is written as the language does, also where it may be missing.
func TestAPercentageIsWrittenAsTheLanguageDoes(t *testing.T) {
	share := 88
	for locale, want := range map[string]string{"de": "88 %", "en": "88%"} {
		w, err := newWords(locale)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.t("percent", "n", &share); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", locale, got, err, want)
		}
		for key, sentence := range messages(t, locale) {
			if spaced := regexp.MustCompile(`\d %|}} %`).Match(sentence); locale == "en" && spaced {
				t.Errorf("%s is written as in German: %s", key, sentence)
			}
		}
	}
}

// What stands below a comment is a reply, at the desk and for readers.
func TestACommentIsRepliedTo(t *testing.T) {
	wrong := regexp.MustCompile(`(?i)\b(more|deeper) answers?\b|\banswers? (stand|a comment)|comment you answer|answered (a|the) comment|\banew\b|[Aa]nother person than`)
	for key, sentence := range messages(t, "en") {
		if wrong.Match(sentence) {
			t.Errorf("%s says it in another word: %s", key, sentence)
		}
	}
}

func TestEveryWaitingTimeHasWords(t *testing.T) {
	for _, locale := range Locales() {
		w, err := newWords(locale)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []time.Duration{0, time.Minute, 2 * time.Minute, 2 * time.Hour, 47 * time.Hour, 48 * time.Hour, 72 * time.Hour} {
			for _, say := range []func(time.Duration) (string, error){w.minutes, w.short} {
				if words, err := say(d); err != nil || words == "" {
					t.Errorf("%s: %v: got %q, %v", locale, d, words, err)
				}
			}
		}
	}
}

func TestTheLanguageThatABrowserPrefersAmongOurs(t *testing.T) {
	for accept, want := range map[string]string{"": "de", "en-GB,en;q=0.9,de;q=0.8": "en", "de-CH,en;q=0.9": "de", "fr,en;q=0.5": "en", "fr": "de",
		"de;q=0.1,en": "en", "*": "de", "en;q=x": "de"} {
		if got := Preferred(accept); got != want {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
	}
}

func TestMatchFallsBackToGerman(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "en": "en", "en-GB": "en", "EN_us": "en", "de-AT": "de", "fr": "de", "": "de"} {
		if got := Match(tag); got != want {
			t.Errorf("%q: got %s, want %s", tag, got, want)
		}
	}
}

func TestAMissingSentenceOrPlaceIsSeen(t *testing.T) {
	set := newSet(t)
	for _, key := range []string{"no.such.key", "invalid.max"} {
		if got := set.T("de", key, nil); got != key {
			t.Errorf("got %q", got)
		}
	}
	if err := set.Render(&strings.Builder{}, "de", "public/status", Status{State: "no such state"}); err == nil {
		t.Error("a page with a missing sentence was rendered")
	}
	if err := set.Render(&strings.Builder{}, "de", "public/none", nil); err == nil {
		t.Error("a page without a template was rendered")
	}
}

// These are asked for by name in handlers, moderation and cmd.
func TestSentencesForRefusalsAndProblemsAreThere(t *testing.T) {
	known := messages(t, "de")
	for prefix, names := range map[string]string{
		"invalid.": "required max max_number max_list min_number control email url oneof type unknown duplicate encoding json media_type too_large list value header limit cursor",
		"refusal.": "parent_unknown too_deep article_closed article_url article_key rules_changed stale claimed action_unfit rule_required rule_unknown own_comment own_reply role scope undo_late undo_other undo_nothing edit_state edit_same key_reused bad_signin rules_codes rules_locale rules_empty cursor lane site_closed subscribe_address password_short no_site slug slug_taken origin cross_site",
		"status.":  "pending approved rejected spam removed withdrawn",
		"action.":  "approve reject spam remove keep restore reopen undo edit withdraw uphold overturn erase import",
		"field.":   "body name email url parent_id article article.key article.url article.title rules_version statement note rules author.name author.email author.url subscribe",
		"feed.":    "site article entry",
		"role.":    "moderator editor admin",
	} {
		for _, name := range strings.Fields(names) {
			if known[prefix+name] == nil {
				t.Errorf("no %s%s", prefix, name)
			}
		}
	}
	for _, status := range strings.Fields("400 401 403 404 405 409 413 415 421 422 429 500 503") {
		for _, part := range []string{"title", "detail"} {
			if known["problem."+status+"."+part] == nil {
				t.Errorf("no problem.%s.%s", status, part)
			}
		}
	}
}

func messages(t *testing.T, locale string) map[string]json.RawMessage {
	t.Helper()
	source, err := files.ReadFile("locale/" + locale + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(source, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func keys(t *testing.T, locale string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(messages(t, locale)))
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(key string) bool { return slices.Contains(some, key) })
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s matches %d files: %v", pattern, len(paths), err)
	}
	return paths
}

// sources parses every template file by itself: its own body under the file's name, and what it defines.
func sources(t *testing.T) map[string]map[string]*parse.Tree {
	t.Helper()
	all := map[string]map[string]*parse.Tree{}
	for _, path := range append(glob(t, "*/*.html"), glob(t, "*/*.txt")...) {
		if strings.HasPrefix(path, "testdata") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		tree := parse.New(path)
		tree.Mode = parse.SkipFuncCheck
		trees := map[string]*parse.Tree{}
		if _, err := tree.Parse(string(source), "", "", trees); err != nil {
			t.Fatal(err)
		}
		all[path] = trees
	}
	return all
}

func walk(n parse.Node, visit func(parse.Node)) {
	visit(n)
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, each := range n.Nodes {
				walk(each, visit)
			}
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, visit)
		}
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			walk(command, visit)
		}
	case *parse.CommandNode:
		for _, arg := range n.Args {
			walk(arg, visit)
		}
	case *parse.IfNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, visit)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, visit)
	}
}

func walkBranch(b *parse.BranchNode, visit func(parse.Node)) {
	walk(b.Pipe, visit)
	walk(b.List, visit)
	if b.ElseList != nil {
		walk(b.ElseList, visit)
	}
}
