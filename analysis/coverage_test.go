package analysis_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// coverageOf names, for each exported function that returns an Estimate, by
// itself or in a struct, the test that simulates or counts how often its
// interval contains the truth; or, behind a colon, why there is none.
var coverageOf = map[string]string{
	"AgreementByCategory":        "TestIntervalCoverage",
	"BradleyTerry.Ability":       "TestBradleyTerryCoverageOfClusters",
	"BradleyTerry.Difference":    "TestBradleyTerryCoverageOfClusters",
	"BradleyTerry.Extremes":      "TestBradleyTerryCoverageOfClusters",
	"BradleyTerry.NudgeEffect":   "TestBradleyTerryCoverageOfClusters",
	"BradleyTerry.OrderEffect":   "TestBradleyTerryCoverageOfClusters",
	"BradleyTerry.Rank":          "TestBradleyTerryCoverage",
	"CohenKappa":                 "TestIntervalCoverage",
	"CohenKappaFromAgreement":    ": from printed numbers, which have no interval",
	"CompareAgreement":           "TestAgreementCoverage",
	"CompareRankings":            "TestIntervalCoverage",
	"CongerKappa":                "TestAgreementCoverage",
	"Correlate":                  "TestIntervalCoverage",
	"CorrelateRankings":          "TestRankIntervalCoverage",
	"Count":                      ": a count has no interval",
	"CountValues":                "TestShareCoverageOfClusters",
	"DifferenceOfShares":         "TestIntervalCoverage",
	"Disagreements.Mean":         "TestIntervalCoverage",
	"Disagreements.ShareAtLeast": "TestIntervalCoverage",
	"Estimate.Of":                ": the same estimate",
	"ExactOddsRatio":             "TestExactOddsRatioCovers",
	"FailDetectable":             ": what could be found, without an interval",
	"FailDifference":             "TestIntervalCoverage",
	"FailRatio":                  "TestIntervalCoverage",
	"FitCompliance":              "TestLogisticCoverage",
	"FleissKappa":                ": FleissKappaClustered adds the interval",
	"FleissKappaClustered":       "TestAgreementCoverage",
	"FleissKappaUnequal":         "TestAgreementCoverage",
	"GwetAC":                     "TestAgreementCoverage",
	"HaldaneOddsRatio":           "TestIntervalCoverage",
	"HeldOutAccuracy":            "TestHeldOutAccuracyCoverage",
	"KappaFromAgreement":         ": from printed numbers, which have no interval",
	"Kendall":                    "TestRankIntervalCoverage",
	"KrippendorffAlpha":          "TestAgreementCoverage",
	"Logistic":                   "TestLogisticCoverage",
	"MannWhitney":                "TestRankIntervalCoverage",
	"Mean":                       "TestIntervalCoverage",
	"MeasureCoOccurrence":        "TestLiftCoverage",
	"MeasureCompliance":          "TestShareCoverageOfClusters",
	"MeasureFlagRateDifferences": "TestIntervalCoverage",
	"MeasureJudgeAgreement":      "TestAgreementCoverage",
	"MeasurePreferences":         "TestIntervalCoverage",
	"MeasureProviderDifferences": "TestIntervalCoverage",
	"MeasureRefusals":            "TestShareCoverageOfClusters",
	"MeasureValuePreferences":    "TestIntervalCoverage",
	"PairedDifference":           "TestRankIntervalCoverage",
	"PairedShareDifference":      "TestIntervalCoverage",
	"PercentAgreement":           "TestAgreementCoverage",
	"PooledCompliance":           "TestShareCoverageOfClusters",
	"PostStratify":               "TestIntervalCoverage",
	"ProjectCompliance":          "TestPostStratifyCoverage",
	"ProjectedRatio":             "TestProjectedRatioCoverage",
	"RatioOfShares":              "TestIntervalCoverage",
	"Refusals.Rate":              "TestShareCoverageOfClusters",
	"Resampled.Estimate":         "TestBootstrapCoverage",
	"ScottPi":                    "TestIntervalCoverage",
	"Share":                      "TestShareCoverageOfClusters",
	"ShareDifference":            "TestShareDifferenceCoverage",
	"ShareMean":                  "TestIntervalCoverage",
	"ShareOddsRatio":             "TestSimulatedCoverageIsExact",
	"ShareRatio":                 "TestRatioCoverage",
	"ShareRatioScore":            "TestRatioCoverage",
	"Spearman":                   "TestRankIntervalCoverage",
	"SpearmanMatrix":             "TestIntervalCoverage",
	"ValueCounts.Of":             "TestShareCoverageOfClusters",
}

// TestEveryIntervalHasItsCoverage holds coverageOf to the code: no function
// that returns an Estimate is left out, and no test that it names is absent.
func TestEveryIntervalHasItsCoverage(t *testing.T) {
	structs := map[string]*ast.StructType{}
	var funcs []*ast.FuncDecl
	tests := map[string]bool{}
	paths, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok {
						if body, ok := s.Type.(*ast.StructType); ok && !strings.HasSuffix(path, "_test.go") {
							structs[s.Name.Name] = body
						}
					}
				}
			case *ast.FuncDecl:
				if strings.HasSuffix(path, "_test.go") {
					tests[d.Name.Name] = true
				} else if d.Name.IsExported() {
					funcs = append(funcs, d)
				}
			}
		}
	}
	var holds func(typ ast.Expr) bool
	holds = func(typ ast.Expr) bool {
		switch x := typ.(type) {
		case *ast.StarExpr:
			return holds(x.X)
		case *ast.ArrayType:
			return holds(x.Elt)
		case *ast.Ident:
			body := structs[x.Name]
			return x.Name == "Estimate" || body != nil && slices.ContainsFunc(body.Fields.List, func(f *ast.Field) bool { return holds(f.Type) })
		}
		return false
	}
	found := map[string]bool{}
	for _, f := range funcs {
		name := f.Name.Name
		if f.Recv != nil {
			typ := f.Recv.List[0].Type
			if star, ok := typ.(*ast.StarExpr); ok {
				typ = star.X
			}
			name = typ.(*ast.Ident).Name + "." + name
		}
		if f.Type.Results == nil || !slices.ContainsFunc(f.Type.Results.List, func(r *ast.Field) bool { return holds(r.Type) }) {
			continue
		}
		found[name] = true
		test, ok := coverageOf[name]
		if _, reason, none := strings.Cut(test, ":"); !ok || none && strings.TrimSpace(reason) == "" || !none && !tests[test] {
			t.Errorf("%s returns an Estimate: its coverage is that of test %q, which there is not", name, test)
		}
	}
	for name := range coverageOf {
		if !found[name] {
			t.Errorf("%s is no exported function that returns an Estimate", name)
		}
	}
	if len(found) == 0 {
		t.Error("no function returns an Estimate")
	}
}
