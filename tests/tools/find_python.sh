#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Print the Python that shall run the tools: 3.11 to 3.13, the system's own before any other, never a pyenv shim.
# PYTHON=/path/to/python3 in the environment decides without a search.
set -u

usable() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    usable "$PYTHON" && echo "$PYTHON" && exit
    echo "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13" >&2
    exit 1
fi

directories=$(printf '/usr/bin:/usr/local/bin:%s' "$PATH" | tr ':' '\n' | grep -v -e '/shims$' -e '/\.venv/')
for name in python3 python3.13 python3.12 python3.11; do
    for directory in $directories; do
        [ -x "$directory/$name" ] && usable "$directory/$name" && echo "$directory/$name" && exit
    done
done
echo "Python 3.11, 3.12 or 3.13 is needed and none was found; Debian 12 and newer have it in the package python3" >&2
exit 1
