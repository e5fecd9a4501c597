// Command ask tells what a server of internal/hubtest/serve saw, in words,
// and whether two results.json say the same; it is run.sh's curl and jq.
//
//	ask ENDPOINT counts|forget
//	ask same A/results.json B/results.json
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ask:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "same":
		return same(args[1], args[2])
	case len(args) != 2:
		return fmt.Errorf("want ENDPOINT counts|forget, or same FILE FILE")
	}
	client := http.Client{Transport: &http.Transport{}} // no proxy
	resp, err := client.Get(args[0] + "/-/" + args[1])
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, body)
	}
	if args[1] != "counts" {
		return nil
	}
	var hosts map[string]struct{ Requests, Bytes int64 }
	if err := json.Unmarshal(body, &hosts); err != nil {
		return err
	}
	h, c := hosts["hub"], hosts["cdn"]
	fmt.Printf("%d requests to the Hub (%d bytes), %d to the CDN (%d bytes)\n", h.Requests, h.Bytes, c.Requests, c.Bytes)
	return nil
}

// same compares what two results say but for where the data came from.
func same(a, b string) error {
	var results [2]any
	for i, name := range []string{a, b} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var whole map[string]any
		if err := json.Unmarshal(text, &whole); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		list, ok := whole["results"].([]any)
		if !ok || len(list) == 0 {
			return fmt.Errorf("%s: no results", name)
		}
		results[i] = list
	}
	x, y := results[0].([]any), results[1].([]any)
	if len(x) != len(y) {
		return fmt.Errorf("%s has %d results, %s %d", a, len(x), b, len(y))
	}
	var differ []string
	for i := range x {
		if !reflect.DeepEqual(x[i], y[i]) {
			differ = append(differ, fmt.Sprint(x[i].(map[string]any)["id"]))
		}
	}
	if differ != nil {
		return fmt.Errorf("%s and %s differ in %s", a, b, strings.Join(differ, ", "))
	}
	return nil
}
