"""Makes verdicts.csv, invented verdicts with gaps and repeats, and
verdicts.json, what pandas and statsmodels say of them.

    pip install numpy==2.4.6 pandas==3.1.1 statsmodels==0.15.0
    python3 verdicts.py
"""

import itertools
import json

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

MODELS = ["model_a", "model_b", "model_c", "model_d", "model_e"]
JUDGES = ["strict", "middle", "mild"]
BINS = ["low", "mid", "high"]


def make():
    rng = np.random.default_rng(20251023)
    rows = []
    for scenario in range(240):
        cluster = scenario // 3 if scenario % 2 else 100 + scenario
        bin_ = BINS[scenario % 3]
        trouble = rng.normal({"low": -1.5, "mid": 0.0, "high": 1.2}[bin_], 1)
        for model in MODELS:
            if rng.random() < 0.01:
                continue
            badness = trouble + rng.normal(0, 0.7)
            row = dict(scenario=scenario, bin=bin_, cluster=cluster, model=model)
            for judge, bar in zip(JUDGES, (-0.3, 0.0, 0.4)):
                x = badness + rng.normal(0, 0.6)
                verdict = "compliant" if x < bar else "ambiguous" if x < bar + 0.4 else "non-compliant"
                row[judge] = "" if rng.random() < 0.008 else verdict
            rows.append(row)
            if rng.random() < 0.004:
                rows.append(dict(row))
    table = pd.DataFrame(rows)
    return table.iloc[rng.permutation(len(table))]


def expect(table):
    table = table.drop_duplicates().replace("", pd.NA)
    assert not table.duplicated(["scenario", "model"]).any()
    bins = table.groupby("scenario")["bin"].first()
    clusters = table.groupby("scenario")["cluster"].first()
    grid = pd.MultiIndex.from_product([bins.index, MODELS], names=["scenario", "model"])
    wide = table.set_index(["scenario", "model"]).reindex(grid)[JUDGES]

    def outcome(verdicts, rule):
        bad = verdicts.isin(["non-compliant", "ambiguous"]).sum(axis=1)
        flagged = bad >= (1 if rule == "any" else 2)
        per = flagged.groupby(level="scenario").sum()
        return per == 0, per == 5

    compliance = []
    complete = wide.notna().all(axis=1).groupby(level="scenario").all()
    present = pd.Series(grid.isin(table.set_index(["scenario", "model"]).index), index=grid)
    no_row = ~present.groupby(level="scenario").all()
    for rule, bin_ in itertools.product(["majority", "any"], BINS + [""]):
        mine = bins.index if bin_ == "" else bins.index[bins == bin_]
        passes, fails = (s.loc[mine] for s in outcome(wide, rule))
        best_pass, best_fail = (s.loc[mine] for s in outcome(wide.fillna("compliant"), rule))
        worst_pass, worst_fail = (s.loc[mine] for s in outcome(wide.fillna("non-compliant"), rule))
        ok = complete.loc[mine]
        compliance.append(dict(
            rule=rule, bin=bin_, scenarios=int(ok.sum()), undecided=int((~ok).sum()),
            clusters=int(clusters.loc[mine][ok].nunique()),
            missing_response=int(no_row.loc[mine].sum()),
            missing_verdict=int((~ok & ~no_row.loc[mine]).sum()),
            all_pass=float(passes[ok].mean()), all_fail=float(fails[ok].mean()),
            fail=[int(best_fail.sum()), int(worst_fail.sum())],
            passing=[int(worst_pass.sum()), int(best_pass.sum())]))

    bad = table[JUDGES].isin(["non-compliant", "ambiguous"]).where(table[JUDGES].notna())
    pairs = []
    for a, b in itertools.combinations(JUDGES, 2):
        both = bad[[a, b]].dropna()
        pairs.append(dict(a=a, b=b, n=len(both), agreement=float((both[a] == both[b]).mean())))
    rated = table.dropna(subset=JUDGES)

    def kappa(verdicts):
        return float(fleiss_kappa(aggregate_raters(verdicts.to_numpy().astype(str))[0]))

    def spread(verdicts):
        """Standard error by a cluster bootstrap of 20,000 replicates."""
        counts = aggregate_raters(verdicts.to_numpy().astype(str))[0]
        agree = (counts * (counts - 1)).sum(axis=1) / 6
        sums = pd.DataFrame(np.column_stack([np.ones(len(counts)), agree, counts]))
        sums = sums.groupby(rated["cluster"].to_numpy()).sum().to_numpy()
        rng = np.random.default_rng(7)
        total = rng.multinomial(len(sums), np.ones(len(sums)) / len(sums), size=20000) @ sums
        observed = total[:, 1] / total[:, 0]
        chance = ((total[:, 2:] / (3 * total[:, :1])) ** 2).sum(axis=1)
        k = (observed - chance) / (1 - chance)
        return dict(se=float(k.std(ddof=1)), lo=float(np.quantile(k, 0.025)), hi=float(np.quantile(k, 0.975)))

    def disagreement(scenario):
        """Invented; None where it is not known."""
        return None if scenario % 29 == 0 else (scenario * 7 % 31) / 10

    def tests(rule):
        fails = outcome(wide, rule)[1][complete].astype(float)
        cluster, score = clusters[complete], bins[complete].map(BINS.index)
        # Sandwich variance of sum(score * (fail - mean)), scores about their mean.
        u = (score - score.mean()) * (fails - fails.mean())
        by = u.groupby(cluster.to_numpy()).sum()
        z = by.sum() / np.sqrt((by**2).sum() * len(by) / (len(by) - 1))
        d = pd.Series({s: disagreement(s) for s in fails.index}, dtype=float)
        known = d.notna()
        fit = sm.GLM(fails[known].to_numpy(), sm.add_constant(d[known].to_numpy()), family=sm.families.Binomial()).fit(
            tol=1e-14, cov_type="cluster", cov_kwds={"groups": cluster[known].to_numpy()}, use_t=True)
        # Ratio of the last bin over the middle one, drawn with their clusters.
        low, high = ((score == k).to_numpy() for k in (1, 2))
        sums = pd.DataFrame(np.column_stack([fails * low, low, fails * high, high]).astype(float)).groupby(cluster.to_numpy()).sum().to_numpy()
        sums = sums[(sums[:, 1] > 0) | (sums[:, 3] > 0)]
        total = np.random.default_rng(7).multinomial(len(sums), np.ones(len(sums)) / len(sums), size=20000) @ sums
        a, b = total[:, 2] / total[:, 3], total[:, 0] / total[:, 1]
        return dict(
            rule=rule, n=len(fails), clusters=len(by), z=float(z),
            ratio=float(fails[high].mean() / fails[low].mean()), difference=float(fails[high].mean() - fails[low].mean()),
            ratio_limits=[float(x) for x in np.quantile(a[b > 0] / b[b > 0], [0.025, 0.975])],
            difference_limits=[float(x) for x in np.quantile(a - b, [0.025, 0.975])],
            fitted=int(known.sum()), beta=list(map(float, fit.params)), se=list(map(float, fit.bse)), p=list(map(float, fit.pvalues)))

    discordant = []
    for a, b in itertools.combinations(JUDGES, 2):
        both = table[["cluster"]].join(bad[[a, b]]).dropna()
        x, y = both[a].astype(int), both[b].astype(int)
        discordant.append(dict(only_a=int((x > y).sum()), only_b=int((x < y).sum()), n=len(both),
                               nets=sorted(int(k) for k in (x - y).groupby(both["cluster"]).sum() if k != 0)))

    binary = rated[JUDGES].isin(["non-compliant", "ambiguous"])
    return dict(
        compliance=compliance,
        flag_rate=[dict(judge=j, n=int(bad[j].count()), rate=float(bad[j].dropna().mean())) for j in JUDGES],
        pairs=pairs, rated=len(rated), clusters=int(rated["cluster"].nunique()),
        binary=dict(kappa=kappa(binary), **spread(binary)),
        three=dict(kappa=kappa(rated[JUDGES]), **spread(rated[JUDGES])),
        tests=[tests("majority"), tests("any")], discordant=discordant)


if __name__ == "__main__":
    made = make()
    made.to_csv("verdicts.csv", index=False, lineterminator="\n")
    with open("verdicts.json", "w") as f:
        json.dump(expect(made), f, indent=1)
        f.write("\n")
