# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which Release files an image was found up to date with, so that nothing more is read while they stay the same.

It only saves time: without it the packages are compared, with the same outcome.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import typing as t

from ...host.errors import HostError
from ...host.files import FileChange, FileState, write_change
from ...host.machine import Host

FOLDER = "/var/lib/slipway/base_image"
_ID = re.compile(r"sha256:([0-9a-f]{64})\Z")
_NAME = re.compile(r"[0-9a-f]{64}\.json\Z")


def seen(host: Host, image_id: str) -> dict[str, str]:
    """The SHA-256 digests of the Release files by ``URI suite``; none where that is not known."""
    path = _path(image_id)
    try:
        with open(host.path(path or FOLDER), encoding="utf-8") as opened:
            releases = json.load(opened)["releases"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(name): str(digest) for name, digest in releases.items()} if isinstance(releases, dict) else {}


def remember(host: Host, image_id: str, releases: t.Mapping[str, str]) -> None:
    """Keep it for the next time, where this user may."""
    path = _path(image_id)
    if not path:
        return
    content = json.dumps({"releases": dict(releases)}, indent=2, sort_keys=True) + "\n"
    with contextlib.suppress(OSError, HostError):
        os.makedirs(host.path(FOLDER), exist_ok=True)
        os.chmod(host.path(FOLDER), 0o700)
        state = FileState(path, path, mode=0o600, uid=os.geteuid(), gid=os.getegid())
        write_change(host, FileChange(state, content.encode()))


def forget_others(host: Host, there: t.Iterable[str]) -> None:
    """Forget the images that are gone.

    :param there: IDs of all that the engine has
    """
    kept = {os.path.basename(_path(image_id)) for image_id in there}
    with contextlib.suppress(OSError):
        for name in os.listdir(host.path(FOLDER)):
            if _NAME.match(name) and name not in kept:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(host.path(FOLDER), name))


def _path(image_id: str) -> str:
    match = _ID.match(image_id)
    return f"{FOLDER}/{match.group(1)}.json" if match else ""
