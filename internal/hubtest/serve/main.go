// Command serve serves a folder as a dataset repository of the Hugging Face
// Hub, on loopback:
//
//	go run ./internal/hubtest/serve --dir out/sample --listen 127.0.0.1:8800
//
// It prints the address to set HF_ENDPOINT to, once all files are hashed.
// /-/counts under that address tells requests and bytes so far, /-/requests
// each request, /-/leaks?token=T where a token stood that must not, and
// /-/forget starts counting anew. It ends on interrupt.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/specstress/specstress/internal/hubtest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	var opt hubtest.Options
	var repos []*hubtest.Repo
	id, private, gated, faults := "", false, false, ""
	var plan hubtest.Plan
	flags.StringVar(&id, "id", "jifanz/stress_testing_model_spec", "repository that the next --dir is served as")
	flags.Func("dir", "folder to serve; may be repeated, with another --id before it", func(dir string) error {
		files, err := hubtest.Folder(dir)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("%s holds no files", dir)
		}
		repo := hubtest.NewRepo(id)
		repo.Commit("Upload "+id, files...)
		repos = append(repos, repo)
		return nil
	})
	flags.StringVar(&opt.Listen, "listen", "127.0.0.1:0", "address of the Hub; keep it on loopback")
	flags.StringVar(&opt.ListenCDN, "cdn", "127.0.0.1:0", "address of the CDN")
	flags.DurationVar(&opt.Latency, "latency", 0, "waited before every response")
	mbit := flags.Float64("mbit", 0, "megabits a second of the line that all responses go through; 0 means as fast as it goes")
	flags.IntVar(&opt.Page, "page", 0, "entries of a page of a listing; 0 means as many as the Hub's")
	flags.StringVar(&opt.Token, "token", "", "the only token that is accepted; empty accepts any")
	flags.BoolVar(&private, "private", false, "want the token for every repository")
	flags.BoolVar(&gated, "gated", false, "want for every file an approval that nobody has")
	flags.BoolVar(&opt.Direct, "direct", false, "send small files without a redirect")
	flags.BoolVar(&opt.Xet, "xet", false, "send the headers of Xet storage")
	flags.StringVar(&faults, "faults", "", "kinds of faults to play, separated by commas, or all")
	flags.Uint64Var(&plan.Seed, "seed", 1, "seed of the faults")
	flags.Float64Var(&plan.Rate, "rate", 0.3, "share of requests that meet a fault")
	flags.IntVar(&plan.Storm, "storm", 3, "attempts that the worst-hit request fails")
	if err := flags.Parse(args); err != nil {
		return err
	}
	opt.Rate = *mbit * 1e6 / 8
	if len(repos) == 0 {
		return fmt.Errorf("--dir FOLDER is needed")
	}
	if faults != "" {
		if faults != "all" {
			for _, name := range strings.Split(faults, ",") {
				k, err := hubtest.KindByName(name)
				if err != nil {
					return err
				}
				plan.Kinds = append(plan.Kinds, k)
			}
		}
		opt.Fault = plan.Fault
	}
	for _, r := range repos {
		r.Private, r.Gated = private, gated
	}
	s, err := hubtest.Start(opt, repos...)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Println(s.Endpoint)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	n := s.Counts()
	text, err := json.Marshal(map[string]hubtest.Count{"hub": n[hubtest.Hub], "cdn": n[hubtest.CDN], "stranger": n[hubtest.Stranger]})
	fmt.Fprintln(os.Stderr, string(text))
	return err
}
