package card_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/specstress/specstress/internal/card"
	texts "github.com/specstress/specstress/internal/hostile"
	"github.com/specstress/specstress/internal/reliability"
)

// TestHostileTexts makes cards of every hostile text, as every text and name
// of a card, and reads them in all forms.
func TestHostileTexts(t *testing.T) {
	cards := 0
	for i, h := range texts.Texts() {
		if len(h.Text) > 1<<17 && !reliability.Long() {
			h.Text = h.Text[:1<<17] // TestOneMebibyteOnOneLine has all of it
		}
		all := hostileCards(t, h.Text)
		cards += len(all)
		var page, text, data bytes.Buffer
		if err := card.WriteHTML(&page, all, h.Text, []string{h.Text}); err != nil {
			t.Fatal(err)
		}
		if err := card.WriteText(&text, all); err != nil {
			t.Fatal(err)
		}
		if err := card.WriteJSON(&data, all); err != nil {
			t.Fatal(err)
		}
		problems := append(texts.HTML(page.Bytes()), texts.Terminal(text.Bytes())...)
		problems = append(problems, texts.Terminal(data.Bytes())...)
		if !json.Valid(data.Bytes()) {
			problems = append(problems, "no JSON")
		}
		for _, p := range problems {
			t.Errorf("%d %s: %.300s", i, h.Name, p)
		}
	}
	reliability.Record(t, "%d cards of %d texts in HTML, JSON and plain, 0 problems", cards, len(texts.Texts()))
}
