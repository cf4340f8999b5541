package respond

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// The levels of compression: what a page costs when it is made is paid by whoever asks first, what it weighs by everybody.
const (
	brotliLevel = 5
	gzipLevel   = 6
)

func compress(encoding string, body []byte) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser = brotli.NewWriterLevel(&out, brotliLevel)
	if encoding == "gzip" {
		var err error
		if w, err = gzip.NewWriterLevel(&out, gzipLevel); err != nil {
			return nil, fmt.Errorf("compress: %w", err)
		}
	}
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return bytes.Clone(out.Bytes()), nil // as long as it is, because it is kept
}

// expand is what compress was given.
func expand(encoding string, body []byte) ([]byte, error) {
	var in io.Reader = bytes.NewReader(body)
	switch encoding {
	case "br":
		in = brotli.NewReader(in)
	case "gzip":
		var err error
		if in, err = gzip.NewReader(in); err != nil {
			return nil, fmt.Errorf("expand: %w", err)
		}
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("expand: %w", err)
	}
	return plain, nil
}

// negotiate picks br, gzip or nothing: the first of these that the header accepts with a weight above zero.
func negotiate(accept string) string {
	gzip := false
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
		if found {
			if q, err := strconv.ParseFloat(weight, 64); err != nil || q <= 0 {
				continue
			}
		}
		if strings.EqualFold(name, "br") {
			return "br"
		}
		gzip = gzip || strings.EqualFold(name, "gzip")
	}
	if gzip {
		return "gzip"
	}
	return ""
}
