package request

import (
	"time"

	"github.com/google/uuid"

	"plenum/models"
)

// minute is how browsers send a time that somebody chose; the desk's times are UTC.
const minute = "2006-01-02T15:04"

// Decider reads whose decisions are meant, and of which time: both ends as RFC 3339, or by the minute of UTC.
func Decider(by, from, to string) (d models.Decider, err error) {
	if d.ModeratorID, err = uuid.Parse(by); err != nil {
		return d, Malformed("by", "value")
	}
	for _, end := range []struct {
		name, text string
		set        *time.Time
	}{{"from", from, &d.From}, {"to", to, &d.To}} {
		read, err := time.Parse(time.RFC3339, end.text)
		if err != nil {
			read, err = time.Parse(minute, end.text)
		}
		if err != nil || read.Year() < 1900 || read.Year() > 9998 {
			return d, Malformed(end.name, "value")
		}
		*end.set = read.UTC()
	}
	return d, nil
}
