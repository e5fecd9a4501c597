#!/bin/sh
# Times specstress against DuckDB, pyarrow and huggingface_hub reading from a
# local Hub that takes 50 ms to answer; make bench-hub calls it. Arguments go
# to bench.py. The dataset has texts, for these are what is not to be
# fetched: ROWS scenarios of config complete, the other splits in
# proportion. ROWS=0 is the published size, about 11 GB in out/bench-hub.
# Loopback moves bytes as fast as memory, so who fetches more of them pays
# less here than on any real network; --mbit 100 gives it the speed of one.
# Contenders whose packages cannot be installed are left out, and said to be.
set -eu
cd "$(dirname "$0")/../../.."
here=internal/bench/hub
work=out/bench-hub
python=${PYTHON:-python3}
rows=${ROWS:-41100}
mkdir -p "$work"

go build -o "$work/" ./cmd/specstress ./internal/hubtest/serve
go build -o "$work/ours" "./$here"
if [ "$(cat "$work/sample.rows" 2>/dev/null)" != "$rows" ]; then
	rm -rf "$work/sample"
	"$work/specstress" sample --out "$work/sample" --rows "$rows" --text
	echo "$rows" >"$work/sample.rows"
fi
[ "$rows" = 0 ] || echo "scaled: $rows scenarios in complete, the published dataset has about 411,000"

venv=$work/venv
if ! "$venv/bin/python" -c 'import huggingface_hub, pandas, pyarrow, duckdb' 2>/dev/null; then
	"$python" -m venv "$venv"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" >"$work/pip.log" 2>&1 ||
		echo "pip: $(tail -n 1 "$work/pip.log")"
fi
exec "$venv/bin/python" -B "$here/bench.py" "$work/ours" "$work/serve" "$work/sample" "$work" "$@"
