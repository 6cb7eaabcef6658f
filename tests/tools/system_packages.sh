#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install those of the named Debian packages that are missing. Says nothing and touches nothing when there are none.
set -eu

missing=
for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null; then
    as_root="sudo env"
else
    echo "missing system packages:$missing; run this as root, or install sudo, or install them yourself" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "missing system packages:$missing (Debian's names); install your distribution's equivalents" >&2
    exit 1
fi

echo "==> system packages:$missing"
apt="$as_root DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq"
$apt update
# shellcheck disable=SC2086 # a list of words
$apt install -y --no-install-recommends $missing >/dev/null
