# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request, an origin and a host's state, as tests start from them."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import Archive
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.distribution import DEBIAN
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.origin import Origin
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.settings import AptSettings
from ansible_collections.slipway.docker.plugins.module_utils.image.compose import digest_of, fields_of
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Engine, Image
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import Provenance
from ansible_collections.slipway.docker.plugins.module_utils.image.request import Request, read_request

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ORIGIN = Origin(DEBIAN, "trixie", Archive("http://m.example/debian", "http://m.example/debian-security", KEYRING))
PACKAGES = (Package("apt", "amd64", "3.0"), Package("tzdata", "all", "2025b"))
ENGINE = Engine("/usr/bin/docker")
DEFAULTS: dict[str, Any] = {
    "name": "local/base:1",
    "state": "present",
    "source": "bootstrap",
    "tags": [],
    "suite": None,
    "variant": "minbase",
    "packages": [],
    "components": ["main"],
    "architecture": None,
    "mirror": None,
    "security_mirror": None,
    "keyring": None,
    "backend": "auto",
    "slim": False,
    "sources": [],
    "allow_unsigned": False,
    "files": [],
    "commands": [],
    "date": None,
    "libraries": False,
    "cmd": None,
    "env": {},
    "labels": {},
    "force": False,
}


def request(**options: Any) -> Request:
    """A task with some options, the others being the module's defaults."""
    return read_request({**DEFAULTS, **options})


def provenance_of(wanted: Request, origin: Origin = ORIGIN) -> Provenance:
    """What the labels of an image say that was made for a request."""
    recipe = digest_of(wanted, origin, "amd64", ())
    return Provenance(recipe, fields_of(wanted, origin, "amd64"), (origin.suite,), PACKAGES)


def state(**parts: Any) -> State:
    """A host that has all that a build needs, and no image."""
    usual: dict[str, Any] = {
        "engine": ENGINE,
        "origin": ORIGIN,
        "apt": AptSettings(),
        "architecture": "amd64",
        "programs": ("mmdebstrap", "debootstrap"),
    }
    return State(**{**usual, **parts})


def with_image(wanted: Request, **parts: Any) -> State:
    """A host that has the image that was made for a request."""
    made = provenance_of(wanted)
    image = Image("sha256:old", (wanted.familiar_name,), made.to_labels(), 42)
    return state(image=image, provenance=made, **parts)
