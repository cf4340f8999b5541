package handlers_test

import (
	"net/url"
	"testing"
)

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
