package triage

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
)

// nearness finds a text that shares no vocabulary with its article and thread.
func nearness(t text, about Context) (finding, bool) {
	if about.Article == nil {
		return finding{}, false
	}
	own := stems(t.visible, about.Locale)
	around := stems(about.Article.Title+" "+about.Article.Text, about.Locale)
	for _, said := range about.Article.Thread {
		for s := range stems(said, about.Locale) {
			around[s] = struct{}{}
		}
	}
	if len(own) < 8 || len(around) < 8 {
		return finding{}, false
	}
	shared := 0
	for s := range own {
		if _, ok := around[s]; ok {
			shared++
		}
	}
	if shared > 0 {
		return finding{}, true
	}
	return finding{score: 1, reason: "signal.far", args: map[string]any{"words": len(own)}}, true
}

// stems is the vocabulary of a text: words of four letters and more without their endings.
func stems(s, locale string) map[string]struct{} {
	stem := english.Stem
	if locale == "de" {
		stem = german.Stem
	}
	set, seen := map[string]struct{}{}, map[string]struct{}{}
	for _, word := range tokens(s) {
		if _, again := seen[word]; again || len(word) < 4 {
			continue
		}
		seen[word] = struct{}{}
		if known([]string{word}, commonGerman+commonEnglish) > 0 {
			continue
		}
		env := snowballstem.NewEnv(word)
		stem(env)
		set[env.Current()] = struct{}{}
	}
	return set
}
