# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the archive for an image that is there, and what follows from the answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.room import AptRoom
from ansible_collections.slipway.docker.plugins.module_utils.image.current.latest import Change
from ansible_collections.slipway.docker.plugins.module_utils.image.current.renew import (
    all_known,
    refused,
    renew,
    sources_of,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.current.seen import remember, seen
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import Plan, plan
from ansible_collections.slipway.docker.plugins.module_utils.image.progress import Phases
from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed
from unit.image.doubles import Answer, Commands, host_of
from unit.image.wishes import ORIGIN, provenance_of, request, state, with_image
from unit.trees import Tree

ID = f"sha256:{'1' * 64}"
SUITE = "http://m.example/debian trixie"


class Archive:
    """A host whose apt tells of an archive."""

    def __init__(self, tree: Tree) -> None:
        self.offer({"apt": "3.0", "tzdata": "2025b"})
        self.commands = Commands(
            {
                "apt-get update": self.update,
                "apt-cache policy": (0, "", ""),
                "docker image ls": (0, f"{ID}\n", ""),
                "apt-helper": (100, "", "E: 404  Not Found"),
            }
        )
        self.host = host_of(tree, self.commands)
        self.cache = str(tree.at("/cache"))
        tree.write("/keys", b"keys")
        self.keyring = str(tree.at("/keys"))
        self.release = "one"

    def update(self, _argv: Sequence[str]) -> Answer:
        for lists in Path(self.cache).glob("lists/*/lists"):
            (lists / "m.example_debian_dists_trixie_InRelease").write_text(self.release)
        return 0, "", ""

    def offer(self, versions: dict[str, str]) -> None:
        self.versions = versions

    def ask(self, keep: bool = True, **options: Any) -> Plan:
        text = "".join(f"{name}:\n  Installed: (none)\n  Candidate: {one}\n" for name, one in self.versions.items())
        self.commands.answers["apt-cache policy"] = (0, text, "")
        wanted, found = self.image(**options)
        return renew(self.host, found, plan(found, wanted), wanted, Phases(), keep)

    def image(self, **options: Any) -> tuple[Any, State]:
        wanted = request(state="latest", suite="trixie", cache_dir=self.cache, cache=True, **options)
        found = with_image(wanted)
        if found.image is None or found.origin is None:
            raise ValueError("with_image() gives both")
        origin = replace(found.origin, archive=replace(found.origin.archive, keyring=self.keyring))
        return wanted, replace(found, image=replace(found.image, id=ID), origin=origin)


@pytest.fixture
def archive(tree: Tree) -> Archive:
    return Archive(tree)


def asked(archive: Archive, start: str) -> int:
    return len([line for line in archive.commands.asked if line.startswith(start)])


def test_nothing_new_is_remembered_and_then_no_packages_are_read(archive: Archive) -> None:
    assert archive.ask().action == "none"
    assert list(seen(archive.host, ID)) == [SUITE]
    assert archive.ask().action == "none"
    assert asked(archive, "apt-cache policy") == 1
    archive.release = "two"
    assert archive.ask().action == "none"
    assert asked(archive, "apt-cache policy") == 2


def test_check_mode_remembers_nothing(archive: Archive) -> None:
    assert archive.ask(keep=False).action == "none"
    assert seen(archive.host, ID) == {}
    assert not os.path.exists(archive.cache)


def test_packages_that_went_back_or_away_are_told_each_time(archive: Archive) -> None:
    archive.offer({"apt": "2.9"})
    for _run in range(2):
        found = archive.ask()
        assert found.action == "none"
        assert len(found.remarks) == 2
    assert seen(archive.host, ID) == {}


def test_a_suite_that_the_mirror_lacked_and_has_now_is_a_reason_to_build(archive: Archive) -> None:
    def hand_out(argv: Sequence[str]) -> Answer:
        if "/dists/trixie-security/" not in argv[-2]:
            return 100, "", "E: 404  Not Found"
        Path(argv[-1]).write_text("Suite: stable-security\n")
        return 0, "", ""

    archive.commands.answers["apt-helper"] = hand_out
    found = archive.ask()
    assert (found.action, found.reasons) == ("build", ("the mirror has now what it lacked: trixie-security",))


def test_a_newer_package_is_a_reason_to_build(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AptRoom, "resolve", lambda *_args: ())
    archive.offer({"apt": "3.1", "tzdata": "2025b"})
    found = archive.ask()
    assert found.action == "build"
    assert found.reasons == ("the archive has newer versions of apt",)
    assert found.package_changes == (Change("apt", "3.0", "3.1"),)
    assert found.backend == "mmdebstrap"
    assert found.image is not None
    assert seen(archive.host, ID) == {}


def test_a_build_that_cannot_be_done_is_foretold(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AptRoom, "resolve", lambda *_args: ())
    archive.offer({"apt": "3.1", "tzdata": "2025b"})
    wanted, found = archive.image()
    archive.ask()
    bare = replace(found, programs=())
    renewed = renew(archive.host, bare, plan(bare, wanted), wanted, Phases(), keep=False)
    assert len(renewed.pending) == 1


def test_what_apt_refuses_is_an_error(archive: Archive) -> None:
    archive.commands.answers["apt-get update"] = (100, "", "E: Release file for http://m.example is expired\n")
    with pytest.raises(BootstrapFailed, match=r"local/base:1 stays as it is: .* is older than it may be") as caught:
        archive.ask()
    assert "Release file for" in caught.value.output


def test_without_keys_nothing_is_compared(archive: Archive) -> None:
    wanted, found = archive.image()
    lacking = replace(found, origin=replace(ORIGIN, lacking=("no keyring",)))
    with pytest.raises(HostError, match="is compared with nothing: no keyring"):
        renew(archive.host, lacking, plan(found, wanted), wanted, Phases(), keep=True)


@pytest.mark.parametrize(
    "without",
    [
        lambda found: replace(found, origin=None),
        lambda found: replace(found, image=None),
        lambda found: replace(found, provenance=replace(found.provenance, packages=())),
    ],
    ids=["files", "no image", "no packages"],
)
def test_nothing_to_compare(archive: Archive, without: Callable[[State], State]) -> None:
    wanted, found = archive.image()
    bare = without(found)
    kept = Plan("none", image=bare.image, provenance=bare.provenance)
    assert renew(archive.host, bare, kept, wanted, Phases(), keep=True) is kept
    assert archive.commands.asked == []


def test_an_image_of_an_earlier_version_is_built_anew() -> None:
    wanted = request(state="latest")
    made = replace(provenance_of(wanted), packages=(), counted=83)
    found = plan(replace(with_image(wanted), provenance=made), wanted)
    assert found.action == "build"
    assert "does not tell its packages" in found.reasons[0]
    assert plan(replace(with_image(wanted), provenance=made), request()).action == "none"


def test_state_latest_builds_what_is_not_there() -> None:
    assert plan(state(), request(state="latest")).reasons == ("there is no image of that name",)


def test_sources_are_those_of_the_image() -> None:
    made = replace(provenance_of(request()), suites=("trixie", "trixie-security"))
    found = sources_of(request(), ORIGIN, made)
    assert [suite for entry in found.entries for suite in entry.suites] == ["trixie", "trixie-security"]


def test_a_source_without_a_release_file_is_always_looked_into() -> None:
    sources = ["deb [signed-by=/k] http://u@m.example/debian trixie main", "deb http://o.example/ ./"]
    known = {SUITE: "1", "http://o.example ./": "2"}
    assert all_known(known, sources)
    assert not all_known({SUITE: "1"}, sources)
    assert not all_known({}, [])


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("E: GPG error: BADSIG 1", "is not signed with the keys in /k"),
        ("E: The repository 'x' is not signed.", "is not signed with the keys in /k"),
        ("E: Sub-process /usr/bin/sqv returned an error code (1)", "is not signed with the keys in /k"),
        ("Verifying signature: Message has been manipulated", "is not signed with the keys in /k"),
        ("E: The repository 'x' is no longer signed.", "is not signed with the keys in /k"),
        ("E: Release file for x is expired", "is older than it may be"),
        ("E: Release file for x is not valid yet", "is of the future"),
        ("E: Failed to fetch x Hash Sum mismatch", "is not what its Release file says"),
        ("E: Failed to fetch x Could not connect", "the archive cannot be asked for newer packages"),
    ],
)
def test_meanings(output: str, meaning: str) -> None:
    error = refused("local/base:1", "/k", BootstrapFailed("apt-get update failed", output))
    assert str(error).startswith("local/base:1 stays as it is: ")
    assert meaning in str(error)
    assert error.output == output


def test_remembering_survives_an_unwritable_place(tree: Tree) -> None:
    host = host_of(tree, Commands({}))
    tree.write("/var/lib/slipway", b"a file")
    remember(host, ID, {SUITE: "1"})
    assert seen(host, ID) == {}
