package handlers_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type entry struct {
	Seq                  int64
	Kind, Action, Status string
	Hash                 string
	PrevHash             string `json:"prev_hash"`
	StatementHash        string `json:"statement_hash"`
	NoteHash             string `json:"note_hash"`
	Actor                *struct{ Name string }
}

func (w *world) audit(query string) []entry {
	w.Helper()
	return read[struct{ Items []entry }](w.get(w.api("/audit"+query), w.as(reads)).want(200)).Items
}

// eventful makes two entries of each kind.
func (w *world) eventful() {
	w.Helper()
	for i := range 2 {
		p := w.post(fmt.Sprint("text ", i))
		w.edit(p, fmt.Sprint("new text ", i))
		w.do("POST", w.api("/comments/"+p.ID+"/decisions"), draft{"action": "approve", "version": 2, "note": "eine Notiz", "statement": "ein Wort"}, w.as(mia)).want(201)
		w.withdraw(p)
	}
}

func TestTheLogIsOneChainWithoutAGap(t *testing.T) {
	w := newWorld(t)
	w.eventful()
	w.abroad().published("fremd")
	entries := w.audit("")
	prev := strings.Repeat("0", 64)
	var actions []string
	for i, e := range entries {
		if e.Seq != int64(i+1) || e.PrevHash != prev || (e.Actor == nil) == (e.Kind == "decision") {
			t.Errorf("entry %d: got %+v after %s", i+1, e, prev)
		}
		prev, actions = e.Hash, append(actions, e.Action)
	}
	if got, want := strings.Join(actions, " "), "edit approve withdraw edit approve withdraw"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	v, err := w.flow.VerifyLedger(t.Context(), w.site)
	if err != nil || v.Fault != nil || v.Entries != 6 {
		t.Errorf("got %+v %v, want 6 entries that hold", v, err)
	}
}

func TestTheLogIsReadPageByPage(t *testing.T) {
	w := newWorld(t)
	w.eventful()
	whole := w.audit("")
	var got []entry
	for after := int64(0); ; after = got[len(got)-1].Seq {
		page := w.audit(fmt.Sprint("?limit=4&after=", after))
		if got = append(got, page...); len(page) < 4 {
			break
		}
	}
	if !reflect.DeepEqual(got, whole) {
		t.Errorf("got %v, want %v", got, whole)
	}
	for _, query := range []string{"?after=-1", "?after=x", "?limit=201", "?after=9223372036854775808"} {
		w.get(w.api("/audit"+query), w.as(reads)).refused(400)
	}
	if end := w.audit("?after=9223372036854775807"); len(end) != 0 {
		t.Errorf("got %v behind the end", end)
	}
}

func TestTheLogHoldsNothingThatAPersonWrote(t *testing.T) {
	w := newWorld(t)
	w.eventful()
	log := string(w.get(w.api("/audit"), w.as(ada)).want(200).body)
	for _, text := range []string{"text 1", "Rosa", "eine Notiz", "ein Wort"} {
		if strings.Contains(log, text) {
			t.Errorf("the log has %q", text)
		}
	}
	w.get(w.api("/audit")).refused(401)
}

func TestTheDecisionsOnACommentAreListedPageByPageWithTheirTexts(t *testing.T) {
	w := newWorld(t)
	p := w.published("Text")
	for range 3 {
		w.decide(p, "keep")
	}
	w.withdraw(p)
	type page struct {
		Items []struct{ Action string }
		Next  *string `json:"next_cursor"`
	}
	path := w.api("/comments/" + p.ID + "/decisions")
	var got []string
	for at := "?limit=2"; at != ""; {
		list := read[page](w.get(path+at, w.as(reads)).want(200))
		for _, d := range list.Items {
			got = append(got, d.Action)
		}
		if at = ""; list.Next != nil {
			at = "?limit=2&cursor=" + *list.Next
			w.get(w.api("/comments/"+w.post("another").ID+"/decisions"+at), w.as(reads)).refused(400)
		}
	}
	if got := strings.Join(got, " "); got != "approve keep keep keep withdraw" {
		t.Errorf("got %s", got)
	}
	w.get(w.abroad().api("/comments/"+p.ID+"/decisions"), w.as(bea)).refused(404)
}
