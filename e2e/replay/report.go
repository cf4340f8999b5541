package main

import (
	"fmt"
	"io"
	"sync"
)

const firstFaults = 10 // faults that are shown; the rest is counted

// Kind says what a fault is.
type Kind int

const (
	Missing Kind = iota // approved, and not shown
	Extra               // shown, and not approved
	Wrong               // anything else
)

func (k Kind) String() string { return [...]string{"missing", "extra", "wrong"}[k] }

// Fault is one thing that is not as it must be. It names rows and ids and quotes no comment.
type Fault struct {
	Kind Kind
	What string
}

func missing(format string, args ...any) Fault { return Fault{Missing, fmt.Sprintf(format, args...)} }
func extra(format string, args ...any) Fault   { return Fault{Extra, fmt.Sprintf(format, args...)} }
func wrong(format string, args ...any) Fault   { return Fault{Wrong, fmt.Sprintf(format, args...)} }

// count is the fault of a number that is too low or too high, or none.
func count(what string, got, want int) []Fault {
	switch {
	case got < want:
		return []Fault{missing("%s is %d, not %d", what, got, want)}
	case got > want:
		return []Fault{extra("%s is %d, not %d", what, got, want)}
	}
	return nil
}

// Report counts checks and their faults. Its zero value is ready, and it may be used by many at once.
type Report struct {
	mu                    sync.Mutex
	passed, failed        int
	surfaces              int
	missing, extra, wrong int
	first                 []string
}

// Check is one check: passed without faults, failed with any.
func (r *Report) Check(name string, faults ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(faults) == 0 {
		r.passed++
		return
	}
	r.failed++
	for _, f := range faults {
		r.add(name, f)
	}
}

// Surface is the check of one public surface.
func (r *Report) Surface(name string, faults ...Fault) {
	r.Check(name, faults...)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.surfaces++
}

func (r *Report) add(name string, f Fault) {
	*[...]*int{&r.missing, &r.extra, &r.wrong}[f.Kind]++
	if len(r.first) < firstFaults {
		r.first = append(r.first, fmt.Sprintf("%s: %s: %s", f.Kind, name, f.What))
	}
}

// print lists the first faults and ends with the line that machines read.
func (r *Report) print(out io.Writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.first {
		fmt.Fprintln(out, line)
	}
	if more := r.missing + r.extra + r.wrong - len(r.first); more > 0 {
		fmt.Fprintf(out, "… and %d more\n", more)
	}
	fmt.Fprintf(out, "surfaces compared %d\n", r.surfaces)
	fmt.Fprintf(out, "missing %d extra %d\n", r.missing, r.extra)
	fmt.Fprintf(out, "otherwise wrong %d\n", r.wrong)
	fmt.Fprintf(out, "replay: %d passed, %d failed\n", r.passed, r.failed)
}
