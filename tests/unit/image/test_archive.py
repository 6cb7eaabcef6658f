# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of a machine's package sources is Debian's archive, and what is derived from it."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import (
    Archive,
    find_archive,
    sources_for,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.sources import parse_list
from unit.trees import Tree

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
THIRD_PARTIES = """\
deb [signed-by=/etc/apt/keyrings/docker.asc] https://vendor.example/linux/debian bookworm stable
deb [signed-by=/usr/share/keyrings/cloud.gpg] https://packages.example/apt cloud-sdk-bookworm main
deb [signed-by=/etc/apt/keyrings/pg.asc] https://pg.example/pub/repos/apt bookworm-pgdg main
"""
DEBIAN = """\
deb http://mirror.example/debian/ bookworm main
deb http://mirror.example/debian/ bookworm-updates main
deb http://mirror.example/debian-security bookworm-security main
"""


def archive_of(tree: Tree, text: str) -> Archive:
    tree.write(KEYRING, b"keys")
    return find_archive(tree.host, parse_list(text, "sources.list"))


def test_third_parties_are_never_taken(tree: Tree) -> None:
    found = archive_of(tree, THIRD_PARTIES + DEBIAN)
    assert found.uri == "http://mirror.example/debian"
    assert found.security_uri == "http://mirror.example/debian-security"
    assert found.keyring == KEYRING
    with pytest.raises(HostError, match="no Debian archive among the package sources"):
        archive_of(tree, THIRD_PARTIES)


def test_mirror_with_a_name_of_its_own_is_known_by_its_keyring(tree: Tree) -> None:
    found = archive_of(tree, f"deb [signed-by={KEYRING}] http://mirror.example/pub/os bookworm main\n")
    assert found.uri == "http://mirror.example/pub/os"
    assert found.security_uri is None


def test_snapshot_of_the_archive(tree: Tree) -> None:
    found = archive_of(tree, "deb http://mirror.example/archive/debian/20250520T000000Z bookworm main\n")
    assert found.uri == "http://mirror.example/archive/debian/20250520T000000Z"


def test_keyring_that_is_named_and_absent_falls_back_to_the_package(tree: Tree) -> None:
    text = "deb [signed-by=/etc/apt/keyrings/gone.gpg] http://mirror.example/debian bookworm main\n"
    assert archive_of(tree, text).keyring == KEYRING


def test_no_keyring_at_all_says_what_to_install(tree: Tree) -> None:
    with pytest.raises(HostError, match="install the package debian-archive-keyring"):
        find_archive(tree.host, parse_list(DEBIAN, "sources.list"))


ARCHIVE = Archive("http://m.example/debian", "http://m.example/debian-security", KEYRING)


def lines(suite: str, archive: Archive, *held: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sources = sources_for(archive, suite, lambda _uri, name: name in held)
    return sources.one_line(), sources.notes


def test_release_comes_with_updates_and_security() -> None:
    assert lines("trixie", ARCHIVE, "trixie", "trixie-updates", "trixie-security") == (
        (
            f"deb [signed-by={KEYRING}] http://m.example/debian trixie main",
            f"deb [signed-by={KEYRING}] http://m.example/debian trixie-updates main",
            f"deb [signed-by={KEYRING}] http://m.example/debian-security trixie-security main",
        ),
        (),
    )


def test_what_is_no_longer_on_the_mirror_is_left_out_and_said() -> None:
    found, notes = lines("bullseye", ARCHIVE, "bullseye")
    assert len(found) == 1
    assert [note.partition(":")[0] for note in notes] == ["no bullseye-updates", "no bullseye-security"]


def test_machine_without_a_security_archive() -> None:
    archive = Archive(ARCHIVE.uri, None, KEYRING)
    found, notes = lines("bookworm", archive, "bookworm", "bookworm-updates", "bookworm-security")
    assert len(found) == 2
    assert notes == ("no bookworm-security: the machine's apt has no security archive",)


def test_rolling_suite_has_nothing_beside_it() -> None:
    assert lines("sid", ARCHIVE, "sid") == ((f"deb [signed-by={KEYRING}] http://m.example/debian sid main",), ())


def test_release_the_mirror_does_not_hold() -> None:
    with pytest.raises(HostError, match="does not hold the suite buster"):
        lines("buster", ARCHIVE, "bookworm")
