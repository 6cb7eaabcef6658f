# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether the archive has anything newer than an image: asked of apt, with the image's own sources and keys."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ...host.errors import HostError
from ...host.machine import Host
from .. import settings
from ..apt.archive import SuiteSources, without_credentials
from ..apt.mirror import has_suite
from ..apt.origin import Origin
from ..apt.room import AptRoom, apt_room
from ..apt.sources import parse_list
from ..compose import compose, nominal_sources
from ..engine import client as engine
from ..observe import State
from ..plan import Plan, rebuild
from ..progress import Phases
from ..provenance import Provenance
from ..recipe import Recipe
from ..request import Request
from ..root.failure import BootstrapFailed
from . import latest
from .seen import forget_others, remember, seen

# What apt says, and what that means. The first that fits counts.
_MEANINGS = (
    (("is expired",), "is older than it may be, as if the mirror no longer followed its archive, or somebody held it"),
    (("is not valid yet",), "is of the future: this host's clock, or the archive's, is wrong"),
    (
        (
            "NO_PUBKEY",
            "BADSIG",
            "EXPKEYSIG",
            "is not signed",
            "not signed",
            "no longer signed",
            # by sqv, which verifies from trixie on
            "has been manipulated",
            "Missing key",
            "sqv returned an error code",
            "nvalid signature",
            "signatures were invalid",
        ),
        "is not signed with the keys in {keyring}",
    ),
    (("Hash Sum mismatch", "unexpected size"), "is not what its Release file says"),
)


def renew(host: Host, state: State, plan: Plan, request: Request, phases: Phases, keep: bool) -> Plan:
    """A plan to do nothing as it is, or one to build with the packages that the archive has now.

    :param keep: apt's lists, and what was found, for the next time; without it nothing is written on the host
    :raises BootstrapFailed: where the archive cannot be asked or must not be believed
    """
    origin, image, made = state.origin, plan.image, plan.provenance
    if origin is None or image is None or made is None or not made.packages:
        return plan
    if origin.lacking:
        raise HostError(f"{request.familiar_name} is compared with nothing: {'; '.join(origin.lacking)}")
    sources = sources_of(request, origin, made)
    recipe = compose(request, origin, state.architecture, sources, state.apt.belief)
    phases.enter("resolve")
    try:
        with apt_room(
            host,
            sources=recipe.sources,
            keyring=origin.archive.keyring,
            architecture=state.architecture,
            apt_options=(*settings.APT_LINES, *state.apt.belief, *state.apt.transport),
            cache=request.cache_dir if request.cache else None,
            keep=keep,
        ) as room:
            room.update()
            added = suites_added(host, request, origin, made, state)
            if added:
                return rebuild(state, request, plan, (f"the mirror has now what it lacked: {', '.join(added)}",))
            releases = room.releases()
            known = all_known(releases, recipe.sources)
            if known and releases == seen(host, image.id):
                return plan
            news = _news(room, made, state.architecture, recipe)
    except BootstrapFailed as error:
        keyrings = dict.fromkeys([origin.archive.keyring, *(further.keyring for further in origin.further)])
        raise refused(request.familiar_name, " or ".join(filter(None, keyrings)), error) from error
    if news.changes:
        renewed = rebuild(state, request, plan, (news.reason,))
        return replace(renewed, package_changes=news.changes, remarks=(*plan.remarks, *news.remarks))
    # remarks are for every run to hear
    telling = known and not news.remarks
    if telling and keep:
        remember(host, image.id, releases)
        forget_others(host, engine.image_ids(host, state.engine) or [image.id])
    return replace(plan, remarks=(*plan.remarks, *news.remarks), to_remember=telling and not keep)


def _news(room: AptRoom, made: Provenance, architecture: str, recipe: Recipe) -> latest.News:
    installed = latest.versions_of(made.packages, architecture)
    offered = latest.on_offer(installed, room.offered(installed))
    if not any(change.up for change in offered):
        return latest.judge(installed, offered)
    resolved = {
        one.name if one.architecture in (architecture, "all") else f"{one.name}:{one.architecture}": one.version
        for one in room.resolve(recipe.variant, recipe.packages)
    }
    return latest.judge(installed, offered, resolved, commands=bool(recipe.hooks))


def sources_of(request: Request, origin: Origin, made: Provenance) -> SuiteSources:
    """The sources that an image was made from, the release itself among them."""
    nominal = nominal_sources(request, origin)
    entries = [entry for entry in nominal.entries[1:] if set(entry.suites) & set(made.suites)]
    return replace(nominal, entries=(nominal.entries[0], *entries))


def suites_added(host: Host, request: Request, origin: Origin, made: Provenance, state: State) -> list[str]:
    """The suites beside the release that the mirror did not have when the image was made, and has now."""
    lacking = [
        (entry.uris[0], entry.suites[0])
        for entry in nominal_sources(request, origin).entries[1:]
        if not set(entry.suites) & set(made.suites)
    ]
    return [suite for uri, suite in lacking if has_suite(host, uri, suite, state.apt)]


def all_known(releases: t.Mapping[str, str], sources: t.Sequence[str]) -> bool:
    """Whether each of the sources has a Release file, so that unchanged ones mean unchanged packages."""
    entries = [entry for line in sources for entry in parse_list(line, "sources")]
    names = {
        f"{without_credentials(uri).rstrip('/')} {suite}"
        for entry in entries
        for uri in entry.uris
        for suite in entry.suites
    }
    return bool(names) and names <= set(releases)


def refused(name: str, keyring: str, error: BootstrapFailed) -> BootstrapFailed:
    """An error that says what is wrong with the archive, and that nothing was done."""
    said = f"{error.output} {error}"
    meaning = next((meaning for words, meaning in _MEANINGS if any(word in said for word in words)), "")
    trouble = (
        f"what the archive says of itself {meaning}" if meaning else "the archive cannot be asked for newer packages"
    )
    return BootstrapFailed(f"{name} stays as it is: {trouble.format(keyring=keyring)}. {error}", error.output)
