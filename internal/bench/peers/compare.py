"""Times the battery in all contenders, in turn, and prints medians and ratios.

    python compare.py PEERS ARROWGO FILES SPLIT ROUNDS [TOOL...]

PEERS and ARROWGO are the programs built from main.go and arrowgo/main.go.
Each round starts every contender once, as a process of its own, so that
what disturbs the machine disturbs all; the first round warms the file cache
and does not count. Times leave out the start of the process and imports;
memory is the peak of the whole process. All must find the same: counts
equal, correlations within 1e-9. The exit status is 1 when one does not.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

THREADS = "2"
OURS = {"specstress, files": "files", "specstress, packed": "pack"}
PYTHON = {"DuckDB, parquet": "duckdb", "DuckDB, own file": "duckdb-native", "DuckDB, stddev_pop": "duckdb-idiomatic",
          "polars": "polars", "pandas + pyarrow": "pandas"}
# Load is what a tool pays before it can compute; on data in memory it is left out.
IN_MEMORY = {"DuckDB, own file", "pandas + pyarrow"}


def run(command):
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, env=os.environ | {"GOMAXPROCS": THREADS, "POLARS_MAX_THREADS": THREADS})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit status {child.returncode}")
        out.seek(0)
        report = json.load(out)
    report["peak_mb"] = usage.ru_maxrss / 1024
    return report


def differences(ours, theirs):
    for key in ours:
        if key not in theirs or key in ("load_ms", "total_ms", "peak_mb"):
            continue
        if key == "correlations":
            if any(abs(ours[key][pair] - theirs[key][pair]) > 1e-9 for pair in ours[key]):
                yield key
        elif ours[key] != theirs[key]:
            yield key


def main():
    peers, arrowgo, files, split, rounds = sys.argv[1:6]
    only = sys.argv[6:]
    here = os.path.dirname(os.path.abspath(__file__))
    commands = {name: [peers, files, split, how] for name, how in OURS.items()}
    if os.path.exists(arrowgo):
        commands["arrow-go + our battery"] = [arrowgo, files]
    commands |= {name: [sys.executable, "-B", os.path.join(here, "battery.py"), tool, files, THREADS] for name, tool in PYTHON.items()}
    if only:
        commands = {name: c for name, c in commands.items() if name in OURS or name in only}
    runs = {name: [] for name in commands}
    truth, wrong = None, []
    for r in range(int(rounds) + 1):
        for name, command in commands.items():
            report = run(command)
            if truth is None:
                truth = report
                scenarios = sum(truth["histograms"]["all_models"])
            elif r == 0:
                wrong += [f"{name}: {key}" for key in differences(truth, report)]
                if name == "DuckDB, stddev_pop":
                    off = {s: report["high"][s] - truth["high"][s] for s in truth["high"]}
            if r > 0:
                runs[name].append(report)
    print(f"{split}: {scenarios} scenarios with a disagreement, {THREADS} threads, {rounds} rounds")
    print(f"{'':<24} {'load ms':>9} {'total ms':>9} {'[least, most]':>18} {'peak MB':>8} {'files':>7} {'packed':>7}")
    median = {name: {k: statistics.median(r[k] for r in of) for k in ("load_ms", "total_ms", "peak_mb")} for name, of in runs.items()}
    ours = [median[name]["total_ms"] for name in OURS]
    for name, m in median.items():
        total = [r["total_ms"] - (r["load_ms"] if name in IN_MEMORY else 0) for r in runs[name]]
        t = statistics.median(total)
        print(f"{name:<24} {m['load_ms']:>9.1f} {t:>9.1f} {f'[{min(total):.1f}, {max(total):.1f}]':>18} {m['peak_mb']:>8.0f} "
              f"{t / ours[0]:>6.1f}x {t / ours[1]:>6.1f}x")
    print("files, packed: times the total of specstress from the files, from the packed form.")
    print("DuckDB on its own file and pandas: total without load, as if the data were there already.")
    if "DuckDB, stddev_pop" in runs:
        print("DuckDB, stddev_pop does shares at 1.5 only; scenarios too many or too few by rounding:", off)
        wrong = [w for w in wrong if not w.startswith("DuckDB, stddev_pop")]
    print("all others found the same" if not wrong else "DIFFERENT: " + ", ".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
