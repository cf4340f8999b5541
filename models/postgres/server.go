// Package postgres runs a private PostgreSQL for whoever names no database of his own. It listens on a Unix socket only,
// is shared by every process that names the same folder, and stops after the last of them is gone, however it went.
//
// The folder holds data/ (the cluster), sock/, postgres.log and three locks: start.lock is held by whoever is starting
// the server, users.lock is shared by everybody who uses it, reaper.lock is held by the one small process that waits for
// the last user and then stops the server. Locks are the kernel's (flock), so a killed process leaves none behind.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Config says where the cluster is and how it runs.
type Config struct {
	Dir    string   // made if it is not there
	Params []string // further settings, name=value; the default settings are durable
	Log    *slog.Logger
}

// Server is a running PostgreSQL that this process uses.
type Server struct {
	cluster
	users *os.File
}

// cluster is the folder of one PostgreSQL and the account that runs it.
type cluster struct {
	dir, data, sock string
	params          []string
	account         *syscall.Credential // nil: our own
	log             *slog.Logger
}

const (
	owner    = "plenum"
	database = "plenum"
	maxSock  = 107 - len("/.s.PGSQL.5432") // sockaddr_un.sun_path
)

// Start answers the folder's server, started if it does not run. The server is durable unless Params say otherwise:
// fsync, synchronous_commit and checksums are on. Any number of processes may call it at once.
func Start(ctx context.Context, c Config) (*Server, error) {
	cl, err := c.cluster()
	if err != nil {
		return nil, err
	}
	users, err := cl.use(ctx)
	if err != nil {
		return nil, err
	}
	return &Server{cl, users}, nil
}

// DSN is the address of the database, for its owner.
func (s *Server) DSN() string { return s.dsn(database) }

// Close gives the server back; it stops if nobody else uses it.
func (s *Server) Close() error { return s.users.Close() }

const watchEvery = 300 * time.Millisecond

// Watch starts the server again whenever it died, until the context ends.
func (s *Server) Watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if alive(s.sock) {
			continue
		}
		s.log.Warn("the private PostgreSQL died: starting it again")
		if err := s.revive(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the private PostgreSQL does not start", "error", err)
		}
	}
}

func (c Config) cluster() (cluster, error) {
	dir, err := filepath.Abs(c.Dir)
	if err == nil {
		err = makeFolder(dir)
	}
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir) // as /proc names it
	}
	if err != nil {
		return cluster{}, fmt.Errorf("make the folder of the private PostgreSQL: %w", err)
	}
	cl := cluster{dir: dir, data: filepath.Join(dir, "data"), sock: filepath.Join(dir, "sock"), params: c.Params, log: c.Log}
	if cl.log == nil {
		cl.log = slog.New(slog.DiscardHandler)
	}
	if len(cl.sock) > maxSock {
		return cluster{}, fmt.Errorf("%s is too long a path for a Unix socket: choose a shorter data folder", dir)
	}
	if strings.Contains(dir, ",") { // in -k as in an address it begins another folder
		return cluster{}, fmt.Errorf("%s has a comma, which PostgreSQL cannot take: choose another data folder", dir)
	}
	cl.account, err = account(dir)
	return cl, err
}

// makeFolder makes a folder that the account may enter whatever the umask; one that is there stays as it is.
func makeFolder(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// use takes a share of the server, started if need be, and sees to it that one reaper waits for its end.
func (c cluster) use(ctx context.Context) (_ *os.File, err error) {
	starting, err := c.lock(ctx, "start.lock", syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	users, err := c.lock(ctx, "users.lock", syscall.LOCK_SH) // waits while a reaper stops the server
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, users.Close())
		}
	}()
	if err := c.reap(); err != nil {
		return nil, err
	}
	if alive(c.sock) {
		err = c.awaitReady(ctx, nil)
	} else {
		err = c.launch(ctx)
	}
	if err == nil {
		err = c.createDatabase(ctx)
	}
	return users, err
}

// revive starts a server that died while we use it.
func (c cluster) revive(ctx context.Context) error {
	starting, err := c.lock(ctx, "start.lock", syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer starting.Close()
	if alive(c.sock) { // another process was faster
		return nil
	}
	return c.launch(ctx)
}

func (c cluster) dsn(database string) string {
	host := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(c.sock)
	return fmt.Sprintf("host='%s' port=5432 user=%s dbname=%s sslmode=disable", host, owner, database)
}

func (c cluster) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.dsn("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	defer conn.Close(ctx)
	var there bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, database).Scan(&there)
	if err == nil && !there {
		_, err = conn.Exec(ctx, "create database "+database)
	}
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return nil
}
