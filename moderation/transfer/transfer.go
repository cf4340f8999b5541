// Package transfer reads what other systems let go of their comments, one file per format, and writes nothing.
//
//	file ── Open (unpacked, bounded) ──► reader (wordpress, disqus, remark42) ──► Item ── Markdown (html) ──► Flow.Import
//
// Whoever wrote the file is not trusted: nothing in it is fetched, no entity of it is expanded, and no record may be
// larger than MaxRecord. A record that is not as the format says is a Problem, and the next one is read.
package transfer

import (
	"fmt"
	"io"
	"time"
)

// What a comment was where it comes from.
const (
	Public  = "public"  // anybody could read it
	Waiting = "waiting" // nobody had decided it
	Spam    = "spam"
	Deleted = "deleted" // of it, only its place is brought along
)

// Item is one comment as it was at its source.
type Item struct {
	Line             int
	Source           string // which system and site it comes from: its keys are unique in there
	Key, Parent      string // Parent is empty for one that answers nobody
	Article          Article
	Name, Email, URL string
	Body             string // Markdown as moderation/markup reads it
	At               time.Time
	State            string
}

// Article is what a comment stands under.
type Article struct{ Key, URL, Title string }

// Problem is why a record was passed over.
type Problem struct {
	Line int
	Key  string // of the record, where it has one
	Why  string
}

func (p *Problem) Error() string {
	if p.Key == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Why)
	}
	return fmt.Sprintf("line %d: comment %s: %s", p.Line, p.Key, p.Why)
}

// Reader gives the comments of a file in its order. Next answers io.EOF after the last one and a *Problem for one that was
// passed over; any other error ends the reading.
type Reader interface {
	Next() (Item, error)
}

// Options say how a file is read.
type Options struct {
	// ByIdentifier names articles by the source's own identifier instead of their address: of Disqus its identifier, of
	// WordPress the post's guid, by which our plugin names them.
	ByIdentifier bool
}

// Formats are those that Open knows.
var Formats = []string{"wordpress", "disqus", "remark42"}

// Open reads a file of the format, which may be compressed by gzip.
func Open(format string, file io.Reader, o Options) (Reader, error) {
	in, err := unpack(file)
	if err != nil {
		return nil, err
	}
	switch format {
	case "wordpress":
		return newWordPress(in, o), nil
	case "disqus":
		return newDisqus(in, o), nil
	case "remark42":
		return newRemark42(in), nil
	}
	return nil, fmt.Errorf("unknown format %q: %v", format, Formats)
}
