# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a bootstrap failed, out of what its programs print."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed, must, reason
from unit.image.doubles import Commands, host_of
from unit.trees import Tree

NO_PACKAGE = """\
I: installing remaining packages inside the chroot...
Reading package lists...
E: Unable to locate package no-such
E: setup failed: E: apt-get -o Dir::Bin::dpkg=env install no-such failed
I: main() received signal PIPE: waiting for setup...
E: mmdebstrap failed to run
"""
NO_KEY = """\
Err:1 http://m.example/debian trixie InRelease
  The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0E7B82643E131
E: The repository 'http://m.example/debian trixie InRelease' is not signed.
E: command failed: /usr/share/mmdebstrap/hooks/maybe-merged-usr/setup00.sh
"""


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (NO_PACKAGE, "Unable to locate package no-such"),
        (NO_KEY, "The repository 'http://m.example/debian trixie InRelease' is not signed."),
        ("E: Couldn't download packages: apt\n", "Couldn't download packages: apt"),
        ("E: setup failed: x\n", "setup failed: x"),
        (
            "E: one\ntar: ./x: Cannot write: No space left on device\n",
            "tar: ./x: Cannot write: No space left on device",
        ),
        ("E: a\nE: a\nE: b\nE: c\nE: d\n", "a; b; c"),
        ("all was well\nSegmentation fault\n\n", "Segmentation fault"),
        ("", "it said nothing"),
    ],
)
def test_reason(output: str, told: str) -> None:
    assert reason(output) == told


def failure(tree: Tree, argv: list[str], err: str) -> BootstrapFailed:
    with pytest.raises(BootstrapFailed) as caught:
        must(host_of(tree, Commands({"": (1, "", err)})), argv)
    return caught.value


def test_which_program(tree: Tree) -> None:
    assert str(failure(tree, ["mmdebstrap", "--x", "trixie"], NO_PACKAGE)).startswith("mmdebstrap failed: Unable")
    in_root = failure(tree, ["chroot", "/var/tmp/x/root", "apt-get", "update"], "E: no\n")
    assert str(in_root) == "apt-get update in the new root failed: no"


def test_output_without_progress_and_credentials(tree: Tree) -> None:
    said = "(Reading database ... \r(Reading database ... 5%\r(Reading database ... 7 files)\r\nE: http://me:secret@m.example/x\n"
    assert failure(tree, ["mmdebstrap"], said).output == "(Reading database ... 7 files)\nE: http://m.example/x"


def test_keys(tree: Tree) -> None:
    assert failure(tree, ["mmdebstrap"], NO_KEY).of_keys
    assert not failure(tree, ["mmdebstrap"], NO_PACKAGE).of_keys
