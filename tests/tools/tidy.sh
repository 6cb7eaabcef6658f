#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Remove the hosts of all molecule scenarios and of the fault matrix, and the whole sandbox unless it has hosts of somebody else's.
# Usage: tidy.sh PYTHON
set -u

hosts=$("$1" tests/sandbox list | cut -d ' ' -f 1)
for scenario in molecule/*/molecule.yml tests/faults/scene.yml; do
    prefix=$(basename "$(dirname "$scenario")" | tr _ -)
    for host in $(echo "$hosts" | grep "^$prefix-"); do
        "$1" tests/sandbox rm "$host"
    done
    hosts=$(echo "$hosts" | grep -v "^$prefix-")
done

if [ -z "$hosts" ]; then
    exec "$1" tests/sandbox clean
fi
echo "the sandbox stays, as it has hosts of yours; make clean removes them:" "$(echo "$hosts" | tr '\n' ' ')"
