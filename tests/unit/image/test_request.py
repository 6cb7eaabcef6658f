# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may ask for; all that is wrong with it is told at once."""

from __future__ import annotations

from typing import Any

import pytest

from unit.image.wishes import request

LOCAL = {"uri": "http://m.example/local", "suites": ["stable"], "components": ["main"]}


def test_defaults_are_sound() -> None:
    assert request().problems() == []


def test_values_from_yaml_are_text() -> None:
    config = request(env={"B": True, "A": 1, "N": None}, labels={"x": 1.5}).config
    assert config.env == (("A", "1"), ("B", "true"), ("N", ""))
    assert config.labels == (("x", "1.5"),)


@pytest.mark.parametrize(
    "packages",
    [["g++", "libstdc++6", "libc6:i386", "apt=2.6.1", "perl=1:5.36.0-7+deb12u1~x", "hello/trixie-backports", "0ad"]],
)
def test_packages_as_apt_takes_them(packages: list[str]) -> None:
    assert request(packages=packages).problems() == []


@pytest.mark.parametrize(
    "package", ["-y", "--x", "a b", "foo-", "", "x", "A1", "a,b", "a=", "?essential", "~n.*", "a\n"]
)
def test_what_is_no_package(package: str) -> None:
    assert request(packages=[package]).problems() == [f"packages: {package!r} is no name for one"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "Base"}, "name: the part 'Base' must be lower-case .*; got: Base"),
        ({"suite": "Trixie"}, "suite must be a release's name such as bookworm; got: Trixie"),
        ({"suite": "../x"}, "suite must be"),
        ({"components": []}, "components must name at least one"),
        ({"components": ["main contrib"]}, "components: 'main contrib' is no name"),
        ({"architecture": "x86_64"}, "architecture must be one of amd64, .*; got: x86_64"),
        ({"variant": "apt", "backend": "debootstrap"}, "variant apt needs another backend"),
        ({"variant": "essential", "backend": "debootstrap"}, "variant essential needs another backend"),
        ({"allow_unsigned": True, "keyring": "/k"}, "keyring is of no use with allow_unsigned"),
        ({"commands": [["true"], []]}, r"commands\[1\] must be a program and its arguments"),
        (
            {"sources": [{**LOCAL, "uri": "http://me:secret@m.example/x"}]},
            r"sources\[0\].uri: must not hold credentials",
        ),
        (
            {"sources": [{**LOCAL, "uri": "file:/x"}]},
            r"sources\[0\].uri: must be an http or https address; got: file:/x",
        ),
        ({"sources": [{**LOCAL, "suites": []}]}, r"sources\[0\].suites: must name at least one"),
        ({"sources": [{**LOCAL, "suites": ["./"]}]}, r"sources\[0\].components: a suite that is a path has none"),
        ({"sources": [LOCAL, {**LOCAL, "components": []}]}, r"sources\[1\].components: must name at least one"),
        ({"sources": [{**LOCAL, "components": ["a b"]}]}, r"sources\[0\].components: 'a b' is no name for one"),
        ({"sources": [{**LOCAL, "keyring": "k"}]}, r"sources\[0\].keyring: must be an absolute path on the host"),
        ({"sources": [{**LOCAL, "keyring": "/k", "allow_unsigned": True}]}, r"sources\[0\].keyring: is of no use"),
        ({"mirror": "http://me:secret@m.example/debian"}, "mirror must not hold credentials"),
    ],
)
def test_problem(options: dict[str, Any], problem: str) -> None:
    (found,) = request(**options).problems()
    with pytest.raises(AssertionError, match=problem):
        raise AssertionError(found)
    assert "secret" not in found


def test_all_problems_at_once() -> None:
    assert len(request(name="A:", suite="B", packages=["-c"], env={"": ""}, components=[]).problems()) == 5


def test_what_nobody_vouches_for_is_told() -> None:
    wanted = request(
        allow_unsigned=True, sources=[LOCAL, {**LOCAL, "suites": ["./"], "components": [], "allow_unsigned": True}]
    )
    assert wanted.problems() == []
    assert wanted.remarks == (
        "allow_unsigned: nobody vouches for the packages from mirror",
        "allow_unsigned: nobody vouches for the packages from sources[1]",
    )
