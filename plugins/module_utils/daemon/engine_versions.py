# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which engine a host has: by the engine's own word where it answers, or else by its programs'."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ..host.machine import Host
from .engine_api import EngineError, get, may_connect
from .sockets import Address, uses_tls
from .version import Version, parse_version

_WORD = re.compile(r"\bv?(\d+\.\d+[^\s,]*)")


@dataclass(frozen=True)
class Versions:
    """The versions of an engine and what it runs on; empty where one is not known.

    :param source: who says so
    """

    source: t.Literal["engine", "programs", "none"] = "none"
    engine: str = ""
    api: str = ""
    containerd: str = ""
    runc: str = ""

    @property
    def number(self) -> Version | None:
        return parse_version(self.engine)


@dataclass(frozen=True)
class Answers:
    """What a running engine says of itself; empty where none answers.

    :param address: where it was asked
    :param forbidden: addresses that this user may not connect to
    :param problem: why it does not answer elsewhere
    """

    address: str = ""
    version: t.Mapping[str, t.Any] = field(default_factory=dict)
    info: t.Mapping[str, t.Any] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    problem: str = ""


def ask(listens: t.Sequence[Address], document: dict[str, t.Any]) -> Answers:
    """Ask a running engine, over the first of its addresses that answers. tcp addresses with TLS are passed over."""
    plain = [address for address in listens if address.kind == "unix" or not uses_tls(document)]
    forbidden = tuple(address.raw for address in plain if not may_connect(address))
    problems = []
    for address in sorted(plain, key=lambda candidate: candidate.kind != "unix"):
        if address.raw in forbidden:
            continue
        try:
            return Answers(address.raw, get(address, "/version"), get(address, "/info"), forbidden)
        except EngineError as error:
            problems.append(str(error))
    return Answers(forbidden=forbidden, problem="; ".join(problems))


def by_engine(answers: Answers) -> Versions:
    """What the engine's answer to /version says."""
    said = answers.version
    parts = {str(part.get("Name")): str(part.get("Version", "")) for part in said.get("Components") or ()}
    return Versions(
        "engine",
        str(said.get("Version", "")),
        str(said.get("ApiVersion", "")),
        parts.get("containerd", "").removeprefix("v"),
        parts.get("runc", ""),
    )


def by_programs(host: Host, dockerd: str | None) -> Versions:
    """What the programs on the disk say. They may be newer than those that run.

    :param dockerd: the engine's own program
    """
    if dockerd is None:
        return Versions()
    return Versions(
        "programs",
        engine=_own_word(host, dockerd),
        containerd=_own_word(host, host.find_program("containerd")),
        runc=_own_word(host, host.find_program("runc")),
    )


def _own_word(host: Host, program: str | None) -> str:
    if program is None:
        return ""
    try:
        done = host.run([program, "--version"])
    except OSError:  # no program of this machine
        return ""
    return version_in(done.out) if done.rc == 0 else ""


def version_in(text: str) -> str:
    """The version in what a program says of itself: ``runc version 1.1.5+ds1``."""
    found = _WORD.search(text)
    return found.group(1) if found else ""
