package request

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation"
	"plenum/moderation/markup"
)

// wishes are the parameters that a question to the queue consists of; a cursor is bound to them.
var wishes = []string{"state", "sort", "article", "section", "author", "rule", "signal", "older", "younger", "language", "q"}

const (
	maxWish    = 512
	maxMinutes = 10 * 365 * 24 * 60
)

// Question reads which lane of the queue is asked for, in which order and narrowed to what.
func Question(c *gin.Context) (q moderation.Question, err error) {
	for _, name := range wishes {
		if v := c.Query(name); len(v) > maxWish || markup.HasControl(v) {
			return q, Malformed(name, "value")
		}
	}
	if q.Limit, err = Limit(c); err != nil {
		return q, err
	}
	if q.Lane, err = OneOf(c, "state", append(models.Lanes[:len(models.Lanes):len(models.Lanes)], models.LaneAll)...); err != nil {
		return q, err
	}
	if q.Sort, err = OneOf(c, "sort", models.Sorts...); err != nil {
		return q, err
	}
	if q.Filter.Language, err = OneOf(c, "language", "", "de", "en"); err != nil {
		return q, err
	}
	if q.Older, err = minutes(c, "older"); err != nil {
		return q, err
	}
	if q.Younger, err = minutes(c, "younger"); err != nil {
		return q, err
	}
	if author := c.Query("author"); author != "" {
		id, err := uuid.Parse(author)
		if err != nil {
			return q, Malformed("author", "value")
		}
		q.Filter.Author = uuid.NullUUID{UUID: id, Valid: true}
	}
	q.Filter.Article, q.Filter.Section, q.Filter.Rule, q.Filter.Signal = c.Query("article"), c.Query("section"), c.Query("rule"), c.Query("signal")
	q.Search = strings.TrimSpace(c.Query("q"))
	if q.Lane == models.LaneAll && q.Search == "" {
		return q, Malformed("q", "required")
	}
	return q, nil
}

// minutes reads an age; zero where there is none.
func minutes(c *gin.Context, name string) (time.Duration, error) {
	text := c.Query(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxMinutes {
		return 0, Malformed(name, "value")
	}
	return time.Duration(n) * time.Minute, nil
}

// Wish is everything that a question to the queue consists of, but for its page, in one order.
func Wish(c *gin.Context) string {
	values := url.Values{}
	for _, name := range wishes {
		if v := c.Query(name); v != "" {
			values.Set(name, v)
		}
	}
	return values.Encode()
}
