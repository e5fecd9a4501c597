// Command list prints the hostile texts for tests in other languages, as JSON:
//
//	go run ./internal/hostile/list
//
// The texts are in base64, for JSON holds only UTF-8 and not all of them are;
// tripped is the title that every script among them sets.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/specstress/specstress/internal/hostile"
)

func main() {
	var list struct {
		Tripped string   `json:"tripped"`
		Texts   [][]byte `json:"texts"`
	}
	list.Tripped = hostile.Tripped
	for _, text := range hostile.Strings() {
		list.Texts = append(list.Texts, []byte(text))
	}
	if err := json.NewEncoder(os.Stdout).Encode(list); err != nil {
		fmt.Fprintln(os.Stderr, "list:", err)
		os.Exit(1)
	}
}
