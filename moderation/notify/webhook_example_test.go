package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenum/models"
	"plenum/moderation/internal/keys"
)

// The example in the documentation is what is sent, down to the signature.
func TestTheDocumentationsExampleIsWhatIsSent(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 26, 10, 2, 0, 123456000, time.UTC)
	parsed := uuid.MustParse
	entry := parsed("019ab9d4-7b2c-7e01-9c11-2f0f6f1c3a03")
	m := message{Type: "comment.approve", Timestamp: at}
	m.Data.Site = "news"
	m.Data.Comment = &toldComment{ID: parsed("019ab9d2-51e0-7c44-8d3a-6a0b1c2d3e02"), Article: "radweg", Version: 2, Status: models.Approved, EntryID: &entry, RulesVersion: 3, Rules: []string{},
		DeskURL: "https://comments.example.org/desk/news/comments/019ab9d2-51e0-7c44-8d3a-6a0b1c2d3e02",
		Public: &toldPublic{Name: "Jana Reuter", Text: "I ride there every day.",
			URL: "https://comments.example.org/news/thread?article=radweg&comment=019ab9d2-51e0-7c44-8d3a-6a0b1c2d3e02#c-019ab9d2-51e0-7c44-8d3a-6a0b1c2d3e02"}}
	k := keys.New([]byte("a secret of the tests"))
	tell := telling{Delivery: models.Delivery{ID: parsed("019ab9d4-7b2d-7b3a-a1f2-0d9e8c7b6a05")}, hook: models.Webhook{ID: uuid.New()}}
	if tell.body, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	secret := []byte("thirty-two bytes of the example!")
	if tell.hook.Sealed, err = k.Seal(SealWebhook, tell.hook.ID, secret); err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://hooks.example.org/plenum", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&Postman{Keys: k}).sign(q, tell, at); err != nil {
		t.Fatal(err)
	}
	example := fmt.Sprintf("```http\nPOST /plenum HTTP/1.1\nHost: hooks.example.org\nContent-Type: %s\nUser-Agent: %s\nWebhook-Id: %s\nWebhook-Timestamp: %s\nWebhook-Signature: %s\n\n%s\n```",
		q.Header.Get("Content-Type"), q.UserAgent(), q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp"), q.Header.Get("webhook-signature"), tell.body)
	for _, part := range []string{example, ShownSecret(secret)} {
		if !strings.Contains(string(text), part) {
			t.Errorf("docs/webhooks.md lacks\n%s", part)
		}
	}
}
