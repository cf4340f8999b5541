package main

import (
	"regexp"
	"strings"
)

// openingWords is how many words of a text make it known again, also where only its beginning is shown.
const openingWords = 6

// leaks knows what must stand nowhere: how the texts that are not public begin, the names of their authors, and the titles
// of articles without approved comments. A text of fewer words would be found by chance; as a whole comment it is found by
// compare.
type leaks map[string]*Item

// leaksOf leaves out whatever also stands in a public text.
func leaksOf(items []*Item) leaks {
	l := leaks{}
	for _, item := range items {
		if !item.Public() {
			l.add(item)
		}
	}
	for _, item := range items {
		if item.Public() {
			delete(l, item.Title())
			l.drop(item.Text)
		}
	}
	return l
}

func (l leaks) add(item *Item) {
	l[item.Name()], l[item.Title()] = item, item
	if words := strings.Fields(item.Text); len(words) >= openingWords {
		l[strings.Join(words[:openingWords], " ")] = item
	}
}

func (l leaks) drop(public string) {
	for _, found := range l.in(public) {
		delete(l, found)
	}
}

// namePattern is Item.Name and Item.Title.
var namePattern = regexp.MustCompile(`Leser \d+|Zu article-\d+`)

// in lists what of it stands in a text.
func (l leaks) in(text string) (found []string) {
	words := strings.Fields(text)
	for i := range max(len(words)-openingWords+1, 0) {
		if opening := strings.Join(words[i:i+openingWords], " "); l[opening] != nil {
			found = append(found, opening)
		}
	}
	for _, name := range namePattern.FindAllString(strings.Join(words, " "), -1) {
		if l[name] != nil {
			found = append(found, name)
		}
	}
	return found
}

// faults names the rows of which an answer tells something.
func (l leaks) faults(answer Answer) (faults []Fault) {
	for _, s := range stringsOf(answer) {
		for _, found := range l.in(visible(s)) {
			faults = append(faults, extra("%s tells of row %s", answer.URL.RequestURI(), l[found].Row.ID))
		}
	}
	return faults
}
