#!/bin/sh
# Programs that tests drive and pip cannot bring: Chromium and PostgreSQL. Where they are missing, Debian's packages are
# installed if that can be done without asking (root and apt-get, as in a container); else those tests are skipped.
set -eu
missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-dejavu-core >/dev/null
else
    echo "not here, so their tests are skipped:$missing"
fi
