package handlers_test

import (
	"strings"
	"testing"
)

// What is not there is said in the language of the site below whose name it was looked for, with a way on to it.
func TestAnAddressThatLeadsNowhereBelowASiteLeadsOn(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{
		"/blatt/nothing": "There is nothing here", "/blatt/a/b/c": "There is nothing here", "/blatt": "There is nothing here",
		"/blatt/thread/": "There is nothing here", "/zeitung/nichts": "Hier ist nichts", "/zeitung/nichts?locale=en": "There is nothing here",
	} {
		page := w.get(path).want(404)
		page.holds(want)
		site, query, _ := strings.Cut(path, "?")
		if site = strings.Split(site, "/")[1]; query != "" {
			query = "?" + query
		}
		page.holds(`class="button" href="/` + site + "/" + query + `"`)
		page.holds(`href="/` + site + "/rules" + query + `"`)
	}
	w.do("POST", "/blatt/rules", nil).want(405).holds("This does not work that way")
}

// Where there is no site, the browser says in which language; nothing of it is kept for others.
func TestTheDoorSpeaksTheLanguageOfTheBrowser(t *testing.T) {
	w := newWorld(t)
	for accept, want := range map[string]string{"": "de", "en-GB,en;q=0.9,de;q=0.8": "en", "de-CH,en;q=0.9": "de"} {
		for path, status := range map[string]int{"/desk/signin": 200, "/desk/forgot": 200, "/nowhere/thread": 404, "/desk/nothing/here": 404} {
			page := w.get(path, header("Accept-Language", accept)).want(status)
			page.holds(`<html lang="` + want + `"`)
			if got := page.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s: got Cache-Control %q", path, got)
			}
		}
	}
	w.get("/desk/signin?locale=de", header("Accept-Language", "en")).want(200).holds(`<html lang="de"`)
	w.get("/zeitung/thread?article="+article, header("Accept-Language", "en")).want(200).holds(`<html lang="de"`)
	w.get("/desk/nothing/here").want(404).holds(`href="/desk"`)
}
