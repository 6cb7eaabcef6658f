# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what an archive offers is worth a new image."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.current.latest import (
    Change,
    changes_between,
    judge,
    on_offer,
    versions_of,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package

HAS = {"apt": "3.0", "tool": "1.0", "libc6:i386": "2.41-1"}


def test_names_are_those_of_apt() -> None:
    packages = (Package("apt", "amd64", "3.0"), Package("libc6", "i386", "2.41-1"), Package("tzdata", "all", "2025b"))
    assert versions_of(packages, "amd64") == {"apt": "3.0", "libc6:i386": "2.41-1", "tzdata": "2025b"}


def test_what_is_not_installed_does_not_matter() -> None:
    assert on_offer(HAS, {**HAS, "other": "7"}) == ()
    assert judge(HAS, ()).changes == ()


def test_a_newer_version_is_a_reason() -> None:
    offered = on_offer(HAS, {**HAS, "tool": "1.1"})
    news = judge(HAS, offered, {**HAS, "tool": "1.1"})
    assert news.changes == (Change("tool", "1.0", "1.1"),)
    assert news.reason == "the archive has newer versions of tool"
    assert news.remarks == ()


def test_what_comes_along_is_told() -> None:
    news = judge(HAS, on_offer(HAS, {**HAS, "tool": "1.1"}), {**HAS, "tool": "1.1", "libtool": "5"})
    assert [str(change) for change in news.changes] == ["libtool: (not there) -> 5", "tool: 1.0 -> 1.1"]


def test_a_candidate_that_would_not_get_in_is_no_reason() -> None:
    news = judge(HAS, on_offer(HAS, {**HAS, "tool": "1.1"}), HAS)
    assert news == judge(HAS, ())


def test_a_package_that_apt_did_not_choose_is_taken_as_it_is_offered() -> None:
    news = judge(HAS, on_offer(HAS, {**HAS, "tool": "1.1"}), {"apt": "3.0"})
    assert news.changes == (Change("tool", "1.0", "1.1"),)


def test_a_mirror_that_went_back_is_named_and_is_no_reason() -> None:
    news = judge(HAS, on_offer(HAS, {**HAS, "tool": "0.9"}))
    assert news.changes == ()
    (remark,) = news.remarks
    assert "older versions" in remark
    assert "tool: 1.0 -> 0.9" in remark


def test_what_goes_down_beside_what_goes_up_is_named() -> None:
    offered = on_offer(HAS, {**HAS, "tool": "0.9", "apt": "3.1"})
    news = judge(HAS, offered, {**HAS, "tool": "0.9", "apt": "3.1"})
    assert [str(change) for change in news.changes] == ["apt: 3.0 -> 3.1", "tool: 1.0 -> 0.9 (older)"]
    assert news.reason == "the archive has newer versions of apt; older than before would be tool"
    assert len(news.remarks) == 1


def test_a_package_that_left_the_archive_is_named_and_is_no_reason() -> None:
    news = judge(HAS, on_offer(HAS, {"apt": "3.0", "libc6:i386": "2.41-1"}))
    assert news.changes == ()
    assert news.remarks == ("the archive no longer has packages of the image: tool",)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (Change("a", "", "1"), "a: (not there) -> 1"),
        (Change("a", "1", ""), "a: 1 -> (gone)"),
        (Change("a", "1~rc1", "1"), "a: 1~rc1 -> 1"),
        (Change("a", "1:1", "2"), "a: 1:1 -> 2 (older)"),
    ],
    ids=str,
)
def test_shown(change: Change, shown: str) -> None:
    assert str(change) == shown


def test_between_two_images() -> None:
    assert changes_between({"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"}) == (
        Change("a", "1", ""),
        Change("b", "1", "2"),
        Change("d", "", "1"),
    )


def test_what_only_commands_can_have_brought_in_is_no_reason() -> None:
    offered = on_offer(HAS, {**HAS, "tool": "1.1"})
    resolved = {"apt": "3.0"}
    assert judge(HAS, offered, resolved, commands=True).changes == ()
    assert [str(change) for change in judge(HAS, offered, resolved).changes] == ["tool: 1.0 -> 1.1"]
