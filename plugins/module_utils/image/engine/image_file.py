# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image as one file for ``docker load``, its configuration written here: no engine has a say in what the ID is."""

from __future__ import annotations

import hashlib
import json
import tarfile
import time
import typing as t
from dataclasses import dataclass

from .image_config import ImageConfig
from .layer import Layer, Sink

_LAYER = "layer.tar"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Configuration:
    """All that decides the ID of an image with one layer.

    :ivar date: of the layer's content, in seconds since 1970
    :ivar platform: as Docker writes it, such as ``linux/arm64/v8``
    :ivar diff_id: of the layer, the digest of its tar file
    :ivar maker: what the history says
    """

    date: int
    platform: str
    diff_id: str
    config: ImageConfig
    maker: str = ""

    def document(self) -> bytes:
        """The configuration in its canonical form: keys sorted, no blanks, ASCII, no member that is empty.

        Its members are those of the OCI image specification, which every engine takes; an engine's own writing of an
        imported image has others in each version.
        """
        system, _slash, rest = self.platform.partition("/")
        machine, _slash, variant = rest.partition("/")
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.date))
        members = {
            "architecture": machine,
            "config": self.config.members(),
            "created": created,
            "history": [{"created": created, "created_by": self.maker}],
            "os": system,
            "rootfs": {"diff_ids": [self.diff_id], "type": "layers"},
            "variant": variant,
        }
        return canonical({name: value for name, value in members.items() if value != ""})

    @property
    def image_id(self) -> str:
        return f"sha256:{hashlib.sha256(self.document()).hexdigest()}"


def canonical(value: t.Any) -> bytes:
    """JSON of which a value has one form only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def write_image(sink: Sink, configuration: Configuration, layer: Layer, *names: str) -> None:
    """Write the file. Its last member is the layer, so that what breaks off while that is written is no image.

    :param names: given to the image by the engine as the last step of loading it
    """
    document = configuration.document()
    config_name = f"{hashlib.sha256(document).hexdigest()}.json"
    manifest = canonical([{"Config": config_name, "Layers": [_LAYER], "RepoTags": list(names)}])
    for member, content in ((_MANIFEST, manifest), (config_name, document)):
        sink.write(_header(member, len(content)) + content + _padding(len(content)))
    sink.write(_header(_LAYER, layer.size))
    layer.write_to(sink)
    sink.write(_padding(layer.size) + bytes(2 * tarfile.BLOCKSIZE))


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)
