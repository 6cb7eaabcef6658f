# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Interfaces as stanzas of ifupdown, and what its other files say. Pure.

A stanza's commands can be run again at any time, so that what is there already does no harm. They need ``ip`` and a
shell, no other package.
"""

from __future__ import annotations

import fnmatch
import os
import re
import typing as t
from dataclasses import dataclass

from .declare import Interface, vlan_port
from .owned import Texts, address, header, owner_of, route
from .steps import Before

MAIN = "/etc/network/interfaces"
FOLDER = "/etc/network/interfaces.d"
REMEDY = f"add the line: source {FOLDER}/*"


def path_of(name: str) -> str:
    return f"{FOLDER}/slipway-{name}"


def text(interface: Interface, makes: t.Sequence[str] = (), ours: t.Container[str] = ()) -> str:
    """The file for one interface.

    :param makes: ports that are VLANs, which it makes as well
    :param ours: interfaces that have a file of ours, and come first
    """
    name = interface.name
    lines = [f"auto {name}", f"iface {name} inet manual"]
    lines += [f"    pre-up ifup {lower} || true" for lower in interface.lowers if lower in ours]
    for port in makes:
        parent, number = vlan_port(port) or (port, 0)
        lines += _made(port, f"link {parent} name {port} type vlan id {number}")
    mac = f" address {interface.mac}" if interface.mac else ""
    more = {"vlan": f" id {interface.vlan}", "macvlan": f" mode {interface.mode}"}.get(interface.kind, "")
    on = f"link {interface.parent} " if interface.parent else ""
    lines += _made(name, f"{on}name {name}{mac} type {interface.kind}{more}")
    lines += _set_up(interface, makes)
    lines += _taken_down(interface, makes)
    return header(interface.owner or name, makes) + "".join(f"{line}\n" for line in lines)


def _made(name: str, words: str) -> list[str]:
    return [f"    pre-up [ -e /sys/class/net/{name} ] || ip link add {words}"]


def _set_up(interface: Interface, makes: t.Sequence[str]) -> t.Iterator[str]:
    name = interface.name
    if interface.kind == "bridge":
        yield f"    pre-up ip link set dev {name} type bridge stp_state {int(interface.stp)}"
    yield f"    pre-up echo 0 > /proc/sys/net/ipv6/conf/{name}/accept_ra || true"
    if interface.needs_ipv6:
        yield f"    pre-up echo 0 > /proc/sys/net/ipv6/conf/{name}/disable_ipv6"
    for parent in dict.fromkeys([interface.parent, *((vlan_port(one) or ("",))[0] for one in makes)]):
        if parent:
            yield f"    up ip link set dev {parent} up"
    for port in interface.ports:  # a port that is missing shall not keep containers from starting
        yield f"    up ip link set dev {port} up master {name} || true"
    if interface.mtu:  # after ports, whose own would be taken
        yield f"    up ip link set dev {name} mtu {interface.mtu}"
    yield f"    up ip link set dev {name} up"
    for one in interface.addresses:
        wide = one.version == 4 and one.network.prefixlen < 31
        yield f"    up ip address replace {one}{' broadcast +' if wide else ''} dev {name}"
    for each in interface.routes:
        yield f"    up ip route replace {each.words} dev {name}"


def _taken_down(interface: Interface, makes: t.Sequence[str]) -> t.Iterator[str]:
    """A bridge that containers are in stays, so that a restart of networking does not cut them off."""
    name = interface.name
    yield from (f"    post-down ip link set dev {port} nomaster || true" for port in interface.ports)
    used = f'[ -n "$(ls /sys/class/net/{name}/brif 2>/dev/null)" ] || ' if interface.kind == "bridge" else ""
    yield f"    post-down {used}ip link delete dev {name} || true"
    yield from (f"    post-down ip link delete dev {one} || true" for one in makes)


def made(files: Texts) -> dict[str, str]:
    """The interfaces that our files make, with the declared interface that each stands there for."""
    found = {}
    for content in files.values():
        owner = owner_of(content)
        if owner:
            found.update(dict.fromkeys((owner[0], *owner[1]), owner[0]))
    return found


def before(name: str, files: Texts) -> Before:
    """What our file gives to an interface."""
    content = files.get(path_of(name), "")
    ports = re.findall(r"^    up ip link set dev (\S+) up master ", content, re.MULTILINE)
    addresses = [address(one) for one in re.findall(r"^    up ip address replace (\S+)", content, re.MULTILINE)]
    routes = [
        route(network, via)
        for network, via in re.findall(r"^    up ip route replace (\S+)(?: via (\S+))? dev", content, re.MULTILINE)
    ]
    return Before(tuple(ports), tuple(one for one in addresses if one), tuple(one for one in routes if one))


@dataclass(frozen=True)
class Stanza:
    """How a file sets an interface up."""

    name: str
    method: str


def stanzas(content: str) -> tuple[Stanza, ...]:
    """The interfaces that a file sets up (interfaces(5))."""
    found = re.findall(r"^\s*iface\s+(\S+)[ \t]*(?:(inet6?)[ \t]+(\S+))?", _joined(content), re.MULTILINE)
    return tuple(Stanza(name, method) for name, _family, method in found)


def sources(content: str) -> tuple[tuple[str, str], ...]:
    """The lines ``source`` and ``source-directory`` of a file, with what they name as a whole path."""
    found = re.findall(r"^\s*(source|source-directory)[ \t]+(\S.*)$", _joined(content), re.MULTILINE)
    return tuple(
        (word, os.path.join(os.path.dirname(MAIN), one.strip("\"'"))) for word, names in found for one in names.split()
    )


def is_read(content: str, path: str) -> bool:
    """Whether the main file takes in another one."""
    for word, where in sources(content):
        if word == "source" and fnmatch.fnmatchcase(path, where):
            return True
        # A folder's files count only where their names are of these characters (interfaces(5)).
        plain = re.fullmatch(r"[A-Za-z0-9_-]+", os.path.basename(path))
        if word == "source-directory" and plain and fnmatch.fnmatchcase(os.path.dirname(path), where.rstrip("/")):
            return True
    return False


def _joined(content: str) -> str:
    return re.sub(r"\\\n", " ", content)
