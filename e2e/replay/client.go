package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	answerWithin = 30 * time.Second
	answerBytes  = 16 << 20
)

// Client calls one site of one server, as a reader or as the moderator.
type Client struct {
	http        *http.Client
	base, token string
}

// Call is one request. A nil Body is sent as none; only a call with Moderates carries the token.
type Call struct {
	Method, Path string
	Key          string // Idempotency-Key
	Moderates    bool
	Body         any
}

// Answer is what came back.
type Answer struct {
	Status int
	URL    *url.URL
	Type   string
	Body   []byte
}

func newClient(base, token string) *Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // no path of Plenum redirects a reader
	return &Client{http: &http.Client{Transport: transport, Timeout: answerWithin, CheckRedirect: stay}, base: base, token: token}
}

// api is the path of a call of the site's API.
func api(format string, args ...any) string {
	return "/api/v1/sites/" + siteSlug + fmt.Sprintf(format, args...)
}

// page is the path of a page of the site.
func page(format string, args ...any) string {
	return "/" + siteSlug + fmt.Sprintf(format, args...)
}

// Get reads as a reader does: without a token.
func (c *Client) Get(ctx context.Context, path string) (Answer, error) {
	return c.Do(ctx, Call{Method: http.MethodGet, Path: path})
}

// Do makes one call. Any status is an answer; an error is no answer.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	request, err := c.request(ctx, call)
	if err != nil {
		return Answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerBytes))
	if err != nil {
		return Answer{}, fmt.Errorf("%s %s: %w", call.Method, call.Path, err)
	}
	return Answer{Status: response.StatusCode, URL: request.URL, Type: response.Header.Get("Content-Type"), Body: body}, nil
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	var body io.Reader
	if call.Body != nil {
		encoded, err := json.Marshal(call.Body)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", call.Method, call.Path, err)
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, c.base+call.Path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.Key != "" {
		request.Header.Set("Idempotency-Key", call.Key)
	}
	if call.Moderates {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return request, nil
}

// JSON makes a call whose answer must have the status, and reads the answer into out.
func (c *Client) JSON(ctx context.Context, call Call, status int, out any) error {
	answer, err := c.Do(ctx, call)
	if err != nil {
		return err
	}
	if answer.Status != status {
		return fmt.Errorf("%s %s: %s", call.Method, call.Path, answer.problem())
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return fmt.Errorf("%s %s: %w", call.Method, call.Path, err)
	}
	return nil
}

// problem is the status and, of a problem document, its title and detail.
func (a Answer) problem() string {
	var p struct{ Title, Detail string }
	if json.Unmarshal(a.Body, &p) != nil {
		return fmt.Sprintf("status %d", a.Status)
	}
	return fmt.Sprintf("status %d %s %s", a.Status, p.Title, p.Detail)
}
