# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How the running kernel was configured: the first of the places that tell, and what it says."""

from __future__ import annotations

import gzip
import re
import typing as t
import zlib
from dataclasses import dataclass, field

from .machine import Host

_SET = re.compile(r"^CONFIG_([A-Za-z0-9_]+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class KernelConfig:
    """A kernel's configuration.

    :param source: the file that told, empty where none did
    :param options: what is set, without ``CONFIG_``: ``y``, ``m``, or a value
    :param unreadable: files that are there, that come before the source, and why they could not be read
    """

    source: str = ""
    options: t.Mapping[str, str] = field(default_factory=dict)
    unreadable: t.Mapping[str, str] = field(default_factory=dict)


def places(release: str) -> tuple[str, ...]:
    """Where the configuration of a kernel may lie, the running kernel's own word first."""
    return (
        "/proc/config.gz",
        f"/boot/config-{release}",
        f"/lib/modules/{release}/config",
        f"/usr/src/linux-{release}/.config",
        "/usr/src/linux/.config",
    )


def read_kernel_config(host: Host, release: str) -> KernelConfig:
    """Read the configuration of a kernel of the host."""
    unreadable: dict[str, str] = {}
    for place in places(release):
        try:
            return KernelConfig(place, parse_kernel_config(_text(host, place)), unreadable)
        except FileNotFoundError:
            continue
        except (OSError, EOFError, zlib.error) as error:
            unreadable[place] = getattr(error, "strerror", None) or str(error)
    return KernelConfig(unreadable=unreadable)


def parse_kernel_config(text: str) -> dict[str, str]:
    """What a configuration sets; an option that it does not name, or names in a comment only, is not set."""
    return {name: value.strip().strip('"') for name, value in _SET.findall(text)}


def _text(host: Host, place: str) -> str:
    with open(host.path(place), "rb") as raw:
        content = gzip.decompress(raw.read()) if place.endswith(".gz") else raw.read()
    return content.decode("utf-8", "replace")
