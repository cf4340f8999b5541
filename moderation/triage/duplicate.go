package triage

import (
	"math"
	"strings"
)

// shingle is the number of letters that are compared at a time.
const shingle = 5

// duplicate finds a text that repeats an earlier one: by the same author, under the same article, or on the site.
func duplicate(t text, about Context) (finding, bool) {
	if about.Earlier == nil {
		return finding{}, false
	}
	own := shingles(t.squeezed)
	if len(own) < 10 { // "Danke!" repeats nothing
		return finding{}, true
	}
	best, reason := 0.0, ""
	for _, e := range *about.Earlier {
		likeness := resemblance(own, shingles(fold([]rune(e.Text)).squeeze()))
		if likeness >= 0.6 && likeness > best {
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

func shingles(f folded) map[[shingle]rune]struct{} {
	letters := []rune(strings.Join(tokens(string(f.runes)), " "))
	set := map[[shingle]rune]struct{}{}
	for i := 0; i+shingle <= len(letters); i++ {
		set[[shingle]rune(letters[i:i+shingle])] = struct{}{}
	}
	return set
}

// resemblance is the share of shingles that both have (Jaccard).
func resemblance(a, b map[[shingle]rune]struct{}) float64 {
	both := 0
	for s := range a {
		if _, ok := b[s]; ok {
			both++
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
