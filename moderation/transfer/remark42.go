package transfer

import (
	"bufio"
	"encoding/json"
	"time"
)

// remark42 reads the backup of Remark42: a comment a line, as JSON, after a line of its own about the backup.
type remark42 struct{ lines }

// What its documentation names (Backup format; the API's Comment). Votes, pictures and networks are not brought along.
type remark42Comment struct {
	ID     string `json:"id"`
	Parent string `json:"pid"`
	Text   string `json:"text"` // HTML
	Orig   string `json:"orig"` // as typed: Markdown
	User   struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"user"`
	Locator struct {
		Site string `json:"site"`
		URL  string `json:"url"`
	} `json:"locator"`
	Time    time.Time `json:"time"`
	Deleted bool      `json:"delete"`
	Title   string    `json:"title"`
}

func newRemark42(in *bufio.Reader) *remark42 { return &remark42{lines{in: in}} }

func (r *remark42) Next() (Item, error) {
	for {
		line, err := r.next()
		if err != nil {
			return Item{}, err
		}
		if len(line) == 0 {
			continue
		}
		if i, ok, err := r.item(line); ok || err != nil {
			return i, err
		}
	}
}

// item reads a line; the first one is about the backup, and no comment.
func (r *remark42) item(line []byte) (i Item, ok bool, err error) {
	var c remark42Comment
	if err := json.Unmarshal(line, &c); err != nil {
		return i, false, &Problem{r.line, "", "this is not a comment as JSON"}
	}
	if c.ID == "" {
		if r.line == 1 {
			return i, false, nil
		}
		return i, false, &Problem{r.line, "", "it has no id"}
	}
	i = Item{Line: r.line, Source: "remark42 " + oneLine(c.Locator.Site), Key: c.ID, Parent: c.Parent, Name: c.User.Name, Email: c.User.Email,
		Body: c.Orig, At: c.Time, State: Public, Article: Article{Key: c.Locator.URL, URL: c.Locator.URL, Title: c.Title}}
	if i.Body == "" {
		i.Body = Markdown(c.Text, Paragraphs)
	}
	if c.Deleted {
		i.State = Deleted
	}
	if c.Time.IsZero() {
		return i, false, &Problem{r.line, oneLine(c.ID), "its date cannot be read"}
	}
	return i, true, nil
}
