# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer is written twice, and must be the same both times."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.layer import Sink, Source, measure


def pieces(*content: bytes) -> Source:
    def write(sink: Sink) -> None:
        for piece in content:
            sink.write(piece)

    return write


def test_digest_and_size_whatever_the_pieces() -> None:
    layer = measure(pieces(b"ab", b"", b"c"))
    assert (layer.diff_id, layer.size) == (f"sha256:{hashlib.sha256(b'abc').hexdigest()}", 3)
    file = io.BytesIO()
    replace(layer, source=pieces(b"a", b"bc", b"")).write_to(file)
    assert file.getvalue() == b"abc"


@pytest.mark.parametrize(
    ("second", "written"),
    [((b"ab", b"d"), b"ab"), ((b"ab",), b""), ((b"ab", b"c", b"d"), b"ab"), ((), b"")],
    ids=["other", "less", "more", "nothing"],
)
def test_nobody_sees_the_end_of_another_one(second: tuple[bytes, ...], written: bytes) -> None:
    file = io.BytesIO()
    with pytest.raises(HostError, match="changed while it was handed to the engine"):
        replace(measure(pieces(b"ab", b"c")), source=pieces(*second)).write_to(file)
    assert file.getvalue() == written
