package triage

// length finds texts that say next to nothing, and those of more than 5,000 characters.
func length(t Text, _ Context) (finding, bool) {
	letters := 0
	for _, r := range t.runes {
		if isWord(r) {
			letters++
		}
	}
	args := map[string]any{"characters": len(t.runes)}
	switch {
	case letters == 0:
		return finding{score: 1, reason: "signal.empty", args: args}, true
	case letters < 8:
		return finding{score: 0.5, reason: "signal.short", args: args}, true
	case len(t.runes) > 5000:
		return finding{score: 0.5, reason: "signal.long", args: args}, true
	}
	return finding{}, true
}
