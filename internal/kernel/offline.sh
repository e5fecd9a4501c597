#!/bin/sh
# Executes every notebook with the network cut, from an empty home folder and
# an empty build cache; the module cache holds what `make build` fetches and
# nothing else. Run by `make offline`, which has built bin/specstress. Where
# the network cannot be cut it says so and leads every request to a closed
# port.
set -eu
cd "$(dirname "$0")/../.."
go=${GO:-go}
work=$PWD/out/offline

# A module cache is read-only.
[ ! -e "$work" ] || { chmod -R u+w "$work" && rm -rf "$work"; }
mkdir -p "$work/home" "$work/tmp" "$work/notebooks"
cp notebooks/*.ipynb "$work/notebooks"
# A module of its own, or go would take the module cache for packages of ours.
echo 'module offline' >"$work/go.mod"

# -n: what is not there is fetched, as for a build, and nothing is compiled.
# Modules that are here already need not come over the network again.
echo 'filling a module cache as make build does ...'
GOMODCACHE=$work/modules GOFLAGS=-mod=readonly \
	GOPROXY="file://$($go env GOMODCACHE)/cache/download,$($go env GOPROXY)" \
	$go build -n ./cmd/specstress tool >"$work/fill.log" 2>&1 ||
	{ tail -n 5 "$work/fill.log"; exit 1; }

cut=
proxy=
for c in 'unshare -n' 'unshare -rn'; do
	if $c ip link set lo up >"$work/cut.log" 2>&1; then
		cut=$c
		break
	fi
done
if [ -z "$cut" ]; then
	echo "the network is NOT cut here ($(head -n 1 "$work/cut.log")): requests go to a closed port instead" |
		tee "$work/left-out"
	proxy='HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9'
fi

echo "executing the notebooks${cut:+ under $cut} ..."
$cut sh -euc '
	if [ -n "$1" ]; then # kernels are spoken to over the loopback device
		ip link set lo up
		[ -z "$(ip -o addr show scope global)" ] || { echo "there is a network"; exit 1; }
	fi
	shift
	exec "$@"' sh "$cut" env -i $proxy PATH="$PATH" HOME="$work/home" TMPDIR="$work/tmp" \
	GOMODCACHE="$work/modules" GOPROXY=off GOFLAGS=-mod=readonly \
	bin/specstress run --html --out "$work/pages" "$work"/notebooks/*.ipynb

for notebook in notebooks/*.ipynb; do
	page=$work/pages/$(basename "$notebook" .ipynb).html
	[ -s "$page" ] || { echo "no page $page"; exit 1; }
done
echo "all notebooks executed${cut:+ without a network}"
