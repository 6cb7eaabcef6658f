# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's answers: an image, none, no engine; and containers that are really of an image."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine import client as engine
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Container, Image
from unit.image.doubles import NO_IMAGE, Answer, Commands, host_of, image_json, with_programs
from unit.image.wishes import ENGINE
from unit.trees import Tree

DOCKER = "/usr/bin/docker"


def look(tree: Tree, answer: Answer) -> tuple[engine.Engine, Image | None]:
    with_programs(tree, DOCKER)
    return engine.look(host_of(tree, Commands({"docker image inspect": answer})), "it:1")


def test_image(tree: Tree) -> None:
    found, image = look(tree, (0, image_json("sha256:1", ["it:1"], {"a": "b"}, ["sha256:2"]), ""))
    assert found.answers
    assert image == Image("sha256:1", ("it:1",), (("a", "b"),), 42, ("sha256:2",))


def test_image_without_labels_or_names(tree: Tree) -> None:
    assert look(tree, (0, json.dumps([{"Id": "sha256:1", "RepoTags": None, "Config": None}]), ""))[1] == Image(
        "sha256:1"
    )


@pytest.mark.parametrize(
    "error",
    [
        "Error: No such image: it:1\n",
        "Error response from daemon: No such image: it:1\n",
        "Error response from daemon: no such image: it:1\n",
        "Error: No such object: it:1\n",
    ],
)
def test_no_image(tree: Tree, error: str) -> None:
    found, image = look(tree, (1, "[]\n", error))
    assert found.answers
    assert image is None


def test_engine_that_is_down(tree: Tree) -> None:
    found, image = look(tree, (1, "[]\n", "warning\nCannot connect to the Docker daemon at unix:///x.\n"))
    assert (found.trouble, image) == (
        "the Docker engine does not answer: Cannot connect to the Docker daemon at unix:///x.",
        None,
    )
    assert found.installed


def test_nothing_installed(tree: Tree) -> None:
    found, _image = engine.look(host_of(tree, Commands({})), "it:1")
    assert not found.installed
    assert "package docker.io" in found.trouble


def test_engine_without_its_client(tree: Tree) -> None:
    with_programs(tree, "/usr/sbin/dockerd")
    found, _image = engine.look(host_of(tree, Commands({})), "it:1")
    assert found.installed
    assert "package docker-cli" in found.trouble


def test_containers_of_derived_images_do_not_count(tree: Tree) -> None:
    inspected = [
        {"Name": "/web", "Image": "sha256:1", "Config": {"Image": "it:1"}},
        {"Name": "/derived", "Image": "sha256:2", "Config": {"Image": "app"}},
    ]
    commands = Commands(
        {"docker ps": (0, "a\nb\n", ""), "docker container inspect a b": (1, json.dumps(inspected), "x")}
    )
    assert engine.containers_of(host_of(tree, commands), ENGINE, Image("sha256:1")) == (
        Container("web", "sha256:1", "it:1"),
    )


def test_no_containers(tree: Tree) -> None:
    commands = Commands({"docker ps": (0, "", "")})
    assert engine.containers_of(host_of(tree, commands), ENGINE, Image("sha256:1")) == ()


def load(tree: Tree, script: str) -> None:
    with_programs(tree, DOCKER)
    tree.write(DOCKER, f"#!/bin/sh\n{script}\n")
    engine.load(host_of(tree, Commands({})), ENGINE, lambda sink: sink.write(b"image"))


def test_load(tree: Tree) -> None:
    load(tree, f'cat > {tree.at("/taken")}; echo "$@" > {tree.at("/asked")}')
    assert tree.read("/taken") == b"image"
    assert tree.read("/asked") == b"image load --quiet\n"


def test_refused_load(tree: Tree) -> None:
    with pytest.raises(HostError, match=r"the engine refuses the image: .* no space left on device; make room where"):
        load(tree, "cat > /dev/null; echo Error response from daemon: no space left on device >&2; exit 1")


def test_remove(tree: Tree) -> None:
    assert engine.remove(host_of(tree, Commands({"docker image rm": (0, "", "")})), ENGINE, "it") == ""
    refused = Commands({"docker image rm": (1, "", "conflict: in use\n")})
    assert engine.remove(host_of(tree, refused), ENGINE, "it") == "conflict: in use"
    assert engine.inspect_image(host_of(tree, Commands({"docker image inspect": NO_IMAGE})), ENGINE, "it") is None
