package main

import (
	"strings"
	"testing"
)

func TestTheReportEndsWithTheLineThatMachinesRead(t *testing.T) {
	var r Report
	r.Check("a")
	r.Surface("b", missing("x"), extra("y"))
	r.Check("c", count("number", 1, 2)...)
	r.Check("d", count("number", 3, 2)...)
	r.Check("e", wrong("z"))
	var out strings.Builder
	r.print(&out)
	want := "missing: b: x\nextra: b: y\nmissing: c: number is 1, not 2\nextra: d: number is 3, not 2\nwrong: e: z\n" +
		"surfaces compared 1\nmissing 2 extra 2\notherwise wrong 1\nreplay: 1 passed, 4 failed\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheReportListsTheFirstTenFaults(t *testing.T) {
	var r Report
	for range 12 {
		r.Check("a", wrong("z"))
	}
	var out strings.Builder
	r.print(&out)
	if got := strings.Count(out.String(), "wrong: a: z"); got != 10 {
		t.Errorf("got %d faults listed, want 10", got)
	}
	if !strings.Contains(out.String(), "… and 2 more\n") || !strings.HasSuffix(out.String(), "replay: 0 passed, 12 failed\n") {
		t.Errorf("got\n%s", out.String())
	}
}
