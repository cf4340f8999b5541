package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plenum/models/sample"
)

const connections = 32

var gzip = []string{"Accept-Encoding: gzip"}

// reads measures answers from memory, each beside a bare handler with the same bytes.
func (b *bench) reads(ctx context.Context) error {
	head("from memory, gzip, 32 connections", "CPU")
	thread := func(n int) string { return "thread?article=" + url.QueryEscape(sample.ExactKey(n)) }
	for _, r := range []struct{ what, path string }{
		{"thread of 10, JSON", "/api/v1/sites/bench/" + thread(10)}, {"thread of 100, JSON", "/api/v1/sites/bench/" + thread(100)},
		{"thread of 1,000, JSON, first page", "/api/v1/sites/bench/" + thread(1000)}, {"thread of 10,000, JSON, first page", "/api/v1/sites/bench/" + thread(10_000)},
		{"thread of 100, HTML", "/bench/" + thread(100)}, {"thread of 100, fragment", "/bench/" + thread(100) + "&fragment=1"},
		{"feed of the site, Atom", "/bench/feed.atom"}, {"one count", counts(1)}, {"50 counts", counts(50)},
	} {
		if strings.Contains(r.path, "10000") && b.comments < 20_000 {
			continue
		}
		if err := b.besideBare(ctx, r.what, load{path: r.path, headers: gzip, connections: connections}); err != nil {
			return err
		}
	}
	path := "/api/v1/sites/bench/" + thread(100)
	answer, err := b.fetch(path)
	if err != nil {
		return err
	}
	if err := b.besideBare(ctx, "thread of 100, JSON, 304", load{path: path, headers: append([]string{"If-None-Match: " + answer.Header.Get("ETag")}, gzip...), connections: connections}); err != nil {
		return err
	}
	script, err := b.mix("mix.lua", "")
	if err != nil {
		return err
	}
	mixed := load{headers: gzip, script: script, connections: connections}
	r, err := drive(ctx, b.server, mixed, untilKept)
	if err != nil {
		return err
	}
	line(fmt.Sprintf("Zipf mix of %d articles, JSON, first %s", sample.Articles(b.comments), untilKept), r, result{})
	r, err = b.median(ctx, b.server, mixed)
	line("the same afterwards", r, result{})
	fmt.Printf("memory afterwards: %.1f MB\n\n", b.server.memory())
	return err
}

func counts(n int) string {
	q := url.Values{}
	for i := range n {
		q.Add("article", sample.Key(i))
	}
	return "/api/v1/sites/bench/counts?" + q.Encode()
}

// besideBare measures a load on the program and on a bare handler, in turns.
func (b *bench) besideBare(ctx context.Context, what string, l load) (err error) {
	answer, err := b.fetch(l.path)
	if err != nil {
		return err
	}
	bare, err := b.startBare(ctx, answer)
	if err != nil {
		return err
	}
	defer func() {
		if stopped := bare.stop(); err == nil && stopped != nil && !strings.Contains(stopped.Error(), "terminated") {
			err = stopped
		}
	}()
	ceiling, r, err := b.inTurn(b.driven(ctx, bare, l), b.driven(ctx, b.server, l))
	line(what, r, ceiling)
	return err
}

// fetch reads an answer as wrk will get it.
func (b *bench) fetch(path string) (*http.Response, error) {
	q, err := http.NewRequest(http.MethodGet, b.server.url+path, nil)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Accept-Encoding", "gzip")
	r, err := http.DefaultTransport.RoundTrip(q)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: got %s", path, r.Status)
	}
	return r, err
}

// untilKept is how long the mix is asked for before its pages are in memory, most of them.
const untilKept = 30 * time.Second

const drawn = 20_000 // addresses of a mix, again and again

// mix writes a script that reads articles as they are popular; more is Lua that comes before and may choose otherwise.
func (b *bench) mix(name, more string) (string, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.1, 20, uint64(sample.Articles(b.comments)-1))
	var s strings.Builder
	s.WriteString("local paths = {\n")
	for range drawn {
		s.WriteString("'/api/v1/sites/bench/thread?article=" + url.QueryEscape(sample.Key(int(zipf.Uint64()))) + "',\n")
	}
	s.WriteString("}\nlocal n = 0\n" + more + "\nrequest = function()\n n = n + 1\n if other and other(n) then return other(n) end\n" +
		" return wrk.format('GET', paths[n % #paths + 1])\nend\n")
	file := filepath.Join(b.dir, name)
	return file, os.WriteFile(file, []byte(s.String()), 0o644)
}

func read(r *http.Response) ([]byte, error) {
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}
