package main

import (
	"testing"
	"time"
)

func place(id, parent string, depth int) Comment {
	return Comment{ID: id, ParentID: parent, Depth: depth}
}

func TestReadingOrderIsPreOrderWithTheRightDepths(t *testing.T) {
	for name, c := range map[string]struct {
		all  []Comment
		want int
	}{
		"empty":                   {nil, 0},
		"pre-order":               {[]Comment{place("a", "", 0), place("b", "a", 1), place("c", "b", 2), place("d", "a", 1), place("e", "", 0)}, 0},
		"beside each other at 20": {[]Comment{place("a", "", 0), place("x", "a", 1)}, 0},
		"a root with a depth":     {[]Comment{place("a", "", 1)}, 1},
		"a reply too deep":        {[]Comment{place("a", "", 0), place("b", "a", 2)}, 1},
		"before its parent":       {[]Comment{place("b", "a", 1), place("a", "", 0)}, 1},
		"below another root":      {[]Comment{place("a", "", 0), place("e", "", 0), place("b", "a", 1)}, 1},
		"out of its branch":       {[]Comment{place("a", "", 0), place("b", "a", 1), place("d", "a", 1), place("c", "b", 2)}, 1},
	} {
		if faults := readingOrder(c.all); len(faults) != c.want {
			t.Errorf("%s: got %v, want %d faults", name, faults, c.want)
		}
	}
}

func TestDepthEndsAtTwenty(t *testing.T) {
	all := []Comment{place("0", "", 0)}
	for i := range 25 {
		all = append(all, place(string(rune('a'+i)), all[i].ID, min(i+1, deepest)))
	}
	all = append(all, place("beside", all[21].ID, deepest))
	if faults := readingOrder(all); len(faults) != 0 {
		t.Errorf("got %v, want none", faults)
	}
}

func TestRootsStandInTheirOrder(t *testing.T) {
	at := func(id, parent string, s int) Comment {
		return Comment{ID: id, ParentID: parent, CreatedAt: time.Unix(int64(s), 0)}
	}
	all := []Comment{at("a", "", 1), at("b", "a", 9), at("c", "", 1), at("d", "", 2)}
	if faults := rootOrder(all, "oldest"); len(faults) != 0 {
		t.Errorf("oldest: got %v, want none", faults)
	}
	if faults := rootOrder(all, "newest"); len(faults) != 1 {
		t.Errorf("newest: got %v, want one fault", faults)
	}
}

func TestFieldsAreThoseOfTheRow(t *testing.T) {
	parent := &Item{Number: 1, ID: "a"}
	reply := &Item{Number: 2, ID: "b", Parent: parent}
	good := func() []Comment {
		return []Comment{
			{ID: "a", State: "approved", Author: &struct{ Name string }{"Leser 1"}, Replies: 1},
			{ID: "b", ParentID: "a", State: "approved", Author: &struct{ Name string }{"Leser 2"}},
		}
	}
	for name, spoil := range map[string]func([]Comment){
		"state": func(c []Comment) { c[0].State = "removed" }, "no author": func(c []Comment) { c[0].Author = nil },
		"author": func(c []Comment) { c[1].Author.Name = "Leser 3" }, "parent": func(c []Comment) { c[1].ParentID = "" },
		"replies": func(c []Comment) { c[0].Replies = 2 },
	} {
		all := good()
		if faults := fieldFaults(all, []*Item{parent, reply}); len(faults) != 0 {
			t.Fatalf("got %v, want none", faults)
		}
		if spoil(all); len(fieldFaults(all, []*Item{parent, reply})) != 1 {
			t.Errorf("%s: no fault", name)
		}
	}
}
