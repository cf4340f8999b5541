package outgoing

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// names is a DNS server: the addresses of each name, one at each question, the last one for ever.
type names struct {
	*testing.T
	mu    sync.Mutex
	mean  map[string][]string
	asked map[string]int
}

// resolver asks the server over a pipe, as over TCP.
func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.serve(theirs)
		return ours, nil
	}}
}

func (n *names) serve(c net.Conn) {
	defer c.Close()
	for {
		var size uint16
		if binary.Read(c, binary.BigEndian, &size) != nil {
			return
		}
		question := make([]byte, size)
		if _, err := io.ReadFull(c, question); err != nil {
			return
		}
		answer := n.answer(question)
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func (n *names) answer(question []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		n.Error(err)
	}
	m.Response, m.Additionals = true, nil
	q := m.Questions[0]
	if addr, ok := n.means(q); ok {
		m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.AResource{A: addr.As4()}}}
	}
	packed, err := m.Pack()
	if err != nil {
		n.Error(err)
	}
	return packed
}

func (n *names) means(q dnsmessage.Question) (netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := strings.TrimSuffix(q.Name.String(), ".")
	all, ok := n.mean[name]
	if !ok {
		all, ok = n.mean["*"]
	}
	if q.Type != dnsmessage.TypeA || !ok {
		return netip.Addr{}, false
	}
	i := min(n.asked[name], len(all)-1)
	n.asked[name]++
	return netip.MustParseAddr(all[i]), true
}
