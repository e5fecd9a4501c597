// Package provider embeds texts by an embedding API: that of OpenAI, which
// many servers speak, local ones among them, or Gemini's, which the paper
// used without naming the model.
//
// Requests are batched and sent several at a time; those that fail for a
// passing reason are repeated. Every answer is written to a journal before
// it counts, so that a run that was killed is resumed without paying twice:
// see journal.go.
//
// It speaks HTTP itself, as it needs one request of each API. The official
// packages were tried: openai-go/v3 v3.96.0 adds 26 MB to a binary of 9 MB
// and genai v1.77.0 11 MB, together with some 60 modules.
package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/specstress/specstress/loaders/embed"
)

// An API is a way of asking for embeddings.
type API string

const (
	OpenAI API = "openai" // POST BaseURL/embeddings
	Gemini API = "gemini" // POST BaseURL/models/MODEL:batchEmbedContents
)

// Config says whom to ask for what. The vectors of a journal belong to one
// API, BaseURL, Model, Dim and Task.
type Config struct {
	API     API
	BaseURL string // with the version; "" means the provider's own
	Model   string
	Key     string // may be empty for servers that want none; never written anywhere
	Dim     int    // asked for; 0 means the model's own
	Task    string // Gemini's taskType, such as CLUSTERING; "" for none

	Journal string // file; "" keeps none

	Batch      int           // texts per request; 0 means 100
	Concurrent int           // requests at a time; 0 means 4
	Attempts   int           // per request; 0 means 6
	Wait       time.Duration // before the second attempt, doubled each time; 0 means 1 s
	Timeout    time.Duration // of one attempt; 0 means 2 minutes
}

// A Client is an embed.Embedder.
type Client struct {
	cfg  Config
	http *http.Client

	// Of the last Embed: Requests that were answered, and texts of which
	// the journal held the vector.
	Requests, Resumed int
	// Warnings of the last Embed, such as requests that an earlier run sent
	// and whose answers it did not live to write.
	Warnings []error
}

// New checks a configuration.
func New(cfg Config) (*Client, error) {
	defaults := map[API]string{OpenAI: "https://api.openai.com/v1", Gemini: "https://generativelanguage.googleapis.com/v1beta"}
	own, ok := defaults[cfg.API]
	if !ok {
		return nil, fmt.Errorf("embed: API %q, want %s or %s", cfg.API, OpenAI, Gemini)
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = own
	}
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	u, err := url.Parse(cfg.BaseURL)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("embed: the address of the API must be https://HOST/PATH, without a user or a query")
	}
	if u.Scheme == "http" && cfg.Key != "" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("embed: http://%s would see the key unencrypted; use https, or no key", u.Host)
	}
	if cfg.Model == "" || strings.ContainsAny(cfg.Model, "?#\\ \t\r\n") || strings.Contains(cfg.Model, "..") {
		return nil, fmt.Errorf("embed: model %q, want the name of an embedding model", cfg.Model)
	}
	if cfg.Dim < 0 || cfg.Batch < 0 || cfg.Concurrent < 0 || cfg.Attempts < 0 || cfg.Wait < 0 || cfg.Timeout < 0 {
		return nil, errors.New("embed: dimensions, sizes and times must not be negative")
	}
	set(&cfg.Batch, 100)
	set(&cfg.Concurrent, 4)
	set(&cfg.Attempts, 6)
	set(&cfg.Wait, time.Second)
	set(&cfg.Timeout, 2*time.Minute)
	return &Client{cfg: cfg, http: &http.Client{
		// A redirect would carry texts and key to another place.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func set[T int | time.Duration](to *T, value T) {
	if *to == 0 {
		*to = value
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Name implements embed.Embedder.
func (c *Client) Name() string { return fmt.Sprintf("%s (%s)", c.cfg.Model, c.cfg.API) }

// Embed implements embed.Embedder. Equal texts are sent once. An error
// leaves what was answered so far in the journal.
func (c *Client) Embed(ctx context.Context, texts []string, progress func(done, total int)) (embed.Vectors, error) {
	v, err := c.embed(ctx, texts, progress)
	if err != nil {
		return embed.Vectors{}, fmt.Errorf("embed: %s: %w", c.Name(), err)
	}
	return v, nil
}

func (c *Client) embed(ctx context.Context, texts []string, progress func(done, total int)) (embed.Vectors, error) {
	c.Requests, c.Resumed, c.Warnings = 0, 0, nil
	if len(texts) == 0 {
		return embed.Vectors{}, errors.New("no texts")
	}
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			return embed.Vectors{}, fmt.Errorf("text %d is empty", i)
		}
	}
	j, err := openJournal(c.cfg.Journal, c.cfg.identity())
	if err != nil {
		return embed.Vectors{}, err
	}
	defer j.close()
	if n := j.unanswered; n > 0 {
		c.Warnings = append(c.Warnings, fmt.Errorf("an earlier run sent %d texts without living to write the answers; they are sent again", n))
	}

	// rows lists the places of each distinct text, in order of appearance.
	rows := map[textKey][]int{}
	var todo []int // first places of texts without a vector
	for i, text := range texts {
		k := keyOf(text)
		if rows[k] == nil && !j.has(k) {
			todo = append(todo, i)
		}
		rows[k] = append(rows[k], i)
	}
	for k, places := range rows { // only counted, so the order does not matter
		if j.has(k) {
			c.Resumed += len(places)
		}
	}
	done := c.Resumed
	if progress != nil {
		progress(done, len(texts))
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex // of what follows, and of the journal
	next := 0
	var workers sync.WaitGroup
	for range c.cfg.Concurrent {
		workers.Go(func() {
			for {
				mu.Lock()
				batch := todo[next:min(next+c.cfg.Batch, len(todo))]
				next += len(batch)
				var keys []textKey
				var contents []string
				for _, i := range batch {
					keys, contents = append(keys, keyOf(texts[i])), append(contents, texts[i])
				}
				var err error
				if len(batch) > 0 && ctx.Err() == nil {
					err = j.intend(keys)
				}
				mu.Unlock()
				if err != nil {
					cancel(err)
				}
				if len(batch) == 0 || ctx.Err() != nil {
					return
				}
				vectors, err := c.ask(ctx, contents)
				mu.Lock()
				if err == nil {
					err = j.record(keys, vectors)
				}
				if err == nil {
					c.Requests++
					for _, k := range keys {
						done += len(rows[k])
					}
					if progress != nil {
						progress(done, len(texts))
					}
				}
				mu.Unlock()
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return embed.Vectors{}, context.Cause(ctx)
	}
	v := embed.Vectors{Data: make([]float32, len(texts)*j.dim), Dim: j.dim}
	for i, text := range texts {
		if err := j.read(keyOf(text), v.Data[i*j.dim:(i+1)*j.dim]); err != nil {
			return embed.Vectors{}, err
		}
	}
	return v, nil
}
