# SPDX-License-Identifier: GPL-3.0-or-later
"""A container from the imported base image serves HTTP to the outside, also after the host was rebooted."""

from __future__ import annotations

import time
import typing as t
import urllib.request

import pytest
from testinfra.host import Host

WEB = (
    "docker run --detach --name web --restart unless-stopped --publish 8080:80 local/debian:base "
    "sh -c 'mkdir -p /srv/web && echo from-inside > /srv/web/index.html && exec busybox httpd -f -p 80 -h /srv/web'"
)


@pytest.fixture(scope="module", autouse=True)
def web(host: Host) -> t.Iterator[None]:
    host.check_output(WEB)
    yield
    host.check_output("docker rm --force web")


def get(address: str, seconds: float = 20) -> str:
    """Ask until something answers, for so many seconds at the most."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://{address}:8080/", timeout=3) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_image_is_the_hosts_own_release(host: Host) -> None:
    release = host.check_output("docker run --rm local/debian:base cat /etc/os-release")
    assert f"VERSION_CODENAME={host.system_info.codename}" in release


def test_published_port_answers_from_outside(address: t.Callable[[], str]) -> None:
    assert get(address()) == "from-inside\n"


def test_reboot_comes_back_the_same(host: Host, reboot: t.Callable[[], None], address: t.Callable[[], str]) -> None:
    before = describe(host)
    reboot()
    assert get(address(), 60) == "from-inside\n"
    assert describe(host) == before


def describe(host: Host) -> dict[str, str]:
    """What a reboot must not change."""
    return {
        "sockets": host.check_output("docker -H tcp://127.0.0.1:2375 info --format '{{.Driver}} {{.Name}}'"),
        "argv": host.check_output("tr '\\0' ' ' < /proc/$(pidof dockerd)/cmdline"),
        "images": host.check_output("docker images --no-trunc --quiet"),
        "config": host.file("/etc/docker/daemon.json").content_string,
        "units": host.check_output("systemctl list-units --state=failed --no-legend"),
    }
