package moderation_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
)

// inquire asks what is kept under an address, and answers the inquiry and the token of its link.
func (w *world) inquire(email string) (id uuid.UUID, token string) {
	w.Helper()
	w.must(w.flow.Inquire(w.Context(), w.site, moderation.Asking{Email: email}))
	w.must(w.flow.Store.Pool().QueryRow(w.Context(), `select id from inquiries order by created_at desc, id desc limit 1`).Scan(&id))
	return id, w.flow.InquiryToken(w.site.ID, id)
}

func TestAnInquiryHandsOutAllOfOnePersonAndNothingOfAnother(t *testing.T) {
	w := newDumped(t)
	w.wanda()
	w.submit(w.by("other@reader.example"))
	id, token := w.inquire(wanda)
	p, err := w.flow.ExportByInquiry(t.Context(), w.site, id, token)
	w.must(err)
	all, err := json.Marshal(p)
	w.must(err)
	for _, want := range []string{"Zwetschgenknödel for all", "Quittengelee instead", "Quittengelee, Quittengelee", "Dear Wanda, no Quittengelee.", "But Holunder!",
		"no Holunder here", "Enough Holunder, Wanda", "Holunder waits", wanda, "https://mirabell.example/", `"action":"reject"`, `"name":"shouting"`} {
		if !strings.Contains(string(all), want) {
			t.Errorf("the export lacks %q", want)
		}
	}
	for _, stranger := range []string{"nosy@reader.example", "other@reader.example", "wrote Zwetschgenknödel", "Wanda again", "text number", "mo.news"} {
		if strings.Contains(string(all), stranger) {
			t.Errorf("the export holds %q, which is somebody else's", stranger)
		}
	}
	if len(p.Comments) != 3 || len(p.Comments[0].Revisions) != 2 || len(p.Reports) != 1 || len(p.Sanctions) != 1 || len(p.Subscriptions) != 1 {
		t.Errorf("got %s", all)
	}
	_, err = w.flow.ExportByInquiry(t.Context(), w.site, id, token)
	refusedAs(t, err, "refusal.inquiry_used")
}

func TestALinkIsBoundToItsPurposeItsSiteAndItsHour(t *testing.T) {
	w := newDumped(t)
	comment := w.submit(w.by(wanda))
	id, token := w.inquire(wanda)
	home := w.site
	away := w.newSite("other")
	gone := func(what string, site models.Site, token string) {
		t.Helper()
		if _, err := w.flow.Inquiry(t.Context(), site, id, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v, want no such inquiry", what, err)
		}
		if _, err := w.flow.ExportByInquiry(t.Context(), site, id, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v for its data, want no such inquiry", what, err)
		}
		if _, err := w.flow.EraseByInquiry(t.Context(), site, id, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: got %v for its erasure, want no such inquiry", what, err)
		}
	}
	gone("a comment's token", home, comment.ManageToken)
	gone("a manage token of the same id", home, w.flow.ManageToken(home.ID, id))
	gone("another inquiry's token", home, w.flow.InquiryToken(home.ID, uuid.New()))
	gone("another site", away, token)
	start := w.now
	w.now = start.Add(time.Hour)
	gone("an hour later", home, token)
	w.now = start
	erased, err := w.flow.EraseByInquiry(t.Context(), home, id, token)
	if err != nil || erased.Comments != 1 {
		t.Errorf("got %+v, %v, want the one comment erased", erased, err)
	}
	gone("once it was used", home, token)
	if found := w.left("mirabell", "Mirabell"); len(found) > 0 {
		t.Errorf("the address is still in %s", found)
	}
}

func TestNobodyIsAskedTooOftenByMail(t *testing.T) {
	w := newWorld(t)
	w.flow.Unlimited = false
	for range 3 {
		w.must(w.flow.Inquire(t.Context(), w.site, moderation.Asking{Email: reader}))
	}
	var refused *moderation.Refusal
	if err := w.flow.Inquire(t.Context(), w.site, moderation.Asking{Email: reader}); !errors.As(err, &refused) || refused.Kind != moderation.TooSoon {
		t.Errorf("got %v for the fourth, want it later", err)
	}
}

// The row of a link goes with the sweep after its hour, within what the data map says.
func TestAnInquiryIsForgottenWithinTheTimeOfTheDataMap(t *testing.T) {
	w := newWorld(t)
	w.inquire(reader)
	w.now = w.now.Add(readMap(t).Rules()["inquiry"].Span() - 15*time.Minute)
	w.must(w.flow.Sweep(t.Context(), 15*time.Minute))
	var left int
	w.must(w.flow.Store.Pool().QueryRow(t.Context(), `select count(*) from inquiries`).Scan(&left))
	if left != 0 {
		t.Errorf("got %d left, want none", left)
	}
}

// Whoever has not the mailed link gets and erases nothing, however well they know the inquiry.
func TestAnInquiryOpensByItsTokenOnly(t *testing.T) {
	w := newWorld(t)
	id, token := w.inquire("ann@reader.example")
	for _, wrong := range []string{"", token + "x", w.flow.ManageToken(w.site.ID, id)} {
		if _, err := w.flow.Inquiry(t.Context(), w.site, id, wrong); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%q: got %v, want that there is none", wrong, err)
		}
	}
	_, err := w.flow.Inquiry(t.Context(), w.site, id, token)
	w.must(err)
}
