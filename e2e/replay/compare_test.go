package main

import (
	"testing"
	"time"
)

// kinds counts faults by kind: missing, extra, wrong.
func kinds(faults []Fault) (n [3]int) {
	for _, f := range faults {
		n[f.Kind]++
	}
	return n
}

func itemAt(id string, start, end int) *Item {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	return &Item{ID: id, Text: "Text " + id, Settled: true, Decided: Span{at(start), at(end)}}
}

func shownOf(ids ...string) (shown []Shown) {
	for _, id := range ids {
		shown = append(shown, Shown{id, "Text " + id})
	}
	return shown
}

func TestCompareFindsWhatIsMissingAndWhatIsExtra(t *testing.T) {
	want := []*Item{itemAt("a", 0, 1), itemAt("b", 2, 3)}
	for name, c := range map[string]struct {
		shown []Shown
		want  [3]int
	}{
		"the same":     {shownOf("b", "a"), [3]int{0, 0, 0}},
		"nothing":      {nil, [3]int{2, 0, 0}},
		"one missing":  {shownOf("a"), [3]int{1, 0, 0}},
		"one too many": {shownOf("a", "b", "c"), [3]int{0, 1, 0}},
		"one twice":    {shownOf("a", "b", "a"), [3]int{0, 1, 0}},
		"another text": {[]Shown{{"a", "Text a"}, {"b", "Text"}}, [3]int{1, 1, 0}},
	} {
		if got := kinds(compare(c.shown, want)); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestPartingIsTheFirstByteThatDiffers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "x", 0}, {"abc", "abd", 2}, {"ab", "abc", 2}} {
		if got := parting(c.a, c.b); got != c.want {
			t.Errorf("parting(%q, %q): got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestAReplyStandsBelowItsParent(t *testing.T) {
	parent := itemAt("a", 0, 1)
	reply := itemAt("b", 2, 3)
	reply.Parent = parent
	items := []*Item{parent, reply}
	if faults := below(shownOf("a", "x", "b"), items); len(faults) != 0 {
		t.Errorf("got %v, want none", faults)
	}
	for _, order := range [][]Shown{shownOf("b", "a"), shownOf("b")} {
		if faults := below(order, items); len(faults) != 1 {
			t.Errorf("%v: got %v, want one fault", order, faults)
		}
	}
}

func TestNewestKnowsOnlyWhatIsCertain(t *testing.T) {
	// b and c were decided at once.
	all := []*Item{itemAt("a", 0, 1), itemAt("b", 2, 5), itemAt("c", 3, 4), itemAt("d", 6, 7)}
	for name, c := range map[string]struct {
		shown []Shown
		n     int
		want  [3]int
	}{
		"in order":                   {shownOf("d", "c", "b", "a"), 4, [3]int{0, 0, 0}},
		"at once, either way":        {shownOf("d", "b", "c", "a"), 4, [3]int{0, 0, 0}},
		"at once, one of them":       {shownOf("d", "b"), 2, [3]int{0, 0, 0}},
		"more than asked":            {shownOf("d", "b", "c"), 2, [3]int{0, 0, 0}},
		"the newest missing":         {shownOf("c", "b"), 2, [3]int{1, 0, 0}},
		"too few":                    {shownOf("d"), 2, [3]int{1, 0, 0}},
		"the oldest first":           {shownOf("a", "d", "c", "b"), 4, [3]int{0, 0, 3}},
		"one that is surely too old": {shownOf("d", "a"), 2, [3]int{0, 0, 1}},
		"a newer one left out":       {shownOf("d", "c", "a"), 3, [3]int{1, 0, 1}},
	} {
		if got := kinds(newest(c.shown, all, c.n)); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
