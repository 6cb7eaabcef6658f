# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Published ports that docker-proxy serves: such a connection ends on the host, so that no rule for forwarding sees it.

The engine starts one for each published port. Packets come to it where the engine does not translate their address
before: never from one family to the other, and for none of a family whose iptables it does not manage, or somebody has
flushed.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass

from ..host.machine import Host
from ..host.peek import entries, text
from .backends import Iptables
from .policy import FAMILIES, PROTOCOLS, Family, Policy

Port = t.Tuple[Family, str, int]  # noqa: UP006 - at run time, on Python 3.9

_IN_IPTABLES = re.compile(r"-A DOCKER .*-p (tcp|udp|sctp) .*--dport (\d+) -j DNAT ")
_ENTRANCE = re.compile(r"^-A PREROUTING .*-j DOCKER$", re.MULTILINE)
_IN_NFTABLES = re.compile(r"\b(tcp|udp|sctp) dport (\d+) .*\bdnat\b")
_TABLE = "docker-bridges"  # of engines whose firewall backend is nftables (29)

_REMEDIES: dict[Family, str] = {
    "ip": "Docker translates no addresses for them; set iptables and restart Docker",
    "ip6": "publish them on 0.0.0.0, give the containers' network IPv6 with ip6tables on",
}
_NAMES: dict[Family, str] = {"ip": "IPv4", "ip6": "IPv6"}


@dataclass(frozen=True)
class Proxy:
    """A docker-proxy that somebody outside can reach.

    :param crosses: whether its container has the address of another family
    """

    port: Port
    crosses: bool


def warnings(host: Host, policy: Policy) -> list[str]:
    """Ports that a policy would deny to somebody, and does not."""
    proxies = [one for one in read_proxies(host) if _denies(policy, one.port)]
    known = read_translated(host) if any(not one.crosses for one in proxies) else frozenset()
    found = []
    for family in FAMILIES:
        through = {one.port for one in proxies if one.port[0] == family and (one.crosses or one.port not in known)}
        if through:
            ports = ", ".join(
                f"{port}/{protocol}" for _family, protocol, port in sorted(through, key=lambda one: one[2])
            )
            found.append(
                f"published ports {ports} are open to all on {_NAMES[family]} through docker-proxy, where connections "
                f"end on the host, so that no rule sees them: {_REMEDIES[family]}, or set userland-proxy to false"
            )
    return found


def read_proxies(host: Host) -> list[Proxy]:
    """Those that run and listen on more than the loopback. They are told by their options, as their path can be set."""
    found = []
    for pid in entries(host, "/proc"):
        words = text(host, f"/proc/{pid}/cmdline").split("\0") if pid.isdigit() else []
        proxy = parse_proxy(words) if "-host-ip" in words else None
        if proxy:
            found.append(proxy)
    return found if host.exists("/proc/net/if_inet6") else [one for one in found if one.port[0] == "ip"]


def parse_proxy(words: t.Sequence[str]) -> Proxy | None:
    """A command line of docker-proxy; None where nobody outside can reach it, or it is another program's."""
    options = dict(zip(words, words[1:]))
    try:
        address, to = (ipaddress.ip_address(options[name]) for name in ("-host-ip", "-container-ip"))
        protocol, port = options["-proto"], int(options["-host-port"])
    except (KeyError, ValueError):
        return None
    if address.is_loopback or protocol not in PROTOCOLS:
        return None
    return Proxy(("ip" if address.version == 4 else "ip6", protocol, port), address.version != to.version)


def read_translated(host: Host) -> frozenset[Port]:
    """The published ports whose packets get the container's address before they could come to docker-proxy."""
    ipt = Iptables(host)
    sets = [ipt, ipt.twin] if host.find_program("iptables") else []
    found: set[Port] = set()
    for family in FAMILIES:
        for one in sets:
            table = one.translations(family)
            if _ENTRANCE.search(table):
                found |= {(family, protocol, int(port)) for protocol, port in _IN_IPTABLES.findall(table)}
        if host.find_program("nft"):
            done = host.run(["nft", "list", "table", family, _TABLE])
            found |= {(family, protocol, int(port)) for protocol, port in _IN_NFTABLES.findall(done.out)}
    return frozenset(found)


def _denies(policy: Policy, port: Port) -> bool:
    """Whether somebody is meant to be kept from a port."""
    _family, protocol, number = port
    return not policy.allow or any(
        not rule.ports or (protocol in rule.protocols and any(first <= number <= last for first, last in rule.ports))
        for rule in policy.rules
        if not rule.allow
    )
