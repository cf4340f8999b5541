package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestNoProxyIsTrustedUnlessItIsNamed(t *testing.T) {
	for _, c := range []struct {
		named []string
		want  string
	}{
		{nil, "[]"},
		{[]string{"10.0.0.0/8", "fc00::/7"}, "[10.0.0.0/8 fc00::/7]"},
		{[]string{"192.0.2.7", "2001:db8::7"}, "[192.0.2.7/32 2001:db8::7/128]"},
		{[]string{"10.1.2.3/16"}, "[10.1.0.0/16]"},
	} {
		got, err := Settings{Proxies: c.named}.TrustedProxies()
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%v: got %v (%v), want %s", c.named, got, err, c.want)
		}
	}
}

func TestEverybodyIsNoProxy(t *testing.T) {
	for _, named := range []string{"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "*", "proxy.example", ""} {
		if got, err := (Settings{Proxies: []string{named}}).TrustedProxies(); err == nil {
			t.Errorf("%q was taken for %v", named, got)
		} else if !strings.Contains(err.Error(), "PLENUM_TRUSTED_PROXIES") {
			t.Errorf("%q: got %q, want the variable named", named, err)
		}
	}
}
