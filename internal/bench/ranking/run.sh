#!/bin/sh
# Times Bradley-Terry fits here and with scipy; make bench-ranking calls it.
# Arguments go to compare.py. Where Python or scipy cannot be had, it says so
# and fails: nothing was measured.
set -eu
cd "$(dirname "$0")/../../.."
here=internal/bench/ranking
work=out/bench-ranking
python=${PYTHON:-python3}
mkdir -p "$work"
if ! "$python" -c 'import numpy, scipy' 2>/dev/null; then
	"$python" -m venv "$work/venv"
	python=$work/venv/bin/python
	"$python" -m pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1
fi
go build -o "$work/ranking" "./$here"
# Neither side gets threads that the other has not, but for Go's last figure.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 exec "$python" -B "$here/compare.py" "$work/ranking" "$@"
