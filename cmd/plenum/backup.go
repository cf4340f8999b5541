package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"plenum/cmd/internal/backup"
	"plenum/cmd/internal/config"
	"plenum/models"
)

type backupCommand struct {
	File           string   `arg:"" help:"The file to write; it must not be there yet."`
	Recipient      []string `placeholder:"age1…" help:"Encrypt it for the holder of this age key; may be given several times."`
	PassphraseFile string   `type:"existingfile" help:"Encrypt it by the passphrase in the first line of this file."`
}

// Run writes the backup while the program may go on serving. The file is there whole, or not at all.
func (c backupCommand) Run(ctx context.Context, s config.Settings, io streams) (err error) {
	return with(ctx, s, func(i *instance) error {
		m, err := c.manifest(ctx, i)
		if err == nil {
			m, err = c.write(ctx, i, m)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(io.err, "%s holds %.1f MB of the database and the secret; keep it where this machine's end does not reach\n", c.File, float64(m.Bytes)/1e6)
		return nil
	})
}

func (c backupCommand) manifest(ctx context.Context, i *instance) (backup.Manifest, error) {
	at, err := i.direct.Target(ctx)
	return backup.Manifest{MadeAt: time.Now().UTC(), Owner: at.Owner, Schema: models.Fingerprint(), Secret: i.secret}, err
}

func (c backupCommand) write(ctx context.Context, i *instance, m backup.Manifest) (_ backup.Manifest, err error) {
	if _, err := os.Stat(c.File); err == nil {
		return m, fmt.Errorf("%s is there already", c.File)
	}
	draft, err := os.OpenFile(c.File+".partial", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	m, err = c.fill(ctx, i, m, draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	return m, os.Rename(draft.Name(), c.File)
}

func (c backupCommand) fill(ctx context.Context, i *instance, m backup.Manifest, to io.Writer) (backup.Manifest, error) {
	sealed, err := backup.Lock{Recipients: c.Recipient, PassphraseFile: c.PassphraseFile}.Seal(to)
	if err != nil {
		return m, err
	}
	m, err = backup.Write(sealed, m, func(w io.Writer) error { return i.direct.Dump(ctx, w) })
	return m, errors.Join(err, sealed.Close())
}

// secretPath is the file of the secret in the data folder.
func secretPath(s config.Settings) (string, error) {
	dir, err := s.Folder()
	return filepath.Join(dir, "secret"), err
}

type erasuresCommand struct{}

// Run prints the erasures of every site, oldest first within each. They hold ids only.
func (erasuresCommand) Run(ctx context.Context, s config.Settings, io streams) error {
	return with(ctx, s, func(i *instance) error {
		list, err := i.erasures(ctx)
		for _, e := range list {
			if err := json.NewEncoder(io.out).Encode(e); err != nil {
				return err
			}
		}
		return err
	})
}

func (i *instance) erasures(ctx context.Context) (all []models.Erasure, err error) {
	sites, err := i.direct.Sites(ctx)
	for _, site := range sites {
		list, err := i.direct.Erasures(ctx, site.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, err
}
