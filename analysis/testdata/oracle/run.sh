#!/bin/sh
# Has the other programs compute the expected values of the statistics anew,
# and compares them with the committed files, which the Go tests read. Run by
# `make verify-stats`. Where Python or its packages cannot be had, it says so
# and succeeds: nothing was compared, nothing was found wrong.
set -eu
cd "$(dirname "$0")/../../.."
here=analysis/testdata/oracle
work=out/oracle-stats
python=${PYTHON:-python3}

skip() {
	echo "oracle scripts: skipped: $1"
	exit 0
}

# python_with REQUIREMENTS NAME: a virtual environment that has them.
python_with() {
	venv=$work/$2
	[ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import statsmodels' 2>/dev/null && return
	"$python" -m venv "$venv" >"$work/pip.log" 2>&1 ||
		skip "$python -m venv failed: $(tail -n 1 "$work/pip.log")"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		-r "$here/$1" >"$work/pip.log" 2>&1 ||
		skip "pip install -r $here/$1 failed: $(tail -n 1 "$work/pip.log")"
}

command -v "$python" >/dev/null 2>&1 || skip "no $python on PATH"
mkdir -p "$work"
python_with requirements.txt venv
python_with requirements-agreement.txt venv-agreement

rm -rf "$work/new"
mkdir "$work/new"
cp "$here"/*.py "$work/new"
for script in "$work"/new/*.py; do
	case $script in
	*/same.py) continue ;;
	*/agreement.py) "$work/venv-agreement/bin/python" -B "$script" ;;
	*) "$work/venv/bin/python" -B "$script" ;;
	esac
done
"$python" -B "$here/same.py" "$here" "$work/new"
