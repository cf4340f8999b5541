package faults

import (
	"bufio"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"
)

// How a mail server answers.
const (
	takes    = iota
	refuses  // hangs up at once
	tarpits  // says nothing
	defers   // 4xx to each recipient
	declines // 5xx to each recipient
)

// mailserver takes letters, and counts each by its Message-ID.
type mailserver struct {
	address  string
	listener net.Listener
	mu       sync.Mutex
	mood     int
	letters  map[string]int
	never    int // recipients that were declined for good
}

func newMailserver() (*mailserver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mailserver{address: listener.Addr().String(), listener: listener, letters: map[string]int{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m, nil
}

func (m *mailserver) close() error { return m.listener.Close() }

func (m *mailserver) be(mood int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mood = mood
}

func (m *mailserver) is() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mood
}

// declined is how many recipients were declined for good: nobody tells them again.
func (m *mailserver) declined() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.never
}

// taken is how many letters there are of each id.
func (m *mailserver) taken() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	copied := map[string]int{}
	for id, n := range m.letters {
		copied[id] = n
	}
	return copied
}

var messageID = regexp.MustCompile(`(?mi)^Message-ID: <([^>]+)>`)

func (m *mailserver) serve(conn net.Conn) {
	defer conn.Close()
	mood := m.is()
	if mood == refuses {
		return
	}
	if mood == tarpits {
		<-time.After(time.Minute)
		return
	}
	lines := bufio.NewScanner(conn)
	for say := "220 ready"; ; {
		if _, err := io.WriteString(conn, say+"\r\n"); err != nil || !lines.Scan() {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		switch {
		case verb == "RCPT" && mood == defers:
			say = "451 later"
		case verb == "RCPT" && mood == declines:
			say = "550 never"
			m.mu.Lock()
			m.never++
			m.mu.Unlock()
		case verb == "DATA":
			if say = m.take(conn, lines); say == "" {
				return
			}
		case verb == "QUIT":
			io.WriteString(conn, "221 bye\r\n") // whoever hung up does not hear it
			return
		default:
			say = "250 fine"
		}
	}
}

func (m *mailserver) take(conn net.Conn, lines *bufio.Scanner) (say string) {
	if _, err := io.WriteString(conn, "354 go on\r\n"); err != nil {
		return ""
	}
	var letter strings.Builder
	for lines.Scan() && lines.Text() != "." {
		letter.WriteString(lines.Text() + "\n")
	}
	id := messageID.FindStringSubmatch(letter.String())
	if lines.Text() != "." || id == nil {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters[id[1]]++
	return "250 taken"
}
