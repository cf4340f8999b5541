package outgoing

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

var here = netip.MustParsePrefix("127.0.0.0/8")

// canary is a server on this machine that counts who comes.
type canary struct {
	*httptest.Server
	calls atomic.Int64
}

// newCanary is one with TLS; what it answers is the test's. Whoever may call it is asked to trust it.
func newCanary(t *testing.T, answer http.HandlerFunc) *canary {
	t.Helper()
	c := &canary{}
	c.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		c.calls.Add(1)
		answer(w, q)
	}))
	t.Cleanup(c.Close)
	return c
}

// through is a client of the gate that trusts the canaries.
func through(g *Gate, c *canary) *http.Client {
	client := g.Client()
	trusted := c.Client().Transport.(*http.Transport).TLSClientConfig
	client.Transport.(roads).https.(*http.Transport).TLSClientConfig = trusted
	return client
}

// get reads an answer to its end.
func get(t *testing.T, client *http.Client, address string) (string, error) {
	t.Helper()
	r, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return string(body), err
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }

func TestOnlyANamedNetworkIsCalledBesidePublicAddresses(t *testing.T) {
	c := newCanary(t, hello)
	if got, err := get(t, through(New(here), c), c.URL); got != "hello" {
		t.Errorf("a named network: got %q (%v), want it called", got, err)
	}
	for _, g := range []*Gate{New(), New(netip.MustParsePrefix("10.0.0.0/8"))} {
		if _, err := get(t, through(g, c), c.URL); !errors.Is(err, ErrRefused) {
			t.Errorf("got %v, want it refused", err)
		}
	}
	if c.calls.Load() != 1 {
		t.Errorf("got %d calls, want one", c.calls.Load())
	}
}

// The name is public and the address is not: nothing but a look at the address itself keeps the call from being made.
func TestAPublicNameOfAPrivateAddressIsNotCalled(t *testing.T) {
	c := newCanary(t, hello)
	_, port, _ := net.SplitHostPort(c.Listener.Addr().String())
	for _, addresses := range [][]string{{"127.0.0.1"}, {"10.0.0.7"}, {"169.254.169.254"}, {"100.64.0.1"}, {"0.0.0.0"}, {"168.63.129.16"},
		{"93.184.216.34", "127.0.0.1"}} { // the last one rebinds: public when it is asked the first time
		n := &names{T: t, mean: map[string][]string{"hooks.example": addresses}, asked: map[string]int{}}
		g := New()
		if g.resolver = n.resolver(); len(addresses) > 1 {
			if _, err := g.resolver.LookupHost(t.Context(), "hooks.example"); err != nil {
				t.Fatal(err)
			}
		}
		client := through(g, c)
		if _, err := get(t, client, "https://hooks.example:"+port); !errors.Is(err, ErrRefused) {
			t.Errorf("%v: got %v, want it refused", addresses, err)
		}
		if _, err := get(t, client, "https://hooks.example"); !errors.Is(err, ErrRefused) {
			t.Errorf("%v: got %v, want it refused on the usual port too", addresses, err)
		}
	}
	if c.calls.Load() != 0 {
		t.Errorf("got %d calls, want none", c.calls.Load())
	}
}

func TestWhatIsNotEncryptedIsSentToNamedNetworksOnly(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(hello))
	defer plain.Close()
	if got, err := get(t, New(here).Client(), plain.URL); got != "hello" {
		t.Errorf("got %q (%v), want it called", got, err)
	}
	if _, err := get(t, New().Client(), "http://93.184.216.34/"); !errors.Is(err, ErrRefused) {
		t.Errorf("a public address by http: got %v, want it refused", err)
	}
}

// Each hop is a call of its own: the address a redirect leads to is looked at as the first was.
func TestARedirectIsLookedAtLikeTheFirstAddress(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(hello))
	defer plain.Close()
	other := newCanary(t, hello)
	for _, r := range []struct {
		method, to string
		code       int
		follows    bool
	}{
		{"GET", "/there", 302, true}, {"GET", "/there", 308, true}, {"POST", "/there", 307, true}, {"POST", "/there", 308, true},
		{"GET", other.URL, 302, true}, {"POST", other.URL, 307, false}, // what is sent is sent to nobody else
		{"POST", "/there", 301, false}, {"POST", "/there", 302, false}, {"POST", "/there", 303, false},
		{"GET", plain.URL, 302, false}, // in a named network, but no longer encrypted
		{"GET", "https://10.0.0.7/", 302, false}, {"POST", "https://10.0.0.7/", 307, false}, {"GET", "https://169.254.169.254/latest/meta-data/", 302, false},
		{"GET", "https://ann:secret@127.0.0.1/", 302, false}, {"GET", "file:///etc/passwd", 302, false}, {"GET", "https://2130706433/", 302, false},
		{"GET", "/", 302, false}, // for ever
	} {
		c := newCanary(t, func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/there" {
				hello(w, q)
				return
			}
			w.Header().Set("Location", r.to)
			w.WriteHeader(r.code)
		})
		client := through(New(here), c)
		q, err := http.NewRequest(r.method, c.URL, strings.NewReader("told"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := client.Do(q)
		if err == nil {
			a.Body.Close()
		}
		if followed := err == nil && a.StatusCode == 200; followed != r.follows {
			t.Errorf("%s, %d to %s: got %v, want it followed: %v", r.method, r.code, r.to, err, r.follows)
		}
		if c.calls.Load() > maxRedirects+1 {
			t.Errorf("%d to %s: got %d calls", r.code, r.to, c.calls.Load())
		}
	}
}

func TestNoProxyOfTheEnvironmentIsUsed(t *testing.T) {
	proxy := newCanary(t, hello)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	t.Setenv("HTTP_PROXY", proxy.URL)
	if _, err := get(t, through(New(here), proxy), "https://10.0.0.7/"); !errors.Is(err, ErrRefused) || proxy.calls.Load() > 0 {
		t.Errorf("got %v and %d calls of the proxy, want the address refused and none", err, proxy.calls.Load())
	}
}

func TestAnAnswerHasAnEnd(t *testing.T) {
	for what, answer := range map[string]http.HandlerFunc{
		"endless body": func(w http.ResponseWriter, q *http.Request) {
			for q.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<15)); err != nil {
					return
				}
			}
		},
		"10 MB of headers":                func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 10<<20)) },
		"HTTP/0.9 answer":                 raw("hello"),
		"answer with Content-Length 2^63": raw("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello"),
	} {
		c := newCanary(t, answer)
		if body, err := get(t, through(New(here), c), c.URL); err == nil || len(body) > maxBody {
			t.Errorf("%s: got %d bytes (%v), want an end and an error", what, len(body), err)
		}
	}
}

// raw answers with these bytes.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(c, answer)
		c.Close()
	}
}
