# Make a virtual environment, or say in plain words what is missing: sh scripts/venv.sh PYTHON DIRECTORY
set -eu
python=$1
venv=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "$python was not found. Install Python 3.11 or newer (on Debian or Ubuntu: apt install python3 python3-venv)," >&2
    echo "or name one that is there: make PYTHON=/path/to/python3 install" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version 2>&1) is too old: Clarion needs Python 3.11 or newer." >&2
    echo "Name a newer one: make PYTHON=python3.12 install (on Debian or Ubuntu: apt install python3.12 python3.12-venv)" >&2
    exit 2
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python$version-venv" >&2
    exit 2
fi
"$python" -m venv --clear "$venv"
