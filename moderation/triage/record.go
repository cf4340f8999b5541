package triage

// record weighs what became of the author's earlier comments.
func record(_ Text, about Context) (finding, bool) {
	if about.Record == nil {
		return finding{}, false
	}
	r := *about.Record
	if r.Rejected == 0 {
		return finding{}, true
	}
	return finding{
		score:  float64(r.Rejected) / float64(r.Approved+r.Rejected+1),
		reason: "signal.record", args: map[string]any{"approved": r.Approved, "rejected": r.Rejected},
	}, true
}
