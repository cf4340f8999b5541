package triage

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// adverts are the words of adverts, and schemes are of addresses, in small letters.
var (
	schemes = []string{"http", "www."}
	adverts = []string{"whatsapp", "telegram", "casino", "bitcoin", "crypto", "buy now", "click here", "jetzt kaufen", "hier klicken", "gratis", "rabatt",
		"promocode", "promo code"}

	address = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>]+`)
	advert  = regexp.MustCompile(`(?i)\b(?:` + strings.Join(adverts, "|") + `)\b`)
)

// links finds addresses and the words of adverts.
func links(t Text, _ Context) (finding, bool) {
	small := strings.ReplaceAll(strings.ToLower(t.visible), "ſ", "s")
	where := func(pattern *regexp.Regexp, needs []string) []Span {
		if !slices.ContainsFunc(needs, func(part string) bool { return strings.Contains(small, part) }) {
			return nil // as in most texts, in much less time
		}
		return positions(t.visible, pattern.FindAllStringIndex(t.visible, -1))
	}
	found, advertised := where(address, schemes), where(advert, adverts)
	if len(found)+len(advertised) == 0 {
		return finding{}, true
	}
	return finding{
		score:  0.3*float64(len(found)) + 0.25*float64(len(advertised)),
		reason: "signal.links", args: map[string]any{"links": len(found), "adverts": len(advertised)},
		spans: inOrder(append(found, advertised...)),
	}, true
}

// positions makes ranges of runes of ranges of bytes, which come in order.
func positions(s string, ranges [][]int) (spans []Span) {
	bytes, runes := 0, 0
	for _, r := range ranges {
		from := runes + utf8.RuneCountInString(s[bytes:r[0]])
		to := from + utf8.RuneCountInString(s[r[0]:r[1]])
		spans = append(spans, Span{From: from, To: to})
		bytes, runes = r[1], to
	}
	return spans
}
