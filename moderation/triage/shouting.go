package triage

import "unicode"

// shouting finds words in capitals of five letters and more, and a letter or mark stretched to four and more.
func shouting(t Text, _ Context) (finding, bool) {
	var spans []Span
	for i := 0; i < len(t.runes); {
		j := i
		for j < len(t.runes) && unicode.IsUpper(t.runes[j]) {
			j++
		}
		if j-i >= 5 {
			spans = append(spans, Span{From: i, To: j})
		}
		i = max(j, i+1)
	}
	for i := 0; i < len(t.runes); {
		j := i
		for j < len(t.runes) && t.runes[j] == t.runes[i] {
			j++
		}
		if j-i >= 4 && (unicode.IsLetter(t.runes[i]) || t.runes[i] == '!' || t.runes[i] == '?') {
			spans = append(spans, Span{From: i, To: j})
		}
		i = j
	}
	if spans = inOrder(spans); len(spans) == 0 {
		return finding{}, true
	}
	loud := 0
	for _, s := range spans {
		loud += s.To - s.From
	}
	score := 3 * float64(loud) / float64(len(t.runes))
	return finding{score: score, reason: "signal.shouting", args: map[string]any{"places": len(spans)}, spans: spans}, true
}
