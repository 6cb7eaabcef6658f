# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a kernel was configured is read from the first place that tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.kernel_config import (
    parse_kernel_config,
    places,
    read_kernel_config,
)
from unit.host.kernel_captures import RELEASES, configure, read
from unit.trees import Tree

RELEASE = RELEASES["debian-12"]


@pytest.mark.parametrize("place", places(RELEASE))
def test_every_place_is_looked_at(tree: Tree, place: str) -> None:
    configure(tree, "debian-12", place)
    config = read_kernel_config(tree.host, RELEASE)
    assert config.source == place
    assert config.options["NAMESPACES"] == "y"
    assert config.options["OVERLAY_FS"] == "m"
    assert "AUFS_FS" not in config.options


def test_the_running_kernel_s_own_word_comes_first(tree: Tree) -> None:
    for place in reversed(places(RELEASE)):
        configure(tree, "debian-12", place)
        assert read_kernel_config(tree.host, RELEASE).source == place


def test_a_place_of_another_kernel_does_not_count(tree: Tree) -> None:
    configure(tree, "debian-12", "/boot/config-6.1.0-55-amd64")
    assert read_kernel_config(tree.host, RELEASE).source == ""


def test_a_broken_place_is_named_and_the_next_one_is_read(tree: Tree) -> None:
    tree.write("/proc/config.gz", b"no gzip")
    configure(tree, "debian-12", f"/boot/config-{RELEASE}")
    config = read_kernel_config(tree.host, RELEASE)
    assert config.source == f"/boot/config-{RELEASE}"
    assert list(config.unreadable) == ["/proc/config.gz"]


@pytest.mark.parametrize("cut", [0, 2, 11, 40])
def test_a_place_that_is_cut_off_is_no_error(tree: Tree, cut: int) -> None:
    configure(tree, "debian-12", "/proc/config.gz")
    tree.write("/proc/config.gz", tree.read("/proc/config.gz")[:cut])
    config = read_kernel_config(tree.host, RELEASE)
    assert config.options == {}
    assert cut == 0 or "/proc/config.gz" in config.unreadable


def test_a_folder_in_that_place_is_no_error(tree: Tree) -> None:
    tree.at(f"/boot/config-{RELEASE}").mkdir(parents=True)
    assert f"/boot/config-{RELEASE}" in read_kernel_config(tree.host, RELEASE).unreadable


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("CONFIG_A=y", {"A": "y"}),
        ("CONFIG_A=m\r", {"A": "m"}),
        ("CONFIG_4KSTACKS=y", {"4KSTACKS": "y"}),
        ('CONFIG_LSM="landlock,yama"', {"LSM": "landlock,yama"}),
        ("CONFIG_HZ=250", {"HZ": "250"}),
        ("# CONFIG_A is not set", {}),
        ("#CONFIG_A=y", {}),
        (" CONFIG_A=y", {}),
        ("XCONFIG_A=y", {}),
        ("CONFIG_A", {}),
        ("", {}),
    ],
)
def test_lines(line: str, found: dict[str, str]) -> None:
    assert parse_kernel_config(f"# a comment\n{line}\n") == found


def test_a_real_configuration() -> None:
    options = parse_kernel_config(read("debian-13/config"))
    assert len(options) > 85
    assert set(options.values()) <= {"y", "m", "", "x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0"}


@given(st.dictionaries(st.from_regex(r"[A-Z0-9_]{1,20}", fullmatch=True), st.sampled_from("ym"), max_size=8))
def test_what_is_printed_is_read_back(options: dict[str, str]) -> None:
    text = "".join(f"CONFIG_{name}={value}\n" for name, value in options.items())
    assert parse_kernel_config(text) == options
