package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A patch that no longer fits is renewed with what it is about, not found out a year later.
func TestEachPatchFitsOnce(t *testing.T) {
	for _, m := range mutants {
		text, err := os.ReadFile(filepath.Join("..", "..", m.file))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte(m.old)); n != 1 {
			t.Errorf("%s: the patch of %s fits %d times, not once", m.guard, m.file, n)
		}
	}
}
