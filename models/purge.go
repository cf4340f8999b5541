package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Purge is a job: a site's CDN drops what it keeps under any of the tags.
type Purge struct {
	SiteID uuid.UUID `json:"site_id"`
	Tags   []string  `json:"tags"`
}

// Kind names the job in its row.
func (Purge) Kind() string { return "purge" }

// InsertOpts give it a queue of its own: what was taken down waits for nobody's mail or webhook.
func (Purge) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: PurgeQueue, MaxAttempts: purgeTries}
}

// PurgeQueue is where CDNs are told what to drop.
const PurgeQueue = "purges"

const (
	mostTagged = 20              // articles by name; a page of more, or a change of more, goes by the site
	settleFor  = 2 * time.Second // until every replica has heard of a change (see Listen), and many changes are one call
	purgeTries = 30              // a day, see notify.PurgePause: no page is kept for longer
)

// Tags are the names under which a CDN keeps a page of the site that shows the threads of these articles; none: any
// thread of it.
//
//	plenum/SLUG            each page: dropped when settings or rules change
//	plenum/SLUG/HASH       the thread of one article shows in it
//	plenum/SLUG/overview   any thread may
func (s Site) Tags(articles []string) []string {
	tags := []string{s.tag()}
	if len(articles) == 0 || len(articles) > mostTagged {
		return append(tags, s.overview())
	}
	for _, key := range articles {
		tags = append(tags, s.threadTag(key))
	}
	return tags
}

func (s Site) tag() string      { return "plenum/" + s.Slug }
func (s Site) overview() string { return s.tag() + "/overview" }

// threadTag names an article's thread whatever is in its key: tags hold no spaces and commas, and end somewhere.
func (s Site) threadTag(key string) string {
	sum := sha256.Sum256([]byte(key))
	return s.tag() + "/" + hex.EncodeToString(sum[:12])
}

// outdated are the tags of the pages that the changes made untrue.
func (s Site) outdated(changes []Hint) []string {
	var tags []string
	for _, h := range changes {
		if h.Whole {
			return []string{s.tag()}
		}
		tags = append(tags, s.threadTag(h.Article))
	}
	slices.Sort(tags) // so that equal changes are equal jobs, and no two transactions wait for each other crosswise
	if tags = slices.Compact(tags); len(tags) > mostTagged {
		return []string{s.tag()}
	}
	return append(tags, s.overview())
}

// purge has the CDN of each site that has one told of what the transaction changed, if and only if it commits. It comes
// last in the transaction, so no way to change what is public can forget it.
//
// Each change is told once everybody has settled: a page that was on its way to the CDN meanwhile, or was fetched from
// a replica that had not heard yet, is dropped too. Where something was taken down it is told at once as well.
func (t *Tx) purge(ctx context.Context, now time.Time) error {
	changes := map[uuid.UUID][]Hint{}
	var gone []uuid.UUID
	for _, h := range t.hints {
		if h.Whole || h.Article != "" && !h.minor {
			changes[h.SiteID] = append(changes[h.SiteID], h)
		}
		if h.gone {
			gone = append(gone, h.SiteID)
		}
	}
	for id, hints := range changes {
		site, err := t.cdnOf(ctx, id)
		if err != nil {
			return err
		}
		if site == nil {
			continue
		}
		job := Purge{SiteID: id, Tags: site.outdated(hints)}
		if slices.Contains(gone, id) {
			if _, err := t.insertPurge(ctx, job, nil); err != nil {
				return err
			}
		}
		if err := t.settle(ctx, job, now.Add(settleFor)); err != nil {
			return err
		}
	}
	return nil
}

// cdnOf is the site if its CDN is told of changes, or nil. What has asked already with what it wrote is not asked again.
func (t *Tx) cdnOf(ctx context.Context, id uuid.UUID) (*Site, error) {
	if site, known := t.cdns[id]; known {
		return site, nil
	}
	batch := &pgx.Batch{}
	t.queueCDN(batch, id)
	if err := t.pgx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("who is told of site %s: %w", id, err)
	}
	return t.cdns[id], nil
}

// queueCDN adds to a batch that the transaction learns whether the site's CDN is told of changes.
func (t *Tx) queueCDN(batch *pgx.Batch, id uuid.UUID) {
	batch.Queue(`select slug from sites where id = $1 and purge_url <> ''`, id).Query(func(rows pgx.Rows) error {
		slugs, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if t.cdns == nil {
			t.cdns = map[uuid.UUID]*Site{}
		}
		t.cdns[id] = nil
		if len(slugs) > 0 {
			t.cdns[id] = &Site{ID: id, Slug: slugs[0]}
		}
		return err
	})
}

// settle adds the job, unless the same waits already. The row of one that waits is held until this transaction ends, so
// it is not worked off before; one that is under way may have called already, so it gets a successor.
func (t *Tx) settle(ctx context.Context, job Purge, at time.Time) error {
	waiting := []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled}
	found, err := t.insertPurge(ctx, job, &river.InsertOpts{ScheduledAt: at, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: waiting}})
	if err == nil && found.UniqueSkippedAsDuplicate && found.Job.State == rivertype.JobStateRunning {
		_, err = t.insertPurge(ctx, job, &river.InsertOpts{ScheduledAt: at})
	}
	return err
}

func (t *Tx) insertPurge(ctx context.Context, job Purge, opts *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	result, err := t.jobs.client.InsertTx(ctx, t.pgx, job, opts)
	if err != nil {
		return nil, fmt.Errorf("enqueue a purge: %w", err)
	}
	return result, nil
}
