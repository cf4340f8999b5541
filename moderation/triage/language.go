package triage

import "strings"

// The commonest words of both languages, without those that both have.
const (
	commonGerman  = " der die das und ist nicht ein eine ich sie es mit auf für von dem den zu im auch wir aber wie so sich dass haben hat wird sind bei nur noch nach wenn oder man aus als sein um mehr mir mich kann schon wer wo doch was hier diese dieser "
	commonEnglish = " the and is not a an i you it with on for of to in this that we but how have has be are at by only if or from as more my me can already who where what here these there was they their he she would will do does your "
)

// language finds a text in another language than the site's. Below eight words it is unavailable, as it is for sites in
// languages it has no words of.
func language(t text, about Context) (finding, bool) {
	own, other, name := commonGerman, commonEnglish, "en"
	switch about.Locale {
	case "de":
	case "en":
		own, other, name = commonEnglish, commonGerman, "de"
	default:
		return finding{}, false
	}
	all := tokens(t.visible)
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

func known(all []string, list string) (n int) {
	for _, word := range all {
		if strings.Contains(list, " "+word+" ") {
			n++
		}
	}
	return n
}
