"""Copy a dataset folder, damaging it the way real files may be damaged.

    python holes.py FROM TO

Positions go missing, lie outside 0..6, or come as doubles; responses and
verdicts go missing, and verdicts come in other spellings and in no known one;
labels go missing, come twice, in other spellings and in no known one, and
contradict each other. A file without such things says little about
the rules for them. Seeded, so that every copy is the same.
"""

import os
import shutil
import sys

import numpy as np
import pandas as pd

if len(sys.argv) != 3:
    sys.exit(__doc__)
source, target = sys.argv[1:]
rng = np.random.default_rng(1)


def some(rows, share):
    return rng.random(len(rows)) < share


def damage(table, doubles):
    for c in table.columns:
        if c.endswith("_position"):
            column = table[c].astype("float64")
            column[some(table, 0.02)] = np.nan
            column[some(table, 0.001)] = 9
            column[some(table, 0.001)] = -1
            if doubles:
                column[some(table, 0.001)] = 2.5
            table[c] = column if doubles else column.astype("Int64")
        elif c.endswith("_decision"):
            table[c] = table[c].astype(object)
            table.loc[some(table, 0.01), c] = None
            table.loc[some(table, 0.01), c] = "no decision"
            table.loc[(table[c] == "non-compliant") & some(table, 0.1), c] = "Non_Compliant"
            table.loc[(table[c] == "compliant") & some(table, 0.1), c] = "COMPLIANT"
    if "label_set" in table:
        table["label"] = table["label"].astype(object)
        table.loc[some(table, 0.02), "label"] = "No Such Label"
        shout = some(table, 0.05) & table["label"].notna()
        table.loc[shout, "label"] = table.loc[shout, "label"].str.upper().str.replace(" ", "_")
        twice, other = table[some(table, 0.01)], table[some(table, 0.01)].copy()
        other["label"] = None
        clash = table[some(table, 0.01)].copy()
        clash["label"] = rng.permutation(clash["label"].to_numpy())
        table = pd.concat([table, twice, other, clash], ignore_index=True)
    if "model" in table:
        table = table[~some(table, 0.01)]
    return table


for folder, _, names in sorted(os.walk(source)):
    to = os.path.join(target, os.path.relpath(folder, source))
    os.makedirs(to, exist_ok=True)
    for i, name in enumerate(sorted(names)):
        path = os.path.join(folder, name)
        if name.endswith(".parquet"):
            damage(pd.read_parquet(path), doubles=i % 2 == 1).to_parquet(os.path.join(to, name), index=False)
        else:
            shutil.copy(path, to)
