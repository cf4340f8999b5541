package triage

import "strings"

// The commonest words of both languages, without those that both have.
const (
	commonGerman  = "der die das und ist nicht ein eine ich sie es mit auf für von dem den zu im auch wir aber wie so sich dass haben hat wird sind bei nur noch nach wenn oder man aus als sein um mehr mir mich kann schon wer wo doch was hier diese dieser"
	commonEnglish = "the and is not a an i you it with on for of to in this that we but how have has be are at by only if or from as more my me can already who where what here these there was they their he she would will do does your"
)

// common has both, to look up.
var common = struct{ german, english map[string]bool }{lookUp(commonGerman), lookUp(commonEnglish)}

func lookUp(words string) map[string]bool {
	m := map[string]bool{}
	for _, word := range strings.Fields(words) {
		m[word] = true
	}
	return m
}

// language finds a text in another language than the site's. Below eight words it is unavailable, as it is for sites in
// languages it has no words of.
func language(t Text, about Context) (finding, bool) {
	own, other, name := common.german, common.english, "en"
	switch about.Locale {
	case "de":
	case "en":
		own, other, name = common.english, common.german, "de"
	default:
		return finding{}, false
	}
	all := t.tokens
	if len(all) < 8 {
		return finding{}, false
	}
	here, there := known(all, own), known(all, other)
	switch {
	case there > 2*here && 8*there >= len(all):
		return finding{score: 1, reason: "signal.language", args: map[string]any{"language": name}}, true
	case here == 0 && there == 0:
		return finding{score: 0.5, reason: "signal.language_unknown"}, true
	}
	return finding{}, true
}

func known(all []string, list map[string]bool) (n int) {
	for _, word := range all {
		if list[word] {
			n++
		}
	}
	return n
}
