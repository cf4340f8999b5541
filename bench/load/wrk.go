package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// load is what wrk sends.
type load struct {
	path        string
	headers     []string
	script      string // in Lua
	connections int
}

// result is what one run measured.
type result struct {
	perSecond float64
	p99       time.Duration
	cpu       time.Duration // of a request, in all processes but the load's
	failed    int           // answers of 400 and more, and broken connections
}

var (
	requests = regexp.MustCompile(`(\d+) requests in`)
	rate     = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	latency  = regexp.MustCompile(`99%\s+([\d.]+(?:us|ms|s|m))`)
	failures = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
	socket   = regexp.MustCompile(`Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)`)
)

// median runs the load several times and answers the run of the median rate.
func (b *bench) median(ctx context.Context, s *server, l load) (result, error) {
	var all []result
	for range b.runs {
		r, err := drive(ctx, s, l, time.Duration(b.seconds)*time.Second)
		if err != nil {
			return result{}, err
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y result) int { return int(x.perSecond - y.perSecond) })
	return all[len(all)/2], nil
}

// inTurn measures a ceiling and the program in turn, several times, and answers the two that have the median of the ratios:
// a machine that others use, too, is as slow for both.
func (b *bench) inTurn(ceiling, program func() (result, error)) (c, p result, err error) {
	type pair struct{ ceiling, program result }
	var all []pair
	for range b.runs {
		if c, err = ceiling(); err != nil {
			return c, p, err
		}
		if p, err = program(); err != nil {
			return c, p, err
		}
		all = append(all, pair{c, p})
	}
	slices.SortFunc(all, func(x, y pair) int {
		return cmp.Compare(x.program.perSecond/x.ceiling.perSecond, y.program.perSecond/y.ceiling.perSecond)
	})
	median := all[len(all)/2]
	return median.ceiling, median.program, nil
}

// driven is a run of a load on a server.
func (b *bench) driven(ctx context.Context, s *server, l load) func() (result, error) {
	return func() (result, error) { return drive(ctx, s, l, time.Duration(b.seconds)*time.Second) }
}

func drive(ctx context.Context, s *server, l load, length time.Duration) (result, error) {
	args := []string{"-t1", "-c", strconv.Itoa(l.connections), "-d", strconv.Itoa(int(length.Seconds())) + "s", "--timeout", "20s", "--latency"}
	for _, h := range l.headers {
		args = append(args, "-H", h)
	}
	if l.script != "" {
		args = append(args, "-s", l.script)
	}
	before := s.cpu()
	out, err := exec.CommandContext(ctx, "wrk", append(args, s.url+l.path)...).CombinedOutput()
	if err != nil {
		return result{}, fmt.Errorf("wrk %s: %w: %s", l.path, err, out)
	}
	spent := s.cpu() - before
	r := result{perSecond: number(rate, out), failed: int(number(failures, out))}
	if found := socket.FindSubmatch(out); found != nil {
		for _, n := range found[1:] {
			count, err := strconv.Atoi(string(n))
			if err != nil {
				return r, err
			}
			r.failed += count
		}
	}
	if found := latency.FindSubmatch(out); found != nil {
		if r.p99, err = time.ParseDuration(string(bytes.Replace(found[1], []byte("us"), []byte("µs"), 1))); err != nil {
			return r, err
		}
	}
	n := number(requests, out)
	if n == 0 {
		return r, fmt.Errorf("wrk %s: no answer: %s", l.path, out)
	}
	r.cpu = time.Duration(float64(spent) / n)
	return r, nil
}

func number(pattern *regexp.Regexp, in []byte) float64 {
	found := pattern.FindSubmatch(in)
	if found == nil {
		return 0
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		return 0
	}
	return n
}

// line prints a figure beside its ceiling.
func line(what string, r, ceiling result) {
	fmt.Printf("%-44s %9.0f %9.3f %9.2f", what, r.perSecond, ms(r.cpu), ms(r.p99))
	if ceiling.cpu > 0 {
		fmt.Printf(" %9.0f %9.3f %7.2f %7.2f", ceiling.perSecond, ms(ceiling.cpu), r.perSecond/ceiling.perSecond, float64(r.cpu)/float64(ceiling.cpu))
	} else if ceiling.perSecond > 0 { // made by this very process: what it computes is not told apart from its load
		fmt.Printf(" %9.0f %9s %7.2f %7.2f", ceiling.perSecond, "", r.perSecond/ceiling.perSecond, float64(r.p99)/float64(ceiling.p99))
	}
	if r.failed > 0 {
		fmt.Printf("   %d FAILED", r.failed)
	}
	fmt.Println()
}

// head names the columns of the lines below; the last compares what each says.
func head(what, last string) {
	fmt.Printf("%-44s %9s %9s %9s %9s %9s %7s %7s\n", what, "per s", "CPU ms", "p99 ms", "ceiling", "CPU ms", "ratio", last)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
