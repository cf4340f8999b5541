package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/moderation"
)

// maxRatio is how much longer a call may take on the large database.
const maxRatio = 2

// call is something that a moderator does.
type call struct {
	what string
	do   func(ctx context.Context, s *site) error
}

func calls() []call {
	var all []call
	queue := func(what string, q moderation.Question) {
		q.Limit = 50
		all = append(all, call{what, func(ctx context.Context, s *site) error {
			found, err := s.flow.Queue(ctx, s.Site, s.actor, q)
			if err == nil && len(found.Items) == 0 {
				err = errors.New("nothing found")
			}
			return err
		}})
	}
	for _, lane := range models.Lanes {
		queue("first page of "+lane, moderation.Question{Lane: lane})
	}
	for _, sort := range models.Sorts[1:] {
		queue("first page of pending, "+sort, moderation.Question{Lane: models.LanePending, Sort: sort})
	}
	queue("search", moderation.Question{Lane: models.LaneAll, Search: "Nachtigallen Haus"})
	queue("search in decided", moderation.Question{Lane: models.LaneDecided, Search: "nachtigall"})
	return append(all, call{"claim of ten", claimTen}, call{"next item", next}, call{"one decision", decide})
}

func claimTen(ctx context.Context, s *site) error {
	items, err := s.flow.Claim(ctx, s.Site, s.actor, models.LanePending, 10, time.Minute)
	if err == nil && len(items) != 10 {
		err = fmt.Errorf("claimed %d", len(items))
	}
	return err
}

func next(ctx context.Context, s *site) error {
	_, err := s.flow.ClaimNext(ctx, s.Site, s.actor, moderation.Question{Lane: models.LanePending}, uuid.NullUUID{})
	return err
}

// decide decides what next has claimed.
func decide(ctx context.Context, s *site) error {
	q := models.QueuePage{Lane: models.LaneMine, Me: s.actor.ID, Now: time.Now(), Limit: 1}
	items, err := s.store.Queue(ctx, s.ID, q)
	if err != nil || len(items) == 0 {
		return errors.Join(err, errors.New("nothing to decide"))
	}
	begun := time.Now()
	_, err = s.flow.Decide(ctx, s.Site, s.actor, moderation.Verdict{CommentID: items[0].ID, Version: items[0].Version, Action: moderation.Approve})
	s.decided = time.Since(begun)
	return err
}

// measure does each call in turns on both databases, prints the medians and fails where the large one is too slow.
func measure(ctx context.Context, small, large *site, rounds int) (failed error) {
	sites := [2]*site{small, large}
	for _, s := range sites {
		if _, err := s.flow.Claim(ctx, s.Site, s.actor, models.LanePending, 10, time.Hour); err != nil { // so that something is mine
			return err
		}
	}
	before := large.wholeReads(ctx)
	if before < 0 {
		return errors.New("the database does not tell how comments were read")
	}
	fmt.Printf("%-32s %10s %10s %7s\n", "median of each call", "small", "large", "ratio")
	for _, c := range calls() {
		var took [2][]time.Duration
		for range rounds {
			for i, s := range sites {
				begun := time.Now()
				if err := c.do(ctx, s); err != nil {
					return fmt.Errorf("%s: %w", c.what, err)
				}
				spent := time.Since(begun)
				if c.what == "one decision" {
					spent = s.decided
				}
				took[i] = append(took[i], spent)
			}
		}
		a, b := median(took[0]), median(took[1])
		ratio := float64(b) / float64(a)
		fmt.Printf("%-32s %8.2fms %8.2fms %6.2fx\n", c.what, ms(a), ms(b), ratio)
		if ratio > maxRatio {
			failed = errors.Join(failed, fmt.Errorf("%s takes %.2f times as long", c.what, ratio))
		}
	}
	small.store.Close()
	large.store.Close() // its connections tell their statistics as they go
	if whole := large.wholeReads(ctx) - before; whole != 0 {
		failed = errors.Join(failed, fmt.Errorf("comments were read whole %d times", whole))
	}
	return failed
}

// wholeReads counts the sequential scans of comments so far; -1 where the database does not tell.
func (s *site) wholeReads(ctx context.Context) (n int64) {
	time.Sleep(2 * time.Second) // until the server's processes have told what they did
	sql, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return -1
	}
	defer sql.Close(ctx)
	if err := sql.QueryRow(ctx, `select seq_scan from pg_stat_user_tables where relname = 'comments'`).Scan(&n); err != nil {
		return -1
	}
	return n
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
