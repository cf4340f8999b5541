package main

import (
	"reflect"
	"testing"
)

func TestRowsAreReadAsTheyStand(t *testing.T) {
	got, err := parseRows("id\trefused\ttext\n7\t0\t\"Guten\" Morgen\r\n9\t1\t  \u0084 \n")
	want := []Row{{"7", false, `"Guten" Morgen`}, {"9", true, "  \u0084 "}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestRowsThatCannotBeAreRefusedByLine(t *testing.T) {
	for name, body := range map[string]string{
		"no header": "7\t0\tx\n", "empty": "", "no rows": columns + "\n", "two cells": columns + "\n7\t0\n",
		"four cells": columns + "\n7\t0\tx\ty\n", "neither 0 nor 1": columns + "\n7\t2\tx\n", "no id": columns + "\n\t1\tx\n",
		"an id twice": columns + "\n7\t0\tx\n7\t0\ty\n", "not UTF-8": columns + "\n7\t0\t\xff\n",
	} {
		if rows, err := parseRows(body); err == nil {
			t.Errorf("%s: got %+v, want an error", name, rows)
		}
	}
}
