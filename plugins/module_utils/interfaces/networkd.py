# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Interfaces as files of systemd-networkd, and which file applies to an interface. Pure."""

from __future__ import annotations

import fnmatch
import os
import re
import typing as t

from .declare import Interface, OwnAddress, Route
from .kernel import Link
from .owned import Texts, address, header, owner_of, route
from .steps import Before

FOLDER = "/etc/systemd/network"
# A file hides one of the same name in a folder after its own (systemd.network(5)).
FOLDERS = (
    FOLDER,
    "/run/systemd/network",
    "/usr/local/lib/systemd/network",
    "/usr/lib/systemd/network",
    "/lib/systemd/network",
)
_PREFIX = "30-slipway-"
# It has no addresses, and what is on it is there without a cable as well.
_BARE = """\
[Link]
RequiredForOnline=no

[Network]
ConfigureWithoutCarrier=yes
DHCP=no
LinkLocalAddressing=no
IPv6AcceptRA=no
"""
_LOWER = "what is on it"  # in the header of a file that several interfaces may need


def network_file(name: str) -> str:
    return f"{_PREFIX}{name}.network"


def texts(interface: Interface, lower_files: t.Mapping[str, str]) -> dict[str, str]:
    """The files for one interface.

    :param lower_files: the name of the .network file that applies to each interface below it
    """
    head, name = header(interface.owner or interface.name), interface.name
    found = {
        f"{FOLDER}/{_PREFIX}{name}.netdev": head + _netdev(interface),
        f"{FOLDER}/{network_file(name)}": head + _network(interface),
    }
    for lower in interface.lowers:
        file = lower_files.get(lower) or network_file(lower)
        found[f"{FOLDER}/{file}.d/{_PREFIX}{name}.conf"] = head + _drop_in(interface)
    return found


def _netdev(interface: Interface) -> str:
    lines = ["[NetDev]", f"Name={interface.name}", f"Kind={interface.kind}"]
    if interface.mac:
        lines.append(f"MACAddress={interface.mac}")
    if interface.kind == "bridge":
        lines += ["", "[Bridge]", f"STP={'yes' if interface.stp else 'no'}"]
    elif interface.kind == "vlan":
        lines += ["", "[VLAN]", f"Id={interface.vlan}"]
    else:
        lines += ["", "[MACVLAN]", f"Mode={interface.mode}"]
    return "".join(f"{line}\n" for line in lines)


def _network(interface: Interface) -> str:
    """How it is set up.

    Most of these bridges are empty when the host boots, so they are set up without a carrier, and the host counts as
    online as soon as they are: Docker comes after that. One by which the host reaches the world is waited for as usual.
    """
    lines = ["[Match]", f"Name={interface.name}", "", "[Link]"]
    lines.append(f"RequiredForOnline={'yes' if interface.has_gateway else 'no-carrier'}")
    if interface.mtu:
        lines.append(f"MTUBytes={interface.mtu}")
    # Docker gives a bridge more addresses, which a restart of networkd would take away (KeepConfiguration=).
    lines += [
        "",
        "[Network]",
        "ConfigureWithoutCarrier=yes",
        "IgnoreCarrierLoss=yes",
        "KeepConfiguration=static",
        "IPv6AcceptRA=no",
    ]
    lines += [f"Address={one}" for one in interface.addresses]
    for one in interface.routes:
        lines += ["", "[Route]", f"Destination={one.network}"]
        lines.append(f"Gateway={one.via}" if one.via else "Scope=link")
    return "".join(f"{line}\n" for line in lines)


def _drop_in(interface: Interface) -> str:
    """What the file of an interface below has to say."""
    if interface.kind == "bridge":
        lines = ["[Link]", "RequiredForOnline=no", "", "[Network]", f"Bridge={interface.name}"]
        lines += ["LinkLocalAddressing=no", "IPv6AcceptRA=no"]
    else:
        lines = ["[Network]", f"{interface.kind.upper()}={interface.name}"]
    return "".join(f"{line}\n" for line in lines)


def with_lowers(wanted: Texts) -> dict[str, str]:
    """All files of ours, with one for each interface below that has none: drop-ins need a file to be about."""
    found = dict(wanted)
    for path in sorted(wanted):
        folder = os.path.basename(os.path.dirname(path))
        match = re.fullmatch(rf"{re.escape(_PREFIX)}(.+)\.network\.d", folder)
        file = f"{FOLDER}/{folder[: -len('.d')]}"
        if match and file not in found:
            head = f"{header(match[1], [_LOWER.replace(' ', '-')])}"
            found[file] = f"{head}[Match]\nName={match[1]}\n\n{_BARE}"
    return found


def is_for_lowers(text: str) -> bool:
    """Whether a file is one that :func:`with_lowers` adds."""
    owner = owner_of(text)
    return owner is not None and owner[1] == (_LOWER.replace(" ", "-"),)


def made(files: Texts) -> dict[str, str]:
    """The interfaces that our files make, with the declared interface that each stands there for."""
    found = {}
    for path, text in files.items():
        match, owner = re.search(rf"/{re.escape(_PREFIX)}([^/]+)\.netdev$", path), owner_of(text)
        if match and owner:
            found[match[1]] = owner[0]
    return found


def stacked(files: Texts) -> frozenset[str]:
    """The interfaces made by files that are on another one."""
    kinds = re.compile(r"^Name=(.+)\nKind=(?:vlan|macvlan)$", re.MULTILINE)
    return frozenset(name for path, text in files.items() if path.endswith(".netdev") for name in kinds.findall(text))


def before(name: str, files: Texts) -> Before:
    """What our files give to an interface."""
    text = files.get(f"{FOLDER}/{network_file(name)}", "")
    addresses = [address(one) for one in re.findall(r"^Address=(.+)$", text, re.MULTILINE)]
    routes = [
        route(network, via)
        for network, via in re.findall(r"^Destination=(.+)\n(?:Gateway=(.+)|Scope=link)$", text, re.MULTILINE)
    ]
    ports = [
        match[1]
        for path, content in sorted(files.items())
        for match in [re.search(rf"/{re.escape(_PREFIX)}([^/]+)\.network\.d/{re.escape(_PREFIX + name)}\.conf$", path)]
        if match and f"\nBridge={name}\n" in content
    ]
    found: tuple[list[OwnAddress], list[Route]] = ([one for one in addresses if one], [one for one in routes if one])
    return Before(tuple(ports), tuple(found[0]), tuple(found[1]))


def applies(files: Texts, link: Link, in_force: str = "") -> str | None:
    """The name of the .network file that applies to an interface: the first by name whose [Match] fits.

    :param files: by name, without those that another one hides
    :param in_force: the file that networkd says it goes by; it may match by what is not known here
    """
    for name in sorted(files):
        if name == in_force or _fits(_match_section(files[name]), link):
            return name
    return None


def _match_section(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped
        elif section == "[Match]" and "=" in stripped and stripped[0] not in "#;":
            key, _equals, value = (part.strip() for part in stripped.partition("="))
            found[key] = [*found.get(key, []), *value.split()] if value else []
    return {key: values for key, values in found.items() if values}


def _fits(match: t.Mapping[str, list[str]], link: Link) -> bool:
    """Whether a [Match] section fits. One with keys that look at hardware or the machine counts as not fitting."""
    is_of_a_kind = link.kind in ("bridge", "vlan", "bond", "wlan")
    what = {
        "Name": link.name,
        "MACAddress": link.mac,
        "PermanentMACAddress": "" if link.kind else link.mac,
        "Kind": link.kind,
        "Type": "loopback" if link.loopback else link.kind if is_of_a_kind else "ether",
    }
    return bool(match) and all(key in what and _one_of(values, what[key]) for key, values in match.items())


def _one_of(patterns: t.Sequence[str], value: str) -> bool:
    turned = patterns[0].startswith("!")
    listed = [patterns[0].lstrip("!"), *patterns[1:]]
    return any(value and fnmatch.fnmatchcase(value.lower(), one.lower()) for one in listed) is not turned
