package sample

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// clusterCounts are the numbers of level-1 clusters and level-0 values in
// each category of analysis.Categories, in that order: 266 and 3,307.
//
// Source: counted from values_tree.csv of Huang et al. 2025, Values in
// the Wild.
var clusterCounts = [...]struct{ clusters, values int }{
	{15, 206}, {28, 445}, {8, 74}, {10, 125}, {17, 284}, {10, 166}, {12, 120}, {21, 314}, {18, 225},
	{5, 44}, {11, 139}, {13, 143}, {16, 158}, {9, 115}, {7, 95}, {6, 71}, {7, 85}, {5, 50}, {10, 92},
	{4, 54}, {6, 66}, {8, 78}, {6, 77}, {3, 21}, {6, 38}, {5, 22},
}

const treeValues = 3_307 // the sum of clusterCounts

// taxonomyValues names the values that scenarios use, by number: all but
// the last are in the tree, the last is not, as one value of the public
// dataset is not. A few values of the tree are not used.
func taxonomyValues() []string {
	names := make([]string, latent.NumValues)
	for i := range names {
		names[i] = valueName(i * treeValues / latent.NumValues)
	}
	names[len(names)-1] = valueName(treeValues)
	return names
}

// taxonomyCSV is the invented tree in the format of the published one:
// four levels, the category names real, everything below them invented,
// and a cluster's share of occurrences that of its values.
func taxonomyCSV() string {
	var text strings.Builder
	w := csv.NewWriter(&text) // a strings.Builder cannot fail
	row := func(id, description, name string, level int, parent string, values int) {
		w.Write([]string{id, description, name, fmt.Sprint(level), parent,
			fmt.Sprintf("%.3f", 100*float64(values)/treeValues)})
	}
	w.Write([]string{"cluster_id", "description", "name", "level", "parent_cluster_id", "pct_total_occurrences"})

	var parents []string
	ofParent := map[string]int{}
	for i, c := range analysis.Categories() {
		if ofParent[c.Parent] == 0 {
			parents = append(parents, c.Parent)
		}
		ofParent[c.Parent] += clusterCounts[i].values
	}
	id := func(level, i int) string { return fmt.Sprintf("synthetic:l%d:%04d", level, i) }
	parentID := map[string]string{}
	for i, p := range parents {
		parentID[p] = id(3, i)
		row(parentID[p], "Synthetic sample: an invented tree below real category names.", p, 3, "", ofParent[p])
	}
	for i, c := range analysis.Categories() {
		row(id(2, i), "Synthetic sample.", c.Name, 2, parentID[c.Parent], clusterCounts[i].values)
	}
	value, cluster := 0, 0
	for i, count := range clusterCounts {
		for k := range count.clusters {
			size := count.values*(k+1)/count.clusters - count.values*k/count.clusters
			row(id(1, cluster), "Synthetic sample.", clusterName(cluster), 1, id(2, i), size)
			for range size {
				name := valueName(value)
				row(name, "", name, 0, id(1, cluster), 1)
				value++
			}
			cluster++
		}
	}
	w.Flush()
	return text.String()
}

// clusterName is the name of the i-th level-1 cluster.
func clusterName(i int) string {
	return fmt.Sprintf("synthetic kinds of %s and %s", virtues[i%len(virtues)], virtues[(i+1+i/len(virtues))%len(virtues)])
}
