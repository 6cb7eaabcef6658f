# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The small settings of apt and dpkg that an image wants, and its package sources."""

from __future__ import annotations

import os
import typing as t

from . import slim
from .apt.archive import without_credentials
from .apt.sources import AptSource
from .recipe import RootFile

APT_LINES = (
    'APT::Install-Recommends "false"',
    'Acquire::Languages "none"',
)
# Where an image's layers are the only copy, a package's archive or a cache in them is dead weight.
_CACHE_LINES = (
    'APT::Keep-Downloaded-Packages "false"',
    'Acquire::GzipIndexes "true"',
    'Dir::Cache::pkgcache ""',
    'Dir::Cache::srcpkgcache ""',
)
_NO_SERVICES = "#!/bin/sh\n# No init system runs in a container: packages must not start their services.\nexit 101\n"


def dpkg_lines(slimmed: bool) -> tuple[str, ...]:
    """dpkg's options: a container that dies while it installs is thrown away, so it need not wait for the disk."""
    return ("force-unsafe-io", *(slim.dpkg_lines() if slimmed else ()))


def setting_files(slimmed: bool, belief: t.Sequence[str], with_apt: bool = True) -> tuple[RootFile, ...]:
    """The files with the settings."""
    apt = "".join(f"{line};\n" for line in (*APT_LINES, *_CACHE_LINES, *belief))
    dpkg = "".join(f"{line}\n" for line in dpkg_lines(slimmed))
    return (
        *([RootFile("/etc/apt/apt.conf.d/90base-image", apt)] if with_apt else []),
        RootFile("/etc/dpkg/dpkg.cfg.d/90base-image", dpkg),
        RootFile("/usr/sbin/policy-rc.d", _NO_SERVICES, 0o755),
    )


def sources_file(name: str, entries: t.Sequence[AptSource], keyring: str) -> RootFile:
    """The image's package sources in the deb822 format. Credentials of the host's do not get into an image.

    :param name: of the distribution
    :param keyring: path in the image, empty where nothing is verified
    """
    stanzas = []
    for uri, options in dict.fromkeys((entry.uris[0], entry.options) for entry in entries):
        same = [entry for entry in entries if (entry.uris[0], entry.options) == (uri, options)]
        stanzas.append(_stanza(same[0], [suite for entry in same for suite in entry.suites], keyring))
    return RootFile(f"/etc/apt/sources.list.d/{name}.sources", "\n".join(stanzas))


def further_file(entries: t.Sequence[tuple[AptSource, str]]) -> RootFile:
    """Further package sources, each with its keys' path in the image."""
    stanzas = [_stanza(entry, entry.suites, keyring) for entry, keyring in entries]
    return RootFile("/etc/apt/sources.list.d/further.sources", "\n".join(stanzas))


def _stanza(entry: AptSource, suites: t.Sequence[str], keyring: str) -> str:
    fields = {
        "Types": "deb",
        "URIs": without_credentials(entry.uris[0]),
        "Suites": " ".join(suites),
        "Components": " ".join(entry.components),
        "Signed-By": keyring,
        **{_field(option): value for option, value in entry.options if option != "signed-by"},
    }
    return "".join(f"{field}: {value}\n" for field, value in fields.items() if value)


def _field(option: str) -> str:
    return "-".join(word.capitalize() for word in option.split("-"))


def own_keyring(path: str) -> str:
    """Where an image keeps keys that do not come with its distribution."""
    return f"/etc/apt/keyrings/{os.path.splitext(os.path.basename(path))[0] or 'archive'}.asc"
