"""k-center selection: this repository against NumPy, scikit-learn and FAISS.

    python compare.py PROGRAM WORK [--scale 1] [--rounds 3] [--only NAME,...]

PROGRAM is the Go side, built from this folder; vectors are written to WORK.
They are drawn with a seed: unit vectors around 600 topics of uneven size,
with noise, as embeddings of texts are; or, for the worst case, with no
clusters at all. --scale multiplies all row counts.

NumPy goes through all points for every selected one, X @ x with OpenBLAS on
all cores, which is what a NumPy program would do; scikit-learn's
euclidean_distances and FAISS' pairwise_distances do the same work and are
timed for some of the selected points. Where that would take minutes, NumPy's
time is that of its first centres times their number, which is said. Rounds
alternate between the programs, so that a busy machine is busy for all.

Go's dense method uses Go's own kernel on all cores; lazy evaluation must give
its selection exactly. NumPy computes 2-2xy in float32 and may order near ties
otherwise; how long its selection is the same is printed.

Exit status 1: a selection differs or a target is missed.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
import threadpoolctl

TOPICS, LATENT = 600, 48


def generate(path, n, dim, clusters, seed=3):
    """Writes n unit vectors as .npy, block by block."""
    if path.exists():
        return
    rng = np.random.default_rng(seed)
    basis = (rng.standard_normal((LATENT, dim)) * 0.93 ** np.arange(LATENT)[:, None] / np.sqrt(dim)).astype(np.float32)
    topics = rng.standard_normal((TOPICS, LATENT)).astype(np.float32)
    half = path.with_suffix(".half")
    out = np.lib.format.open_memmap(half, "w+", np.float32, (n, dim))
    block = 8192
    for start in range(0, n, block):
        rng = np.random.default_rng([seed, start])  # the same rows whatever n is
        x = rng.standard_normal((block, dim), dtype=np.float32)
        if clusters:
            topic = topics[(rng.random(block) ** 2 * TOPICS).astype(int)]
            within = rng.uniform(0.25, 0.75, (block, 1)).astype(np.float32)
            y = (topic + within * rng.standard_normal((block, LATENT), dtype=np.float32)) @ basis
            x *= 0.15 * np.linalg.norm(y, axis=1, keepdims=True) / np.sqrt(dim)
            x += y
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        out[start:start + block] = x[:n - start]
    del out
    half.rename(path)


def weights_of(n):
    u = ((np.arange(n, dtype=np.uint64) * 2654435761) & 0xFFFFFFFF) / 2.0**32
    return 1.5 + 1.5 * u * u


class Go:
    def __init__(self, program, path):
        self.process = subprocess.Popen([program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.opened = json.loads(self.process.stdout.readline())

    def do(self, method, k, threshold, weighted):
        self.process.stdin.write(f"{method} {k} {threshold!r} {'weights' if weighted else 'plain'}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def dense_numpy(x, k, threshold, weights):
    """Farthest-first from row 0; returns rows and seconds."""
    start = time.perf_counter()
    near = np.full(len(x), np.inf, np.float32)
    square = None if weights is None else (weights * weights).astype(np.float32)
    limit = -1 if threshold < 0 else threshold * threshold
    rows = [0]
    while True:
        d = x @ x[rows[-1]]
        np.multiply(d, -2, out=d)
        d += 2
        np.minimum(near, d, out=near)
        score = near if square is None else near * square
        best = int(score.argmax())
        if score[best] <= limit or len(rows) == k:
            return rows, time.perf_counter() - start
        rows.append(best)


def per_centre(x, rows, count=20):
    """Seconds a centre that other libraries take for the distances alone."""
    import faiss
    from sklearn.metrics.pairwise import euclidean_distances
    out = {}
    norms = np.ones((len(x), 1), np.float32)
    for name, f in (("scikit-learn", lambda c: euclidean_distances(x, c, X_norm_squared=norms, squared=True)),
                    ("FAISS", lambda c: faiss.pairwise_distances(c, x))):
        f(x[:1])
        start = time.perf_counter()
        for row in rows[:count]:
            f(x[row:row + 1])
        out[name] = (time.perf_counter() - start) / min(count, len(rows))
    return out


def same_length(a, b):
    n = min(len(a), len(b))
    differ = np.nonzero(np.asarray(a[:n]) != np.asarray(b[:n]))[0]
    return n if len(differ) == 0 else int(differ[0])


missed = []


def section(options, name, n, dim, k, clusters, weighted, to_threshold, target, over="numpy", numpy_centres=None, check_dense=False):
    if options.only and name not in options.only:
        return
    n = max(2000, int(n * options.scale))
    k = max(50, int(k * options.scale)) if options.scale < 1 else k
    path = pathlib.Path(options.work) / f"{'topics' if clusters else 'sphere'}-{n}-{dim}.npy"
    generate(path, n, dim, clusters)
    x = np.load(path, mmap_mode="r")
    x = np.asarray(x)
    weights = weights_of(n) if weighted else None
    go = Go(options.program, str(path))
    threshold = -1.0
    if to_threshold:  # the one that needs about k centres on these data
        threshold = go.do("lazy", k, -1.0, weighted)["radius"]
    centres = min(numpy_centres or k, k)
    lazy, numpy_s, dense_s = [], [], []
    for _ in range(options.rounds):
        a = go.do("lazy", 0 if to_threshold else k, threshold, weighted)
        lazy.append(a["s"])
        if over == "dense" or check_dense:
            b = go.do("dense", 0 if to_threshold else k, threshold, weighted)
            dense_s.append(b["s"])
            if b["rows"] != a["rows"] or b["radius"] != a["radius"]:
                missed.append(f"{name}: lazy and dense selections differ")
        rows, s = dense_numpy(x, centres, -1.0, weights)
        numpy_s.append(s / centres * len(a["rows"]))
    k = len(a["rows"])
    others = per_centre(x, a["rows"])
    go.close()
    slow = dense_s if over == "dense" else numpy_s
    ratios = [s / l for s, l in zip(slow, lazy)]
    ratio = statistics.median(ratios)
    how = "" if centres >= k else f" (its first {centres} centres, {1e3 * statistics.median(numpy_s) / k:.2f} ms each, times k)"
    print(f"{name}: n={n:,} d={dim} k={k:,}{f' to {threshold:.4f}' if to_threshold else ''}{' weighted' if weighted else ''}", flush=True)
    print(f"  Go lazy {statistics.median(lazy):.3f} s [{min(lazy):.3f}-{max(lazy):.3f}], {100 * a['distances'] / n / k:.1f}% of the distances; "
          f"opened and checked in {go.opened['s']:.2f} s; memory {a['memory']}")
    if dense_s:
        print(f"  Go dense {statistics.median(dense_s):.3f} s, {statistics.median(d / l for d, l in zip(dense_s, lazy)):.1f} times as long; selection exactly the same")
    print(f"  NumPy {statistics.median(numpy_s):.2f} s{how}: {statistics.median(s / l for s, l in zip(numpy_s, lazy)):.1f} times as long; "
          f"same selection for the first {same_length(rows, a['rows']):,} of {len(rows):,}")
    for other, s in others.items():
        print(f"  {other}, distances alone {1e3 * s:.2f} ms a centre, times k {s * k:.1f} s: {s * k / statistics.median(lazy):.1f} times as long")
    print(f"  target: {target}x {over}; reached {ratio:.1f}x [{min(ratios):.1f}-{max(ratios):.1f} by round]; load {os.getloadavg()[0]:.1f}", flush=True)
    if ratio < target:
        missed.append(f"{name}: {ratio:.1f} times, want {target}")


def cost_model(options, rows, dim, threshold_k):
    """Fits distances = c*n^e and seconds = b*distances*dim at small n, to one
    threshold, and compares what they expect of the largest run with it. (Going
    through all points once, which every selection starts with, is among the
    distances.)"""
    if options.only and "model" not in options.only:
        return
    points = []
    threshold = None
    for n in rows:
        n = max(2000, int(n * options.scale))
        path = pathlib.Path(options.work) / f"topics-{n}-{dim}.npy"
        generate(path, n, dim, True)
        go = Go(options.program, str(path))
        if threshold is None:
            threshold = go.do("lazy", threshold_k, -1.0, False)["radius"]
        runs = [go.do("lazy", 0, threshold, False) for _ in range(options.rounds)]
        go.close()
        s = statistics.median(r["s"] for r in runs)
        points.append((n, len(runs[0]["rows"]), runs[0]["distances"], s))
        print(f"model: n={n:,} d={dim} to {threshold:.4f}: k={points[-1][1]:,}, {points[-1][2]:.4g} distances, {s:.2f} s, memory {runs[0]['memory']}", flush=True)
        path.unlink()
    fit, (n, k, distances, seconds) = np.array(points[:-1], float), points[-1]
    e, logc = np.polyfit(np.log(fit[:, 0]), np.log(fit[:, 2]), 1)
    per_element = np.median(fit[:, 3] / (fit[:, 2] * dim))
    expected = np.exp(logc) * n**e
    print(f"model: distances {np.exp(logc):.3g} n^{e:.2f}; {1e9 * per_element:.4f} ns a distance's element; "
          f"at n={n:,} expects {expected:.4g} distances and {per_element * expected * dim:.2f} s "
          f"({per_element * distances * dim:.2f} s for the {distances:.4g} that it took); measured {seconds:.2f} s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("work")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=lambda s: s.split(","), default=None)
    options = parser.parse_args()
    pathlib.Path(options.work).mkdir(parents=True, exist_ok=True)
    for d in threadpoolctl.threadpool_info():
        print(f"BLAS: {d['internal_api']} {d.get('version')}, kernel {d.get('architecture')}, {d['num_threads']} threads")
    print(f"numpy {np.__version__}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    n = 43_960
    section(options, "k", n, 384, 1000, True, True, False, 8, check_dense=True)
    section(options, "threshold-384", n, 384, 2000, True, True, True, 15, numpy_centres=1000)
    section(options, "threshold-3072", n, 3072, 1868, True, True, True, 15, numpy_centres=100)
    section(options, "worst", n, 384, 1000, False, False, False, 4, over="dense")
    section(options, "large", 411_000, 384, 6600, True, True, True, 25, numpy_centres=60)
    cost_model(options, [25_000, 50_000, 100_000, 411_000], 3072, 400)
    print(f"highest memory of this side {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if missed:
        sys.exit("bench-kcenter: " + "; ".join(missed))


main()
