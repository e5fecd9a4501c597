package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders/hub"
)

func newCache() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache list|verify|clean",
		Short: "Say what is in the cache, verify it, or clear it",
		Args:  wants(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List columns fetched, packed sources, and whole files shared with huggingface_hub", Args: wants(cobra.NoArgs), RunE: listCache},
		&cobra.Command{Use: "verify", Short: "Read all of it and compare checksums and hashes; damaged ranges are removed", Args: wants(cobra.NoArgs), RunE: verifyCache},
		&cobra.Command{Use: "clean", Short: "Remove what can be fetched or made again; whole files stay, they may be Python's", Args: wants(cobra.NoArgs), RunE: cleanCache},
	)
	return cmd
}

func listCache(cmd *cobra.Command, _ []string) error {
	items, err := hub.Cache()
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
	for _, i := range items {
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%s\n", i.Kind, humanBytes(i.Bytes), i.Files, label.Plain(i.Name), label.Plain(i.Path))
	}
	if len(items) == 0 {
		fmt.Fprintln(tw, "the cache is empty")
	}
	return tw.Flush()
}

func verifyCache(cmd *cobra.Command, _ []string) error {
	damaged := 0
	err := hub.VerifyCache(cmd.Context(), func(f hub.CacheFinding) {
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s: %d good, %d damaged\n", f.Item.Kind, label.Plain(f.Item.Name), f.Good, len(f.Damaged))
		for _, d := range f.Damaged {
			fmt.Fprintf(cmd.OutOrStdout(), "  damaged: %s\n", label.Plain(d))
		}
		damaged += len(f.Damaged)
	})
	if err != nil {
		return err
	}
	if damaged > 0 {
		return errors.New("cache verify: some of it is damaged; ranges were removed and come again when they are read, whole files are for you to delete")
	}
	return nil
}

func cleanCache(cmd *cobra.Command, _ []string) error {
	bytes, err := hub.CleanCache()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "removed %s\n", humanBytes(bytes))
	return err
}
