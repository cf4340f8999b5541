package triage

import (
	"slices"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
)

// telling is how many stems a vocabulary has that says something.
const telling = 8

// nearness finds a text that shares no vocabulary with its article and thread. What the thread said is numbers already:
// the article is read only where that does not settle it.
func nearness(t Text, about Context) (finding, bool) {
	own := t.gist.stems
	if about.Article == nil || len(own) < telling {
		return finding{}, false
	}
	var around set
	shared := 0
	hear := func(said set) (settled bool) {
		shared += own.shared(said, 0)
		if len(around) < telling {
			around = newSet(slices.Concat(around, said))
		}
		return shared > 0 && len(around) >= telling
	}
	for _, said := range about.Article.Thread {
		if hear(said.stems) {
			return finding{}, true
		}
	}
	switch {
	case hear(stems(tokens(about.Article.Title+" "+about.Article.Text), about.Locale)):
		return finding{}, true
	case len(around) < telling:
		return finding{}, false
	}
	return finding{score: 1, reason: "signal.far", args: map[string]any{"words": len(own)}}, true
}

// stems is the vocabulary of a text: words of four letters and more without their endings.
func stems(words []string, locale string) set {
	stem := english.Stem
	if locale == "de" {
		stem = german.Stem
	}
	var numbers []uint32
	for _, word := range words {
		if len(word) < 4 || common.german[word] || common.english[word] {
			continue
		}
		env := snowballstem.NewEnv(word)
		stem(env)
		numbers = append(numbers, number(env.Current()))
	}
	return newSet(numbers)
}
