package handlers_test

import (
	"net/url"
	"testing"
)

// Whoever publishes rules, or words what authors read, is told that it is done.
func TestTheRulesPageSaysWhatWasDone(t *testing.T) {
	w := newWorld(t)
	rules := "locales:\n  de:\n    rules:\n    - code: topic\n      title: Thema\n      text: Beim Thema bleiben.\n"
	for path, c := range map[string]struct {
		form url.Values
		want string
	}{
		"/rules":            {url.Values{"text": {rules}}, "Veröffentlicht: Jetzt gilt Version 2."},
		"/rules/statements": {url.Values{"version": {"1"}, "locale": {"de"}, "code": {"topic"}, "text": {"Das gehört nicht hierher."}}, "Gespeichert."},
	} {
		to := w.desk(ida, path, c.form).want(303).header.Get("Location")
		w.get(to, w.session(ida)).want(200).holds(`role="status">` + c.want)
	}
	w.get("/desk/zeitung/rules?did=nothing", w.session(ida)).want(200).lacks(`role="status"`)
}

// What no row of the database can hold is the fault of whoever sent it, and said to be.
func TestStaffAreToldOfCharactersAndNumbersThatCannotBeKept(t *testing.T) {
	w := newWorld(t)
	p := w.post("eins")
	branch := "/comments/" + w.published("zwei").ID + "/branch"
	statement := func(field, value string) url.Values {
		form := url.Values{"version": {"1"}, "locale": {"de"}, "code": {"topic"}, "text": {"Das gehört nicht hierher."}}
		form.Set(field, value)
		return form
	}
	w.desk(ida, "/rules/statements", statement("version", "1")).want(303)
	w.desk(ida, "/rules/statements", statement("version", "9999999999999")).want(422)
	for _, bad := range []string{"\x00", "\xff"} {
		w.desk(ida, "/rules/statements", statement("code", bad)).want(422)
		w.desk(ida, "/rules/statements", statement("locale", bad)).want(422)
		w.desk(ida, "/batches?state=pending", url.Values{"action": {"reject:" + bad}, "all": {"1"}}).want(422)
		w.desk(ida, branch, url.Values{"action": {"remove:topic"}, "version": {"2"}, "note": {bad}}).want(422)
	}
	w.desk(ida, "/batches?state=pending", url.Values{"action": {"approve"}, "item": {p.ID + ":9999999999999"}}).want(400)
	w.do("PUT", w.api("/rules/1/statements"), draft{"locale": "de", "code": "\x00", "text": "x"}, w.as(ida)).refused(422)
	items := []draft{{"id": p.ID, "version": 1}}
	if got := w.do("POST", w.api("/batches"), draft{"action": "reject", "rules": []string{"\x00"}, "items": items}, w.as(ida)).refused(422); !got.names("rules", "rule_unknown") {
		t.Errorf("got %+v, want the rules to be named", got.Errors)
	}
	w.do("POST", w.api(branch), draft{"rules": []string{"\x00"}, "version": 2}, w.as(ida)).refused(422)
}
