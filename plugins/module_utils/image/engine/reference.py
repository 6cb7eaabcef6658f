# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Names of images, after the grammar of Docker's references (distribution/reference)."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_DOMAIN = "docker.io"
_OFFICIAL = "library/"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?\Z")
_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\Z")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}\Z")
_LONGEST = 255


@dataclass(frozen=True)
class Reference:
    """An image's name with a tag, in full."""

    domain: str
    path: str
    tag: str

    @property
    def familiar(self) -> str:
        """As Docker shows it: what it assumes is left out, the tag is not."""
        if self.domain != DEFAULT_DOMAIN:
            return f"{self.domain}/{self.path}:{self.tag}"
        return f"{self.path[len(_OFFICIAL) :] if self.path.startswith(_OFFICIAL) else self.path}:{self.tag}"


def parse_reference(text: str) -> Reference:
    """Read ``[domain/]path[:tag]``; without a tag it is ``latest``.

    :raises ValueError: says what is wrong with it
    """
    if "@" in text:
        raise ValueError("a digest cannot be given, only a tag")
    name, tag = _split_tag(text)
    if not _TAG.match(tag):
        raise ValueError(
            f"the tag {tag!r} must be 1 to 128 letters, digits, '_', '.' or '-' and begin with none of the last two"
        )
    if _IDENTIFIER.match(name):
        raise ValueError("64 hexadecimal digits are an image's ID, not a name")
    domain, path = _split_domain(name)
    if not _DOMAIN.match(domain):
        raise ValueError(f"the registry {domain!r} is no host name with an optional port")
    for component in path.split("/"):
        if not _COMPONENT.match(component):
            raise ValueError(
                f"the part {component!r} must be lower-case letters and digits, separated by '.', '_', '__' or dashes"
            )
    if len(f"{domain}/{path}") > _LONGEST:
        raise ValueError(f"the name without its tag is longer than {_LONGEST} characters")
    return Reference(domain, path, tag)


def _split_tag(text: str) -> tuple[str, str]:
    """A colon before the last slash belongs to the registry's port."""
    head, colon, tag = text.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (text, "latest")


def _split_domain(name: str) -> tuple[str, str]:
    """What stands before the first slash is a registry only if it cannot be anything else."""
    first, slash, rest = name.partition("/")
    if not slash or not (re.search(r"[.:\[]", first) or first == "localhost" or first != first.lower()):
        domain, path = DEFAULT_DOMAIN, name
    else:
        domain, path = (DEFAULT_DOMAIN if first == "index.docker.io" else first), rest
    if domain == DEFAULT_DOMAIN and "/" not in path:
        path = _OFFICIAL + path
    return domain, path
