# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine asks of a kernel, held against what Debian's check-config.sh says of Debian's kernels."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.kernel_needs import (
    FEATURES,
    applies,
    feature_options,
    findings,
    options,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.kernel import Kernel, read_kernel
from ansible_collections.slipway.docker.plugins.module_utils.host.kernel_options import MODULES
from unit.host.kernel_captures import RELEASES, boot, configure, install_modules, read
from unit.trees import Tree

# Options that these kernels do not have any more, which the script reports as missing all the same, and one of which
# it warns although nothing is lost with it.
NOT_OURS = {"MEMCG_SWAP", "LEGACY_VSYSCALL_NONE"}

VERDICTS = {"built-in": "enabled", "module": "enabled", "uninstalled": "enabled", "missing": "missing"}


def debian(tree: Tree, name: str) -> Kernel:
    configure(tree, name, f"/boot/config-{boot(tree, name)}")
    install_modules(tree, name)
    return read_kernel(tree.host)


@pytest.mark.parametrize("name", RELEASES)
def test_same_verdict_as_the_script(tree: Tree, name: str) -> None:
    lines = [line.split() for line in read(f"{name}/verdicts").splitlines() if not line.startswith("#")]
    theirs = dict(pair for pair in lines)
    ours = {option: VERDICTS[presence] for option, presence in options(debian(tree, name)).items()}
    both = sorted(theirs.keys() & ours.keys())
    assert {option: ours[option] for option in both} == {option: theirs[option] for option in both}
    assert len(both) >= 70
    assert theirs.keys() - ours.keys() <= NOT_OURS


def test_each_option_is_asked_for_once() -> None:
    wanted = [option for feature in FEATURES for option in feature.options]
    assert len(wanted) == len(set(wanted))


def test_every_module_stands_for_an_option_that_is_asked_for() -> None:
    assert set(MODULES) <= {option for feature in FEATURES for option in feature.options}


def test_a_debian_kernel_has_what_is_necessary(tree: Tree) -> None:
    found = findings(debian(tree, "debian-13"))
    assert [feature.name for feature, finding in found.items() if feature.necessary and finding.missing] == []
    lacks = {feature.name: finding.missing for feature, finding in found.items() if finding.missing}
    assert lacks == {"limit_cpu": ("RT_GROUP_SCHED",), "storage_aufs": ("AUFS_FS",)}


def test_a_kernel_of_which_nothing_is_known(tree: Tree) -> None:
    boot(tree, "debian-13")
    found = findings(read_kernel(tree.host))
    assert all(not finding.missing for finding in found.values())
    assert [feature.name for feature, finding in found.items() if not finding.unknown] == [
        "limit_swap"
    ]  # part of MEMCG


@pytest.mark.parametrize(
    ("option", "version", "there"),
    [
        ("NAMESPACES", (3, 10), True),
        ("CGROUP_BPF", (4, 14), False),
        ("CGROUP_BPF", (4, 15), True),
        ("NF_NAT_IPV4", (5, 1), True),
        ("NF_NAT_IPV4", (5, 2), False),
        ("DEVPTS_MULTIPLE_INSTANCES", (4, 7), True),
        ("DEVPTS_MULTIPLE_INSTANCES", (4, 8), False),
        ("MEMCG_SWAP", (6, 0), True),
        ("MEMCG_SWAP", (6, 1), False),
    ],
)
def test_options_come_and_go(option: str, version: tuple[int, int], there: bool) -> None:
    assert applies(option, version) is there
    kernel = Kernel(f"{version[0]}.{version[1]}.0")
    assert (option in options(kernel)) is there


def test_a_feature_by_its_name() -> None:
    assert feature_options("network_ipvlan") == ("IPVLAN",)
