# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered between two looks at the archive."""

from __future__ import annotations

import os
import stat

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.current.seen import (
    FOLDER,
    forget_others,
    remember,
    seen,
)
from unit.image.doubles import Commands, host_of
from unit.trees import Tree

ONE, OTHER = f"sha256:{'1' * 64}", f"sha256:{'2' * 64}"
RELEASES = {"http://m.example/debian trixie": "a" * 64}


def test_kept_for_an_image(tree: Tree) -> None:
    host = host_of(tree, Commands({}))
    assert seen(host, ONE) == {}
    remember(host, ONE, RELEASES)
    assert seen(host, ONE) == RELEASES
    assert seen(host, OTHER) == {}


def test_nobody_else_reads_it(tree: Tree) -> None:
    host = host_of(tree, Commands({}))
    remember(host, ONE, RELEASES)
    (name,) = os.listdir(tree.at(FOLDER))
    assert stat.S_IMODE(os.stat(tree.at(FOLDER)).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(tree.at(f"{FOLDER}/{name}")).st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"releases": 1}', b"\xff"])
def test_what_is_spoilt_counts_as_absent(tree: Tree, content: bytes) -> None:
    tree.write(f"{FOLDER}/{'1' * 64}.json", content)
    assert seen(host_of(tree, Commands({})), ONE) == {}


def test_an_id_that_is_none_leads_nowhere(tree: Tree) -> None:
    host = host_of(tree, Commands({}))
    remember(host, "../../etc/passwd", RELEASES)
    assert seen(host, "../../etc/passwd") == {}
    assert not os.path.exists(tree.at(FOLDER))


def test_images_that_are_gone_are_forgotten_and_nothing_else_is(tree: Tree) -> None:
    host = host_of(tree, Commands({}))
    forget_others(host, [ONE])
    remember(host, ONE, RELEASES)
    remember(host, OTHER, RELEASES)
    tree.write(f"{FOLDER}/note", "a person's")
    forget_others(host, [ONE])
    assert seen(host, ONE) == RELEASES
    assert sorted(os.listdir(tree.at(FOLDER))) == [f"{'1' * 64}.json", "note"]
