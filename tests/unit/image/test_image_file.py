# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file for ``docker load``: one form of the configuration, whose digest is the image's ID."""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.image_config import ImageConfig
from ansible_collections.slipway.docker.plugins.module_utils.image.image_file import (
    Configuration,
    diff_id_of,
    write_image,
)

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


def written(tmp_path: Path) -> Path:
    layer = tmp_path / "root.tar"
    layer.write_bytes(b"layer" * 1000)
    write_image(str(tmp_path / "image.tar"), CONFIGURATION, str(layer), "local/base:1")
    return tmp_path / "image.tar"


def test_members(tmp_path: Path) -> None:
    with tarfile.open(written(tmp_path)) as archive:
        held = {member.name: file.read() for member in archive if (file := archive.extractfile(member))}
    config_name = CONFIGURATION.image_id.partition(":")[2] + ".json"
    assert list(held) == ["manifest.json", config_name, "layer.tar"]
    assert json.loads(held["manifest.json"]) == [
        {"Config": config_name, "Layers": ["layer.tar"], "RepoTags": ["local/base:1"]}
    ]
    assert held[config_name] == CONFIGURATION.document()
    assert held["layer.tar"] == b"layer" * 1000


def test_nobody_else_may_read_it_and_nothing_is_written_over(tmp_path: Path) -> None:
    assert written(tmp_path).stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        written(tmp_path)


def test_diff_id(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"abc")
    assert diff_id_of(str(tmp_path / "t")) == f"sha256:{hashlib.sha256(b'abc').hexdigest()}"
