#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Rewrite requirements/*.txt from requirements/*.in with today's releases; good for every Python we run on.
set -eu

python=${1:?usage: compile_pins.sh PYTHON}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" -m venv "$scratch"
"$scratch/bin/pip" install --quiet --disable-pip-version-check uv

cd requirements
for name in ansible tools; do
    {
        echo "# SPDX-License-Identifier: GPL-3.0-or-later"
        echo "# Written by \`make pins\` from $name.in."
        "$scratch/bin/uv" pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate \
            --no-header "$name.in"
    } >"$scratch/pins"
    cp "$scratch/pins" "$name.txt"
done
