# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""From a request to a recipe: pure, so that the recipe's digest can be known without asking a mirror."""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import replace

from . import settings, slim
from .apt_sources import AptSource
from .archive import SuiteSources, sources_for, without_credentials
from .origin import Origin, armored
from .recipe import Recipe, RootFile
from .request import Request

# Part of every image's digest: raise it when the way of making an image of a root filesystem changes what comes out.
FORMAT = 3


def fields_of(request: Request, origin: Origin, architecture: str) -> dict[str, t.Any]:
    """The wishes that decide what the image is, in words for people; what is not asked for is left out."""
    fields = {
        "suite": origin.suite,
        "variant": request.variant,
        "architecture": architecture,
        "packages": sorted(request.packages),
        "components": list(request.components),
        "mirror": without_credentials(origin.archive.uri),
        "security_mirror": without_credentials(origin.archive.security_uri or ""),
        "keyring": origin.keyring_identity,
        "slim": request.slim,
        "cmd": list(request.config.cmd),
        "env": dict(request.config.env),
        "labels": dict(request.config.labels),
    }
    return {name: value for name, value in fields.items() if value not in ("", [], {}, False)}


def nominal_sources(request: Request, origin: Origin) -> SuiteSources:
    """The sources as if the mirror had everything."""
    return sources_for(origin.archive, origin.suite, lambda _uri, _suite: True, request.components)


def compose(
    request: Request, origin: Origin, architecture: str, sources: SuiteSources, belief: t.Sequence[str]
) -> Recipe:
    """The recipe of the root filesystem with some sources."""
    keyring = origin.archive.keyring
    inside = keyring if origin.keys is None else settings.own_keyring(keyring)
    if origin.keys is None:
        inside = f"{origin.distribution.keyring}.gpg"
    files = [
        *settings.setting_files(request.slim, belief),
        settings.sources_file(origin.distribution.id, sources.entries, inside),
    ]
    packages = list(request.packages)
    if origin.keys is None:
        packages.append(origin.distribution.keyring_package)
    else:
        files.append(RootFile(inside, armored(origin.keys)))
    if any(entry.uris[0].startswith("https:") for entry in sources.entries):
        packages.append("ca-certificates")
    commands = [("rm", "-f", "/etc/apt/sources.list")]
    return Recipe(
        suite=origin.suite,
        sources=sources.one_line(),
        variant=request.variant,
        architecture=architecture,
        packages=tuple(dict.fromkeys(packages)),
        files=tuple(files),
        commands=(*commands, *([slim.prune_command()] if request.slim else [])),
    )


def digest_of(request: Request, origin: Origin, architecture: str, belief: t.Sequence[str]) -> str:
    """What the image is, in one word: the same wherever the same is asked for.

    It is taken as if the mirror had everything and the host kept its keyring where the image does, so that neither the
    mirror has to be asked nor the host matters.
    """
    nominal = nominal_sources(request, origin)
    recipe = compose(request, origin, architecture, nominal, belief)
    neutral = replace(recipe, sources=tuple(line for entry in nominal.entries for line in _neutral(entry).one_line()))
    chosen = [FORMAT, request.config.cmd, request.config.env, request.config.labels]
    config = json.dumps(chosen, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{neutral.digest()}\n{config}".encode()).hexdigest()


def _neutral(entry: AptSource) -> AptSource:
    options = tuple(option for option in entry.options if option[0] != "signed-by")
    return replace(entry, uris=tuple(without_credentials(uri) for uri in entry.uris), options=options)
