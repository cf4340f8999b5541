package request

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestOnlyANamedProxySaysWhoAsked(t *testing.T) {
	ours := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for what, c := range map[string]struct {
		trusted         Proxies
		connected, want string
		forwarded       []string
	}{
		"nobody between":                        {nil, "203.0.113.5:4711", "203.0.113.5", nil},
		"this machine":                          {nil, "127.0.0.1:4711", "127.0.0.1", nil},
		"a stranger who pretends":               {ours, "203.0.113.5:4711", "203.0.113.5", []string{"198.51.100.1"}},
		"our proxy":                             {ours, "10.0.0.1:4711", "198.51.100.1", []string{"198.51.100.1"}},
		"our proxy after another of ours":       {ours, "10.0.0.1:4711", "198.51.100.1", []string{"198.51.100.1, 10.0.0.2"}},
		"a pretence before our proxy":           {ours, "10.0.0.1:4711", "198.51.100.1", []string{"192.0.2.9, 198.51.100.1"}},
		"a pretence on a line of its own":       {ours, "10.0.0.1:4711", "198.51.100.1", []string{"192.0.2.9", "198.51.100.1"}},
		"a pretence that is none of an address": {ours, "10.0.0.1:4711", "198.51.100.1", []string{"unknown, 198.51.100.1"}},
		"our proxy that adds the port":          {ours, "10.0.0.1:4711", "198.51.100.1", []string{"192.0.2.9, 198.51.100.1:50123"}},
		"our proxy that adds a port to IPv6":    {ours, "10.0.0.1:4711", "2001:db8::7", []string{"[2001:db8::7]:443"}},
		"one of ours with its port":             {ours, "10.0.0.1:4711", "198.51.100.1", []string{"198.51.100.1:50123, 10.0.0.2:80"}},
		"our proxy that says nothing":           {ours, "10.0.0.1:4711", "10.0.0.1", nil},
		"our proxy that says nonsense":          {ours, "10.0.0.1:4711", "10.0.0.1", []string{"nonsense"}},
		"an IPv4 address in IPv6":               {ours, "[::ffff:10.0.0.1]:4711", "198.51.100.1", []string{"::ffff:198.51.100.1"}},
		"IPv6":                                  {ours, "[fd00::1]:4711", "2001:db8::7", []string{"2001:db8::7"}},
		"a proxy on this machine, not named":    {nil, "127.0.0.1:4711", "invalid IP", []string{"198.51.100.1"}},
		"a proxy in our network, not named":     {nil, "192.168.1.2:4711", "invalid IP", []string{"198.51.100.1"}},
		"no address":                            {ours, "@", "invalid IP", nil},
	} {
		q := &http.Request{RemoteAddr: c.connected, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := c.trusted.Asker(q).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", what, got, c.want)
		}
	}
}
