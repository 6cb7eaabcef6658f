# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recipe's digest: an image's identity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.files.tree import Entry
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import Recipe, RootFile

RECIPE = Recipe(
    suite="bookworm",
    sources=("deb http://m.example/debian bookworm main",),
    architecture="amd64",
    packages=("curl", "sudo"),
    files=(RootFile("/etc/motd", "hällo\n"), RootFile("/etc/localtime", link="/usr/share/zoneinfo/UTC")),
    commands=(("systemctl", "mask", "apt-daily.timer"),),
)


def test_digest_is_the_same_on_every_machine() -> None:
    # when this fails, all images of users are built anew: raise FORMAT rather than let that happen by accident
    assert RECIPE.digest() == "b89871512dd71f60788f27b7b9369042e878fad4287d50ee43ac666c51d3aa11"


def test_order_of_packages_does_not_matter() -> None:
    assert replace(RECIPE, packages=("sudo", "curl")).digest() == RECIPE.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"suite": "trixie"},
        {"variant": "minbase"},
        {"architecture": "arm64"},
        {"sources": ("deb http://other.example/debian bookworm main",)},
        {"packages": ("curl",)},
        {"apt_options": ('Acquire::Languages "none"',)},
        {"dpkg_options": ("force-unsafe-io",)},
        {"files": ()},
        {"files": (RootFile("/etc/motd", "hällo\n", 0o600), RECIPE.files[1])},
        {"commands": (("systemctl", "mask apt-daily.timer"),)},
        {"entries": (Entry("/a", sha256="1"),)},
        {"hooks": (("true",),)},
    ],
    ids="-".join,
)
def test_every_ingredient_counts(change: dict[str, Any]) -> None:
    assert replace(RECIPE, **change).digest() != RECIPE.digest()


def test_the_environment_counts_where_commands_have_it() -> None:
    environment = (("A", "b"),)
    assert replace(RECIPE, environment=environment).digest() == RECIPE.digest()
    hooked = replace(RECIPE, hooks=(("true",),))
    assert replace(hooked, environment=environment).digest() != hooked.digest()


def test_where_the_host_has_a_file_does_not_count() -> None:
    one, two = (replace(RECIPE, entries=(Entry("/a", sha256="1", src=src),)) for src in ("/x", "/y"))
    assert one.digest() == two.digest()
