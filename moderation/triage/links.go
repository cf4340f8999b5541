package triage

import (
	"regexp"
	"unicode/utf8"
)

var (
	address = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>]+`)
	advert  = regexp.MustCompile(`(?i)\b(?:whatsapp|telegram|casino|bitcoin|crypto|buy now|click here|jetzt kaufen|hier klicken|gratis|rabatt|promo ?code)\b`)
)

// links finds addresses and the words of adverts.
func links(t Text, _ Context) (finding, bool) {
	found := positions(t.visible, address.FindAllStringIndex(t.visible, -1))
	adverts := positions(t.visible, advert.FindAllStringIndex(t.visible, -1))
	if len(found)+len(adverts) == 0 {
		return finding{}, true
	}
	return finding{
		score:  0.3*float64(len(found)) + 0.25*float64(len(adverts)),
		reason: "signal.links", args: map[string]any{"links": len(found), "adverts": len(adverts)},
		spans: inOrder(append(found, adverts...)),
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
