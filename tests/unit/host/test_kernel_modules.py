# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of the running kernel, by what depmod and the kernel have written down."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.kernel_modules import (
    Modules,
    module_name,
    read_modules,
)
from unit.host.kernel_captures import RELEASES, install_modules
from unit.trees import Tree


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("kernel/fs/overlayfs/overlay.ko: ", "overlay"),
        ("kernel/fs/overlayfs/overlay.ko.xz:", "overlay"),
        ("kernel/crypto/ghash-generic.ko.zst: kernel/lib/crypto/gf128mul.ko.zst", "ghash_generic"),
        ("updates/dkms/zfs.ko: updates/dkms/spl.ko", "zfs"),
        ("kernel/drivers/net/veth.ko", "veth"),
        ("br_netfilter 32768 0 - Live 0x0000000000000000", "br_netfilter"),
    ],
)
def test_names(line: str, name: str) -> None:
    assert module_name(line) == name


@pytest.mark.parametrize("name", RELEASES)
def test_installed_and_built_in(tree: Tree, name: str) -> None:
    install_modules(tree, name)
    modules = read_modules(tree.host, RELEASES[name])
    assert modules.folder == f"/lib/modules/{RELEASES[name]}"
    assert modules.has("overlay")
    assert modules.has("ip_vs_rr")
    assert not modules.has("aufs")
    assert len(modules.installed) > 45


def test_modules_of_another_kernel_are_no_help(tree: Tree) -> None:
    install_modules(tree, "debian-12")
    assert read_modules(tree.host, "6.1.0-57-amd64") == Modules()


def test_what_is_in_the_kernel_now(tree: Tree) -> None:
    tree.at("/sys/module/overlay").mkdir(parents=True)
    tree.write("/proc/modules", "xt_conntrack 16384 1 - Live 0x0\nnf_nat 65536 2 xt_nat, Live 0x0\n")
    modules = read_modules(tree.host, "6.1.0-56-amd64")
    assert modules.present == {"overlay", "xt_conntrack", "nf_nat"}
    assert modules.folder == ""
