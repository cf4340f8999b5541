package scale

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
)

// pooler is a PgBouncer in transaction mode before a cluster.
type pooler struct {
	*stage
	port    string
	process *exec.Cmd
}

const poolerConfig = `[databases]
plenum = host=127.0.0.1 port=%s dbname=plenum user=plenum
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
server_login_retry = 1
ignore_startup_parameters = extra_float_digits
`

func newPooler(c *cluster) *pooler {
	c.Helper()
	p := &pooler{stage: c.stage, port: c.stage.port()}
	p.process = p.server(bouncer, p.lead(c))
	return p
}

// Where Debian puts them: not on everybody's path.
const (
	bouncer = "/usr/sbin/pgbouncer"
	nginx   = "/usr/sbin/nginx"
)

// needs fails where what is missing could be installed by make deps, and says so where it cannot.
func needs(t *testing.T, servers ...string) {
	t.Helper()
	missing := slices.DeleteFunc(servers, fileExists)
	if len(missing) == 0 {
		return
	}
	if _, err := exec.LookPath("apt-get"); err == nil && os.Geteuid() == 0 {
		t.Fatalf("no %v: make deps installs them", missing)
	}
	t.Skipf("not played on more than one machine's parts: an administrator may install Debian's nginx and pgbouncer (no %v here)", missing)
}

func (p *pooler) lead(c *cluster) string {
	p.Helper()
	return p.write("pgbouncer.ini", fmt.Sprintf(poolerConfig, c.port, p.port))
}

// turn leads every new transaction to another cluster.
func (p *pooler) turn(c *cluster) {
	p.Helper()
	p.lead(c)
	p.must(p.process.Process.Signal(syscall.SIGHUP))
}

func (p *pooler) address() string {
	return "postgres://plenum@127.0.0.1:" + p.port + "/plenum?sslmode=disable&default_query_exec_mode=exec"
}

// proxy is an nginx before replicas. What it does is its configuration, written anew by each turn.
type proxy struct {
	*stage
	port    string
	process *exec.Cmd
}

// proxyConfig takes pid and log folder, servers and routes.
const proxyConfig = `daemon off;
pid nginx.pid;
error_log nginx-error.log;
events {}
http {
	access_log off;
	client_body_temp_path tmp-body; proxy_temp_path tmp-proxy; fastcgi_temp_path tmp-fastcgi; uwsgi_temp_path tmp-uwsgi; scgi_temp_path tmp-scgi;
	proxy_http_version 1.1;
	proxy_set_header Host $http_host;
	proxy_set_header X-Forwarded-For $remote_addr;
	proxy_set_header Connection "";
	proxy_buffering off;
	proxy_connect_timeout 1s;
%s
	server {
		listen 127.0.0.1:%s;
%s
	}
}
`

func newProxy(s *stage) *proxy { return &proxy{stage: s, port: s.port()} }

func (p *proxy) base() string { return "http://127.0.0.1:" + p.port }

// lay writes the configuration; the first time it starts nginx, later nginx takes it over without losing a request.
func (p *proxy) lay(upstreams, routes string) {
	p.Helper()
	path := p.write("nginx.conf", fmt.Sprintf(proxyConfig, upstreams, p.port, routes))
	if p.process != nil {
		p.must(p.process.Process.Signal(syscall.SIGHUP))
		return
	}
	p.process = p.server(nginx, "-p", p.folder, "-e", "nginx-error.log", "-c", path)
	p.await("nginx", func() bool {
		answer, err := http.Get(p.base() + "/healthz")
		return err == nil && answer.Body.Close() == nil
	})
}
