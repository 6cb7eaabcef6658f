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
from .apt.archive import SuiteSources, sources_for, without_credentials
from .apt.origin import Origin, armored
from .apt.sources import AptSource
from .files.source import digest_of_files, fields_of_files
from .files.tree import Entry, summary
from .recipe import Recipe, RootFile
from .request import Request

# Part of every image's digest: raise it when the way of making an image of a root filesystem changes what comes out.
FORMAT = 3


def fields_of(
    request: Request, origin: Origin | None, architecture: str, entries: t.Sequence[Entry] = ()
) -> dict[str, t.Any]:
    """The wishes that decide what the image is, in words for people; what is not asked for is left out."""
    if origin is None:
        return fields_of_files(request, architecture, entries)
    fields = {
        "suite": origin.suite,
        "variant": request.variant,
        "architecture": architecture,
        "packages": sorted(request.packages),
        "components": list(request.components),
        "mirror": without_credentials(origin.archive.uri),
        "security_mirror": without_credentials(origin.archive.security_uri or ""),
        "keyring": origin.keyring_identity,
        "sources": [further.fields() for further in origin.further],
        "slim": request.slim,
        "files": summary(entries, request.files),
        "commands": [_shown(argv) for argv in request.commands],
        **request.config.fields(),
    }
    return {name: value for name, value in fields.items() if value not in ("", [], {}, False)}


def _shown(argv: t.Sequence[str]) -> str:
    """A command in a label, where everybody can read it: its arguments may be secret, and stay out of it."""
    digest = hashlib.sha256("\0".join(argv).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{argv[0]} sha256:{digest}"


def nominal_sources(request: Request, origin: Origin) -> SuiteSources:
    """The sources as if the mirror had everything."""
    return sources_for(origin.archive, origin.suite, lambda _uri, _suite: True, request.components)


def compose(
    request: Request,
    origin: Origin,
    architecture: str,
    sources: SuiteSources,
    belief: t.Sequence[str],
    entries: t.Sequence[Entry] = (),
) -> Recipe:
    """The recipe of the root filesystem with some sources.

    :param entries: files of the image's own
    """
    with_apt = request.variant != "essential"  # without it, nothing would ever read its settings
    commands = [("rm", "-f", "/etc/apt/sources.list")]
    return Recipe(
        suite=origin.suite,
        sources=(*sources.one_line(), *(line for further in origin.further for line in further.one_line())),
        variant=request.variant,
        architecture=architecture,
        packages=tuple(dict.fromkeys([*request.packages, *(_needed(origin, sources) if with_apt else ())])),
        files=(
            *settings.setting_files(request.slim, belief, with_apt),
            *(_source_files(origin, sources) if with_apt else ()),
        ),
        commands=(*commands, *([slim.prune_command()] if request.slim else [])),
        entries=tuple(entries),
        hooks=request.commands,
        environment=request.config.env,
    )


def _needed(origin: Origin, sources: SuiteSources) -> t.Iterator[str]:
    """Packages without which apt in the image could not use its sources."""
    shipped = origin.keys is None and origin.archive.keyring != ""
    if shipped or any(further.keys is None and further.keyring for further in origin.further):
        yield origin.distribution.keyring_package
    uris = [entry.uris[0] for entry in sources.entries] + [further.uri for further in origin.further]
    if any(uri.startswith("https:") for uri in uris):
        yield "ca-certificates"


def _source_files(origin: Origin, sources: SuiteSources) -> t.Iterator[RootFile]:
    """The package sources in the image, and the keys that no package brings."""
    keyring = origin.archive.keyring
    inside = keyring and origin.inside(keyring, origin.keys)
    yield settings.sources_file(origin.distribution.id, sources.entries, inside)
    if origin.keys is not None:
        yield RootFile(inside, armored(origin.keys))
    if origin.further:
        entries = [(further.entry(), further.inside) for further in origin.further]
        yield settings.further_file(entries)
    for further in origin.further:
        if further.keys is not None and (further.inside != inside):
            yield RootFile(further.inside, armored(further.keys))


def digest_of(
    request: Request,
    origin: Origin | None,
    architecture: str,
    belief: t.Sequence[str],
    entries: t.Sequence[Entry] = (),
) -> str:
    """What the image is, in one word: the same wherever the same is asked for.

    It is taken as if the mirror had everything and the host kept its keyring where the image does, so that neither the
    mirror has to be asked nor the host matters.
    """
    if origin is None:
        return digest_of_files(request, architecture, entries)
    nominal = nominal_sources(request, origin)
    recipe = compose(request, origin, architecture, nominal, belief, entries)
    sources = [*nominal.entries, *(further.entry() for further in origin.further)]
    neutral = replace(recipe, sources=tuple(line for entry in sources for line in _neutral(entry).one_line()))
    chosen: list[t.Any] = [FORMAT, request.config.cmd, request.config.env, request.config.labels]
    further = {name: value for name, value in request.config.fields().items() if name not in ("cmd", "env", "labels")}
    chosen += [further] if further else []
    config = json.dumps(chosen, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{neutral.digest()}\n{config}".encode()).hexdigest()


def _neutral(entry: AptSource) -> AptSource:
    options = tuple(option for option in entry.options if option[0] != "signed-by")
    return replace(entry, uris=tuple(without_credentials(uri) for uri in entry.uris), options=options)
