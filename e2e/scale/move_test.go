package scale

import (
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenum/e2e/load"
)

// Two clusters with a replica of their own each, nginx routing by the slug. One site moves while people post on it: its
// writes wait for seconds, nothing is lost, the other site stays where it is.
func TestASiteMovesToAnotherClusterUnderLoad(t *testing.T) {
	needs(t, nginx)
	s := newStage(t)
	from, to, front := newCluster(s, "from"), newCluster(s, "to"), newProxy(s)
	here := s.replica(front.base(), "DATABASE_URL="+from.address("plenum", "plenum"))
	there := s.replica(front.base(), "DATABASE_URL="+to.address("plenum", "plenum"))
	lead := func(routes string) {
		front.lay(upstream("here", here)+upstream("there", there), routes+"location / { proxy_pass http://here; }")
	}
	lead("")
	token, stays := furnish(s, here, site), furnish(s, here, "blatt")
	approve(s, front.base(), here, token, post(s, front.base(), site, "Die Ampel fehlt in dem Plan."))
	id := from.sql("plenum", `select id from sites where slug = '`+site+`'`)

	p := &load.Posters{Base: front.base(), Site: site}
	ctx, stop := context.WithCancel(t.Context())
	p.Start(ctx, 4)
	more(s, p, 60)
	move(from, to, "copy", id)
	more(s, p, 60)
	if _, err := here.Command(t.Context(), "", "site", "delete", site, "--confirm", site); err == nil {
		t.Fatal("the site was deleted on its way")
	}
	began := time.Now()
	lead(route(`if ($request_method !~ ^(GET|HEAD)$) { return 503; } add_header Retry-After 1 always; proxy_pass http://here;`))
	front.drained()
	move(from, to, "cut", id)
	lead(route("proxy_pass http://there;"))
	held := time.Since(began)
	more(s, p, 60)
	stop()
	p.Wait()

	hold(s, p, there, token)
	if got := thread(s, front.base(), there.Base, site); !strings.Contains(got, "Die Ampel fehlt") {
		t.Errorf("the thread did not come along: %s", got)
	}
	if got := to.sql("plenum", `select string_agg(slug, ' ') from sites`); got != site {
		t.Errorf("got the sites %q in the other cluster, want the one that moved", got)
	}
	_, err := here.Command(t.Context(), "", "site", "delete", site, "--confirm", site)
	s.must(err)
	if got := from.sql("plenum", `select string_agg(slug, ' ') from sites`); got != "blatt" {
		t.Errorf("got the sites %q in the cluster that it left, want the one that stays", got)
	}
	if got := thread(s, front.base(), there.Base, site); !strings.Contains(got, "Die Ampel fehlt") {
		t.Errorf("the thread was deleted where it is now: %s", got)
	}
	if status, _ := call(s, http.MethodGet, front.base()+"/api/v1/sites/blatt/queue", "", stays, ""); status != http.StatusOK {
		t.Errorf("the site that stays: got %d", status)
	}
	t.Logf("writes of the site were held for %s", held.Round(time.Millisecond))
}

// route leads every address of the site.
func route(how string) string {
	return "location ~ ^/((api/v1/sites|desk)/)?" + site + "(/|$) { " + how + " }\n"
}

func move(from, to *cluster, step, id string) {
	from.Helper()
	script, err := filepath.Abs("move.sh")
	from.must(err)
	from.run(script, step, id, from.address("postgres", "plenum"), to.address("postgres", "plenum"))
}

// drained waits until the workers of the configuration before have answered their last request.
func (p *proxy) drained() {
	p.Helper()
	p.await("nginx's old workers have left", func() bool {
		return exec.Command("pgrep", "-f", "-P", strconv.Itoa(p.process.Process.Pid), "is shutting down").Run() != nil
	})
}
