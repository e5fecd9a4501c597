"""Times the ways to get from a Hub to numbers, side by side.

    python bench.py OURS SERVE FOLDER WORK [--latency 50ms] [--runs 5] [--splits all_models,complete] [--whole]

OURS is the built internal/bench/hub, SERVE the built internal/hubtest/serve,
FOLDER a dataset with texts. Every run starts a fresh process with empty
caches; runs of all contenders take turns. Compared are the results, which
must be equal, and then the time from after the imports to the result, the
requests that the server saw, and the bytes that it sent.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent.parent / "hubtest" / "python"))
from server import Server, environment  # noqa: E402

OURS = "specstress"
OTHERS = ["duckdb-httpfs", "pyarrow-http", "pyarrow-hf", "hub-pandas"]


def available():
    """Contenders whose packages are here; says which are not."""
    names = [OURS]
    for name, imports in (("duckdb-httpfs", "duckdb, duckdb_extension_httpfs"), ("pyarrow-http", "aiohttp, fsspec, pyarrow"),
                          ("pyarrow-hf", "huggingface_hub, pyarrow"), ("hub-pandas", "huggingface_hub, pandas, pyarrow")):
        run = subprocess.run([sys.executable, "-c", f"import {imports}"], capture_output=True, text=True)
        if run.returncode:
            print(f"skipped: {name}: {run.stderr.strip().splitlines()[-1]}")
        else:
            names.append(name)
    return names


def once(args, server, name, split, work):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    env = environment(work, server.endpoint)
    command = [args.ours, server.endpoint, split] if name == OURS else [
        sys.executable, "-B", str(here / "contender.py"), name, server.endpoint, split, str(work / "cache")]
    server.ask("forget")
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=1800)
    if run.returncode:
        raise SystemExit(f"{name} on {split} failed:\n{run.stderr[-3000:]}")
    out = json.loads(run.stdout.splitlines()[-1])
    out["requests"], out["bytes"] = server.counts()
    shutil.rmtree(work, ignore_errors=True)
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("ours"), p.add_argument("serve"), p.add_argument("folder"), p.add_argument("work")
    p.add_argument("--latency", default="50ms")
    p.add_argument("--mbit", default="0", help="megabits a second of the line; 0 is the speed of memory")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--splits", default="all_models,complete")
    p.add_argument("--whole", action="store_true", help="also download complete with huggingface_hub, once: as many bytes as it has")
    p.add_argument("--only", default="", help="contenders, separated by commas; specstress always runs")
    args = p.parse_args()
    folder, work = pathlib.Path(args.folder), pathlib.Path(args.work)
    names = [n for n in available() if n == OURS or not args.only or n in args.only.split(",")]
    with Server(args.serve, folder, "--latency", args.latency, "--mbit", args.mbit) as server:
        for split in args.splits.split(","):
            pattern = "complete/train-*" if split == "complete" else f"data/{split}-*"
            files = sorted(folder.glob(pattern))
            size = sum(f.stat().st_size for f in files)
            results = {}
            for run in range(args.runs):
                for name in names:
                    if split == "complete" and name == "hub-pandas" and (run > 0 or not args.whole):
                        continue
                    results.setdefault(name, []).append(once(args, server, name, split, work / "run"))
            want = results[OURS][0]["result"]
            print(f"\n{split}: {want['rows']:,} rows in {len(files)} files of {size:,} bytes, {args.latency} added before every response, "
                  f"{'no limit to the rate' if args.mbit == '0' else args.mbit + ' Mbit/s'}, {os.cpu_count()} cores")
            print(f"{'':16}{'median s':>10}{'fastest':>10}{'slowest':>10}{'x ours':>8}{'requests':>10}{'MB':>10}{'of bytes':>10}  runs")
            ours = statistics.median(r["seconds"] for r in results[OURS])
            for name, runs in results.items():
                seconds = sorted(r["seconds"] for r in runs)
                median = statistics.median(seconds)
                sent = statistics.median(r["bytes"] for r in runs)
                requests = statistics.median(r["requests"] for r in runs)
                print(f"{name:16}{median:10.3f}{seconds[0]:10.3f}{seconds[-1]:10.3f}{median / ours:8.1f}{requests:10,.0f}{sent / 1e6:10.2f}{sent / size:10.2%}  {len(runs)}")
                for r in runs:
                    if r["result"] != want:
                        raise SystemExit(f"{name} differs from {OURS} on {split}: {r['result']} != {want}")
            print(f"all {len(results)} have the same result: {want['at_least_1_5']:,} scenarios at 1.5 or more, equal sums of 24 columns")
            if split == "complete" and "hub-pandas" in names and not args.whole:
                print("hub-pandas left out of complete: it would download all of it; --whole does, once")


main()
