# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say in what two root filesystems in tar files differ: path by path, header by header, byte by byte.

    python3 tests/tools/differing.py ONE.tar OTHER.tar

Ends with 0 where the files are the same, byte for byte.
"""

from __future__ import annotations

import difflib
import filecmp
import sys
import tarfile
from collections.abc import Iterator

HEADERS = ("type", "mode", "uid", "gid", "uname", "gname", "mtime", "linkname", "size", "pax_headers")
SHOWN = 20

Members = dict[str, tuple[tarfile.TarInfo, bytes]]


def members(path: str) -> Members:
    found = {}
    with tarfile.open(path, "r:") as archive:
        for member in archive:
            opened = archive.extractfile(member) if member.isfile() else None
            found[member.name] = (member, opened.read() if opened else b"")
    return found


def differences(one: Members, other: Members) -> Iterator[str]:
    for name in sorted({*one, *other}):
        if name not in one or name not in other:
            yield f"{name}: only in the {'first' if name in one else 'second'}"
            continue
        (left, left_bytes), (right, right_bytes) = one[name], other[name]
        for header in HEADERS:
            values = getattr(left, header), getattr(right, header)
            if values[0] != values[1]:
                yield f"{name}: {header} {values[0]!r}, {values[1]!r}"
        if left_bytes != right_bytes:
            yield f"{name}: content"
            left_text, right_text = (text.decode("utf-8", "replace").splitlines() for text in (left_bytes, right_bytes))
            lines = list(difflib.unified_diff(left_text, right_text, lineterm="", n=0))
            yield from [f"    {line}" for line in lines[2 : 2 + SHOWN]]


def main(first: str, second: str) -> int:
    if filecmp.cmp(first, second, shallow=False):
        print("the same, byte for byte")
        return 0
    found = list(differences(members(first), members(second)))
    print("\n".join(found or ["the same files, in another order or other headers"]))
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]) if len(sys.argv) == 3 else __doc__)
