package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const bareCommand = "bare"

// bareAnswer is what the bare handler answers.
type bareAnswer struct {
	Addr   string
	Header map[string]string
	Body   []byte
}

// startBare starts a process that answers every request as the program answered this one.
func (b *bench) startBare(ctx context.Context, r *http.Response) (*server, error) {
	body, err := read(r)
	if err != nil {
		return nil, err
	}
	addr, err := free()
	if err != nil {
		return nil, err
	}
	answer := bareAnswer{Addr: addr, Header: map[string]string{}, Body: body}
	for name := range r.Header {
		if name != "Date" {
			answer.Header[name] = r.Header.Get(name)
		}
	}
	answer.Header["Content-Length"] = fmt.Sprint(len(body))
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "bare.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return await(&server{Cmd: exec.CommandContext(ctx, self, bareCommand, file), url: "http://" + addr}, "/")
}

// serveBare is the ceiling: Gin, one handler, the same bytes and header, and an If-None-Match that is compared.
func serveBare(file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var answer bareAnswer
	if err := json.Unmarshal(text, &answer); err != nil {
		panic(err)
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.GET("/*path", func(c *gin.Context) {
		known := c.GetHeader("If-None-Match") == answer.Header["Etag"]
		for name, value := range answer.Header {
			if !known || !strings.HasPrefix(name, "Content-") || name == "Content-Security-Policy" {
				c.Header(name, value)
			}
		}
		if known {
			c.Status(http.StatusNotModified)
			return
		}
		c.Status(http.StatusOK)
		if _, err := c.Writer.Write(answer.Body); err != nil {
			c.Abort()
		}
	})
	// The same limits of a connection as the program has: each costs a timer per request.
	server := &http.Server{Addr: answer.Addr, Handler: e, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute}
	panic(server.ListenAndServe())
}
