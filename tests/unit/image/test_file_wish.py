# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks for as files: all that is wrong is told at once, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.files.wish import problems_of_files, read_files


def problems(*items: dict[str, Any]) -> list[str]:
    return problems_of_files(read_files(items))


@pytest.mark.parametrize(
    "item",
    [
        {"path": "/a", "content": ""},
        {"path": "/a", "src": "/x", "mode": "0755", "owner": "www-data", "group": "33"},
        {"path": "/a", "src": "/x", "mode": "4755"},
        {"path": "/a", "link": "../b"},
        {"path": "/a", "directory": True, "mode": "1777", "owner": "4294967294"},
    ],
)
def test_sound(item: dict[str, Any]) -> None:
    assert problems(item) == []


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"path": "a", "content": ""}, "files[0].path: must be an absolute path; got: a"),
        ({"path": "/a/../b", "content": ""}, "files[0].path: must not hold '..'; got: /a/../b"),
        ({"path": "/a"}, "files[0]./a: one of content, src, link, directory is needed; got: none"),
        ({"path": "/a", "content": "", "src": "/x"}, "got: content and src"),
        ({"path": "/a", "link": "b", "directory": True}, "got: link and directory"),
        ({"path": "/a", "src": "x"}, "files[0].src: must be an absolute path on the host; got: x"),
        ({"path": "/a", "link": ""}, "files[0].link: must name a target"),
        ({"path": "/a", "content": "", "mode": "u=rw"}, "files[0].mode: must be three or four octal digits"),
        ({"path": "/a", "content": "", "mode": "888"}, "files[0].mode: must be three or four octal digits"),
        ({"path": "/a", "content": "", "mode": 420}, "files[0].mode: must be in quotes"),
        ({"path": "/a", "link": "b", "mode": "0644"}, "files[0].mode: a symbolic link has none"),
        ({"path": "/a", "content": "", "capabilities": "x"}, "files[0].capabilities: must be names and flags, such as"),
        ({"path": "/a", "link": "b", "capabilities": "cap_kill=p"}, "files[0].capabilities: only a file has them"),
        ({"path": "/a", "content": "", "owner": "a b"}, "files[0].owner: must be a name or a number; got: a b"),
        ({"path": "/a", "content": "", "group": "4294967295"}, "files[0].group: must be a name or a number"),
    ],
)
def test_problem(item: dict[str, Any], problem: str) -> None:
    (found,) = problems(item)
    assert problem in found


def test_a_secret_is_not_shown() -> None:
    assert "secret" not in "".join(problems({"path": "a", "content": "secret", "src": "b", "mode": "x"}))


def test_one_path_twice() -> None:
    found = problems({"path": "/a", "content": ""}, {"path": "/b", "content": ""}, {"path": "/a", "link": "b"})
    assert found == ["files[2].path: /a is there already, as files[0]"]


def test_below_what_is_no_directory() -> None:
    found = problems({"path": "/a/b/c", "content": ""}, {"path": "/a", "link": "b"})
    assert found == ["files[0].path: /a is no directory, but files[1]"]


def test_all_at_once() -> None:
    assert len(problems({"path": "a", "mode": 420}, {"path": "b", "src": "c", "owner": ""}, {"path": "b"})) == 8
