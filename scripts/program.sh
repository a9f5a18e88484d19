# See that a program is there which pip cannot bring: sh scripts/program.sh PROGRAM WHAT-NEEDS-IT PACKAGE...
# Install Debian's packages when that is possible, else say what will be skipped. With CI=true a missing program
# is a failure, since a skipped test would look like a passed one.
set -eu
program=$1
needed_by=$2
shift 2
command -v "$program" >/dev/null 2>&1 && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $program for $needed_by (apt-get install $1) ..." >&2
    if apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null; then
        exit 0
    fi
fi
echo "No program called $program: $needed_by are skipped. On Debian or Ubuntu: apt install $1" >&2
if [ "${CI:-}" = true ]; then
    echo "CI=true: $needed_by must run, so this is a failure." >&2
    exit 1
fi
