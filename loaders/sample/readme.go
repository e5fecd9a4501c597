package sample

import (
	"fmt"
	"strings"
)

// readme is the folder's README, which has the configs of the published
// dataset card.
func readme(opt Options) string {
	var text strings.Builder
	text.WriteString("---\nconfigs:\n- config_name: default\n  data_files:\n")
	for _, split := range splitNames() {
		fmt.Fprintf(&text, "  - split: %s\n    path: data/%s-*\n", split, split)
	}
	text.WriteString("- config_name: complete\n  data_files:\n  - split: train\n    path: complete/train-*\n")
	text.WriteString("- config_name: judge_evaluations\n  data_files:\n")
	for _, bin := range binNames {
		fmt.Fprintf(&text, "  - split: %s\n    path: judge_evaluations/%s-*\n", bin, bin)
	}
	fmt.Fprintf(&text, `---

# SYNTHETIC

This folder holds a synthetic sample: %s, %d rows of complete.
Nothing in it was said, asked or judged by anyone. It imitates the columns
and row counts of jifanz/stress_testing_model_spec (Zhang et al. 2025,
arXiv:2510.07686), and its random model is fitted to a few published
totals. It says nothing about any language model.

The folder labels holds refusal levels, topics and value categories that
nobody ever gave: labels of the kind were never published.

%s lists the files with their sizes and SHA-256.

## Assumptions

`, opt.mark(), opt.Rows, manifestName)
	text.WriteString("| of | what | assumed |\n|---|---|---|\n")
	for _, a := range Assumptions() {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", a.Of, a.What, a.Assumed)
	}
	return text.String()
}

func writeText(dir, name, content string) (manifestFile, error) {
	file, err := create(dir, name)
	if err != nil {
		return manifestFile{}, err
	}
	if _, err := file.Write([]byte(content)); err != nil {
		file.file.Close()
		return manifestFile{}, err
	}
	return file.entry(name)
}
