package e2e

import (
	"fmt"
	"testing"
)

// Where a network writes fast, the browser does a sum and sends the comment by itself; without scripts the same reader is
// told how to go on, and what was typed stays.
func TestAFastNetworkProvesItsWorkAndLosesNothing(t *testing.T) {
	d, err := startDemo(t.Context(), "PLENUM_LIMITS=on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Stop(); err != nil {
			t.Error(err)
		}
	})
	reader := newTab(t)
	reader.expect(429)
	for n := range 7 { // the sixth at once is one more than a site's burst
		reader.open(d.base + thread)
		reader.write("Gast", fmt.Sprint("Noch ein Gedanke, und zwar der Reihe nach Nummer ", n))
	}
	const text = "Ohne Skripte rechnet hier niemand etwas aus."
	plain := newPlainTab(t)
	plain.expect(429)
	plain.open(d.base + thread)
	plain.fill(bodyField, text)
	plain.fill(nameField, "Gast")
	plain.leaves("after the comment too many", func() { plain.click(submit) })
	plain.see("[role=alert]")
	if got := plain.value(bodyField); got != text {
		t.Errorf("got %q in the form, want what was typed", got)
	}
}
