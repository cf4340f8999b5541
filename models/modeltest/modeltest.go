// Package modeltest gives each test a database of its own, in one PostgreSQL that the tests start themselves. A machine
// without PostgreSQL fails them: nothing is skipped.
package modeltest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"plenum/models"
	"plenum/models/postgres"
)

// fast gives up durability: what a test wrote is gone with it anyway.
var fast = []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400", "max_wal_size=128MB", "min_wal_size=32MB"}

// cluster is shared by all tests of a process, and through its folder by all processes of one run. The server is kept,
// because its lock is given back when nothing refers to it any more.
var cluster = sync.OnceValues(func() (*postgres.Server, error) {
	dir := filepath.Join(folder(), fmt.Sprintf("plenum-tests-%d", os.Geteuid()))
	return postgres.Start(context.Background(), postgres.Config{Dir: dir, Params: fast})
})

const (
	memory = "/dev/shm"
	room   = 4 << 30 // bytes; a run takes a tenth of it
)

// folder is in memory where there is plenty: a database is hundreds of files, and most of the time of a test went into
// making and dropping them on a disk. Whoever sets TMPDIR has chosen.
func folder() string {
	var here syscall.Statfs_t
	if os.Getenv("TMPDIR") == "" && syscall.Statfs(memory, &here) == nil && int64(here.Bavail)*int64(here.Bsize) >= room {
		return memory
	}
	return os.TempDir()
}

// Open gives the test an empty database with the schema of this release. It is dropped after the test.
func Open(t testing.TB) *models.Store {
	t.Helper()
	store, err := models.Open(t.Context(), URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// URL is Open for whoever connects by himself: as the owner, who is a superuser here.
func URL(t testing.TB) string {
	t.Helper()
	server, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	dsn := server.DSN()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	template, err := template(t.Context(), dsn)
	if err == nil {
		err = execute(t.Context(), dsn, "create database "+name+" template "+template)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), dsn, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	return on(dsn, name)
}

// Empty is URL without the schema.
func Empty(t testing.TB) string {
	t.Helper()
	server, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	dsn := server.DSN()
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := execute(t.Context(), dsn, "create database "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), dsn, "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	return on(dsn, name)
}

// template answers the database that others are copied from, made by the first process that asks.
func template(ctx context.Context, dsn string) (string, error) {
	name := "plenum_" + models.Fingerprint()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", fmt.Errorf("make the template database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext('plenum template'))`); err != nil {
		return "", fmt.Errorf("make the template database: %w", err)
	}
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	draft := name + "_draft"
	for _, statement := range []string{"drop database if exists " + draft + " with (force)", "create database " + draft} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("make the template database: %w", err)
		}
	}
	if err := migrate(ctx, on(dsn, draft)); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "alter database "+draft+" rename to "+name)
	return name, err
}

func migrate(ctx context.Context, dsn string) error {
	store, err := models.Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer store.Close()
	_, err = store.Migrate(ctx)
	return err
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// on is the same server's address for another database; a later word wins.
func on(dsn, database string) string { return dsn + " dbname=" + database }
