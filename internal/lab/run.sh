#!/bin/sh
# Has the real Jupyter do with the kernel what its users do: nbconvert all
# notebooks to HTML and LaTeX, drive kernels by Jupyter's own manager, and
# click through JupyterLab in Chromium. Run by `make jupyter`, which has built
# bin/specstress. Pages and screenshots go to out/jupyter. Where Python, its
# packages, pandoc or Chromium cannot be had, it says so and succeeds: nothing
# was tried, nothing was found wrong.
set -eu
cd "$(dirname "$0")/../.."
here=internal/lab
out=$PWD/out/jupyter
venv=$out/venv
python=${PYTHON:-python3}

skip() {
	echo "jupyter: skipped: $1"
	exit 0
}

command -v "$python" >/dev/null 2>&1 || skip "no $python on PATH"
command -v pandoc >/dev/null 2>&1 || skip "no pandoc on PATH, which nbconvert makes LaTeX with"
command -v chromium >/dev/null 2>&1 || skip "no chromium on PATH"
mkdir -p "$out"
if ! "$venv/bin/python" -c 'import jupyterlab, nbconvert, playwright' 2>/dev/null; then
	"$python" -m venv "$venv" >"$out/pip.log" 2>&1 ||
		skip "$python -m venv failed: $(tail -n 1 "$out/pip.log")"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		-r "$here/requirements.txt" >"$out/pip.log" 2>&1 ||
		skip "pip install -r $here/requirements.txt failed: $(tail -n 1 "$out/pip.log")"
fi
PATH=$venv/bin:$PATH
export PATH
bin/specstress kernel install --prefix "$venv"

# Most of its time is waiting for what a killed kernel leaves to be gone.
python "$here/kernels.py" >"$out/kernels.log" 2>&1 &
kernels=$!
trap 'kill $kernels 2>/dev/null || true' EXIT
python "$here/notebooks.py" "$out/nbconvert"
python "$here/browser.py" "$out/browser"
if ! wait $kernels; then
	cat "$out/kernels.log"
	exit 1
fi
trap - EXIT
cat "$out/kernels.log"
