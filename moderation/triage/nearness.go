package triage

import (
	"slices"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
)

// telling is how many stems a vocabulary has that says something.
const telling = 8

// nearness finds a text that shares no vocabulary with its article and thread.
func nearness(t Text, about Context) (finding, bool) {
	if about.Article == nil {
		return finding{}, false
	}
	own, around := t.gist.stems, stems(tokens(about.Article.Title+" "+about.Article.Text), about.Locale)
	shared := own.shared(around)
	for _, said := range about.Article.Thread {
		shared += own.shared(said.stems)
		if len(around) < telling {
			around = newSet(slices.Concat(around, said.stems))
		}
	}
	switch {
	case len(own) < telling || len(around) < telling:
		return finding{}, false
	case shared > 0:
		return finding{}, true
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
