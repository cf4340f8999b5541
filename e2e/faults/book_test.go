package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// book is the exact account of what was asked and what was acknowledged: each line is on the disk before the request is
// sent, and again before anything is made of its answer.
type book struct {
	mu   sync.Mutex
	path string
	file *os.File
}

// line is one request (without an id) or its acknowledgement.
type line struct {
	Verb string `json:"verb"` // post, approve
	Text string `json:"text"`
	ID   string `json:"id,omitempty"` // of the comment
}

func newBook(path string) (*book, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	return &book{path: path, file: file}, err
}

func (b *book) write(l line) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, err := b.file.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write the book: %w", err)
	}
	return b.file.Sync()
}

// account is the book, read again: what was asked by text, and the ids of what was acknowledged.
type account struct {
	asked            map[string]bool
	posted, approved map[string]string // text to id
}

func (b *book) read() (a account, err error) {
	a = account{map[string]bool{}, map[string]string{}, map[string]string{}}
	file, err := os.Open(b.path)
	if err != nil {
		return a, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return a, err
		}
		switch {
		case l.ID == "":
			a.asked[l.Verb+" "+l.Text] = true
		case l.Verb == "post":
			a.posted[l.Text] = l.ID
		case l.Verb == "approve":
			a.approved[l.Text] = l.ID
		}
	}
	return a, nil
}
