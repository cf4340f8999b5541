package triage

import (
	"math"
	"strings"
)

const (
	shingle = 5   // letters that are compared at a time
	alike   = 0.6 // the share of shingles from which a text repeats another
)

// duplicate finds a text that repeats an earlier one: by the same author, under the same article, or on the site.
func duplicate(t Text, about Context) (finding, bool) {
	if about.Earlier == nil {
		return finding{}, false
	}
	own := t.gist.shingles
	if len(own) < 10 { // "Danke!" repeats nothing
		return finding{}, true
	}
	best, reason := 0.0, ""
	for _, e := range *about.Earlier {
		likeness := resemblance(own, e.Gist.shingles)
		if likeness >= alike && likeness > best {
			best, reason = likeness, e.reason()
		}
	}
	if reason == "" {
		return finding{}, true
	}
	return finding{score: best, reason: reason, args: map[string]any{"percent": int(math.Round(best * 100))}}, true
}

func (e Earlier) reason() string {
	switch {
	case e.SameAuthor:
		return "signal.duplicate_author"
	case e.SameArticle:
		return "signal.duplicate_article"
	}
	return "signal.duplicate_site"
}

// letters are the words of a text with one space between.
func letters(f folded) []rune { return []rune(strings.Join(tokens(string(f.runes)), " ")) }

// shingles are the runs of letters in a text.
func shingles(letters []rune) set {
	numbers := make([]uint32, 0, len(letters))
	for i := 0; i+shingle <= len(letters); i++ {
		numbers = append(numbers, number([shingle]rune(letters[i:i+shingle])))
	}
	return newSet(numbers)
}

// resemblance is the share of shingles that both have (Jaccard); 0 where it is less than alike, which mostly shows early.
func resemblance(own, other set) float64 {
	if float64(min(len(own), len(other))) < alike*float64(max(len(own), len(other))) {
		return 0
	}
	both := own.shared(other, int(alike/(1+alike)*float64(len(own)+len(other))))
	return float64(both) / float64(len(own)+len(other)-both)
}
