package notify_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"plenum/moderation/notify"
)

var letter = notify.Letter{ID: "published.1@comments.example", FromName: "The News", To: "ann@example.org", Subject: "Grüße\r\nBcc: eve@example.org",
	Text: "text\n.\nend", HTML: "<p>text</p>", Date: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Locale: "en"}

// plain is listen without TLS: a server that would take a password in the clear.
func plain(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	server := smtp.NewServer(l)
	server.AllowInsecureAuth = true
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.address = socket.Addr().String()
	go server.Serve(socket)
	t.Cleanup(func() { server.Close() })
	return l
}

func send(t *testing.T, address string, l notify.Letter) error {
	t.Helper()
	server, err := notify.NewSMTP(address, "comments@news.example")
	if err != nil {
		t.Fatal(err)
	}
	return server.Send(t.Context(), l)
}

func TestAPasswordIsNotSentInTheClear(t *testing.T) {
	l := plain(t)
	for _, tls := range []string{"", "?tls=required", "?tls=off", "?tls=opportunistic"} {
		if err := send(t, "smtp://plenum:secret@"+l.address+tls, letter); err == nil || l.signed {
			t.Errorf("%q: got %v, signed in %v, want an error and no password sent", tls, err, l.signed)
		}
	}
	if err := send(t, "smtp://"+l.address, letter); err != nil || len(l.received()) != 1 {
		t.Errorf("without a password: got %v and %d letters, want one", err, len(l.received()))
	}
}

func TestAWrongPasswordIsTriedAgain(t *testing.T) {
	l := listen(t)
	err := send(t, "smtp://plenum:wrong@"+l.address, letter)
	if err == nil || errors.Is(err, notify.ErrRefused) || len(l.received()) != 0 {
		t.Errorf("got %v and %d letters, want an error that may pass: the password is ours to mend", err, len(l.received()))
	}
	if strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v, want no password in it", err)
	}
}

// What a server says may repeat the address, and an error is logged and kept with its job.
func TestAnErrorHoldsNoAddress(t *testing.T) {
	for _, code := range []int{421, 451, 550} {
		l := listen(t, code)
		err := send(t, "smtp://plenum:secret@"+l.address, letter)
		if err == nil || strings.Contains(err.Error(), letter.To) || !strings.Contains(err.Error(), strconv.Itoa(code)) {
			t.Errorf("got %v, want the code %d and no address", err, code)
		}
	}
}

// A letter that was taken is sent, even where the server goes away before it says goodbye.
func TestALetterThatWasTakenIsNotSentAgain(t *testing.T) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	taken := make(chan error, 1)
	go func() { taken <- takeAndHangUp(socket) }()
	if err := send(t, "smtp://"+socket.Addr().String()+"?tls=off", letter); err != nil {
		t.Errorf("got %v, want it sent", err)
	}
	if err := <-taken; err != nil {
		t.Error(err)
	}
}

// takeAndHangUp takes one letter, and hangs up as soon as it has said so.
func takeAndHangUp(socket net.Listener) error {
	conn, err := socket.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	say := "220 ready\r\n"
	for lines := bufio.NewScanner(conn); say != ""; {
		if _, err := io.WriteString(conn, say); err != nil {
			return err
		}
		if say = "250 fine\r\n"; !lines.Scan() {
			return lines.Err()
		}
		if lines.Text() != "DATA" {
			continue
		}
		if _, err := io.WriteString(conn, "354 go on\r\n"); err != nil {
			return err
		}
		for lines.Scan() && lines.Text() != "." {
		}
		_, err := io.WriteString(conn, say)
		return err
	}
	return nil
}

func TestAServerThatIsAwayIsTriedAgain(t *testing.T) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket.Close()
	if err := send(t, "smtp://"+socket.Addr().String(), letter); err == nil || errors.Is(err, notify.ErrRefused) {
		t.Errorf("got %v, want an error that may pass", err)
	}
}

func TestAnAddressThatIsNoneIsRefusedForGood(t *testing.T) {
	for _, to := range []string{"", "ann", "ann@", "ann@example.org\r\nBcc: eve@example.org", "a b@example.org"} {
		l := letter
		l.To = to
		for name, sender := range map[string]notify.Sender{"folder": notify.Folder{Path: t.TempDir(), From: "comments@news.example"}} {
			if err := sender.Send(t.Context(), l); !errors.Is(err, notify.ErrRefused) {
				t.Errorf("%q by %s: got %v, want it refused for good", to, name, err)
			}
		}
	}
}

func TestWhatIsWrittenMakesNoHeaders(t *testing.T) {
	l := plain(t)
	forged := letter
	forged.FromName = `Jürgen's "News" \ <eve@example.org>,` + "\r\nBcc: eve@example.org"
	if err := send(t, "smtp://"+l.address, forged); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(l.received()[0]))
	if err != nil {
		t.Fatal(err)
	}
	from, err := mail.ParseAddress(got.Header.Get("From"))
	if err != nil || from.Address != "comments@news.example" || from.Name != forged.FromName {
		t.Errorf("got the sender %v of %q (%v), want our address under that name", from, got.Header.Get("From"), err)
	}
	if got.Header.Get("Bcc") != "" || got.Header.Get("Message-ID") != "<published.1@comments.example>" {
		t.Errorf("got the header %v, want its id and no Bcc", got.Header)
	}
}
