package respond

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	streamFor    = 10 * time.Minute // then the browser asks again, and whether it still may is asked again too
	beatEvery    = 20 * time.Second // so that a connection that broke is noticed
	writeWithin  = 10 * time.Second // or the other side is taken for gone
	reconnectMsg = "retry: 3000\n\n"
)

// Stream is a source of Server-Sent Events (WHATWG HTML §9.2) under one name, until Done is closed.
type Stream[T any] struct {
	Name   string
	Events <-chan T
	Done   <-chan struct{}
}

// Events writes what a stream tells, each as JSON, until the other side goes or it is time to ask again.
func Events[T any](c *gin.Context, s Stream[T]) error {
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx keeps streams back otherwise
	if c.Request.Method == http.MethodHead {
		return nil
	}
	w := writer{http.NewResponseController(c.Writer), c}
	end, beat := time.NewTimer(streamFor), time.NewTicker(beatEvery)
	defer end.Stop()
	defer beat.Stop()
	next := reconnectMsg
	for w.write(next) {
		select {
		case event := <-s.Events:
			data, err := json.Marshal(event)
			if err != nil {
				return fmt.Errorf("write an event: %w", err)
			}
			next = "event: " + s.Name + "\ndata: " + string(data) + "\n\n"
		case <-beat.C:
			next = ":\n\n"
		case <-end.C:
			return nil
		case <-s.Done:
			return nil
		case <-c.Request.Context().Done():
			return nil
		}
	}
	return nil
}

// writer gives each piece its own time, because a stream outlives the server's limit for an answer.
type writer struct {
	*http.ResponseController
	c *gin.Context
}

// write reports whether the piece went out.
func (w writer) write(piece string) bool {
	// The network's deadline is a time of this machine's own clock.
	if err := w.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return false
	}
	if _, err := w.c.Writer.WriteString(piece); err != nil {
		return false
	}
	return w.Flush() == nil
}
