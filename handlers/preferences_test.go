package handlers_test

import "testing"

type preferences struct {
	Locale, Scheme string
	SingleKeys     string `json:"single_keys"`
	Alerts         []struct {
		Site  string
		Kinds []string
	}
}

func TestPreferencesAreReadAndSetByAPI(t *testing.T) {
	w := newWorld(t)
	me := w.session(mia)
	set := draft{"locale": "en", "scheme": "dark", "single_keys": "off", "alerts": []draft{{"site": w.site.Slug, "kinds": []string{"late"}}}}
	w.do("PUT", "/api/v1/preferences", set, me).want(200)
	got := read[preferences](w.get("/api/v1/preferences", me).want(200))
	if got.Locale != "en" || got.Scheme != "dark" || got.SingleKeys != "off" || len(got.Alerts) != 1 || got.Alerts[0].Kinds[0] != "late" {
		t.Errorf("got %+v, want what was set", got)
	}
	w.get("/desk/"+w.site.Slug+"/queue", me).want(200).holds(`data-scheme="dark"`)
}

func TestPreferencesAreOfWhoeverIsSignedInAndOfTheirSites(t *testing.T) {
	w := newWorld(t)
	other := w.newSite("fremde", "de", "https://fremde.example")
	w.get("/api/v1/preferences").want(401)
	set := draft{"locale": "de", "scheme": "system", "single_keys": "on", "alerts": []draft{{"site": other.Slug, "kinds": []string{"late"}}}}
	w.do("PUT", "/api/v1/preferences", set, w.session(mia)).want(422)
	set["alerts"], set["scheme"] = []draft{}, "purple"
	w.do("PUT", "/api/v1/preferences", set, w.session(mia)).want(422)
	set["scheme"] = "system"
	w.do("PUT", "/api/v1/preferences", set, w.session(mia), header("Sec-Fetch-Site", "cross-site")).want(403)
}
