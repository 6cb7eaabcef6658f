# SPDX-License-Identifier: GPL-3.0-or-later
"""A container to look at, and docker0."""

from __future__ import annotations

import typing as t

import pytest
from testinfra.host import Host

# An image of one program and what it is linked with, from the host's own files.
IMAGE = (
    "tar --create --dereference --directory=/ bin/sleep $(ldd /bin/sleep | grep --only-matching '/[^ ]*' | cut -c2-)"
    " | docker import - local/sleep"
)


@pytest.fixture
def sleeper(host: Host) -> t.Iterator[str]:
    """A container that runs."""
    host.check_output(IMAGE)
    host.check_output("docker run --detach --name sleeper --stop-timeout 1 local/sleep /bin/sleep 3600")
    yield "sleeper"
    host.check_output("docker rm --force sleeper")


@pytest.fixture
def docker0(host: Host) -> t.Callable[[], str]:
    """Its address."""

    def look() -> str:
        return str(host.check_output("ip -4 -brief address show docker0").split()[2])

    return look
