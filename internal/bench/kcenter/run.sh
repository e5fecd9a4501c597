#!/bin/sh
# Times k-center selections here, with NumPy, scikit-learn and FAISS.
# Arguments go to compare.py. Where Python or the
# libraries cannot be had, it says so and fails: nothing was measured. Vectors
# of up to 5 GB are written to KCENTER_WORK (out/bench-kcenter).
set -eu
cd "$(dirname "$0")/../../.."
here=internal/bench/kcenter
work=${KCENTER_WORK:-out/bench-kcenter}
python=${PYTHON:-python3}
mkdir -p "$work"
if ! "$python" -c 'import numpy, sklearn, faiss, threadpoolctl' 2>/dev/null; then
	"$python" -m venv "$work/venv"
	python=$work/venv/bin/python
	"$python" -m pip install --quiet --disable-pip-version-check \
		numpy==2.4.6 scikit-learn==1.9.1 faiss-cpu==1.15.1 threadpoolctl==3.8.0
fi
go build -o "$work/kcenter" "./$here"
# OpenBLAS chooses its kernel for this processor itself; what is printed first
# says which.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
exec "$python" -B "$here/compare.py" "$work/kcenter" "$work" "$@"
