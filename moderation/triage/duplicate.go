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
func duplicate(t text, about Context) (finding, bool) {
	if about.Earlier == nil {
		return finding{}, false
	}
	own := shingles(letters(t.squeezed))
	if len(own) < 10 { // "Danke!" repeats nothing
		return finding{}, true
	}
	best, reason := 0.0, ""
	for i, e := range *about.Earlier {
		likeness := resemblance(own, letters(fold([]rune(e.Text)).squeeze()), i+1)
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

// shingles are the runs of letters in a text; each has the number of the text that last had it too.
func shingles(letters []rune) map[[shingle]rune]int {
	set := make(map[[shingle]rune]int, len(letters))
	for i := 0; i+shingle <= len(letters); i++ {
		set[[shingle]rune(letters[i:i+shingle])] = 0
	}
	return set
}

// resemblance is the share of shingles that both have (Jaccard); 0 where it is less than alike. The number is the other
// text's own, and not 0.
func resemblance(own map[[shingle]rune]int, other []rune, number int) float64 {
	both := 0
	for i := 0; i+shingle <= len(other); i++ {
		s := [shingle]rune(other[i : i+shingle])
		if last, ok := own[s]; ok && last != number {
			own[s] = number
			both++
		}
	}
	if float64(both) < alike*float64(len(own)) { // as all that either has is no less than own, most end here
		return 0
	}
	return float64(both) / float64(len(own)+len(shingles(other))-both)
}
