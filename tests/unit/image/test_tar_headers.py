# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers of a tar file come out the same, whichever version of tar wrote them."""

from __future__ import annotations

import io
import tarfile

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.tar_headers import (
    BLOCK,
    SettledHeaders,
    settled_header,
)

DEVICE = slice(329, 345)


def tar_of(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def without_devices(header: bytes) -> bytes:
    """As tar 1.35 writes it."""
    blank = header[:148] + b" " * 8 + header[156:329] + bytes(16) + header[345:]
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


def settled(tar: bytes, piece: int = 1 << 20) -> bytes:
    file = io.BytesIO()
    settling = SettledHeaders(file)
    for start in range(0, len(tar), piece):
        settling.write(tar[start : start + piece])
    settling.finish()
    return file.getvalue()


def test_both_ways_become_one() -> None:
    header = settled_header(without_devices(tar_of(("a", b""))[:BLOCK]))
    assert header[DEVICE] == b"0000000\0" * 2
    assert settled_header(header) == header
    assert tarfile.TarInfo.frombuf(header, "utf-8", "strict").name == "a"  # checks the sum


def test_every_header_and_no_content() -> None:
    long = "d/" + "n" * 200  # has an extended header
    members = (("a", b"x" * 513), (long, bytes(1024)), ("c", without_devices(tar_of(("z", b""))[:BLOCK])))
    after = settled(tar_of(*members))
    with tarfile.open(fileobj=io.BytesIO(after)) as archive:
        found = [(member.name, opened.read()) for member in archive if (opened := archive.extractfile(member))]
    assert tuple(found) == members
    assert settled(after) == after


@pytest.mark.parametrize("piece", [1, 511, 513, 4096])
def test_pieces_do_not_count(piece: int) -> None:
    whole = tar_of(("a", b"x" * 1300), ("d/" + "n" * 200, bytes(1024)), ("c", b"y"))
    bare = b"".join(
        without_devices(part) if part[257:262] == b"ustar" else part
        for part in (whole[start : start + BLOCK] for start in range(0, len(whole), BLOCK))
    )
    assert settled(bare, piece) == settled(whole)
    assert len(settled(bare, piece)) == len(whole)


def test_broken_off() -> None:
    whole = tar_of(("a", b"x" * 1300))
    end = len(whole.rstrip(b"\0"))
    for length in (end - 1, end // BLOCK * BLOCK):
        with pytest.raises(HostError, match="has no header at byte"):
            settled(whole[:length], 1024)


def test_device_keeps_its_numbers() -> None:
    member = tarfile.TarInfo("tty")
    member.type, member.devmajor, member.devminor = tarfile.CHRTYPE, 5, 1
    header = member.tobuf(tarfile.PAX_FORMAT)
    assert settled_header(header) == header


@pytest.mark.parametrize("broken", [b"", b"x" * BLOCK, tar_of(("a", b"x"))[:BLOCK]])
def test_no_tar_file(broken: bytes) -> None:
    with pytest.raises(HostError, match="has no header at byte"):
        settled(broken)
