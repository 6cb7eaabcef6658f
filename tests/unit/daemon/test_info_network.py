# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which network drivers can be used, and why the others cannot."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.network_drivers import (
    Firewall,
    iptables_backend,
    usable,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.kernel import Kernel, read_kernel
from ansible_collections.slipway.docker.plugins.module_utils.host.kernel_config import KernelConfig
from unit.host.kernel_captures import boot, configure, install_modules
from unit.trees import Tree


@pytest.fixture
def kernel(tree: Tree) -> Kernel:
    """Debian 13's."""
    configure(tree, "debian-13", f"/boot/config-{boot(tree, 'debian-13')}")
    install_modules(tree, "debian-13")
    return read_kernel(tree.host)


def install_iptables(tree: Tree, program: str) -> None:
    """The chain of links of Debian's alternatives."""
    tree.write(f"/usr/sbin/{program}", "")
    tree.at(f"/usr/sbin/{program}").chmod(0o755)
    tree.link("/etc/alternatives/iptables", f"../../usr/sbin/{program}")
    tree.link("/usr/sbin/iptables", "../../etc/alternatives/iptables")


def without(kernel: Kernel, *options: str) -> Kernel:
    left = {name: value for name, value in kernel.config.options.items() if name not in options}
    return dataclasses.replace(kernel, config=KernelConfig(kernel.config.source, left))


def test_all_of_them(tree: Tree, kernel: Kernel) -> None:
    install_iptables(tree, "xtables-nft-multi")
    assert set(usable(tree.host, kernel).values()) == {""}


@pytest.mark.parametrize(
    ("program", "backend"),
    [("xtables-nft-multi", "nft"), ("xtables-legacy-multi", "legacy"), ("xtables-multi", "legacy")],
)
def test_backends(tree: Tree, program: str, backend: str) -> None:
    assert iptables_backend(tree.host) == ""
    install_iptables(tree, program)
    assert iptables_backend(tree.host) == backend


@pytest.mark.parametrize(
    ("program", "lacks", "bridge"),
    [
        ("xtables-nft-multi", "IP_NF_NAT", ""),
        ("xtables-nft-multi", "NFT_COMPAT", "the kernel was built without CONFIG_NFT_COMPAT"),
        ("xtables-legacy-multi", "IP_NF_NAT", "the kernel was built without CONFIG_IP_NF_NAT"),
        ("xtables-legacy-multi", "NFT_COMPAT", ""),
        ("xtables-nft-multi", "BRIDGE", "the kernel was built without CONFIG_BRIDGE"),
    ],
)
def test_bridge(tree: Tree, kernel: Kernel, program: str, lacks: str, bridge: str) -> None:
    install_iptables(tree, program)
    assert usable(tree.host, without(kernel, lacks))["bridge"] == bridge


@pytest.mark.parametrize(
    ("firewall", "reason"),
    [("iptables", "program iptables is not installed"), ("nftables", ""), ("none", "")],
)
def test_without_iptables(tree: Tree, kernel: Kernel, firewall: Firewall, reason: str) -> None:
    assert usable(tree.host, kernel, firewall)["bridge"].startswith(reason)
    assert bool(usable(tree.host, kernel, firewall)["bridge"]) is bool(reason)


@pytest.mark.parametrize(
    ("option", "drivers"),
    [
        ("IPVLAN", {"ipvlan"}),
        ("MACVLAN", {"macvlan"}),
        ("VXLAN", {"overlay", "overlay-encrypted"}),
        ("INET_ESP", {"overlay-encrypted"}),
        ("CRYPTO_GCM", {"overlay-encrypted"}),
        ("BRIDGE_VLAN_FILTERING", set()),
        ("DUMMY", set()),
    ],
)
def test_what_is_lost_without_an_option(tree: Tree, kernel: Kernel, option: str, drivers: set[str]) -> None:
    found = usable(tree.host, without(kernel, option), "none")
    assert {name for name, reason in found.items() if reason} == drivers


def test_old_kernels(tree: Tree, kernel: Kernel) -> None:
    found = usable(tree.host, dataclasses.replace(kernel, release="4.1.0"), "none")
    assert found["ipvlan"] == "it needs kernel 4.2 or newer; this is 4.1.0"
    assert found["macvlan"] == ""
