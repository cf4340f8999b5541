package outgoing

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAnAddressThatIsNeverCalledIsRefusedWhenItIsTyped(t *testing.T) {
	for _, address := range []string{
		"http://hooks.example/", "ftp://hooks.example/", "hooks.example", "https:hooks.example", "https://", "https:///x", "//hooks.example", "https://hooks.example:8443/",
		"https://ann:secret@hooks.example/", "https://ann@hooks.example/", `https://hooks.example\@127.0.0.1/`, "https://127.0.0.1:80@hooks.example/",
		"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://127.0.0.1./", "https://0/", "https://0.0.0.0/",
		"https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::a00:1]/", "https://[2002:7f00:1::]/",
		"https://[2001:0:7f00:1::]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[ff02::1]/", "https://[2001:db8::1]/",
		"https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.254/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/",
		"https://100.100.100.200/", "https://192.0.0.192/", "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/", "https://localhost/", "https://metadata/", "https://postgres./",
	} {
		if err := New().Check(address); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v, want it refused", address, err)
		}
	}
	for _, address := range []string{"https://hooks.example/a?b=c", "https://hooks.example:443/", "https://93.184.216.34/", "https://[2606:4700::1111]/", "https://müller.example/"} {
		if err := New().Check(address); err != nil {
			t.Errorf("%s: got %v, want it taken", address, err)
		}
	}
}

func TestANamedNetworkIsTakenByHTTPAndOnAnyPort(t *testing.T) {
	g := New(here)
	for _, address := range []string{"http://127.0.0.1:8080/", "https://127.0.0.1:8443/", "http://hooks.intranet/", "http://hooks:8080/"} {
		if err := g.Check(address); err != nil {
			t.Errorf("%s: got %v, want it taken", address, err)
		}
	}
	for _, address := range []string{"http://10.0.0.1/", "https://10.0.0.1:8443/", "https://[::1]/", "http://2130706433/", "http://ann@127.0.0.1/", "ftp://127.0.0.1/"} {
		if err := g.Check(address); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: got %v, want it refused", address, err)
		}
	}
}

// TestAttacks calls every address of the corpus that PLENUM_ATTACKS names, past Check and where every name means a private
// address, and has each be where a redirect leads. None is connected to. Without it the rows above are what is tested.
func TestAttacks(t *testing.T) {
	folder := os.Getenv("PLENUM_ATTACKS")
	if folder == "" {
		t.Log("PLENUM_ATTACKS is not set: only our own corpus was tried")
		return
	}
	n := &names{T: t, mean: map[string][]string{"*": {"127.0.0.1"}}, asked: map[string]int{}}
	closed, open := New(), New(netip.MustParsePrefix("127.0.0.9/32"))
	closed.resolver, open.resolver = n.resolver(), n.resolver()
	for _, name := range []string{"ssrf.jsonl", "redirect.jsonl"} {
		rows := attacks(t, filepath.Join(folder, name))
		t.Logf("%s: %d rows", name, len(rows))
		for _, address := range rows {
			for _, address := range []string{address, strings.Replace(address, "http:", "https:", 1)} {
				if _, err := get(t, closed.Client(), address); connected(err) {
					t.Errorf("%q: got %v, want no connection", address, err)
				}
			}
			if _, err := get(t, open.Client(), leading(t, address)); connected(err) {
				t.Errorf("a redirect to %q: got %v, want no connection", address, err)
			}
		}
	}
}

// connected reports whether a call was let out: nothing listens where it went.
func connected(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ETIMEDOUT)
}

// leading is a server that leads to an address: the only one that may be called.
func leading(t *testing.T, address string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.9:0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{address}
		w.WriteHeader(http.StatusFound)
	}))
	s.Listener.Close()
	s.Listener = listener
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

func attacks(t *testing.T, path string) (addresses []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := json.NewDecoder(bufio.NewReader(file)); lines.More(); {
		var row struct{ URL, Value string }
		if err := lines.Decode(&row); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		addresses = append(addresses, row.URL+row.Value)
	}
	if len(addresses) == 0 {
		t.Fatalf("%s has no rows", path)
	}
	return addresses
}
