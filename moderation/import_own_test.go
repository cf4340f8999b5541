package moderation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/transfer"
)

// exported is what plenum export would print of the site.
func exported(w *world, site models.Site) string {
	w.Helper()
	var out bytes.Buffer
	fmt.Fprintln(&out, `{"record":"export","format":"plenum","version":1}`)
	n := 0
	w.must(w.flow.Store.Export(w.Context(), site.ID, func(record string, row []byte) error {
		n++
		_, err := fmt.Fprintf(&out, "{\"record\":%q,\"row\":%s}\n", record, row)
		return err
	}))
	fmt.Fprintf(&out, `{"record":"end","records":%d}`, n)
	return out.String()
}

func (w *world) bringOwn(site models.Site, file string) (moderation.Restored, error) {
	w.Helper()
	records, err := transfer.OpenPlenum(strings.NewReader(file), models.ExportVersion)
	w.must(err)
	return w.flow.ImportOwn(context.WithoutCancel(w.Context()), site, records)
}

// live has everything happen on the site that leaves a row behind.
func (w *world) live() {
	w.Helper()
	first := w.submission()
	first.Email = "ann@reader.example"
	ids := []uuid.UUID{w.submit(first).ID}
	w.must(w.decide(w.moderator, ids[0], moderation.Approve))
	for range 7 {
		s := w.submission()
		s.ParentID = &ids[0]
		s.Email = fmt.Sprintf("r%d@reader.example", len(ids))
		ids = append(ids, w.submit(s).ID)
		w.now = w.now.Add(time.Minute)
	}
	_, err := w.flow.Decide(w.Context(), w.site, w.moderator, moderation.Verdict{CommentID: ids[1], Version: 1, Action: moderation.Reject, Rules: []string{"topic"}, Statement: "grounds", Note: "inside"})
	w.must(err)
	w.must(w.decide(w.moderator, ids[2], moderation.Approve))
	w.must(w.flow.Edit(w.Context(), w.site, ids[2], w.flow.ManageToken(w.site.ID, ids[2]), "another text"))
	w.must(w.decide(w.moderator, ids[3], moderation.Approve))
	w.must(w.decide(w.moderator, ids[3], moderation.Undo))
	w.must(w.decide(w.moderator, ids[4], moderation.Approve))
	w.must(w.decide(w.other, ids[4], moderation.Remove, "respect"))
	w.must(w.flow.Edit(w.Context(), w.site, ids[5], w.flow.ManageToken(w.site.ID, ids[5]), "still waits"))
	w.must(w.decide(w.moderator, ids[6], moderation.Approve))
	w.must(w.flow.Erase(w.Context(), w.site, ids[6], w.flow.ManageToken(w.site.ID, ids[6])))
	_, err = w.flow.Appeal(w.Context(), w.site, ids[1], w.flow.ManageToken(w.site.ID, ids[1]), "please", moderation.Request{})
	w.must(err)
	_, err = w.flow.Report(w.Context(), w.site, moderation.Report{CommentID: ids[0], Kind: models.ReportIllegal, Text: "see", Name: "Rea", Email: "rea@reader.example", GoodFaith: true})
	w.must(err)
	w.bring(moderation.Import{}, said("1", "", transfer.Public), said("2", "", transfer.Deleted))
	w.laid(w.editor, moderation.Ban, ids[7])
	w.must(w.flow.Subscribe(w.Context(), w.site, moderation.Wish{Email: "ann@reader.example", Kind: "site"}))
	w.rule()
	w.must(w.flow.Store.Serve(w.Context(), w.site.ID, func(tx *models.Tx) error {
		w.must(tx.AddWord(w.Context(), models.Word{SiteID: w.site.ID, ID: uuid.New(), Kind: models.WordPlain, Text: "word", Minutes: 5, CreatedAt: w.now, CreatedBy: w.editor.ID}))
		w.must(tx.SetRuleHints(w.Context(), w.site.ID, []models.RuleHint{{SiteID: w.site.ID, Signal: "links", Rule: "respect"}}))
		_, err := tx.Agree(w.Context(), w.site.ID, ids[0], w.now, make([]byte, 32))
		return err
	}))
}

// rule has an admin change the site's settings and staff, who leaves it then and is named nowhere else.
func (w *world) rule() {
	w.Helper()
	admin, _ := w.staff(w.site, "Gone", moderation.RoleAdmin), w.staff(w.site, "stays", moderation.RoleAdmin)
	_, err := w.flow.ChangeSettings(w.Context(), w.site, admin, moderation.SiteChange{Purge: &moderation.Purging{Address: "https://cdn.example/drop?key=in-the-address", Header: "Key: in-the-header"}})
	w.must(err)
	w.must(w.flow.SetRole(w.Context(), w.site, admin, w.other.ID, moderation.RoleEditor))
	w.must(w.flow.RemoveMember(w.Context(), w.site, admin, admin.ID))
}

// rows are the records of an export but for what belongs to its site: its settings and staff, with the logs of both, and
// the links of its chain.
func rows(t testing.TB, file string) (all []string) {
	t.Helper()
	for line := range strings.Lines(file) {
		var r struct {
			Record string         `json:"record"`
			Row    map[string]any `json:"row"`
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		delete(r.Row, "prev_hash")
		delete(r.Row, "hash")
		if r.Record == "rules" {
			delete(r.Row, "published_at")
		}
		if !slices.Contains([]string{"site", "setting_change", "staff_change"}, r.Record) {
			all = append(all, fmt.Sprint(r.Record, " ", r.Row))
		}
	}
	return all
}

func TestAnExportComesBackAsItWas(t *testing.T) {
	w := newWorld(t)
	w.live()
	file := exported(w, w.site)
	if !strings.Contains(file, "another text") || !strings.Contains(file, "grounds") {
		t.Fatal("the export does not hold what was written")
	}
	for _, record := range []string{"moderator", "rules", "rules_intro", "rule", "statement_template", "rule_hint", "word", "article", "author", "comment", "agreement", "imported", "entry",
		"statement", "sanction", "report_case", "report", "appeal", "follower", "subscription", "setting_change", "staff_change"} {
		if !strings.Contains(file, `{"record":"`+record+`"`) {
			t.Errorf("the export holds no %s: something is wrong with this test", record)
		}
	}
	if !strings.Contains(file, `"name": "Gone"`) {
		t.Error("the export does not name who changed the settings")
	}
	w.mustNotBeIn(file)
	made, err := w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "copy", Name: "Copy", Locale: "de", Origins: w.site.Origins})
	w.must(err)
	count, err := w.bringOwn(made, file)
	if err != nil {
		t.Fatal(err)
	}
	again := exported(w, made)
	got, want := rows(t, again), rows(t, file)
	got = slices.DeleteFunc(got, func(row string) bool { return strings.HasPrefix(row, "moderator ") })
	want = slices.DeleteFunc(want, func(row string) bool { return strings.HasPrefix(row, "moderator ") || strings.HasPrefix(row, "end ") })
	got = slices.DeleteFunc(got, func(row string) bool { return strings.HasPrefix(row, "end ") })
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("row %d: got\n%.900s\nwant\n%.900s", i, append(got, make([]string, 99)...)[i], append(want, make([]string, 99)...)[i])
		}
	}
	w.sameThread(made, w.site)
	v, err := w.flow.VerifyLedger(t.Context(), made)
	if err != nil || v.Fault != nil || int(v.Entries) != count["entry"] {
		t.Errorf("got %+v, %v of the ledger, want %d entries that hold", v, err, count["entry"])
	}
	if _, err := w.bringOwn(made, file); err != nil || exported(w, made) != again {
		t.Errorf("a second import changed something: %v", err)
	}
	var mails int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from river_job where args->>'site_id' = $1`, made.ID.String()).Scan(&mails))
	if mails != 0 {
		t.Errorf("got %d jobs, want no mail", mails)
	}
}

// mustNotBeIn wants no secret and no keyed hash in an export, and nothing of another site.
func (w *world) mustNotBeIn(file string) {
	w.Helper()
	for _, never := range []string{"password", "token_hash", "address_hash", "network_hash", "claimed_by", "secret", "mo.news@news.example", "ed.news@news.example", `"html"`, "in-the-address", "in-the-header"} {
		if strings.Contains(file, never) {
			w.Errorf("the export holds %q", never)
		}
	}
}

func (w *world) sameThread(a, b models.Site) {
	w.Helper()
	read := func(site models.Site) string {
		t, err := w.flow.Thread(w.Context(), site, moderation.ThreadPage{Key: "a", ThreadPage: models.ThreadPage{Sort: models.SortOldest, Limit: 100}})
		w.must(err)
		for i := range t.Places {
			t.Places[i].RootID, t.Places[i].PublishedAt = uuid.Nil, nil
		}
		text, err := json.Marshal([]any{t.Total, t.Places})
		w.must(err)
		return string(text)
	}
	if got, want := read(a), read(b); got != want || !strings.Contains(got, "text number") {
		w.Errorf("got the thread\n%s\nwant\n%s", got, want)
	}
}

// Cut off anywhere, nothing is public that was not, and the same file again makes it whole.
func TestAnImportThatWasCutOffGoesOn(t *testing.T) {
	w := newWorld(t)
	w.live()
	file := exported(w, w.site)
	lines := strings.SplitAfter(file, "\n")
	public := func(site models.Site) (n int) {
		w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from comments where site_id = $1 and public_revision is not null`, site.ID).Scan(&n))
		return n
	}
	for i, cut := range []int{len(lines) / 2, len(lines) - 12, len(lines) - 2} {
		site, err := w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: fmt.Sprint("copy-", i), Name: "Copy", Locale: "de", Origins: w.site.Origins})
		w.must(err)
		if _, err := w.bringOwn(site, strings.Join(lines[:cut], "")); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("got %v, want it cut off", err)
		}
		if got, most := public(site), public(w.site); got > most {
			t.Errorf("got %d public, want at most %d", got, most)
		}
		if _, err := w.bringOwn(site, file); err != nil {
			t.Fatal(err)
		}
		if v, err := w.flow.VerifyLedger(t.Context(), site); err != nil || v.Fault != nil || public(site) != public(w.site) {
			t.Errorf("got %+v, %v and %d public, want it whole", v, err, public(site))
		}
	}
}

func TestAnExportThatWasForgedDoesNotComeIn(t *testing.T) {
	w := newWorld(t)
	w.live()
	file := exported(w, w.site)
	for name, forge := range map[string]func(string) string{
		"another site's origin": func(s string) string {
			return strings.ReplaceAll(s, `"url": "https://news.example/a"`, `"url": "javascript:alert(1)"`)
		},
		"an author's address": func(s string) string {
			return strings.Replace(s, `"author_url": "https://ann.example"`, `"author_url": "javascript:alert(1)"`, 1)
		},
		"a record nobody knows":    func(s string) string { return strings.Replace(s, `{"record":"article"`, `{"record":"sessions"`, 1) },
		"another rule":             func(s string) string { return strings.Replace(s, `"title": "`, `"title": "x`, 1) },
		"a text that is control":   func(s string) string { return strings.Replace(s, "another text", `a\u0001b`, 1) },
		"an entry less":            func(s string) string { return without(s, `"action": "remove"`) },
		"a decision less":          func(s string) string { return without(s, `"action": "reject"`) },
		"a text less, between two": strings.NewReplacer(`"number": 2, "erased_at"`, `"number": 3, "erased_at"`, `"revision": 2`, `"revision": 3`, `"held_revision": 2`, `"held_revision": 3`).Replace,
		"a name that is control": func(s string) string {
			return strings.Replace(s, `"author_name": "Ann"`, `"author_name": "A\u0001nn"`, 1)
		},
		"an address of two lines": func(s string) string {
			return strings.Replace(s, `"email": "rea@reader.example"`, `"email": "rea@reader.example\r\nBcc: a@b.example"`, 1)
		},
		"a name of two lines": func(s string) string {
			return strings.Replace(s, `"author_name": "Ann"`, `"author_name": "Ann\nLee"`, 1)
		},
		"a row that is none": func(s string) string {
			return strings.Replace(s, `{"record":"article","row":`, `{"record":"article","row":null}`+"\n"+`{"record":"article","row":`, 1)
		},
		"a text that is none": func(s string) string { return strings.Replace(s, `"revisions": [`, `"revisions": [null, `, 1) },
	} {
		forged := forge(file)
		if forged == file {
			t.Errorf("%s: nothing was forged", name)
		}
		site, err := w.flow.CreateSite(t.Context(), moderation.NewSite{Slug: "f-" + uuid.NewString()[:8], Name: "Copy", Locale: "de", Origins: w.site.Origins})
		w.must(err)
		if _, err := w.bringOwn(site, forged); err == nil {
			t.Errorf("%s came in", name)
		}
	}
}

// without takes the lines out that hold the text, and counts what is left.
func without(file, text string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(file, "\n"), func(line string) bool { return strings.Contains(line, text) })
	lines[len(lines)-1] = fmt.Sprintf(`{"record":"end","records":%d}`, len(lines)-2)
	return strings.Join(lines, "")
}
