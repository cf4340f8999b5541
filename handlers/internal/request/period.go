package request

import (
	"time"

	"github.com/gin-gonic/gin"

	"plenum/moderation"
)

// Dates reads ?from= and ?to=, days of UTC (2006-01-02) or a time on them (RFC 3339), both included; without them the
// period given.
func Dates(c *gin.Context, p moderation.Period) (moderation.Period, error) {
	for name, day := range map[string]*time.Time{"from": &p.From, "to": &p.To} {
		text := c.Query(name)
		if text == "" {
			continue
		}
		read, err := time.Parse(time.DateOnly, text)
		if err != nil {
			read, err = time.Parse(time.RFC3339, text)
			read = read.UTC().Truncate(24 * time.Hour)
		}
		if err != nil || read.Year() < 1900 || read.Year() > 9998 {
			return p, Malformed(name, "value")
		}
		*day = read
	}
	return p, nil
}
