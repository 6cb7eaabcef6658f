# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file for ``docker load``: one form of the configuration, whose digest is the image's ID."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.image_config import ImageConfig
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.image_file import (
    Configuration,
    write_image,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.layer import measure

CONFIG = ImageConfig(("bash",), (("LANG", "C.UTF-8"),), (("b", "ü"), ("a", '"$x"')))
CONFIGURATION = Configuration(1_700_000_000, "linux/amd64", "sha256:00", CONFIG, "me")


def test_document_is_the_same_on_every_machine() -> None:
    # when this fails, images of the same recipe and packages get another ID than before: only on purpose
    assert CONFIGURATION.document() == (
        b'{"architecture":"amd64","config":{"Cmd":["bash"],"Env":["LANG=C.UTF-8"],"Labels":{"a":"\\"$x\\"","b":"\\u00fc"}},'
        b'"created":"2023-11-14T22:13:20Z","history":[{"created":"2023-11-14T22:13:20Z","created_by":"me"}],'
        b'"os":"linux","rootfs":{"diff_ids":["sha256:00"],"type":"layers"}}'
    )
    assert CONFIGURATION.image_id == f"sha256:{hashlib.sha256(CONFIGURATION.document()).hexdigest()}"


def test_order_of_labels_does_not_count() -> None:
    turned = replace(CONFIG, labels=CONFIG.labels[::-1])
    assert replace(CONFIGURATION, config=turned).image_id == CONFIGURATION.image_id


@pytest.mark.parametrize(
    "change",
    [{"date": 1}, {"platform": "linux/386"}, {"diff_id": "sha256:01"}, {"config": ImageConfig()}, {"maker": "you"}],
    ids=str,
)
def test_what_counts(change: dict[str, object]) -> None:
    assert replace(CONFIGURATION, **change).image_id != CONFIGURATION.image_id  # type: ignore[arg-type]


def test_variant() -> None:
    document = json.loads(replace(CONFIGURATION, platform="linux/arm64/v8").document())
    assert (document["os"], document["architecture"], document["variant"]) == ("linux", "arm64", "v8")
    assert "variant" not in json.loads(CONFIGURATION.document())


def contents(file: io.BytesIO) -> dict[str, bytes]:
    with tarfile.open(fileobj=file) as archive:
        return {member.name: opened.read() for member in archive if (opened := archive.extractfile(member))}


def test_members() -> None:
    content = b"layer" * 1001
    file = io.BytesIO()
    write_image(file, CONFIGURATION, measure(lambda sink: sink.write(content)), "local/base:1")
    file.seek(0)
    held = contents(file)
    config_name = CONFIGURATION.image_id.partition(":")[2] + ".json"
    assert list(held) == ["manifest.json", config_name, "layer.tar"]
    assert json.loads(held["manifest.json"]) == [
        {"Config": config_name, "Layers": ["layer.tar"], "RepoTags": ["local/base:1"]}
    ]
    assert held[config_name] == CONFIGURATION.document()
    assert held["layer.tar"] == content
    assert file.getvalue().endswith(bytes(1024))
    assert len(file.getvalue()) % 512 == 0


def test_what_breaks_off_is_not_a_whole_file() -> None:
    pieces = iter([b"a" * 4096, b"b" * 4096])
    layer = measure(lambda sink: sink.write(b"a" * 4096))
    file = io.BytesIO()
    with pytest.raises(HostError, match="changed while it was handed"):
        write_image(file, CONFIGURATION, replace(layer, source=lambda sink: sink.write(next(pieces)[1:])), "it:1")
    file.seek(0)
    with pytest.raises(tarfile.ReadError):
        contents(file)
