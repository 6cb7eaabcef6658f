# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Images by name as a host's engine has them, and in what they differ from another host's."""

from __future__ import annotations

import typing as t

from ..host.machine import Host
from .engine import client as engine
from .engine.client import Engine, Image
from .engine.reference import DEFAULT_DOMAIN, Reference, parse_reference
from .provenance import PACKAGES, read_provenance

Seen = dict[str, t.Any]
_SHOWN = 8


def see(host: Host, names: t.Sequence[str], registry: str = "") -> tuple[Engine | None, list[Seen]]:
    """What each name stands for now. The engine is None when there was nothing to ask it.

    :param registry: address of a registry that the images are to be known under
    :raises ValueError: for what is no name of an image
    """
    found: Engine | None = None
    images = []
    for reference in [parse_reference(name) for name in names]:
        if found is None:
            found, image = engine.look(host, reference.familiar)
        else:
            image = engine.inspect_image(host, found, reference.familiar) if found.answers else None
        images.append(describe(reference, image, remote_name(reference, registry) if registry else ""))
    return found, images


def describe(reference: Reference, image: Image | None, remote: str) -> Seen:
    """One image in words that a playbook can use and another host can compare; empty ones where there is none."""
    labels = dict(image.labels) if image else {}
    provenance = read_provenance(labels)
    return {
        "name": reference.familiar,
        "image_id": image.id if image else "",
        "diff_id": image.diff_ids[-1] if image and image.diff_ids else "",
        "tags": list(image.tags) if image else [],
        "remote": remote,
        "digest": _digest(reference, image) if image else "",
        "recipe_digest": provenance.recipe if provenance else "",
        "fields": dict(provenance.fields) if provenance else {},
        "packages": read_versions(labels.get(PACKAGES, "")),
    }


def remote_name(reference: Reference, registry: str) -> str:
    """The name under which a registry holds an image: its own, with the registry's address in front."""
    address = parse_reference(f"{registry}/x").domain
    if reference.domain == address:
        return reference.familiar
    path = reference.path
    if reference.domain == DEFAULT_DOMAIN and path.startswith("library/"):
        path = path[len("library/") :]
    return parse_reference(f"{address}/{path}:{reference.tag}").familiar


def _digest(reference: Reference, image: Image) -> str:
    repository = reference.familiar.rpartition(":")[0]
    fitting = [digest for digest in image.digests if digest.partition("@")[0] == repository]
    return fitting[-1] if fitting else ""


def read_versions(label: str) -> dict[str, str]:
    """The packages that an image's label lists as ``name=version``."""
    pairs = [entry.partition("=") for entry in label.split()]
    return {name: version for name, equals, version in pairs if equals}


def differences(images: t.Sequence[Seen], expected: t.Sequence[Seen], where: str) -> dict[str, str]:
    """Which images are not what another host has, by name, and in what they differ.

    :param where: the other host
    """
    others = {other["name"]: other for other in expected}
    found = {}
    for image in images:
        difference = _difference(image, others.get(image["name"]), where)
        if difference:
            found[image["name"]] = difference
    return found


def _difference(image: Seen, other: Seen | None, where: str) -> str:
    if other is None or not other["image_id"]:
        return f"{where} has none to compare with"
    if not image["image_id"]:
        return "there is no image of that name"
    if _same(image, other):
        return ""
    told = list(_told(image, other, where))
    return "; ".join(told) or f"image_id {image['image_id']} ({where}: {other['image_id']})"


def _same(image: Seen, other: Seen) -> bool:
    """Equal IDs; or, for an engine that has another kind of ID, the same layer made from the same recipe."""
    keys = ("diff_id", "recipe_digest")
    return image["image_id"] == other["image_id"] or all(image[key] and image[key] == other[key] for key in keys)


def _told(image: Seen, other: Seen, where: str) -> t.Iterator[str]:
    if image["diff_id"] != other["diff_id"]:
        yield f"diff_id {image['diff_id']} ({where}: {other['diff_id']})"
    packages = list(_pairs(image["packages"], other["packages"]))
    if packages:
        more = len(packages) - _SHOWN
        told = [f"{name} {mine or 'missing'} ({where}: {theirs or 'missing'})" for name, mine, theirs in packages]
        yield f"packages: {', '.join(told[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"
    fields = [name for name, _mine, _theirs in _pairs(image["fields"], other["fields"])]
    if fields:
        yield f"made from another recipe: {', '.join(fields)}"


def _pairs(mine: t.Mapping[str, t.Any], theirs: t.Mapping[str, t.Any]) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    for name in sorted({*mine, *theirs}):
        if mine.get(name) != theirs.get(name):
            yield name, mine.get(name), theirs.get(name)
