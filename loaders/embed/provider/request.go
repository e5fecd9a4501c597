package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// maxAnswer bounds the bytes of an answer: a number is some 12 of them, and
// 2,048 texts of 3,072 numbers are the most that an API gives.
const maxAnswer = 256 << 20

// longestWait is the most that is waited between two attempts, whatever a
// server asks for.
const longestWait = 2 * time.Minute

// A refusal is an answer that says no.
type refusal struct {
	status int
	after  time.Duration // asked for by the server; 0 for none
	text   string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("status %d %s%s", r.status, http.StatusText(r.status), r.text)
}

// passing reports whether another attempt may succeed.
func passing(err error) bool {
	var r *refusal
	if errors.As(err, &r) {
		switch r.status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var wrong *wrongAnswer
	return !errors.As(err, &wrong)
}

// A wrongAnswer was given with status 200 and is not what was asked for.
type wrongAnswer struct{ error }

// ask sends texts until they are answered or there is no hope.
func (c *Client) ask(ctx context.Context, texts []string) ([][]float32, error) {
	wait := c.cfg.Wait
	for attempt := 1; ; attempt++ {
		vectors, err := c.askOnce(ctx, texts)
		if err == nil {
			return vectors, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !passing(err) || attempt == c.cfg.Attempts {
			return nil, fmt.Errorf("attempt %d of %d: %w", attempt, c.cfg.Attempts, err)
		}
		pause := wait
		var r *refusal
		if errors.As(err, &r) && r.after > 0 {
			pause = r.after
		}
		select {
		case <-time.After(min(pause, longestWait)):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		wait *= 2
	}
}

func (c *Client) askOnce(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	path, body := c.cfg.request(texts)
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.BaseURL+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	switch {
	case c.cfg.Key == "":
	case c.cfg.API == Gemini:
		req.Header.Set("x-goog-api-key", c.cfg.Key)
	default:
		req.Header.Set("Authorization", "Bearer "+c.cfg.Key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, refused(res)
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(answer) > maxAnswer {
		return nil, &wrongAnswer{fmt.Errorf("an answer of more than %d bytes", maxAnswer)}
	}
	vectors, err := c.cfg.parse(answer, len(texts))
	if err == nil {
		err = c.cfg.check(vectors)
	}
	if err != nil {
		return nil, &wrongAnswer{err}
	}
	return vectors, nil
}

// refused reads what a server says about its refusal. Only its code and
// short message are kept: the rest could be a page, or quote a text.
func refused(res *http.Response) error {
	r := &refusal{status: res.StatusCode}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		r.after = time.Duration(min(seconds, int(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(res.Header.Get("Retry-After")); err == nil {
		r.after = time.Until(at)
	}
	var body struct {
		Error struct {
			Message string
			Status  string
		}
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, 16<<10))
	if err == nil && json.Unmarshal(text, &body) == nil && body.Error.Message != "" {
		message := []rune(body.Error.Message)
		r.text = ": " + string(message[:min(len(message), 200)])
	}
	return r
}

// request is the path and body that ask for the vectors of texts.
func (cfg Config) request(texts []string) (path string, body any) {
	if cfg.API == OpenAI {
		body := map[string]any{"model": cfg.Model, "input": texts, "encoding_format": "float"}
		if cfg.Dim > 0 {
			body["dimensions"] = cfg.Dim
		}
		return "/embeddings", body
	}
	model := "models/" + cfg.Model
	requests := make([]map[string]any, len(texts))
	for i, text := range texts {
		requests[i] = map[string]any{"model": model, "content": map[string]any{"parts": []map[string]string{{"text": text}}}}
		if cfg.Dim > 0 {
			requests[i]["outputDimensionality"] = cfg.Dim
		}
		if cfg.Task != "" {
			requests[i]["taskType"] = cfg.Task
		}
	}
	return "/" + model + ":batchEmbedContents", map[string]any{"requests": requests}
}

// parse reads an answer to n texts, in their order.
func (cfg Config) parse(answer []byte, n int) ([][]float32, error) {
	vectors := make([][]float32, n)
	if cfg.API == Gemini {
		var body struct {
			Embeddings []struct{ Values []float32 }
		}
		if err := json.Unmarshal(answer, &body); err != nil {
			return nil, fmt.Errorf("answer: %w", err)
		}
		if len(body.Embeddings) != n {
			return nil, fmt.Errorf("%d vectors, want %d", len(body.Embeddings), n)
		}
		for i, e := range body.Embeddings {
			vectors[i] = e.Values
		}
		return vectors, nil
	}
	var body struct {
		Data []struct {
			Index     *int
			Embedding []float32
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	if len(body.Data) != n {
		return nil, fmt.Errorf("%d vectors, want %d", len(body.Data), n)
	}
	for _, d := range body.Data {
		if d.Index == nil || *d.Index < 0 || *d.Index >= n || vectors[*d.Index] != nil {
			return nil, errors.New("the vectors do not say which text each belongs to")
		}
		vectors[*d.Index] = d.Embedding
	}
	return vectors, nil
}

// check refuses vectors that cannot be embeddings.
func (cfg Config) check(vectors [][]float32) error {
	for i, v := range vectors {
		switch {
		case len(v) == 0 || len(v) != len(vectors[0]):
			return fmt.Errorf("vector %d of %d has %d numbers, the first %d", i, len(vectors), len(v), len(vectors[0]))
		case cfg.Dim > 0 && len(v) != cfg.Dim:
			return fmt.Errorf("vectors of %d numbers, want the %d asked for", len(v), cfg.Dim)
		}
		zero := true
		for _, x := range v {
			if x := float64(x); math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("vector %d holds %v", i, x)
			}
			zero = zero && x == 0
		}
		if zero {
			return fmt.Errorf("vector %d is zero", i)
		}
	}
	return nil
}
