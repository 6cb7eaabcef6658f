# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host has under a name, and in what that differs from what another host has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.comparing import (
    differences,
    remote_name,
    see,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.reference import parse_reference
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import Provenance
from unit.image.doubles import NO_IMAGE, Answer, Commands, host_of, image_json, with_programs
from unit.trees import Tree

NAME = "local/base:1"
OF_OURS = Provenance(
    "r1",
    {"suite": "trixie", "architecture": "amd64"},
    packages=(Package("bash", "amd64", "5"), Package("libc6", "i386", "2")),
)


def look(tree: Tree, answer: Answer, registry: str = "") -> tuple[str, dict[str, Any]]:
    with_programs(tree, "/usr/bin/docker")
    engine, (image,) = see(host_of(tree, Commands({"docker image inspect": answer})), [NAME], registry)
    return engine.trouble if engine else "nothing was asked", image


def found(tree: Tree, *digests: str, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    image = json.loads(image_json("sha256:i", [NAME], labels, ["sha256:d"]))
    image[0]["RepoDigests"] = digests
    return look(tree, (0, json.dumps(image), ""))[1]


def test_image_is_told_with_what_is_in_it(tree: Tree) -> None:
    image = found(tree, labels=dict(OF_OURS.to_labels()))
    assert (image["name"], image["image_id"], image["diff_id"], image["tags"]) == (NAME, "sha256:i", "sha256:d", [NAME])
    assert (image["recipe_digest"], image["fields"]["suite"]) == ("r1", "trixie")
    assert image["packages"] == {"bash": "5", "libc6:i386": "2"}


def test_image_of_somebody_else_has_no_recipe(tree: Tree) -> None:
    image = found(tree)
    assert (image["image_id"], image["recipe_digest"], image["packages"], image["remote"]) == ("sha256:i", "", {}, "")


def test_digest_is_that_of_the_own_repository(tree: Tree) -> None:
    assert found(tree, "other/base@sha256:a", "local/base@sha256:b")["digest"] == "local/base@sha256:b"
    assert found(tree, "other/base@sha256:a")["digest"] == ""


def test_no_image_and_no_engine_are_findings(tree: Tree) -> None:
    trouble, image = look(tree, NO_IMAGE)
    assert (trouble, image["image_id"]) == ("", "")
    trouble, image = look(tree, (1, "", "Cannot connect to the Docker daemon"))
    assert "does not answer" in trouble
    assert image["image_id"] == ""


def test_nothing_is_asked_about_no_names(tree: Tree) -> None:
    assert see(tree.host, []) == (None, [])


def test_name_that_is_none(tree: Tree) -> None:
    with pytest.raises(ValueError, match="must be lower-case"):
        see(tree.host, ["No/Name"])


@pytest.mark.parametrize(
    ("name", "registry", "remote"),
    [
        ("local/base:1", "r.example.org", "r.example.org/local/base:1"),
        ("debian", "127.0.0.1:5000", "127.0.0.1:5000/debian:latest"),
        ("r.example.org/base:1", "r.example.org", "r.example.org/base:1"),
        ("old.example.org:5000/base:1", "r.example.org", "r.example.org/base:1"),
        ("me/base:1", "docker.io", "me/base:1"),
    ],
)
def test_name_in_a_registry(name: str, registry: str, remote: str) -> None:
    assert remote_name(parse_reference(name), registry) == remote


def test_registry_that_is_no_address() -> None:
    with pytest.raises(ValueError, match="registry_"):
        remote_name(parse_reference("a"), "registry_:x")


BASE = {
    "name": NAME,
    "image_id": "sha256:i",
    "diff_id": "sha256:d",
    "recipe_digest": "r",
    "packages": {"bash": "5"},
    "fields": {"suite": "trixie"},
}


def difference(**here: Any) -> str | None:
    return differences([{**BASE, **here}], [BASE], "h1").get(NAME)


def test_equal_images_do_not_differ() -> None:
    assert difference() is None


def test_engine_with_another_kind_of_id_has_the_same_image() -> None:
    assert difference(image_id="sha256:manifest") is None


def test_layer_and_packages_are_told() -> None:
    assert difference(image_id="sha256:j", diff_id="sha256:e", packages={"bash": "6", "dash": "1"}) == (
        "diff_id sha256:e (h1: sha256:d); packages: bash 6 (h1: 5), dash 1 (h1: missing)"
    )


def test_many_packages_are_told_in_part() -> None:
    told = difference(image_id="sha256:j", diff_id="sha256:e", packages={f"p{number}": "1" for number in range(20)})
    assert told is not None
    assert told.endswith("and 13 more")


def test_recipe_is_told() -> None:
    assert difference(image_id="sha256:j", recipe_digest="s", fields={"suite": "sid"}) == (
        "made from another recipe: suite"
    )


def test_ids_are_told_where_nothing_else_tells() -> None:
    assert difference(image_id="sha256:j", recipe_digest="") == "image_id sha256:j (h1: sha256:i)"


def test_one_that_is_missing_differs() -> None:
    assert difference(image_id="") == "there is no image of that name"
    assert differences([BASE], [], "h1") == {NAME: "h1 has none to compare with"}
