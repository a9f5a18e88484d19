# See that the browser tests have a Chromium: install Debian's when that is possible, else say what will be skipped.
# With CI=true a missing browser is a failure, since a skipped test would look like a passed one.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests (apt-get install chromium) ..." >&2
    if apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
            chromium fonts-dejavu-core fonts-noto-color-emoji >/dev/null; then
        exit 0
    fi
fi
echo "No program called chromium: the browser tests are skipped. On Debian or Ubuntu: apt install chromium" >&2
if [ "${CI:-}" = true ]; then
    echo "CI=true: the browser tests must run, so this is a failure." >&2
    exit 1
fi
