#!/bin/sh
# The whole battery over the synthetic sample's scenarios here, in DuckDB,
# polars, pandas and arrow-go: same files, same threads, in turn, all results
# compared. make bench-peers calls it.
#
#	ROUNDS=7 TEXT=yes sh run.sh
#
# With TEXT=yes the files have made-up responses as the published ones do:
# 8 GB, which only the footers and the gaps between columns feel. Where Python
# or a peer cannot be had, it says so and fails: nothing was measured.
set -eu
cd "$(dirname "$0")/../../.."
here=internal/bench/peers
work=out/bench-peers
python=${PYTHON:-python3}
mkdir -p "$work"
export SPECSTRESS_CACHE="$PWD/$work/cache" CGO_ENABLED=0

if ! "$work/venv/bin/python" -c 'import duckdb, polars, pandas, pyarrow' 2>/dev/null; then
	"$python" -m venv "$work/venv"
	"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
fi
go build -o "$work/specstress" ./cmd/specstress
go build -o "$work/peers" "./$here"
(cd "$here/arrowgo" && go build -o "../../../../$work/arrowgo" .) || echo 'arrow-go left out: it does not build'

data=$work/sample${TEXT:+-text}
[ -d "$data" ] || "$work/specstress" sample --out "$data" ${TEXT:+--text} >/dev/null
for split in complete/complete data/all_models; do
	files="$data/${split%/*}/*.parquet"
	[ "$split" = complete/complete ] || files="$data/$split-*.parquet"
	"$work/specstress" pack "$files" >/dev/null
	"$work/venv/bin/python" -B "$here/compare.py" "$work/peers" "$work/arrowgo" "$files" "${split#*/}" "${ROUNDS:-7}"
	echo
done
"$work/peers" grow
