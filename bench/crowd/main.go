// Command crowd measures what people who mean no good cost everybody else: 500 clients that send or read a byte a second,
// and 200 sign-ins a second with a wrong password. It starts bin/plenum with a data folder that is gone afterwards, and
// fails where a promise is broken. docs/performance.md has the last figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// options are what can be asked for.
type options struct {
	plenum  string        // the program
	slow    int           // clients
	rounds  int           // with and without them
	round   time.Duration // how long each is
	signIns int           // a second
	during  time.Duration // how long they go on
}

// What is promised.
const (
	ratioUnder  = 2.0
	memoryUnder = 256.0 // MiB
)

func main() {
	var o options
	flag.StringVar(&o.plenum, "bin", "bin/plenum", "the program")
	flag.IntVar(&o.slow, "slow", 500, "clients that take their time")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds with and without them: the median counts")
	flag.DurationVar(&o.round, "round", 6*time.Second, "length of a round")
	flag.IntVar(&o.signIns, "sign-ins", 200, "sign-ins a second")
	flag.DurationVar(&o.during, "during", 10*time.Second, "how long people sign in")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	s, err := start(ctx, o.plenum)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	return errors.Join(o.besideSlow(ctx, s), o.signingIn(ctx, s))
}

// besideSlow holds readers who have slow clients beside them to readers who have none, in turn.
func (o options) besideSlow(ctx context.Context, s *server) error {
	var alone, beside []time.Duration
	if _, err := s.read(ctx, o.round); err != nil { // of a program that has just begun, not counted
		return err
	}
	for range o.rounds {
		p99, err := s.read(ctx, o.round)
		if err != nil {
			return err
		}
		alone = append(alone, p99)
		slow := s.crowd(ctx, o.slow)
		p99, err = s.read(ctx, o.round)
		if err := errors.Join(err, slow.leave()); err != nil {
			return err
		}
		beside = append(beside, p99)
	}
	before, meanwhile := median(alone), median(beside)
	ratio := float64(meanwhile) / float64(before)
	fmt.Printf("readers' 99th percentile: %s, beside %d slow clients %s: %.2f times as long\n", before, o.slow, meanwhile, ratio)
	if ratio >= ratioUnder {
		return fmt.Errorf("%d slow clients make readers wait %.2f times as long, want under %.0f", o.slow, ratio, ratioUnder)
	}
	return nil
}

// signingIn compares what is resident while many sign in to what was before.
func (o options) signingIn(ctx context.Context, s *server) error {
	before := s.memory()
	most, counts, err := s.signIns(ctx, o.signIns, o.during)
	if err != nil {
		return err
	}
	fmt.Printf("%d sign-ins a second for %s: %.0f MiB before, %.0f MiB at most, answers %v\n", o.signIns, o.during, before, most, counts)
	if most-before >= memoryUnder {
		return fmt.Errorf("sign-ins take %.0f MiB, want under %.0f", most-before, memoryUnder)
	}
	return nil
}
