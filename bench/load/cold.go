package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"plenum/models/sample"
	"plenum/moderation/markup"
	"plenum/static"
	"plenum/templates"
)

const coldCommand = "bare-cold"

// cold measures threads that are in no memory, each request with another title and so another page, beside the least that
// such a page takes: the bare indexed query, and the template.
func (b *bench) cold(ctx context.Context) error {
	script := filepath.Join(b.dir, "cold.lua")
	path := "/bench/thread?article=" + url.QueryEscape(sample.ExactKey(100)) + "&title=" + fmt.Sprint(rand.Uint32()) + "-"
	text := "local n = 0\nrequest = function()\n n = n + 1\n return wrk.format('GET', '" + path + "' .. n)\nend\n"
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		return err
	}
	head("made anew each time, not compressed", "CPU")
	bare, err := b.startCold(ctx, path)
	if err != nil {
		return err
	}
	l := load{script: script, connections: 4}
	ceiling, r, err := b.inTurn(b.driven(ctx, bare, l), b.driven(ctx, b.server, l))
	if stopped := bare.Process.Kill(); err == nil {
		err = stopped
	}
	line("thread of 100, HTML", r, ceiling)
	fmt.Println()
	return err
}

// startCold starts the process of the ceiling, and sees that its page is the program's but for a few words.
func (b *bench) startCold(ctx context.Context, path string) (*server, error) {
	addr, err := free()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(coldPage{Addr: addr, Database: b.site.database, Key: sample.ExactKey(100)})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "cold.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	bare, err := await(&server{Cmd: exec.CommandContext(ctx, self, coldCommand, file), url: "http://" + addr, pgDir: b.server.pgDir}, "/")
	if err != nil {
		return nil, err
	}
	ours, err := size(b.server.url + path)
	if err != nil {
		return nil, err
	}
	theirs, err := size(bare.url + path)
	if err == nil && (theirs < ours*9/10 || theirs > ours*11/10) {
		err = fmt.Errorf("the bare page has %d bytes, the program's %d", theirs, ours)
	}
	return bare, err
}

func size(address string) (int, error) {
	r, err := http.Get(address)
	if err != nil {
		return 0, err
	}
	body, err := read(r)
	return len(body), err
}

// coldPage is what the process of the ceiling answers.
type coldPage struct {
	Addr, Database, Key string
	site, article       uuid.UUID
}

// serveCold is the ceiling: Gin, one handler, one statement of pgx by an index, the template.
func serveCold(file string) {
	page, set, pool, err := openCold(context.Background(), file)
	if err != nil {
		panic(err)
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET("/*path", func(c *gin.Context) {
		t, err := page.read(c.Request.Context(), pool)
		if err == nil {
			c.Header("Content-Type", "text/html; charset=utf-8")
			err = set.Render(c.Writer, "de", "public/thread", t)
		}
		if err != nil {
			c.AbortWithStatus(http.StatusInternalServerError)
		}
	})
	server := &http.Server{Addr: page.Addr, Handler: e, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute}
	panic(server.ListenAndServe())
}

func openCold(ctx context.Context, file string) (page coldPage, set *templates.Set, pool *pgxpool.Pool, err error) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &page)
	}
	if err != nil {
		return page, nil, nil, err
	}
	if set, err = templates.New(static.URL); err != nil {
		return page, nil, nil, err
	}
	if pool, err = pgxpool.New(ctx, page.Database); err != nil {
		return page, nil, nil, err
	}
	err = pool.QueryRow(ctx, `select site_id, id from articles where key = $1`, page.Key).Scan(&page.site, &page.article)
	return page, set, pool, err
}

// coldRow is a comment of the page.
type coldRow struct {
	ID                uuid.UUID
	Depth             int
	Name, HTML        string
	Created, Released time.Time
}

// read is the bare indexed query: approved revisions in reading order.
func (p coldPage) read(ctx context.Context, pool *pgxpool.Pool) (templates.Thread, error) {
	rows, err := pool.Query(ctx, `select c.id, c.depth, c.author_name, r.html, c.created_at, c.published_at from comments c
		join revisions r on r.site_id = c.site_id and r.comment_id = c.id and r.number = c.public_revision
		where c.site_id = $1 and c.article_id = $2 and c.public_revision is not null order by c.path limit 100`, p.site, p.article)
	if err != nil {
		return templates.Thread{}, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[coldRow])
	return templates.Thread{Site: templates.Site{Slug: "bench", Name: "bench"}, Article: templates.Article{Key: p.Key, URL: p.Key, Title: p.Key, Open: true},
		Form: templates.Form{ArticleKey: p.Key, RulesVersion: 1, Most: markup.MaxLength}, Rules: templates.Rules{Version: 1}, Sort: "oldest",
		Total: len(all), Comments: p.tree(all), First: true, Reaction: true, Wait: "unknown"}, err
}

// tree lays rows in reading order out below each other. It takes the last one first: what is below a comment is there when
// its turn comes.
func (p coldPage) tree(rows []coldRow) []templates.Comment {
	levels := make([][]templates.Comment, 1)
	for _, row := range slices.Backward(rows) {
		c := templates.Comment{ID: row.ID, Name: row.Name, HTML: row.HTML, CreatedAt: row.Created, PublishedAt: row.Released,
			MayReply: true, MayReport: true, MayAgree: true, Linked: true, ArticleKey: p.Key}
		for len(levels) <= row.Depth+1 {
			levels = append(levels, nil)
		}
		slices.Reverse(levels[row.Depth+1])
		c.Replies, levels[row.Depth+1] = levels[row.Depth+1], nil
		levels[row.Depth] = append(levels[row.Depth], c)
	}
	slices.Reverse(levels[0])
	return levels[0]
}
