# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image's layer as bytes that can be had twice: once to know their digest, once to hand them to an engine."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass

from ...host.errors import HostError


class Sink(t.Protocol):
    """What takes bytes, such as a file."""

    def write(self, data: bytes, /) -> object: ...


# Writes a tar file, the same bytes each time.
Source = t.Callable[[Sink], object]


@dataclass(frozen=True)
class Layer:
    """A layer that was measured.

    :ivar diff_id: the ID that an engine gives it, the digest of its bytes
    :ivar size: in bytes
    :ivar source: writes it
    """

    diff_id: str
    size: int
    source: Source

    def write_to(self, sink: Sink) -> None:
        """Write it. Whoever reads the other end never sees the end of a layer that is not the one that was measured.

        :raises HostError: where the bytes are others than the first time
        """
        guard = _Guard(self, sink)
        self.source(guard)
        guard.finish()


class Meter:
    """Counts and digests what is written to it."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._digest.update(data)
        self.size += len(data)

    @property
    def diff_id(self) -> str:
        return f"sha256:{self._digest.hexdigest()}"


def measure(source: Source) -> Layer:
    """A layer of what a source writes, whatever way it makes it. Nothing of it is kept."""
    meter = Meter()
    source(meter)
    return Layer(meter.diff_id, meter.size, source)


class _Guard:
    """Passes on what is written, but the last piece only once all of it has proved to be the layer."""

    def __init__(self, layer: Layer, sink: Sink) -> None:
        self._layer, self._sink, self._meter, self._held = layer, sink, Meter(), b""

    def write(self, data: bytes) -> None:
        self._meter.write(data)
        if self._meter.size > self._layer.size:
            raise self._changed()
        if data:
            self._sink.write(self._held)
            self._held = data

    def finish(self) -> None:
        if (self._meter.size, self._meter.diff_id) != (self._layer.size, self._layer.diff_id):
            raise self._changed()
        self._sink.write(self._held)

    def _changed(self) -> HostError:
        return HostError(
            f"the root filesystem changed while it was handed to the engine, which has not got all of it: it had the"
            f" digest {self._layer.diff_id} and {self._layer.size} bytes; build the image again"
        )
