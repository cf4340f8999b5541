package transfer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// MaxRecord bounds a record, in bytes: a file that unpacks into one endless record ends there. An article's own text,
// which is read over, may be longer.
const (
	MaxRecord = 4 << 20
	maxPassed = 32 << 20
)

// maxNesting is how deep elements may stand inside each other. The formats need six levels.
const maxNesting = 32

var errRecord = fmt.Errorf("a record is larger than %d MiB", MaxRecord>>20)

// unpack is the text of a file: as it is, or unpacked by gzip.
func unpack(file io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReader(file)
	start, err := in.Peek(4)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("read the file: %w", err)
	case len(start) == 0:
		return nil, errors.New("the file is empty")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, errors.New("the file is a zip archive: unpack it first")
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("unpack the file: %w", err)
		}
		return bufio.NewReader(unpacked), nil
	}
	return in, nil
}

// bounded reads until a record is too large. Its owner sets left anew at each record. Control characters, which no XML may
// hold and which old exports do hold, are read as spaces.
type bounded struct {
	io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errRecord
	}
	n, err := b.Reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	for i, c := range p[:n] {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			p[i] = ' '
		}
	}
	return n, err
}

// document is an XML file, read element by element. encoding/xml knows the five entities of XML itself and expands no
// other, whatever a document type declares.
type document struct {
	*xml.Decoder
	in    *bounded
	depth int
}

func newDocument(in io.Reader) *document {
	d := &document{in: &bounded{in, MaxRecord}}
	d.Decoder = xml.NewDecoder(d.in)
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// start answers the next element that begins: io.EOF after the last.
func (d *document) start() (xml.StartElement, error) {
	for {
		d.in.left = MaxRecord
		token, err := d.Token()
		if err != nil {
			return xml.StartElement{}, d.explain(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if d.depth++; d.depth > maxNesting {
				return t, fmt.Errorf("line %d: elements stand more than %d levels deep", d.line(), maxNesting)
			}
			return t, nil
		case xml.EndElement:
			d.depth--
		}
	}
}

// read takes an element that began into v, to its end.
func (d *document) read(e xml.StartElement, v any) error {
	err := d.DecodeElement(v, &e)
	d.depth--
	return d.explain(err)
}

// pass reads over an element that began.
func (d *document) pass() error {
	d.in.left = maxPassed
	err := d.Skip()
	d.depth--
	return d.explain(err)
}

// text is what stands in an element that began.
func (d *document) text(e xml.StartElement) (string, error) {
	var s string
	err := d.read(e, &s)
	return strings.TrimSpace(s), err
}

func (d *document) line() int {
	line, _ := d.InputPos()
	return line
}

func (d *document) explain(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: this is not XML: %s", syntax.Line, syntax.Msg)
	}
	return fmt.Errorf("line %d: %w", d.line(), err)
}
