# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Who may reach published ports and container networks: the declaration, checked and in a form of its own. Pure."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass, field

from ..host.errors import InvalidInput

Family = t.Literal["ip", "ip6"]
FAMILIES: tuple[Family, ...] = ("ip", "ip6")
PROTOCOLS = ("tcp", "udp", "sctp")
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

# A name with a star at its end for all that begin so (15 bytes and a zero, net/core/dev.c). The kernel takes nearly any
# character; nft reads an @ at the beginning as the name of a set, iptables a + at the end as any rest, and its listing
# does not tell a quote from a name.
_INTERFACE = re.compile(r"(?=.{1,15}\Z)[A-Za-z0-9_][A-Za-z0-9_.-]*\*?")
_SPELLING = (
    "a name of at most 15 letters, digits, _ . and -, not beginning with . or -, or the beginning of one and a *"
)
UNKNOWN = "br-?"  # stands for the bridge of a network that is about to be made
_RATE = re.compile(r"([1-9][0-9]{0,5})/(second|minute|hour|day)")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_FASTEST = 10000  # that iptables can express
_PRINTABLE = re.compile(r"[ -~]*")


@dataclass(frozen=True)
class Rule:
    """One rule; the first that matches counts.

    :param ports: published ports as ranges, none for all
    :param sources: addresses in order and without overlaps, none for all
    :param interface: that the traffic comes in by, empty for any
    :param bridge: interface of the container network that it goes to, empty for any
    """

    allow: bool
    ports: tuple[tuple[int, int], ...] = ()
    protocols: tuple[str, ...] = ("tcp",)
    sources: tuple[Network, ...] = ()
    interface: str = ""
    bridge: str = ""
    log: bool = False
    comment: str = ""

    def sources_of(self, family: Family) -> tuple[Network, ...]:
        version = 4 if family == "ip" else 6
        return tuple(source for source in self.sources if source.version == version)

    @property
    def is_for_containers(self) -> bool:
        """Whether it names all container interfaces as targets.

        Published ports need no such thing to be let through. One that is denied does: the host may translate addresses
        for other machines as well.
        """
        return not self.bridge and not (self.ports and self.allow)

    def holds_for(self, family: Family) -> bool:
        return not self.sources or bool(self.sources_of(family))


@dataclass(frozen=True)
class Policy:
    """The whole of it.

    :param allow: whether what no rule matches may pass
    :param containers: interfaces of container networks; a star at the end stands for any rest
    :param added: those of them that nobody declared: bridges of the engine with other names
    :param outside: those of them by which others come in as well
    :param log: whether what the default denies is logged
    :param rate: how often at most
    """

    allow: bool
    rules: tuple[Rule, ...] = ()
    containers: tuple[str, ...] = ("docker0", "docker_gwbridge", "br-*")
    log: bool = False
    rate: tuple[int, str] = (10, "minute")
    prefix: str = "docker denied: "
    added: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def trusted(self) -> tuple[str, ...]:
        """Interfaces by which nobody but containers comes in."""
        return tuple(name for name in self.containers if name not in self.outside)


@dataclass
class _Reading:
    """What is read of a declaration, and what is wrong with it."""

    problems: list[str] = field(default_factory=list)

    def wrong(self, where: str, why: str) -> None:
        self.problems.append(f"{where} {why}")


def is_interface(name: str) -> bool:
    """Whether a rule can name one interface so."""
    return bool(_INTERFACE.fullmatch(name)) and not name.endswith("*")


def read_policy(
    declared: t.Mapping[str, t.Any], bridges: t.Mapping[str, str], remembered: t.Iterable[str] = ()
) -> Policy:
    """Understand a declaration.

    :param declared: the module's parameters
    :param bridges: interface of each container network by the network's name
    :param remembered: interfaces of container networks whose names are not known
    :raises InvalidInput: with all that is wrong
    """
    reading = _Reading()
    rules = tuple(
        _rule(reading, f"rules[{number}]", one, bridges) for number, one in enumerate(declared.get("rules") or ())
    )
    patterns = tuple(declared.get("container_interfaces") or ())
    _check_interfaces(reading, patterns, bridges)
    known = sorted({*bridges.values(), *remembered})
    more = tuple(name for name in known if not any(covers(p, name) for p in patterns))
    rate = _rate(reading, declared.get("log_rate"))
    prefix = str(declared.get("log_prefix") or "")
    if len(prefix) > 28 or not _PRINTABLE.fullmatch(prefix) or set(prefix) & set('"\\'):
        reading.wrong("log_prefix", 'must be at most 28 plain characters without " and \\, as iptables takes no more')
    if reading.problems:
        raise InvalidInput(reading.problems)
    return Policy(
        declared.get("default") == "allow",
        rules,
        (*patterns, *more),
        bool(declared.get("log")),
        rate,
        prefix,
        more,
    )


def _check_interfaces(reading: _Reading, patterns: t.Sequence[str], bridges: t.Mapping[str, str]) -> None:
    for number, name in enumerate(patterns):
        if not _INTERFACE.fullmatch(name):
            reading.wrong(f"container_interfaces[{number}]", f"must be {_SPELLING}; got: {name!r}")
    for network, name in sorted(bridges.items()):
        if name != UNKNOWN and not is_interface(name):
            remedy = "make it again with another com.docker.network.bridge.name"
            reading.wrong(f"network {network}", f"has a bridge that cannot be put in a rule: {name!r}; {remedy}")


def _rate(reading: _Reading, declared: t.Any) -> tuple[int, str]:
    """How often, and per what."""
    match = _RATE.fullmatch(str(declared or "10/minute"))
    number, unit = (int(match.group(1)), match.group(2)) if match else (0, "second")
    if match is None:
        reading.wrong("log_rate", f"must be like 10/minute; got: {declared!r}")
    elif number > _FASTEST * SECONDS[unit]:
        reading.wrong("log_rate", f"must be at most {_FASTEST}/second; got: {declared!r}")
    return number, unit


def covers(pattern: str, name: str) -> bool:
    """Whether a pattern stands for an interface."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _rule(reading: _Reading, where: str, declared: t.Mapping[str, t.Any], bridges: t.Mapping[str, str]) -> Rule:
    protocols = tuple(declared.get("protocols") or ("tcp",))
    interface, network = str(declared.get("interface") or ""), str(declared.get("network") or "")
    comment = str(declared.get("comment") or "")
    if interface and not _INTERFACE.fullmatch(interface):
        reading.wrong(f"{where}.interface", f"must be {_SPELLING}; got: {interface!r}")
    if network and network not in bridges:
        known = ", ".join(sorted(bridges)) or "none"
        reading.wrong(f"{where}.network", f"has no bridge on this host; got: {network!r}; there are: {known}")
    if len(comment) > 200 or not _PRINTABLE.fullmatch(comment) or set(comment) & set('"\\'):
        reading.wrong(f"{where}.comment", 'must be at most 200 plain characters without " and \\')
    return Rule(
        allow=declared.get("action", "allow") == "allow",
        ports=_ports(reading, f"{where}.ports", declared.get("ports") or ()),
        protocols=tuple(sorted(set(protocols), key=PROTOCOLS.index)),
        sources=_sources(reading, f"{where}.sources", declared.get("sources")),
        interface=interface,
        bridge=bridges.get(network, ""),
        log=bool(declared.get("log")),
        comment=comment,
    )


def _ports(reading: _Reading, where: str, declared: t.Iterable[t.Any]) -> tuple[tuple[int, int], ...]:
    """Ports in order, ranges that touch joined."""
    found = []
    for number, one in enumerate(declared):
        match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", str(one))
        first, last = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (0, 0)
        if not 0 < first <= last < 65536:
            reading.wrong(f"{where}[{number}]", f"must be a port or a range like 8000-8010; got: {one!r}")
            continue
        found.append((first, last))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _sources(reading: _Reading, where: str, declared: t.Iterable[t.Any] | None) -> tuple[Network, ...]:
    """Networks in order, none inside of another. An empty list is refused, as it could mean all or none."""
    if declared is None:
        return ()
    found: list[Network] = []
    for number, one in enumerate(declared):
        try:
            found.append(ipaddress.ip_network(str(one).strip(), strict=False))
        except ValueError:
            reading.wrong(f"{where}[{number}]", f"must be an address or a network such as 10.0.0.0/8; got: {one!r}")
    if not list(declared):
        reading.wrong(where, "is empty: leave it out for everybody, or the rule for nobody")
    fours = ipaddress.collapse_addresses([one for one in found if isinstance(one, ipaddress.IPv4Network)])
    sixes = ipaddress.collapse_addresses([one for one in found if isinstance(one, ipaddress.IPv6Network)])
    return (*fours, *sixes)
