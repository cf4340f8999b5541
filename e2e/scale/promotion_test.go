package scale

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"plenum/e2e/load"
	"plenum/e2e/program"
)

const (
	site   = "zeitung"
	editor = "ida@zeitung.example"
)

// A whole installation: a primary whose commits wait for its standby, PgBouncer before it, two replicas, nginx before them.
// A comment is posted through one, decided through the other, read on both; then, under load, the primary is killed and the
// standby promoted: what was acknowledged is there, once, and the log is whole.
func TestAPromotedStandbyHasEverythingThatWasAcknowledged(t *testing.T) {
	needs(t, bouncer, nginx)
	s := newStage(t)
	primary := newCluster(s, "primary")
	standby := primary.standby("standby")
	primary.sql("postgres", `alter system set synchronous_standby_names = '*'`, `select pg_reload_conf()`)
	s.await("the standby follows", func() bool {
		return primary.sql("postgres", `select count(*) from pg_stat_replication where sync_state = 'sync'`) == "1"
	})
	pool, front := newPooler(primary), newProxy(s)
	direct := strings.Replace(primary.address("plenum", "plenum"), "127.0.0.1:"+primary.port,
		"127.0.0.1:"+primary.port+",127.0.0.1:"+standby.port, 1) + "&target_session_attrs=read-write"
	settings := []string{"DATABASE_URL=" + pool.address(), "DATABASE_DIRECT_URL=" + direct}
	one := s.replica(front.base(), settings...)
	two := s.replica(front.base(), settings...)
	front.lay(upstream("plenum", one, two), "location / { proxy_pass http://plenum; }")
	token := furnish(s, one, site)

	id := post(s, front.base(), site, "Die Ampel fehlt in dem Plan.")
	approve(s, front.base(), two, token, id)
	for _, p := range []*program.Program{one, two} {
		s.await("both replicas show it", func() bool { return strings.Contains(thread(s, front.base(), p.Base, site), "Die Ampel fehlt") })
	}

	p := &load.Posters{Base: front.base(), Site: site}
	ctx, stop := context.WithCancel(t.Context())
	p.Start(ctx, 4)
	more(s, p, 100)
	primary.kill()
	standby.promote()
	standby.sql("postgres", `alter system reset synchronous_standby_names`, `select pg_reload_conf()`) // until it has a standby of its own
	pool.turn(standby)
	more(s, p, 100)
	stop()
	p.Wait()
	hold(s, p, one, token)
}

// hold compares what was acknowledged with what is there, and verifies the log.
func hold(s *stage, p *load.Posters, on *program.Program, token string) {
	s.Helper()
	wrong, err := p.Compare(s.Context(), token)
	s.must(err)
	for _, what := range append(wrong, p.Faults()...) {
		s.Error(what)
	}
	_, err = on.Command(s.Context(), "", "audit", "verify", "--site", p.Site)
	s.must(err)
	s.Logf("%d acknowledged comments are there, once each", p.Acknowledged())
}

func more(s *stage, p *load.Posters, n int) {
	s.Helper()
	goal := p.Acknowledged() + n
	s.await("more comments are acknowledged", func() bool { return p.Acknowledged() >= goal })
}

// upstream names replicas for nginx: one that does not answer is left out for a second.
func upstream(name string, replicas ...*program.Program) string {
	var b strings.Builder
	b.WriteString("upstream " + name + " {\n")
	for _, r := range replicas {
		b.WriteString("server " + strings.TrimPrefix(r.Base, "http://") + " fail_timeout=1s;\n")
	}
	return b.String() + "keepalive 16;\n}"
}

// furnish makes a site with an editor, and answers their API token.
func furnish(s *stage, on *program.Program, slug string) string {
	s.Helper()
	var out string
	for _, command := range [][]string{
		{"site", "create", slug, "--name", "Die " + slug, "--origin", "https://" + slug + ".example", "--locale", "de"},
		{"moderator", "create", "ida@" + slug + ".example", "--site", slug, "--role", "editor"},
		{"token", "create", "ida@" + slug + ".example", "--site", slug},
	} {
		var err error
		out, err = on.Command(s.Context(), "open sesame, please\n", command...)
		s.must(err)
	}
	return strings.TrimSpace(out)
}

// call asks one address, with the host of the base URL, and reads the answer.
func call(s *stage, method, address, host, token, body string) (int, []byte) {
	s.Helper()
	q, err := http.NewRequestWithContext(s.Context(), method, address, strings.NewReader(body))
	s.must(err)
	q.Host = host
	q.Header.Set("Content-Type", "application/json")
	if token != "" {
		q.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(q)
	s.must(err)
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	s.must(err)
	return answer.StatusCode, content
}

func post(s *stage, base, slug, text string) (id string) {
	s.Helper()
	body := `{"article":{"key":"plan"},"author":{"name":"Jana","email":"jana@example.org"},"rules_version":1,"body":"` + text + `"}`
	status, content := call(s, http.MethodPost, base+"/api/v1/sites/"+slug+"/comments", "", "", body)
	var receipt struct{ ID string }
	if err := json.Unmarshal(content, &receipt); err != nil || status != http.StatusAccepted {
		s.Fatalf("posting: got %d: %s", status, content)
	}
	return receipt.ID
}

func approve(s *stage, base string, on *program.Program, token, id string) {
	s.Helper()
	address := on.Base + "/api/v1/sites/" + site + "/comments/" + id + "/decisions"
	status, content := call(s, http.MethodPost, address, strings.TrimPrefix(base, "http://"), token, `{"action":"approve","version":1}`)
	if status != http.StatusCreated {
		s.Fatalf("approving: got %d: %s", status, content)
	}
}

// thread is the thread as the replica at an address answers it under the base URL.
func thread(s *stage, base, at, slug string) string {
	s.Helper()
	_, content := call(s, http.MethodGet, at+"/api/v1/sites/"+slug+"/thread?article=plan", strings.TrimPrefix(base, "http://"), "", "")
	return string(content)
}
