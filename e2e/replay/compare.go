package main

import "slices"

// Shown is one comment as a surface shows it, its text normalised.
type Shown struct{ ID, Text string }

// compare faults a surface that does not show exactly the wanted items, each once and with its text.
func compare(shown []Shown, want []*Item) []Fault {
	faults := onlyThese(shown, want)
	there := map[string]bool{}
	for _, s := range shown {
		there[s.ID] = true
	}
	for _, item := range want {
		if !there[item.ID] {
			faults = append(faults, missing("row %s, %s", item.Row.ID, item.ID))
		}
	}
	return faults
}

// onlyThese faults what a surface shows beyond the items: another comment, one twice, another text.
func onlyThese(shown []Shown, items []*Item) (faults []Fault) {
	texts := map[string]string{}
	for _, item := range items {
		texts[item.ID] = item.Text
	}
	seen := map[string]bool{}
	for _, s := range shown {
		want, approved := texts[s.ID]
		switch {
		case !approved:
			faults = append(faults, extra("%q was not approved", s.ID))
		case seen[s.ID]:
			faults = append(faults, extra("%s stands twice", s.ID))
		case s.Text != want:
			faults = append(faults, missing("the text of %s from byte %d on", s.ID, parting(s.Text, want)),
				extra("another text of %s from byte %d on", s.ID, parting(s.Text, want)))
		}
		seen[s.ID] = true
	}
	return faults
}

// parting is the first byte where two texts differ.
func parting(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// below faults replies that do not stand below their parents.
func below(shown []Shown, items []*Item) (faults []Fault) {
	at := map[string]int{}
	for i, s := range shown {
		at[s.ID] = i
	}
	for _, item := range items {
		reply, found := at[item.ID]
		if item.Parent == nil || !found {
			continue
		}
		if parent, found := at[item.Parent.ID]; !found || parent > reply {
			faults = append(faults, wrong("%s stands not below its parent %s", item.ID, item.Parent.ID))
		}
	}
	return faults
}

// newest faults a list that does not begin with the n items decided last. Decisions made at once have no order, so only
// what is certain counts.
func newest(shown []Shown, all []*Item, n int) []Fault {
	faults := count("number of entries", min(n, len(shown)), min(n, len(all)))
	list := listed(shown, all)
	faults = append(faults, latestFirst(list)...)
	for _, item := range list[:min(n, len(list))] {
		if later(item, all) >= n {
			faults = append(faults, wrong("%s is too old to be among the newest %d", item.ID, n))
		}
	}
	for _, item := range all {
		if !slices.Contains(list, item) && rivals(item, all) < n {
			faults = append(faults, missing("%s is among the newest %d", item.ID, n))
		}
	}
	return faults
}

// listed is the items that are shown, in that order. What else is shown is a fault of onlyThese.
func listed(shown []Shown, all []*Item) (list []*Item) {
	byID := map[string]*Item{}
	for _, item := range all {
		byID[item.ID] = item
	}
	for _, s := range shown {
		if item := byID[s.ID]; item != nil {
			list = append(list, item)
		}
	}
	return list
}

// latestFirst faults whoever stands below somebody who was surely published earlier.
func latestFirst(list []*Item) (faults []Fault) {
	for i, item := range list {
		at := slices.IndexFunc(list[:i], func(above *Item) bool { return above.Decided.Before(item.Decided) })
		if at >= 0 {
			faults = append(faults, wrong("%s stands below %s and was published later", item.ID, list[at].ID))
		}
	}
	return faults
}

// later counts the items that were surely published after this one.
func later(item *Item, all []*Item) (n int) {
	for _, other := range all {
		if item.Decided.Before(other.Decided) {
			n++
		}
	}
	return n
}

// rivals counts the other items that may have been published after this one.
func rivals(item *Item, all []*Item) (n int) {
	for _, other := range all {
		if other != item && !other.Decided.Before(item.Decided) {
			n++
		}
	}
	return n
}
