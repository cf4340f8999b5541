package templates

import (
	"strings"
	"testing"
)

func fullPrivacy() Privacy {
	return Privacy{Site: site, Origins: []string{"https://stadtanzeiger.example"}, Sent: true, Groups: []KeptData{
		{"comment", "b", "", []KeptFor{{"published", 0, 0}, {"refused", 365, 0}}}, {"report", "c", "DSA Art. 16", []KeptFor{{"report", 365, 0}}}, {"inquiry", "c", "", []KeptFor{{"inquiry", 0, 1}}}},
		Email: "wer@", Errors: map[string]string{"email": "Das ist keine E-Mail-Adresse."}, Notice: "Gerade nicht."}
}

func privacySamples() []sample {
	return []sample{
		{"public/privacy", "full", fullPrivacy()}, {"public/privacy", "bare", Privacy{}},
		{"public/inquiry", "full", Inquiry{Site: site, ID: id(8), Token: "geheim+/=", Until: morning}}, {"public/inquiry", "exported", Inquiry{Site: site, ID: id(8), Until: morning, Exported: true}},
		{"public/inquiry", "erased", Inquiry{Site: site, Erased: &ErasedCount{3, 1, 2}}}, {"public/inquiry", "bare", Inquiry{}},
		{"mail/inquiry", "full", InquiryMail{site, "https://plenum.example/stadtanzeiger/privacy/1?token=geheim", morning}}, {"mail/inquiry", "bare", InquiryMail{}},
	}
}

func TestThePrivacyNoticeSaysEachPurposeGroundAndTime(t *testing.T) {
	d := read(t, render(t, "de", "public/privacy", fullPrivacy()))
	d.count(3, ".kept")
	d.has("form", "action", "/stadtanzeiger/privacy#yours")
	d.count(1, "input[name=email][aria-invalid=true]")
	d.says("[role=status]", "ist eine Mail unterwegs")
	if page := render(t, "de", "public/privacy", fullPrivacy()); !strings.Contains(page, "mit DSA Art. 16") || !strings.Contains(page, "1 Stunde.") || !strings.Contains(page, "365 Tage") {
		t.Error("the law or the plural is missing")
	}
}

func TestTheLinkOfAnInquiryOffersItsTwoUsesByButtons(t *testing.T) {
	base := "/stadtanzeiger/privacy/" + id(8).String()
	page := render(t, "en", "public/inquiry", Inquiry{Site: site, ID: id(8), Token: "geheim+/=", Until: morning})
	if !strings.Contains(page, base+"/export") || !strings.Contains(page, base+"/erase") {
		t.Errorf("got no two forms in %s", page)
	}
	d := read(t, page)
	d.count(2, "form[method=post] input[name=token]")
	d.count(1, "button.danger")
	d = read(t, render(t, "en", "public/inquiry", Inquiry{Site: site, ID: id(8), Until: morning, Exported: true}))
	d.has("form", "action", base+"/erase")
}

func TestTheMailOfAnInquiryCarriesTheLinkInBothParts(t *testing.T) {
	for _, locale := range Locales() {
		subject, text, html, err := newSet(t).InquiryMail(locale, InquiryMail{site, "https://plenum.example/x?token=a&locale=de", morning})
		if err != nil || !strings.Contains(subject, site.Name) || !strings.Contains(text, "\nhttps://plenum.example/x?token=a&locale=de\n") ||
			!strings.Contains(html, "https://plenum.example/x?token=a&amp;locale=de") {
			t.Errorf("%s: got %q (%v)\n%s\n%s", locale, subject, err, text, html)
		}
	}
}
