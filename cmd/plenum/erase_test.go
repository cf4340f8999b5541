package main

import (
	"encoding/json"
	"testing"

	"plenum/moderation"
)

func TestARequestByLetterIsAnsweredFromTheCommandLine(t *testing.T) {
	s := newShell(t)
	site := s.site("news")
	_, err := s.flow().Submit(t.Context(), site, moderation.Submission{Article: moderation.ArticleName{Key: "a"}, Name: "Wanda",
		Email: "wanda@reader.example", Body: "Zwetschgen", RulesVersion: 1})
	s.must(err)
	var person moderation.Person
	s.must(json.Unmarshal([]byte(s.run("export-person", "WANDA@reader.example", "--site", "news").done().out), &person))
	if len(person.Comments) != 1 || person.Comments[0].Revisions[0].Body != "Zwetschgen" || *person.Email != "wanda@reader.example" {
		t.Errorf("got %+v, want her comment and her address", person)
	}
	if got, want := s.run("erase", "Wanda@Reader.example", "--site", "news").done().out, "news: erased 1 comments, 0 reports and 0 subscriptions\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var again moderation.Erased
	s.must(json.Unmarshal([]byte(s.run("erase", "wanda@reader.example", "--site", "news", "--json").done().out), &again))
	if again != (moderation.Erased{}) {
		t.Errorf("got %+v the second time, want nothing more", again)
	}
	s.must(json.Unmarshal([]byte(s.run("export-person", "wanda@reader.example", "--site", "news").done().out), &person))
	if len(person.Comments) != 0 {
		t.Errorf("got %+v after the erasure, want nothing", person)
	}
	s.run("export-person", "wanda@reader.example", "--site", "none").failed("there is no site").silent()
	s.run("audit", "verify", "--site", "news").done()
	s.run("erase", "wanda@reader.example", "--site", "none").failed("there is no site").silent()
	s.run("erase", "wanda@reader.example").misused("missing flags").silent()
}
