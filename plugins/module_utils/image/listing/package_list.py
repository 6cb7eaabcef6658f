# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The list of an image's packages as a file on the host, written only where it is not what it shall be."""

from __future__ import annotations

from ...host.errors import HostError
from ...host.files import FileChange, read_file, write_change
from ...host.machine import Host
from ..engine.client import Image
from ..provenance import Provenance
from ..request import Request
from .sbom import FORMATS, Bill


def list_packages(
    host: Host, request: Request, image: Image, made: Provenance, distribution: str, write: bool
) -> FileChange:
    """What becomes of the file.

    :param write: whether to bring it about
    :raises HostError: where that cannot be
    """
    if made.counted:
        raise HostError(
            f"{request.familiar_name} does not tell its packages, as it was made by an earlier version: build it again"
            " (force) to have them listed"
        )
    bill = Bill(
        name=request.familiar_name,
        date=image.created,
        diff_id=image.diff_ids[-1] if image.diff_ids else "",
        distribution=distribution,
        suite=str(made.fields.get("suite", "")),
        packages=made.packages,
    )
    before = read_file(host, request.package_list)
    change = FileChange(before, FORMATS[request.package_list_format](bill))
    if write and change.changes:
        write_change(host, change)
    return change
