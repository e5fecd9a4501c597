package sample

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// clustersInCategory are the numbers of level-1 clusters in each category,
// in the order of analysis.Categories: 266 in all.
//
// Source: as latent.ValuesInCategory.
var clustersInCategory = [len(latent.ValuesInCategory)]int{
	15, 28, 8, 10, 17, 10, 12, 21, 18, 5, 11, 13, 16,
	9, 7, 6, 7, 5, 10, 4, 6, 8, 6, 3, 6, 5,
}

// taxonomyValues names the values that scenarios use, by number: all but
// the last are in the tree, the last is not, as one value of the public
// dataset is not. A few values of the tree are not used.
func taxonomyValues() []string {
	names := make([]string, latent.NumValues)
	for i := range names {
		names[i] = valueName(latent.TreeIndex(i))
	}
	names[len(names)-1] = valueName(latent.TreeValues)
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
			fmt.Sprintf("%.3f", 100*float64(values)/latent.TreeValues)})
	}
	w.Write([]string{"cluster_id", "description", "name", "level", "parent_cluster_id", "pct_total_occurrences"})

	var parents []string
	ofParent := map[string]int{}
	for i, c := range analysis.Categories() {
		if ofParent[c.Parent] == 0 {
			parents = append(parents, c.Parent)
		}
		ofParent[c.Parent] += latent.ValuesInCategory[i]
	}
	id := func(level, i int) string { return fmt.Sprintf("synthetic:l%d:%04d", level, i) }
	parentID := map[string]string{}
	for i, p := range parents {
		parentID[p] = id(3, i)
		row(parentID[p], "Synthetic sample: an invented tree below real category names.", p, 3, "", ofParent[p])
	}
	for i, c := range analysis.Categories() {
		row(id(2, i), "Synthetic sample.", c.Name, 2, parentID[c.Parent], latent.ValuesInCategory[i])
	}
	value, cluster := 0, 0
	for i, values := range latent.ValuesInCategory {
		clusters := clustersInCategory[i]
		for k := range clusters {
			size := values*(k+1)/clusters - values*k/clusters
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
