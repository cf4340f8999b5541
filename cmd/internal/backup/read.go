package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const maxSmall = 1 << 20 // of the secret and of the manifest

// Read reads a backup to its end and hands the database on. What it handed on is good only where it answers no error.
func Read(from io.Reader, database io.Writer) (m Manifest, err error) {
	archive, digest := tar.NewReader(from), sha256.New()
	var secret []byte
	var count int
	var bytes int64
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return m, fmt.Errorf("%w: it was cut off", ErrDamaged)
		}
		if err != nil {
			return m, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		switch header.Name {
		case pieceName(count + 1):
			n, err := io.Copy(io.MultiWriter(digest, database), archive)
			if err != nil {
				return m, fmt.Errorf("%w: %s: %w", ErrDamaged, header.Name, err)
			}
			count, bytes = count+1, bytes+n
		case secretName:
			if secret, err = io.ReadAll(io.LimitReader(archive, maxSmall)); err != nil {
				return m, fmt.Errorf("%w: %w", ErrDamaged, err)
			}
		case manifestName:
			if err := json.NewDecoder(io.LimitReader(archive, maxSmall)).Decode(&m); err != nil {
				return m, fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			m.Secret = secret
			return m, m.check(Manifest{Format: Format, Pieces: count, Bytes: bytes, SHA256: hex.EncodeToString(digest.Sum(nil))})
		default:
			return m, fmt.Errorf("%w: %q does not belong in it", ErrDamaged, header.Name)
		}
	}
}

// check holds a manifest to what was found.
func (m Manifest) check(found Manifest) error {
	switch {
	case m.Format != found.Format:
		return fmt.Errorf("the backup has format %d, this release reads %d", m.Format, found.Format)
	case m.Pieces != found.Pieces || m.Bytes != found.Bytes || m.SHA256 != found.SHA256:
		return fmt.Errorf("%w: it holds %d bytes with the digest %s, and should hold %d with %s", ErrDamaged, found.Bytes, found.SHA256, m.Bytes, m.SHA256)
	case len(m.Secret) == 0:
		return fmt.Errorf("%w: it holds no secret", ErrDamaged)
	}
	return nil
}
