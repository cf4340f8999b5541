package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Record is one row of what plenum export wrote.
type Record struct {
	Line int             `json:"-"`
	Kind string          `json:"record"`
	Row  json.RawMessage `json:"row"`
}

// Records reads what plenum export wrote.
type Records struct {
	lines
	read int
}

// OpenPlenum reads the first line of an export of ours, which may be compressed by gzip, and refuses what is none, or is
// of a later version than the one given.
func OpenPlenum(file io.Reader, version int) (*Records, error) {
	in, err := unpack(file)
	if err != nil {
		return nil, err
	}
	r := &Records{lines: lines{in: in}}
	first, err := r.next()
	if err != nil {
		return nil, err
	}
	var head struct {
		Record, Format string
		Version        int
	}
	if err := json.Unmarshal(first, &head); err != nil || head.Record != "export" || head.Format != "plenum" {
		return nil, errors.New("line 1: this is not an export of Plenum")
	}
	if head.Version > version {
		return nil, fmt.Errorf("line 1: the export is of version %d, this program reads %d: take a newer one", head.Version, version)
	}
	return r, nil
}

// Next is the next row. It answers io.EOF after the last one, and another error where the file ends before that.
func (r *Records) Next() (rec Record, err error) {
	line, err := r.next()
	if errors.Is(err, io.EOF) {
		return rec, errors.New("the file was cut off: its last line is missing")
	}
	if err != nil {
		return rec, err
	}
	var end struct{ Records int }
	if err := errors.Join(json.Unmarshal(line, &rec), json.Unmarshal(line, &end)); err != nil {
		return rec, fmt.Errorf("line %d: this is no record as JSON", r.line)
	}
	if rec.Line = r.line; rec.Kind == "end" {
		if end.Records != r.read {
			return rec, fmt.Errorf("line %d: the file counts %d records, %d are there", r.line, end.Records, r.read)
		}
		return rec, io.EOF
	}
	r.read++
	return rec, nil
}

// lines are the lines of a file, none longer than MaxRecord.
type lines struct {
	in   *bufio.Reader
	line int
}

// next is the next line without its end. One that is too long is passed over to its end, however far that is.
func (r *lines) next() ([]byte, error) {
	r.line++
	var line []byte
	for size := 0; ; {
		part, err := r.in.ReadSlice('\n')
		if size += len(part); size <= MaxRecord {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (size == 0 || !errors.Is(err, io.EOF)):
			return nil, r.explain(err)
		case size > MaxRecord:
			return nil, &Problem{r.line, "", errRecord.Error()}
		}
		return bytes.TrimSpace(line), nil
	}
}

func (r *lines) explain(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return fmt.Errorf("line %d: %w", r.line, err)
}
