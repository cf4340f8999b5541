// Package sample fills a site with as many comments as are asked for, to measure by: German and English, of the lengths
// and depths that discussions have, and the same every time.
package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
)

// Plan is what to fill.
type Plan struct {
	Site      uuid.UUID // without comments yet
	Moderator uuid.UUID // who decided
	Comments  int       // 100 and more
	Until     time.Time // when the newest was sent; they come ten seconds after each other
	Render    func(body string) (string, error)
}

// Articles is how many articles a plan has, from Key(0) on.
func Articles(comments int) int { return max(comments/100, 1) }

// Key names the article; the lower the number, the more comments it has.
func Key(article int) string { return fmt.Sprintf("https://news.example/%05d", article) }

// Exact are sizes of threads that there is one of each, if the plan is large enough, under ExactKey.
var Exact = []int{10, 100, 1_000, 10_000}

// ExactKey names the article with exactly so many approved comments.
func ExactKey(comments int) string { return fmt.Sprintf("https://news.example/with-%d", comments) }

const (
	chunk     = 10_000 // comments that are written at a time
	inReach   = 24     // comments of an article that the next may answer
	deepest   = 20
	bodies    = 4_000 // different texts
	authors   = 50    // one of so many comments' authors is new
	apart     = 10 * time.Second
	waiting   = 16 // one of so many comments waits, and another one was rejected
	zipfS     = 1.1
	zipfV     = 20
	seedHigh  = 1804
	seedLow   = 1848
	markupVer = 1
)

// Fill writes the rows of a plan with the guards off, as the superuser: the log of the site is then no chain, and a
// site that was filled is for measuring and nothing else.
func Fill(ctx context.Context, url string, p Plan) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `set session_replication_role = replica`); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	w := newWriter(p)
	if err := w.pour(ctx, conn); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	if _, err := conn.Exec(ctx, searchable, p.Site); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	for _, statement := range []string{`set session_replication_role = origin`, `vacuum analyze`} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("fill: %s: %w", statement, err)
		}
	}
	return nil
}

const searchable = `insert into search_words (site_id, comment_id, words) select c.site_id, c.id, words_of(c.locale, c.author_name, r.body)
	from comments c join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.revision where c.site_id = $1`

// writer makes comments one after the other.
type writer struct {
	Plan
	rng     *rand.Rand
	popular *rand.Zipf
	texts   []text
	threads map[uuid.UUID][]place // the ends of threads that can be answered
	made    int
	seq     int64 // of the last entry of the ledger
}

// place is a comment that can be answered.
type place struct {
	id, root uuid.UUID
	path     []byte
}

func newWriter(p Plan) *writer {
	rng := rand.New(rand.NewPCG(seedHigh, seedLow))
	return &writer{Plan: p, rng: rng, popular: rand.NewZipf(rng, zipfS, zipfV, uint64(Articles(p.Comments)-1)), threads: map[uuid.UUID][]place{}}
}

func (w *writer) pour(ctx context.Context, conn *pgx.Conn) (err error) {
	if w.texts, err = compose(w.rng, w.Render); err != nil {
		return err
	}
	if err := w.articles(ctx, conn); err != nil {
		return err
	}
	for _, size := range Exact {
		if size <= w.Comments/2 {
			if err := w.write(ctx, conn, size, func() (uuid.UUID, string) { return w.id("article", ExactKey(size)), models.Approved }); err != nil {
				return err
			}
		}
	}
	return w.write(ctx, conn, w.Comments-w.made, func() (uuid.UUID, string) {
		return w.id("article", Key(int(w.popular.Uint64()))), w.status()
	})
}

func (w *writer) status() string {
	switch w.rng.IntN(waiting) {
	case 0:
		return models.Pending
	case 1:
		return models.Rejected
	}
	return models.Approved
}

// id is the same for the same name.
func (w *writer) id(kind, name string) uuid.UUID { return uuid.NewSHA1(w.Site, []byte(kind+" "+name)) }

// next is a UUIDv7 of the time at which the comment was sent (RFC 9562 §5.7).
func (w *writer) next() (id uuid.UUID, at time.Time) {
	at = w.Until.Add(-time.Duration(w.Comments-w.made) * apart).UTC().Truncate(time.Microsecond)
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|7<<12|w.rng.Uint64()&0xfff)
	binary.BigEndian.PutUint64(id[8:], w.rng.Uint64()>>2|1<<63)
	w.made++
	return id, at
}
