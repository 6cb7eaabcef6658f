# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of images: what Docker takes, what it refuses, and what it makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.image.engine.reference import Reference, parse_reference


@pytest.mark.parametrize(
    ("text", "domain", "path", "tag", "familiar"),
    [
        ("debian", "docker.io", "library/debian", "latest", "debian:latest"),
        ("debian:12", "docker.io", "library/debian", "12", "debian:12"),
        ("docker.io/library/debian:12", "docker.io", "library/debian", "12", "debian:12"),
        ("docker.io/debian", "docker.io", "library/debian", "latest", "debian:latest"),
        ("index.docker.io/me/x:1", "docker.io", "me/x", "1", "me/x:1"),
        ("local/base:trixie-slim", "docker.io", "local/base", "trixie-slim", "local/base:trixie-slim"),
        ("localhost/base", "localhost", "base", "latest", "localhost/base:latest"),
        ("registry:5000/a/b", "registry:5000", "a/b", "latest", "registry:5000/a/b:latest"),
        ("registry.example:5000/a__b/c.d-e--f:v1.0_x", "registry.example:5000", "a__b/c.d-e--f", "v1.0_x", None),
        ("[2001:db8::1]:5000/a:1", "[2001:db8::1]:5000", "a", "1", None),
        ("Registry/a", "Registry", "a", "latest", None),  # upper case cannot be a repository of Docker Hub
        ("a:_", "docker.io", "library/a", "_", None),
        ("a:" + "t" * 128, "docker.io", "library/a", "t" * 128, None),
    ],
)
def test_taken(text: str, domain: str, path: str, tag: str, familiar: str | None) -> None:
    found = parse_reference(text)
    assert found == Reference(domain, path, tag)
    assert parse_reference(found.familiar) == found
    if familiar:
        assert found.familiar == familiar


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "part '' must be lower-case"),
        ("Debian", "part 'Debian' must be lower-case"),
        ("a b", "must be lower-case"),
        ("local/Base:1", "part 'Base'"),
        ("a//b", "part ''"),
        ("/a", "part ''"),
        ("a/", "part ''"),
        ("-a", "part '-a'"),
        ("a___b", "part 'a___b'"),
        ("a..b", "part 'a..b'"),
        ("a\n", "must be lower-case"),
        ("a:", "tag ''"),
        ("a:-x", "tag '-x'"),
        ("a:b c", "tag 'b c'"),
        ("a:" + "t" * 129, "1 to 128"),
        ("a:1\n", "tag"),
        ("a@sha256:" + "0" * 64, "a digest cannot be given"),
        ("f" * 64, "an image's ID"),
        ("-x.example/a", "registry '-x.example'"),
        ("reg:port/a", "registry 'reg:port'"),
        ("a/" + "b" * 250, "longer than 255"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_reference(text)


@given(st.text(max_size=40))
def test_whatever_is_taken_has_one_familiar_form(text: str) -> None:
    try:
        found = parse_reference(text)
    except ValueError:
        return
    assert parse_reference(found.familiar) == found
    assert parse_reference(found.familiar).familiar == found.familiar
