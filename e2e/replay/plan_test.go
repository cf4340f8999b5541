package main

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// invented is a file of so many comments of ours. Every third is refused; some are too short to be known by their opening,
// one pair has the same text, one cannot be posted.
func invented(n int) (rows []Row) {
	for i := range n {
		row := Row{ID: fmt.Sprint(1000 + i), Refused: i%3 == 2, Text: fmt.Sprintf("Nummer %d sagt: Der Radweg am *Markt* wird schmaler, warum?", i)}
		switch {
		case i%11 == 4:
			row.Text = fmt.Sprintf("Stimmt, %d.", i)
		case i == 5 || i == 6:
			row.Text = "Das haben zwei Leute Wort für Wort gleich geschrieben."
		case i == 9:
			row.Text = "Hier steht ein Steuerzeichen: \u0084"
		}
		rows = append(rows, row)
	}
	return rows
}

func TestTheSameFileIsTheSamePlan(t *testing.T) {
	if a, b := plan(invented(300), 20), plan(invented(300), 20); !reflect.DeepEqual(a, b) {
		t.Error("two plans of one file differ")
	}
}

func TestRepliesAnswerApprovedCommentsOfTheirArticle(t *testing.T) {
	items := plan(invented(2000), 20)
	replies, busy := 0, 0
	for _, item := range items {
		if item.Article == articleKey(1) {
			busy++
		}
		if item.Parent == nil {
			if item.Wave != 0 {
				t.Errorf("root %s is in wave %d", item.Row.ID, item.Wave)
			}
			continue
		}
		replies++
		p := item.Parent
		if p.Refused || !p.Postable || p.Article != item.Article || p.Number >= item.Number || p.Wave != item.Wave-1 {
			t.Errorf("row %s answers %+v", item.Row.ID, p)
		}
	}
	if replies < 850 || replies > 1050 {
		t.Errorf("got %d replies of 2000, want about 940", replies)
	}
	if busy < 220 || busy > 360 {
		t.Errorf("got %d comments under the first article, want about 290", busy)
	}
}

func TestWavesHoldEveryItemOnce(t *testing.T) {
	items := plan(invented(300), 5)
	n := 0
	for depth, wave := range waves(items) {
		for _, item := range wave {
			n++
			if item.Wave != depth {
				t.Errorf("row %s of wave %d stands in wave %d", item.Row.ID, item.Wave, depth)
			}
		}
	}
	if n != len(items) {
		t.Errorf("got %d items in waves, want %d", n, len(items))
	}
}

func TestPostableIsTheContractsLimit(t *testing.T) {
	for body, want := range map[string]bool{
		"": false, " \n\t ": false, "a": true, " a ": true, "a\tb\r\nc": true, "a\x00": false, "a\u0084b": false, "a\u007f": false,
		"a\u200eb": true, strings.Repeat("ä", 10_000): true, strings.Repeat("ä", 10_001): false, "  " + strings.Repeat("x", 10_000): true,
	} {
		if got := postable(body); got != want {
			t.Errorf("postable(%.20q), %d bytes: got %v, want %v", body, len(body), got, want)
		}
	}
}

func TestPlainWordsMustStayAsTyped(t *testing.T) {
	item := &Item{Row: Row{Text: "Nur  Worte, sonst nichts."}, Text: "Nur Worte, sonst nichts."}
	marked := &Item{Row: Row{Text: "*Worte*"}, Text: "Worte"}
	if faults := asTyped([]*Item{item, marked}); len(faults) != 0 {
		t.Errorf("got %v, want none", faults)
	}
	item.Text = "Nur Worte."
	if faults := asTyped([]*Item{item}); len(faults) != 1 {
		t.Errorf("got %v, want one fault", faults)
	}
}
