package moderation_test

import (
	"strings"
	"testing"

	"plenum/moderation"
	"plenum/moderation/markup"
)

// Whatever an author writes the second time is rendered and sanitised as it was the first time.
func TestAnEditIsSanitisedLikeAFirstText(t *testing.T) {
	w := newWorld(t)
	const hostile = `<img src=x onerror=alert(1)> <script>alert(2)</script> [hier](javascript:alert(3)) **fett**`
	id := w.submit(w.submission()).ID
	w.must(w.decide(w.moderator, id, moderation.Approve))
	w.must(w.flow.Edit(t.Context(), w.site, id, w.flow.ManageToken(w.site.ID, id), hostile))
	stored, err := w.flow.Store.Revision(t.Context(), w.site.ID, id, 2)
	w.must(err)
	want, err := markup.Render(hostile)
	if err != nil || stored.HTML != want || !strings.Contains(want, "<strong>fett</strong>") {
		t.Errorf("got %q (%v), want %q", stored.HTML, err, want)
	}
	for _, not := range []string{"<img", "<script", `href="javascript`} {
		if strings.Contains(stored.HTML, not) {
			t.Errorf("%q is in %q", not, stored.HTML)
		}
	}
}
