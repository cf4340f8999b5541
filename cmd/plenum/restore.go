package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"plenum/cmd/internal/backup"
	"plenum/cmd/internal/config"
	"plenum/models"
)

type restoreCommand struct {
	File           string `arg:"" type:"existingfile" help:"What plenum backup wrote."`
	Replace        bool   `help:"Put it in the place of what the database holds."`
	Erasures       string `type:"existingfile" placeholder:"FILE" help:"Erase what this list names, as plenum erasures printed it after the backup was made."`
	IdentityFile   string `type:"existingfile" placeholder:"FILE" help:"The age key that opens it."`
	PassphraseFile string `type:"existingfile" placeholder:"FILE" help:"The passphrase that opens it, in the first line of this file."`
}

var (
	errNotEmpty = errors.New("the database is not empty: --replace puts the backup in the place of what is there")
	errInUse    = errors.New("another plenum works on this database: stop it first")
)

// Run reads the whole backup once before it touches anything. What the database held stays until the log of what was
// restored has been verified.
func (c restoreCommand) Run(ctx context.Context, s config.Settings, std streams) (err error) {
	m, err := c.read(io.Discard)
	if err != nil {
		return err
	}
	list, err := c.listed()
	if err != nil {
		return err
	}
	if err := placeSecret(s, m.Secret); err != nil {
		return err
	}
	i, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	replaced, err := c.load(ctx, i, m)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "restored what was backed up at %s\n", m.MadeAt.Format("2006-01-02 15:04:05 MST"))
	return c.check(ctx, i, std, append(list, replaced...))
}

// read reads the backup to its end and hands the database on.
func (c restoreCommand) read(to io.Writer) (m backup.Manifest, err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return m, err
	}
	defer file.Close()
	opened, err := backup.Key{IdentityFile: c.IdentityFile, PassphraseFile: c.PassphraseFile}.Open(file)
	if err != nil {
		return m, err
	}
	return backup.Read(opened, to)
}

// listed reads the erasures that the backup may not know of.
func (c restoreCommand) listed() (list []models.Erasure, err error) {
	if c.Erasures == "" {
		return nil, nil
	}
	file, err := os.Open(c.Erasures)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for lines := json.NewDecoder(file); ; {
		var e models.Erasure
		err := lines.Decode(&e)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", c.Erasures, err)
		}
		list = append(list, e)
	}
}

// placeSecret puts the backup's secret where the program looks for it. Another one would break the log's signature and
// every manage link, so it is never written over.
func placeSecret(s config.Settings, secret []byte) error {
	path, err := secretPath(s)
	if err != nil {
		return err
	}
	if s.Secret == "" {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return os.WriteFile(path, append(secret, '\n'), 0o600)
		}
	}
	ours, err := s.SecretBytes()
	if err != nil {
		return err
	}
	if string(ours) != string(secret) {
		return fmt.Errorf("the backup was made under another secret than the one here: move %s away, or set PLENUM_SECRET to the member secret of the backup", path)
	}
	return nil
}

// goneWithin is how long PostgreSQL may take to notice that a program which was just stopped is gone.
const goneWithin = 5 * time.Second

// target is where the backup goes, once nobody else works on it or they have had time to go.
func target(ctx context.Context, i *instance) (at models.Target, err error) {
	for end := time.Now().Add(goneWithin); ; {
		if at, err = i.direct.Target(ctx); err != nil || at.Others == 0 || time.Now().After(end) {
			return at, err
		}
		select {
		case <-ctx.Done():
			return at, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// load brings the tables back, and answers what was erased in those that they take the place of.
func (c restoreCommand) load(ctx context.Context, i *instance, m backup.Manifest) (erased []models.Erasure, err error) {
	at, err := target(ctx, i)
	switch {
	case err != nil:
		return nil, err
	case at.Owner != m.Owner:
		return nil, fmt.Errorf("the backup's tables belong to the role %s: name it in DATABASE_URL instead of %s, and make it before where it is not there", m.Owner, at.Owner)
	case at.Others > 0:
		return nil, errInUse
	case at.Tables > 0 && !c.Replace:
		return nil, errNotEmpty
	}
	if at.Tables > 0 {
		if erased, err = c.putAside(ctx, i); err != nil {
			return nil, err
		}
	}
	if err := i.direct.Roles(ctx); err != nil {
		return nil, err
	}
	if err := c.pour(ctx, i); err != nil && at.Tables > 0 {
		return nil, errors.Join(err, i.direct.PutBack(context.WithoutCancel(ctx)))
	} else if err != nil {
		return nil, err
	}
	return erased, nil
}

// putAside makes room, after it has read what was erased. A database that is too broken to tell is no reason to stop.
func (c restoreCommand) putAside(ctx context.Context, i *instance) ([]models.Erasure, error) {
	erased, err := i.erasures(ctx)
	if err != nil {
		i.log.Warn("what was erased since the backup is not known here: play the list back by --erasures", "error", err)
	}
	return erased, i.direct.PutAside(ctx)
}

// pour pipes the backup's database into the one that is here.
func (c restoreCommand) pour(ctx context.Context, i *instance) error {
	out, in := io.Pipe()
	reading := make(chan error, 1)
	go func() {
		_, err := c.read(in)
		in.CloseWithError(err)
		reading <- err
	}()
	err := i.direct.Load(ctx, out)
	out.CloseWithError(err) // whoever still writes is told
	if err != nil {
		return err
	}
	return <-reading
}

// check brings the schema up to this release, verifies every site's log and erases again what was erased.
func (c restoreCommand) check(ctx context.Context, i *instance, io streams, erased []models.Erasure) error {
	if _, err := i.direct.Migrate(ctx); err != nil {
		return err
	}
	sites, err := i.direct.Sites(ctx)
	if err != nil {
		return err
	}
	broken := auditVerify{}.verify(ctx, i, io, sites)
	if broken != nil {
		return fmt.Errorf("%w; what the database held before is kept in the schema %s", broken, models.Shelf)
	}
	done, err := i.flow.ReplayErasures(ctx, erased)
	if err != nil {
		return err
	}
	fmt.Fprintf(io.err, "erased again: %d of the %d that were listed\n", done, len(erased))
	return i.direct.DropAside(ctx)
}
