"""Bradley-Terry fits: this repository against scipy, side by side.

    python compare.py PROGRAM [--rounds 7] [--draws 50]

PROGRAM is the Go side, built from this folder. Both fit the same contests,
those of the sample's split all_models, model by model:

    logit P(first wins) = order + theta[first] - theta[second] + nudge*b

with a ridge of 1 on theta, ties dropped. scipy minimises by L-BFGS-B, the
gradient by numpy.bincount. With its default settings it stops where abilities
are still off by some hundredths, which moves places in a ranking; so it is also
told to go on until the loss changes by less than 1e-12 of itself, and the
targets are held against that. Rounds alternate between the programs, so that a
busy machine is busy for all. Then both draw clusters with replacement and fit
every model again, starting from its fit, model by model in turn; Go does so on
one core and on all. (Go's refits include the ranks and intervals made of them.)

Exit status 1: a fit differs or a target is missed (25 times faster per fit at a
thousandth of the gradient, 30 times for refits on all cores).

Last run with Python 3.11.7, numpy 2.4.6, scipy 1.17.1.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import expit

RIDGE = 1.0
TIGHT = {"ftol": 1e-12}


class Problem:
    """The penalised negative log-likelihood of some weighted contests."""

    def __init__(self, values, first, second, nudge, y, weights=None):
        if weights is not None:
            keep = weights > 0
            first, second, nudge, y, weights = first[keep], second[keep], nudge[keep], y[keep], weights[keep]
        self.values, self.first, self.second, self.nudge, self.y, self.weights = values, first, second, nudge, y, weights

    def __call__(self, x):
        v = self.values
        theta, order, nudge = x[:v], x[v], x[v + 1]
        z = order + theta[self.first] - theta[self.second] + nudge * self.nudge
        loss = np.logaddexp(0, z) - self.y * z
        r = expit(z) - self.y
        if self.weights is not None:
            loss *= self.weights
            r *= self.weights
        g = np.empty(v + 2)
        g[:v] = np.bincount(self.first, r, v) - np.bincount(self.second, r, v) + RIDGE * theta
        g[v], g[v + 1] = r.sum(), r @ self.nudge
        return loss.sum() + RIDGE / 2 * theta @ theta, g

    def fit(self, start, **options):
        return minimize(self, start, jac=True, method="L-BFGS-B", options=options).x

    def largest_gradient(self, x):
        return np.abs(self(np.asarray(x))[1]).max()


class Go:
    def __init__(self, program, folder, cores):
        env = dict(os.environ)
        if cores:
            env["GOMAXPROCS"] = str(cores)
        self.process = subprocess.Popen([program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the Go side ended early")
        return json.loads(line)

    def do(self, command):
        print(command, file=self.process.stdin, flush=True)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--draws", type=int, default=50)
    options = options.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        one, all_cores = Go(options.program, folder, 1), Go(options.program, folder, None)
        models, values, rows = one.about["models"], one.about["values"], one.about["rows"]
        read = lambda name, kind: np.fromfile(os.path.join(folder, name), kind)
        first, second, cluster = read("first", "<i4"), read("second", "<i4"), read("cluster", "<i4")
        nudge, outcome = read("nudge", "i1").astype(float), read("outcome", "i1").reshape(len(models), rows)
    counts = outcome >= 0
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{values} values, {rows} scenarios, {counts.sum(1).min()} to {counts.sum(1).max()} contests that count")

    problems = [Problem(values, first[k], second[k], nudge[k], y[k].astype(float)) for k, y in zip(counts, outcome)]
    go_ms, scipy_ms = [], {"default": [], "tight": []}
    x = {}
    for _ in range(options.rounds):
        answer = one.do("fit")
        go_ms.append(answer["ms"])
        x["Go"] = [np.asarray(v) for v in answer["x"]]
        for name, settings in ("default", {}), ("tight", TIGHT):
            times, x[name] = [], []
            for problem in problems:
                start = time.perf_counter()
                x[name].append(problem.fit(np.zeros(values + 2), **settings))
                times.append((time.perf_counter() - start) * 1e3)
            scipy_ms[name].append(times)
    go_ms = np.array(go_ms)
    gradient = {name: np.median([p.largest_gradient(v) for p, v in zip(problems, fits)]) for name, fits in x.items()}
    print(f"one fit on one core, median of {go_ms.size}: Go {np.median(go_ms):.2f} ms [{go_ms.min():.2f}-{go_ms.max():.2f}], gradient {gradient['Go']:.2g}")
    faster = {}
    for name, times in scipy_ms.items():
        times = np.array(times)
        # Round by round, so that both sides met the same load.
        ratios = np.median(times, axis=1) / np.median(go_ms, axis=1)
        faster[name] = np.median(ratios)
        apart = max(np.abs(v - w).max() for v, w in zip(x["Go"], x[name]))
        loss = max(p(v)[0] - p(w)[0] for p, v, w in zip(problems, x["Go"], x[name]))
        print(f"scipy, {name}: {np.median(times):.0f} ms [{times.min():.0f}-{times.max():.0f}], gradient {gradient[name]:.2g}; "
              f"Go is {faster[name]:.1f} times as fast [{ratios.min():.1f}-{ratios.max():.1f} by round], "
              f"gradient {gradient[name] / gradient['Go']:.2g} times smaller; parameters {apart:.2g} apart, Go's loss higher by {loss:.2g}")

    rng = np.random.default_rng(1)
    all_cores.do("fit")
    seconds = {"scipy": 0.0, "one": 0.0, "all": 0.0}
    for m, (k, y, fitted) in enumerate(zip(counts, outcome, x["Go"])):
        for name, go in ("one", one), ("all", all_cores):
            seconds[name] += go.do(f"refit {m} {options.draws}")["s"]
        _, unit = np.unique(cluster[k], return_inverse=True)
        clusters = unit.max() + 1
        drawn = [np.bincount(rng.integers(clusters, size=clusters), minlength=clusters)[unit].astype(float) for _ in range(options.draws)]
        start = time.perf_counter()
        for weights in drawn:
            Problem(values, first[k], second[k], nudge[k], y[k].astype(float), weights).fit(fitted, **TIGHT)
        seconds["scipy"] += time.perf_counter() - start
    refits = seconds["scipy"] / seconds["all"]
    print(f"{options.draws} x {len(models)} refits: scipy, tight {seconds['scipy']:.1f} s; Go on one core {seconds['one']:.2f} s, "
          f"{seconds['scipy'] / seconds['one']:.1f} times as fast; on all {seconds['all']:.2f} s, {refits:.1f} times as fast "
          f"(load {os.getloadavg()[0]:.1f})")
    one.close()
    all_cores.close()

    missed = []
    if apart > 0.01 or loss > 1e-6:
        missed.append("the fits differ")
    if faster["tight"] < 25 or gradient["tight"] < 1000 * gradient["Go"]:
        missed.append("a fit is not 25 times as fast at a thousandth of the gradient")
    if refits < 30:
        missed.append("refits are not 30 times as fast")
    if missed:
        sys.exit("bench-ranking: " + "; ".join(missed))


main()
