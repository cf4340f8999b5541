package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"
)

// Row is one line of the file: a comment, and what its moderators decided.
type Row struct {
	ID      string
	Refused bool
	Text    string
}

const columns = "id\trefused\ttext"

// readRows reads the whole file. It is plain: no quoting, no escapes, one row a line.
func readRows(name string) ([]Row, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	rows, err := parseRows(string(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

// parseRows names the line of what it refuses, and never its text.
func parseRows(body string) (rows []Row, err error) {
	if !utf8.ValidString(body) {
		return nil, errors.New("not UTF-8")
	}
	first, rest, _ := strings.Cut(body, "\n")
	if strings.TrimSuffix(first, "\r") != columns {
		return nil, fmt.Errorf("the first line must name the columns %q", columns)
	}
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(rest, "\n"), "\n") {
		row, ok := parseRow(strings.TrimSuffix(line, "\r"))
		if !ok || seen[row.ID] {
			return nil, fmt.Errorf("line %d: not a new id, 0 or 1, and a text", i+2)
		}
		seen[row.ID] = true
		rows = append(rows, row)
	}
	return rows, nil
}

func parseRow(line string) (Row, bool) {
	cells := strings.Split(line, "\t")
	if len(cells) != 3 || cells[0] == "" || (cells[1] != "0" && cells[1] != "1") {
		return Row{}, false
	}
	return Row{ID: cells[0], Refused: cells[1] == "1", Text: cells[2]}, true
}
