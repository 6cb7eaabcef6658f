# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths in an image."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.files.paths import parents_of, path_trouble


@pytest.mark.parametrize("path", ["/a", "/a/b.c", "/a b", "/ü", "/a/..b"])
def test_plain(path: str) -> None:
    assert path_trouble(path) == ""


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("", "absolute"),
        ("a/b", "absolute"),
        ("./a", "absolute"),
        ("/../a", "'..'"),
        ("/a/..", "'..'"),
        ("/a\n", "control characters"),
        ("/a\0", "control characters"),
        ("/a/", "plainly, as /a"),
        ("//a", "plainly, as /a"),
        ("/a/./b", "plainly, as /a/b"),
        ("/a//b", "plainly, as /a/b"),
        ("/", "root directory itself"),
    ],
)
def test_trouble(path: str, trouble: str) -> None:
    assert trouble in path_trouble(path)


def test_root_where_it_will_do() -> None:
    assert path_trouble("/", root=True) == ""


def test_parents() -> None:
    assert parents_of("/a/b/c") == ["/a", "/a/b"]
    assert parents_of("/a") == []
