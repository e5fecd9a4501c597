package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/embed"
	"github.com/specstress/specstress/loaders/embed/provider"
	"github.com/specstress/specstress/loaders/embeddings"
)

func newEmbed() *cobra.Command {
	var source sourceFlags
	var how embedFlags
	var split, out string
	cmd := &cobra.Command{
		Use:   "embed SRC... --out FILE.npy",
		Short: "Turn the queries of a split into vectors, for select; by default without a network",
		Args:  wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usageError{errors.New("embed: --out FILE.npy is needed")}
			}
			if how.by != "local" && how.journal == "" {
				how.journal = out + ".journal"
			}
			e, err := how.embedder()
			if err != nil {
				return err
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), args, p.rows)
			if err != nil {
				return err
			}
			_, s, err := readSplit(cmd.Context(), d, split, conds)
			if err != nil {
				return err
			}
			v, err := how.embed(cmd.Context(), e, s, p)
			if err != nil {
				return err
			}
			err = replaceFile(out, func(w io.Writer) error { return embeddings.WriteNPY(w, v.Data, v.Dim) })
			if err != nil {
				return fmt.Errorf("embed: %s: %w", out, err)
			}
			p.clear()
			fmt.Fprintf(cmd.ErrOrStderr(), "embed: %d rows of %d numbers: %s\n", s.Rows(), v.Dim, e.Name())
			return nil
		},
	}
	source.register(cmd)
	how.register(cmd, "local")
	cmd.Flags().StringVar(&split, "split", analysis.AllModels.Name, "split to embed the queries of")
	cmd.Flags().StringVar(&out, "out", "", "file to write, rows in the order of the split")
	return cmd
}

// embedFlags says how texts become vectors.
type embedFlags struct {
	by, model, url, task, journal, text string
	dim                                 int
}

func (f *embedFlags) register(cmd *cobra.Command, by string) {
	flags := cmd.Flags()
	flags.StringVar(&f.by, "embed", by, "local (hashed n-grams, not a neural embedding), openai or gemini; the key is read from OPENAI_API_KEY or GEMINI_API_KEY")
	flags.StringVar(&f.model, "model", "", "openai and gemini: the embedding model")
	flags.StringVar(&f.url, "url", "", "openai and gemini: address of another server that speaks this API, as in http://localhost:11434/v1")
	flags.StringVar(&f.task, "task", "", "gemini: taskType, as in CLUSTERING")
	flags.StringVar(&f.journal, "journal", "", "openai and gemini: file that keeps the answers, so that a run can be resumed")
	flags.StringVar(&f.text, "text", "query", "text column to embed")
	flags.IntVar(&f.dim, "dim", 0, "numbers of a vector; 0 means the embedder's own")
}

// apiKeys names the environment variables of the keys.
var apiKeys = map[provider.API]string{provider.OpenAI: "OPENAI_API_KEY", provider.Gemini: "GEMINI_API_KEY"}

// embedder checks the flags.
func (f *embedFlags) embedder() (embed.Embedder, error) {
	if f.dim < 0 {
		return nil, usageError{fmt.Errorf("--dim is %d, want 0 or more", f.dim)}
	}
	api := provider.API(f.by)
	variable, ok := apiKeys[api]
	switch {
	case f.by == "local" && f.model+f.url+f.task+f.journal != "":
		return nil, usageError{errors.New("--embed local takes no --model, --url, --task or --journal")}
	case f.by == "local":
		return embed.NGrams{Dim: f.dim}, nil
	case !ok:
		return nil, usageError{analysis.UnknownName("embedder", f.by, []string{"local", string(provider.OpenAI), string(provider.Gemini)})}
	}
	key := os.Getenv(variable)
	if key == "" && f.url == "" {
		return nil, fmt.Errorf("embed: the environment variable %s holds no key", variable)
	}
	c, err := provider.New(provider.Config{API: api, BaseURL: f.url, Model: f.model, Key: key, Dim: f.dim, Task: f.task, Journal: f.journal})
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

// embed reads the texts of all rows and embeds them.
func (f *embedFlags) embed(ctx context.Context, e embed.Embedder, s *loaders.Scenarios, p *progress) (embed.Vectors, error) {
	rows := make([]int, s.Rows())
	for i := range rows {
		rows[i] = i
	}
	texts, err := s.Text(ctx, f.text, rows...)
	if err != nil {
		return embed.Vectors{}, err
	}
	v, err := e.Embed(ctx, texts, func(done, total int) { p.step("embedding", done, total) })
	if err != nil {
		return embed.Vectors{}, fmt.Errorf("split %s: column %s: %w", s.Split(), f.text, err)
	}
	if c, ok := e.(*provider.Client); ok {
		for _, w := range c.Warnings {
			fmt.Fprintf(os.Stderr, "warning: %v\n", w)
		}
	}
	return v, nil
}

// readSplit reads a split and the rows of it that meet the conditions.
func readSplit(ctx context.Context, d *loaders.Dataset, split string, conds []loaders.Condition) (all, kept *loaders.Scenarios, err error) {
	if all, err = splitOfOnesOwn(ctx, d, split); err != nil {
		return nil, nil, err
	}
	kept, err = all.Where(conds...)
	return all, kept, err
}
