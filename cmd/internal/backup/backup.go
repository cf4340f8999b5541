// Package backup is the file that `plenum backup` writes and `plenum restore` reads: a tar archive of the database, in
// pg_dump's custom format and in pieces, of the secret, and of a manifest that says what it should be. It is written in
// one go, so that nothing lies on a disk in between, and may be encrypted by age.
//
//	database.00001 …   put together: what pg_restore reads
//	secret             what signs the log and opens manage links
//	manifest.json      the last: without it the file was cut off
package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// Format is the number of this form of the file.
const Format = 1

// Manifest says what is in a backup.
type Manifest struct {
	Format int       `json:"format"`
	MadeAt time.Time `json:"made_at"`
	Owner  string    `json:"owner"`  // the role that owned the schema, and has to own it again
	Schema string    `json:"schema"` // models.Fingerprint of the release that made it
	Pieces int       `json:"pieces"`
	Bytes  int64     `json:"bytes"`  // of the database
	SHA256 string    `json:"sha256"` // of the database
	Secret []byte    `json:"-"`      // a member of its own
}

const (
	pieceSize    = 4 << 20
	secretName   = "secret"
	manifestName = "manifest.json"
)

// ErrDamaged says that a file is not what was written.
var ErrDamaged = errors.New("the backup is damaged")

func pieceName(n int) string { return fmt.Sprintf("database.%05d", n) }

// Write writes a backup: dump writes the database. It fills in pieces, bytes and digest, and answers the manifest.
func Write(to io.Writer, m Manifest, dump func(io.Writer) error) (Manifest, error) {
	archive := tar.NewWriter(to)
	p := &pieces{archive: archive, at: m.MadeAt, digest: sha256.New()}
	err := dump(p)
	if err == nil {
		err = p.flush()
	}
	if err != nil {
		return m, err
	}
	m.Format, m.Pieces, m.Bytes, m.SHA256 = Format, p.count, p.bytes, hex.EncodeToString(p.digest.Sum(nil))
	text, err := json.Marshal(m)
	if err == nil {
		err = member(archive, secretName, m.MadeAt, m.Secret)
	}
	if err == nil {
		err = member(archive, manifestName, m.MadeAt, text)
	}
	return m, errors.Join(err, archive.Close())
}

func member(archive *tar.Writer, name string, at time.Time, content []byte) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: at}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := archive.Write(content); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// pieces cuts what is written to it into members of an archive, because each must know its size before it begins.
type pieces struct {
	archive *tar.Writer
	at      time.Time
	digest  hash.Hash
	held    []byte
	count   int
	bytes   int64
}

func (p *pieces) Write(b []byte) (int, error) {
	p.held = append(p.held, b...)
	for len(p.held) >= pieceSize {
		if err := p.put(p.held[:pieceSize]); err != nil {
			return 0, err
		}
		p.held = append(p.held[:0], p.held[pieceSize:]...)
	}
	return len(b), nil
}

func (p *pieces) flush() error {
	if len(p.held) == 0 {
		return nil
	}
	return p.put(p.held)
}

func (p *pieces) put(piece []byte) error {
	p.count++
	p.bytes += int64(len(piece))
	p.digest.Write(piece)
	return member(p.archive, pieceName(p.count), p.at, piece)
}
