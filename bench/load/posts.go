package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"plenum/models/sample"
	"plenum/moderation/triage"
)

// posts measures new comments, each beside bare statements that write the same rows in one batch.
func (b *bench) posts(ctx context.Context) error {
	head("a comment posted, durable", "p99")
	for _, n := range []int{1, 8, 32} {
		if err := b.besideBarePosts(ctx, n); err != nil {
			return err
		}
	}
	fmt.Println()
	return nil
}

// besideBarePosts measures posting by so many at once, and its ceiling: no HTTP, no check, no triage; all rows of a comment
// in one batch and one commit.
func (b *bench) besideBarePosts(ctx context.Context, connections int) error {
	script, err := b.posting("post.lua")
	if err != nil {
		return err
	}
	// Its plans would be those for tables that are small, and kept while they grow: none reads one whole.
	pool, err := pgxpool.New(ctx, b.site.database+fmt.Sprintf(" pool_max_conns=%d enable_seqscan=off", connections))
	if err != nil {
		return err
	}
	defer pool.Close()
	var site uuid.UUID
	if err := pool.QueryRow(ctx, `select id from sites where slug = 'bench'`).Scan(&site); err != nil {
		return err
	}
	w := writing{pool: pool, site: site, articles: b.postedKeys(1)}
	bare := func() (result, error) { return w.posting(ctx, connections, time.Duration(b.seconds)*time.Second) }
	ceiling, r, err := b.inTurn(bare, b.driven(ctx, b.server, load{path: "/", script: script, connections: connections}))
	if err == nil {
		line(fmt.Sprintf("%d connections", connections), r, ceiling)
	}
	return err
}

// run makes each script's texts its own: the same text twice would be one comment.
var scripts atomic.Int64

const postLua = `
local m = 0
local function post()
 m = m + 1
 local body = '{"article":{"key":"' .. keys[m %% #keys + 1] .. '"},"author":{"name":"Anna K."},"rules_version":1,"body":"'
  .. bodies[m %% #bodies + 1] .. ' Nummer %s-' .. os.time() .. '-' .. m .. '."}'
 return wrk.format('POST', '/api/v1/sites/bench/comments', {['Content-Type']='application/json'}, body)
end
`

// Texts and articles come round at different times, so that hardly one stands under an article twice. The ceiling has
// articles of its own: the program would have to read what it wrote between two runs, as what another replica wrote.
const postedBodies, postedArticles = 211, 47

var texts = sample.Bodies(postedBodies)

// postedKeys are the articles of one of the two.
func (b *bench) postedKeys(of int) (keys []string) {
	for i := range postedArticles {
		keys = append(keys, sample.Key((2*i+of)*sample.Articles(b.comments)/(2*postedArticles)))
	}
	return keys
}

// postLibrary is Lua with a function post.
func (b *bench) postLibrary() (string, error) {
	var bodies []string
	for _, text := range texts {
		quoted, err := json.Marshal(text)
		if err != nil {
			return "", err
		}
		bodies = append(bodies, "[==["+strings.Trim(string(quoted), `"`)+"]==]")
	}
	return "local keys = {'" + strings.Join(b.postedKeys(0), "','") + "'}\nlocal bodies = {" + strings.Join(bodies, ",") + "}\n" +
		fmt.Sprintf(postLua, fmt.Sprint(os.Getpid(), "-", scripts.Add(1))), nil
}

func (b *bench) posting(name string) (string, error) {
	library, err := b.postLibrary()
	if err != nil {
		return "", err
	}
	file := filepath.Join(b.dir, name)
	return file, os.WriteFile(file, []byte(library+"\nrequest = post\n"), 0o644)
}

// writing is what bare statements need to write comments.
type writing struct {
	pool     *pgxpool.Pool
	site     uuid.UUID
	articles []string
}

// posting writes comments one after the other on each connection.
func (w writing) posting(ctx context.Context, connections int, length time.Duration) (result, error) {
	ctx, stop := context.WithTimeout(ctx, length)
	defer stop()
	var busy sync.WaitGroup
	took := make([][]time.Duration, connections)
	failed := make(chan error, connections)
	begun := time.Now()
	for i := range connections {
		busy.Go(func() {
			for ctx.Err() == nil {
				at := time.Now()
				if err := w.post(ctx); err != nil {
					if ctx.Err() == nil {
						failed <- err
					}
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	busy.Wait()
	spent := time.Since(begun)
	select {
	case err := <-failed:
		return result{}, err
	default:
	}
	all := slices.Concat(took...)
	if len(all) == 0 {
		return result{}, errors.New("no comment was written")
	}
	r := result{perSecond: float64(len(all)) / spent.Seconds()}
	all = corrected(all, spent*time.Duration(connections)/time.Duration(len(all)))
	r.p99 = all[len(all)*99/100]
	return r, nil
}

// corrected counts a stall for each that would have been sent meanwhile, as wrk does of what it measures (stats_correct):
// expected is how long one takes on average.
func corrected(took []time.Duration, expected time.Duration) []time.Duration {
	for _, d := range took {
		for missed := d - expected; d >= 2*expected && missed > expected; missed -= expected {
			took = append(took, missed)
		}
	}
	slices.Sort(took)
	return took
}

// post writes the rows that the program writes of such a comment, where the limits are off and so nothing is kept of networks.
func (w writing) post(ctx context.Context) error {
	id, author, now := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), time.Now()
	hash, key := sha256.Sum256(id[:]), w.articles[int(id[14])%len(w.articles)]
	batch := &pgx.Batch{}
	batch.Queue(`begin`)
	batch.Queue(`insert into idempotency_keys (site_id, call, caller, key, request_hash, result, created_at) values ($1, 'comments by text', '', $2, $3, $4, $5)
		on conflict do nothing`, w.site, hex.EncodeToString(hash[:]), hash[:], id, now)
	batch.Queue(`insert into articles (site_id, id, key, url, title, created_at) values ($1, $2, $3, $3, '', $4) on conflict (site_id, key) do nothing`, w.site, id, key, now)
	batch.Queue(`insert into authors (site_id, id, created_at) values ($1, $2, $3)`, w.site, author, now)
	batch.Queue(`insert into comments (site_id, id, article_id, root_id, path, depth, author_id, author_name, locale, rules_version, held_revision,
			created_at, rank_at, waiting_since)
		values ($1, $2, (select id from articles where site_id = $1 and key = $3), $2, $4, 0, $5, 'Anna K.', 'de', 1, 1, $6, $6, $6)`,
		w.site, id, key, id[:], author, now)
	text := texts[int(id[15])%len(texts)] + " Nummer " + id.String()
	batch.Queue(`insert into revisions (site_id, comment_id, number, body, html, markup_version, created_at) values ($1, $2, 1, $3, $4, 1, $5)`,
		w.site, id, text, "<p>"+text+"</p>", now)
	batch.Queue(`insert into signals (site_id, comment_id, revision, name, position, version, unavailable, score, minutes, reason, args, spans)
		select $1, $2, 1, name, position, 1, false, 0, 0, '', '{}', '[]' from unnest($3::text[]) with ordinality as signal (name, position)`, w.site, id, signals)
	batch.Queue(`commit`)
	conn, err := w.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.SendBatch(ctx, batch).Close()
}

// signals are the rows that triage writes of a comment.
var signals = triage.Names()
