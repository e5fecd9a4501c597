#!/bin/sh
# Makes the built-in sample as files and a damaged copy of them, reproduces
# from both, has DuckDB, pandas, statsmodels and scipy recompute the results,
# and runs the queries that `specstress explain` shows. Run by `make oracle`,
# which has built bin/specstress. Where Python or its packages cannot be had,
# it says so and succeeds: nothing was compared, nothing was found wrong.
set -eu
cd "$(dirname "$0")/../.."
here=internal/oracle
work=out/oracle
python=${PYTHON:-python3}

skip() {
	echo "oracle: skipped: $1"
	exit 0
}

can_import() { "$1" -c 'import duckdb, krippendorff, numpy, pandas, pyarrow, scipy, statsmodels' 2>/dev/null; }

command -v "$python" >/dev/null 2>&1 || skip "no $python on PATH"
mkdir -p "$work"
if ! can_import "$python"; then
	venv=$work/venv
	if ! can_import "$venv/bin/python"; then
		"$python" -m venv "$venv" >"$work/pip.log" 2>&1 ||
			skip "$python -m venv failed: $(tail -n 1 "$work/pip.log")"
		"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
			-r "$here/requirements.txt" >"$work/pip.log" 2>&1 ||
			skip "pip install -r $here/requirements.txt failed: $(tail -n 1 "$work/pip.log")"
	fi
	python=$venv/bin/python
fi

rm -rf "$work/sample" "$work/damaged"
bin/specstress sample --out "$work/sample"
"$python" -B "$here/holes.py" "$work/sample" "$work/damaged"
for data in sample damaged; do
	echo "== $data"
	bin/specstress reproduce --data "$work/$data" --out "$work/$data-results"
	"$python" -B "$here/oracle.py" "$work/$data" "$work/$data-results/results.json"
	bin/specstress explain --data "$work/$data" --json >"$work/$data-results/explained.json"
	# All on the sample, a few of each family where positions and verdicts are
	# missing: together some two minutes.
	each=$([ "$data" = sample ] || echo 3)
	"$python" -B "$here/explained.py" "$work/$data-results/explained.json" "$work/$data-results/results.json" $each
done
