#!/bin/sh
# The whole way from an empty cache to every result, on a local server that
# behaves like the Hub; make hub calls it, which has built bin/specstress.
# Serves the built-in sample as the published repository, points HF_ENDPOINT
# there, runs every command that reads data and one notebook on its hf://
# address, then all again offline with the server stopped, and compares what
# came out. Prints requests and bytes of each command. Then huggingface_hub
# is run on the same server and caches, where Python can be had; where not,
# it says so and succeeds.
set -eu
cd "$(dirname "$0")/../.."
here=internal/hubtest
work=$PWD/out/hub
python=${PYTHON:-python3}
rows=${ROWS:-20000}
src=hf://datasets/jifanz/stress_testing_model_spec
mkdir -p "$work"
go build -o "$work/" ./internal/hubtest/serve ./internal/hubtest/ask
bin=$PWD/bin/specstress

# Nothing of the caller's own caches, tokens and proxies.
unset HF_TOKEN HF_TOKEN_PATH HF_HUB_CACHE HUGGINGFACE_HUB_CACHE HF_HUB_OFFLINE HF_HUB_DOWNLOAD_TIMEOUT \
	HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy || true
export HF_HOME="$work/home" SPECSTRESS_CACHE="$work/cache" HF_HUB_DISABLE_PROGRESS_BARS=1
rm -rf "$HF_HOME" "$SPECSTRESS_CACHE" "$work/first" "$work/offline" "$work/folder"

if [ "$(cat "$work/sample.rows" 2>/dev/null)" != "$rows" ]; then
	rm -rf "$work/sample"
	"$bin" sample --out "$work/sample" --rows "$rows" --text
	echo "$rows" >"$work/sample.rows"
fi
echo "sample: $(du -sk "$work/sample" | cut -f1) KiB, $rows scenarios in complete, with simulated texts"

rm -f "$work/endpoint"
"$work/serve" --dir "$work/sample" >"$work/endpoint" 2>"$work/serve.log" &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s "$work/endpoint" ] && break
	sleep 0.5
done
HF_ENDPOINT=$(cat "$work/endpoint")
[ -n "$HF_ENDPOINT" ] || { cat "$work/serve.log"; exit 1; }
export HF_ENDPOINT

# step NAME COMMAND...: runs it, and says what it cost.
step() {
	name=$1
	shift
	[ -z "$server" ] || "$work/ask" "$HF_ENDPOINT" forget >/dev/null
	if ! "$@" >"$work/$name.out" 2>"$work/$name.log"; then
		echo "$name: FAILED: $*"
		tail -n 20 "$work/$name.out" "$work/$name.log"
		exit 1
	fi
	if [ -n "$server" ]; then
		echo "$name: $("$work/ask" "$HF_ENDPOINT" counts)"
	else
		echo "$name: done without a network"
	fi
}

# all INTO SOURCE: every command that reads data.
all() {
	into=$1
	from=$2
	mkdir -p "$into"
	step info "$bin" info "$from"
	step check "$bin" check "$from"
	step export-disagreement "$bin" export disagreement --data "$from" --out "$into/disagreement.csv"
	step export-positions "$bin" export positions --data "$from" --out "$into/positions.csv"
	step export-verdicts "$bin" export verdicts --data "$from" --out "$into/verdicts.csv"
	step text "$bin" text "$from" --text response_o3 --rows 0,7,4
	cp "$work/text.out" "$into/text.jsonl"
	step reproduce "$bin" reproduce --data "$from" --out "$into/report"
	step pack "$bin" pack "$from"
	step notebook "$bin" run notebooks/01-disagreement.ipynb --data "$from" --out "$into/notebooks"
}

# cold NAME COMMAND...: the same with a cache of its own, empty at first.
cold() {
	rm -rf "$work/cold"
	HF_HOME="$work/cold/home" SPECSTRESS_CACHE="$work/cold/cache"
	step "$@"
	HF_HOME="$work/home" SPECSTRESS_CACHE="$work/cache"
}

echo "== each from an empty cache"
cold info "$bin" info "$src"
cold check "$bin" check "$src"
cold export "$bin" export positions --data "$src" --out "$work/cold.csv"
cold text "$bin" text "$src" --text response_o3 --rows 0,7,4
cold reproduce "$bin" reproduce --data "$src" --out "$work/cold-report"
cold pack "$bin" pack "$src"
cold notebook "$bin" run notebooks/01-disagreement.ipynb --data "$src" --out "$work/cold-notebooks"
cold fetch-all "$bin" fetch "$src" --columns all

echo "== one after the other, from an empty cache"
step fetch-dry-run "$bin" fetch "$src" --dry-run
cat "$work/fetch-dry-run.out"
step fetch "$bin" fetch "$src"
cat "$work/fetch.out"
all "$work/first" "$src"
step cache-list "$bin" cache list
step cache-verify "$bin" cache verify

echo "== the same from the folder itself (its requests are none)"
all "$work/folder" "$work/sample"

echo "== offline, the server stopped"
kill $server
wait $server 2>/dev/null || true
server=
trap - EXIT
export HF_HUB_OFFLINE=1
all "$work/offline" "$src"

for f in disagreement.csv positions.csv verdicts.csv text.jsonl; do
	cmp "$work/first/$f" "$work/offline/$f"
	cmp "$work/first/$f" "$work/folder/$f"
done
"$work/ask" same "$work/first/report/results.json" "$work/offline/report/results.json"
"$work/ask" same "$work/first/report/results.json" "$work/folder/report/results.json"
echo "the Hub, the cache and the folder gave the same tables, texts and results"
unset HF_HUB_OFFLINE HF_ENDPOINT

skip() {
	echo "huggingface_hub: skipped: $1"
	exit 0
}

echo "== beside Python's huggingface_hub"
command -v "$python" >/dev/null 2>&1 || skip "no $python on PATH"
venv=$work/venv
if ! "$venv/bin/python" -c 'import huggingface_hub, pandas, pyarrow' 2>/dev/null; then
	"$python" -m venv "$venv" >"$work/pip.log" 2>&1 || skip "$python -m venv failed: $(tail -n 1 "$work/pip.log")"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		-r "$here/python/requirements.txt" >"$work/pip.log" 2>&1 ||
		skip "pip install -r $here/python/requirements.txt failed: $(tail -n 1 "$work/pip.log")"
fi
"$bin" sample --out "$work/small" --rows 3000 --text >/dev/null
"$venv/bin/python" -B "$here/python/behaves.py" "$work/serve" "$work/small" "$work/behaves"
"$venv/bin/python" -B "$here/python/interop.py" "$bin" "$work/serve" "$work/small" "$work/interop"
