package models

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"plenum/models/postgres"
)

// Dump writes the database as it is at one moment, in pg_dump's custom format. The store must have no pooler before it.
func (s *Store) Dump(ctx context.Context, to io.Writer) error {
	return s.tool(ctx, tool{name: "pg_dump", args: []string{"--format=custom"}, out: to})
}

// Load reads what Dump wrote into a database without tables of ours: all of it, or none.
func (s *Store) Load(ctx context.Context, from io.Reader) error {
	err := s.tool(ctx, tool{name: "pg_restore", args: []string{"--single-transaction", "--exit-on-error"}, in: from})
	s.reset() // what its connections know of the tables is of those before
	return err
}

type tool struct {
	name string
	args []string
	in   io.Reader
	out  io.Writer
}

// tool runs one of PostgreSQL's own programs on the store's database. The password is not among its arguments, which
// everybody on the machine may read.
func (s *Store) tool(ctx context.Context, t tool) error {
	path, err := postgres.Client(t.name)
	if err != nil {
		return err
	}
	address, password, err := conninfo(s.url)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, append(t.args, "--dbname="+address)...)
	cmd.Env, cmd.Stdin, cmd.Stdout = os.Environ(), t.in, t.out
	if password != "" {
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", t.name, err, strings.TrimSpace(said.String()))
	}
	return nil
}

// word is one setting of an address in the form key=value (libpq, "Keyword/Value Connection Strings").
var word = regexp.MustCompile(`(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s']+)`)

// conninfo is an address as libpq takes it, without what only pgx knows and without the password.
func conninfo(address string) (text, password string, err error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return "", "", fmt.Errorf("read the database's address: %w", err)
	}
	settings := map[string]string{}
	if u, err := url.Parse(address); err == nil && u.Scheme != "" {
		for key := range u.Query() {
			settings[key] = u.Query().Get(key)
		}
	} else {
		for _, m := range word.FindAllStringSubmatch(address, -1) {
			settings[m[1]] = strings.NewReplacer(`\'`, `'`, `\\`, `\`).Replace(strings.Trim(m[2], "'"))
		}
	}
	words := []string{"host=" + quoted(config.Host), "port=" + strconv.Itoa(int(config.Port)), "user=" + quoted(config.User), "dbname=" + quoted(config.Database)}
	for _, key := range []string{"sslmode", "sslrootcert", "sslcert", "sslkey"} {
		if value, ok := settings[key]; ok {
			words = append(words, key+"="+quoted(value))
		}
	}
	return strings.Join(words, " "), config.Password, nil
}

func quoted(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// Shelf is the schema where the tables are while others take their place.
const Shelf = "plenum_before_restore"

// Target is what a database holds before something is loaded into it.
type Target struct {
	Owner  string // who is signed in, and will own what is loaded
	Tables int
	Others int // connections of other programs of ours
}

// Target looks at the database that something is to be loaded into.
func (s *Store) Target(ctx context.Context) (t Target, err error) {
	err = first(s.db.WithContext(ctx).Raw(`select current_user as owner,
		(select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r') as tables,
		(select count(*) from pg_stat_activity where datname = current_database() and application_name = 'plenum') as others`).Scan(&t))
	if err != nil {
		return Target{}, fmt.Errorf("look at the database: %w", err)
	}
	for _, p := range s.pools() {
		t.Others -= int(p.Stat().TotalConns())
	}
	return t, nil
}

// Roles makes the roles that what is loaded names.
func (s *Store) Roles(ctx context.Context) error {
	return s.owner(ctx, "make the roles", `do $$ declare r text; begin
		foreach r in array array['plenum_serve', 'plenum_search'] loop
			if not exists (select from pg_roles where rolname = r) then execute format('create role %I nologin', r); end if;
			if not pg_has_role(current_user, r, 'member') then execute format('grant %I to %I', r, current_user); end if;
		end loop; end $$`)
}

// PutAside makes room: the tables that are there are kept under another name.
func (s *Store) PutAside(ctx context.Context) error {
	return s.owner(ctx, "put the tables aside", `alter schema public rename to `+Shelf, `create schema public`)
}

// PutBack undoes PutAside, and what was loaded meanwhile.
func (s *Store) PutBack(ctx context.Context) error {
	return s.owner(ctx, "put the tables back", `drop schema public cascade`, `alter schema `+Shelf+` rename to public`)
}

// DropAside gives up what was put aside.
func (s *Store) DropAside(ctx context.Context) error {
	return s.owner(ctx, "drop the tables of before", `drop schema if exists `+Shelf+` cascade`)
}

// owner runs statements in one transaction of the schema's owner.
func (s *Store) owner(ctx context.Context, what string, statements ...string) error {
	err := s.begin(ctx, asOwner, func(tx *Tx) error {
		for _, statement := range statements {
			if _, err := tx.pgx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	s.reset()
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
