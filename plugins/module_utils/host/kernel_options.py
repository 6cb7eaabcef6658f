# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which modules stand for an option of the kernel's configuration; any one of them will do.

An option that is not here is no module: it is in the kernel or it is not.
"""

from __future__ import annotations

# fmt: off
MODULES: dict[str, tuple[str, ...]] = {
    "AUFS_FS": ("aufs",),
    "BLK_DEV_DM": ("dm_mod",),
    "BRIDGE": ("bridge",),
    "BRIDGE_NETFILTER": ("br_netfilter",),
    "BTRFS_FS": ("btrfs",),
    "CRYPTO_GCM": ("gcm",),
    "CRYPTO_GHASH": ("ghash_generic",),
    "CRYPTO_SEQIV": ("seqiv",),
    "DM_THIN_PROVISIONING": ("dm_thin_pool",),
    "DUMMY": ("dummy",),
    "EXT4_FS": ("ext4",),
    "FUSE_FS": ("fuse",),
    "INET_ESP": ("esp4",),
    "IP6_NF_FILTER": ("ip6table_filter",),
    "IP6_NF_MANGLE": ("ip6table_mangle",),
    "IP6_NF_NAT": ("ip6table_nat",),
    "IP6_NF_RAW": ("ip6table_raw",),
    "IP6_NF_TARGET_MASQUERADE": ("xt_MASQUERADE", "ip6t_MASQUERADE"),
    "IPVLAN": ("ipvlan",),
    "IP_NF_FILTER": ("iptable_filter",),
    "IP_NF_MANGLE": ("iptable_mangle",),
    "IP_NF_NAT": ("iptable_nat",),
    "IP_NF_RAW": ("iptable_raw",),
    "IP_NF_TARGET_MASQUERADE": ("xt_MASQUERADE", "ipt_MASQUERADE"),
    "IP_NF_TARGET_REDIRECT": ("xt_REDIRECT", "ipt_REDIRECT"),
    "IP_SCTP": ("sctp",),
    "IP_VS": ("ip_vs",),
    "IP_VS_RR": ("ip_vs_rr",),
    "MACVLAN": ("macvlan",),
    "NETFILTER_XT_MARK": ("xt_mark",),
    "NETFILTER_XT_MATCH_ADDRTYPE": ("xt_addrtype",),
    "NETFILTER_XT_MATCH_BPF": ("xt_bpf",),
    "NETFILTER_XT_MATCH_CONNTRACK": ("xt_conntrack",),
    "NETFILTER_XT_MATCH_IPVS": ("xt_ipvs",),
    "NET_CLS_CGROUP": ("cls_cgroup",),
    "NFT_COMPAT": ("nft_compat",),
    "NFT_CT": ("nft_ct",),
    "NFT_FIB": ("nft_fib",),
    "NFT_FIB_IPV4": ("nft_fib_ipv4",),
    "NFT_FIB_IPV6": ("nft_fib_ipv6",),
    "NFT_MASQ": ("nft_masq",),
    "NFT_NAT": ("nft_nat", "nft_chain_nat"),
    "NF_CONNTRACK_FTP": ("nf_conntrack_ftp",),
    "NF_CONNTRACK_TFTP": ("nf_conntrack_tftp",),
    "NF_NAT": ("nf_nat",),
    "NF_NAT_FTP": ("nf_nat_ftp",),
    "NF_NAT_IPV4": ("nf_nat_ipv4",),
    "NF_NAT_TFTP": ("nf_nat_tftp",),
    "NF_TABLES": ("nf_tables",),
    "OVERLAY_FS": ("overlay",),
    "VETH": ("veth",),
    "VXLAN": ("vxlan",),
    "XFRM_ALGO": ("xfrm_algo",),
    "XFRM_USER": ("xfrm_user",),
}
# fmt: on
