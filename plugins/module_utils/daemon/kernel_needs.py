# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an engine asks of the kernel, sorted by what is lost without it.

Facts after Docker's own list of kernel options (20.10 to 29.7).
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.kernel import Kernel, Presence


@dataclass(frozen=True)
class Feature:
    """Something that an engine can do on a kernel with certain options.

    :param necessary: whether nothing runs without it; iptables and nftables stand in for each other, so neither is
    """

    name: str
    options: tuple[str, ...]
    necessary: bool = False


@dataclass(frozen=True)
class Finding:
    """How a kernel is off for a feature.

    :param missing: options that it was built without, or whose module is not installed
    :param unknown: options of which nobody knows
    """

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def _feature(name: str, options: str, *, necessary: bool = False) -> Feature:
    return Feature(name, tuple(options.split()), necessary)


FEATURES: tuple[Feature, ...] = (
    _feature(
        "containers",
        "NAMESPACES NET_NS PID_NS IPC_NS UTS_NS KEYS POSIX_MQUEUE DEVPTS_MULTIPLE_INSTANCES",
        necessary=True,
    ),
    _feature(
        "cgroups",
        "CGROUPS CGROUP_CPUACCT CGROUP_DEVICE CGROUP_FREEZER CGROUP_SCHED CPUSETS MEMCG CGROUP_BPF",
        necessary=True,
    ),
    _feature("bridge", "VETH BRIDGE BRIDGE_NETFILTER", necessary=True),
    _feature(
        "iptables",
        "IP_NF_FILTER IP_NF_MANGLE IP_NF_NAT IP_NF_RAW IP_NF_TARGET_MASQUERADE NETFILTER_XT_MATCH_ADDRTYPE "
        "NETFILTER_XT_MATCH_CONNTRACK NETFILTER_XT_MARK NF_NAT NF_NAT_IPV4 NF_NAT_NEEDED",
    ),
    _feature("ip6tables", "IP6_NF_FILTER IP6_NF_MANGLE IP6_NF_NAT IP6_NF_RAW IP6_NF_TARGET_MASQUERADE"),
    _feature("nftables", "NF_TABLES NFT_COMPAT NFT_CT NFT_FIB NFT_FIB_IPV4 NFT_FIB_IPV6 NFT_MASQ NFT_NAT"),
    _feature("user_namespaces", "USER_NS"),
    _feature("seccomp", "SECCOMP SECCOMP_FILTER"),
    _feature("apparmor", "SECURITY_APPARMOR"),
    _feature("selinux", "SECURITY_SELINUX"),
    _feature("limit_processes", "CGROUP_PIDS"),
    _feature("limit_cpu", "CFS_BANDWIDTH FAIR_GROUP_SCHED RT_GROUP_SCHED"),
    _feature("limit_swap", "MEMCG_SWAP MEMCG_SWAP_ENABLED MEMCG_KMEM"),
    _feature("limit_io", "BLK_CGROUP BLK_DEV_THROTTLING IOSCHED_CFQ CFQ_GROUP_IOSCHED"),
    _feature("limit_others", "CGROUP_HUGETLB CGROUP_PERF NET_CLS_CGROUP CGROUP_NET_PRIO"),
    _feature(
        "swarm_services",
        "IP_VS IP_VS_NFCT IP_VS_PROTO_TCP IP_VS_PROTO_UDP IP_VS_RR NETFILTER_XT_MATCH_IPVS IP_NF_TARGET_REDIRECT",
    ),
    _feature("sctp", "IP_SCTP"),
    _feature("ftp_tftp", "NF_NAT_FTP NF_CONNTRACK_FTP NF_NAT_TFTP NF_CONNTRACK_TFTP"),
    _feature("network_macvlan", "MACVLAN DUMMY"),
    _feature("network_ipvlan", "IPVLAN"),
    _feature("network_overlay", "VXLAN BRIDGE_VLAN_FILTERING"),
    _feature(
        "network_overlay_encrypted",
        "CRYPTO CRYPTO_AEAD CRYPTO_GCM CRYPTO_SEQIV CRYPTO_GHASH XFRM XFRM_USER XFRM_ALGO INET_ESP "
        "INET_XFRM_MODE_TRANSPORT NETFILTER_XT_MATCH_BPF",
    ),
    _feature("storage_overlay", "OVERLAY_FS"),
    _feature("storage_fuse", "FUSE_FS"),
    _feature("storage_btrfs", "BTRFS_FS BTRFS_FS_POSIX_ACL"),
    _feature("storage_devicemapper", "BLK_DEV_DM DM_THIN_PROVISIONING"),
    _feature("storage_aufs", "AUFS_FS"),
    _feature("backing_ext4", "EXT4_FS EXT4_FS_POSIX_ACL EXT4_FS_SECURITY"),
)

# Options that came or went: the first kernel that has one, and the last.
_SINCE: dict[str, tuple[int, int]] = {"CGROUP_BPF": (4, 15)}
_UNTIL: dict[str, tuple[int, int]] = {
    "CFQ_GROUP_IOSCHED": (4, 20),
    "DEVPTS_MULTIPLE_INSTANCES": (4, 7),
    "INET_XFRM_MODE_TRANSPORT": (5, 3),
    "IOSCHED_CFQ": (4, 20),
    "MEMCG_KMEM": (4, 5),
    "MEMCG_SWAP": (6, 0),  # part of MEMCG since
    "MEMCG_SWAP_ENABLED": (5, 7),
    "NF_NAT_IPV4": (5, 1),
    "NF_NAT_NEEDED": (5, 2),
}


def feature_options(name: str) -> tuple[str, ...]:
    """The options that a feature needs."""
    return next(feature.options for feature in FEATURES if feature.name == name)


def applies(option: str, version: tuple[int, int]) -> bool:
    """Whether kernels of a version have an option at all."""
    return _SINCE.get(option, (0, 0)) <= version <= _UNTIL.get(option, version)


def options(kernel: Kernel) -> dict[str, Presence]:
    """How the kernel is set in all that an engine asks of it."""
    wanted = (option for feature in FEATURES for option in feature.options)
    return {option: kernel.option(option) for option in sorted(wanted) if applies(option, kernel.version)}


def findings(kernel: Kernel) -> dict[Feature, Finding]:
    """What the kernel lacks, feature by feature."""
    return {feature: _finding(kernel, feature.options) for feature in FEATURES}


def _finding(kernel: Kernel, names: t.Iterable[str]) -> Finding:
    there = [name for name in names if applies(name, kernel.version)]
    return Finding(
        tuple(name for name in there if kernel.option(name) in ("missing", "uninstalled")),
        tuple(name for name in there if kernel.option(name) == "unknown"),
    )
