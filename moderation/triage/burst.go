package triage

// burst finds an article that many write under at once: ten within ten minutes are usual, forty are not.
func burst(_ Text, about Context) (finding, bool) {
	if about.Recent == nil {
		return finding{}, false
	}
	n := *about.Recent
	if n <= 10 {
		return finding{}, true
	}
	return finding{score: float64(n-10) / 30, reason: "signal.burst", args: map[string]any{"comments": n}}, true
}
