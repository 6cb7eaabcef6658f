# SPDX-License-Identifier: GPL-3.0-or-later
"""An image has the same ID wherever and whenever it is built, and nothing in it tells where and when that was."""

from __future__ import annotations

import hashlib
import json
import typing as t
from fnmatch import fnmatch

import pytest
from testinfra.host import Host

SUITES = ("bookworm", "trixie", "sid")
BACKENDS = ("direct", "mmdebstrap", "debootstrap")
FIRST = "local/bookworm:direct"
IMAGES = [f"local/{suite}:{backend}" for suite in SUITES for backend in BACKENDS]
DIFFERENT = [f"local/{suite}:{backend}" for suite in SUITES for backend in ("direct", "debootstrap")]
TRACES = (
    "/etc/.pwd.lock",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/var/cache/apt/archives/*",
    "/var/cache/apt/*.bin",
    "/var/cache/ldconfig/aux-cache",
    "/var/lib/apt/lists/*",
    "/var/lib/dbus/machine-id",
    "/var/lib/dpkg/lock",
    "/var/lib/dpkg/*-old",
    "/var/log/*.log",
    "/var/log/apt/*",
)


@pytest.fixture(scope="module")
def images(host: Host) -> dict[str, dict[str, t.Any]]:
    """Every image as the engine tells it, by name."""
    found = json.loads(host.check_output(f"docker image inspect {' '.join(IMAGES)}"))
    return {name: one for one in found for name in one["RepoTags"]}


def inside(host: Host, script: str, image: str = FIRST) -> str:
    return str(host.check_output("docker run --rm --network none %s sh -c %s", image, script))


def test_an_hour_later_it_is_the_same(host: Host, images: dict[str, dict[str, t.Any]]) -> None:
    assert "local/bookworm:later" in images[FIRST]["RepoTags"]
    assert json.loads(host.file("/root/built.json").content_string)[FIRST] == images[FIRST]["Id"]


@pytest.mark.parametrize("suite", SUITES)
def test_unpacked_here_or_by_mmdebstrap_it_is_the_same(images: dict[str, dict[str, t.Any]], suite: str) -> None:
    assert images[f"local/{suite}:direct"]["Id"] == images[f"local/{suite}:mmdebstrap"]["Id"]


def test_id_is_the_digest_of_the_configuration(host: Host, images: dict[str, dict[str, t.Any]]) -> None:
    name = images[FIRST]["Id"].partition(":")[2]
    saved = f"docker image save {FIRST} | tar -xO"
    (manifest,) = json.loads(host.check_output(f"{saved} manifest.json"))
    config = host.check_output(f"{saved} {manifest['Config']}")
    assert hashlib.sha256(config.encode()).hexdigest() == name


@pytest.mark.parametrize("image", DIFFERENT)
def test_date_is_that_of_the_newest_package(host: Host, images: dict[str, dict[str, t.Any]], image: str) -> None:
    newest = "date -u -d @$(stat -c %Y /var/lib/dpkg/info/*.md5sums | sort -n | tail -1) +%FT%TZ"
    date = images[image]["Created"]
    assert inside(host, newest, image) == date
    assert inside(host, f"find /usr /var /opt /root /home -newermt {date}", image) == ""


@pytest.mark.parametrize("image", DIFFERENT)
def test_files_and_commands(host: Host, image: str) -> None:
    assert inside(host, "cat /srv/also", image) == "Good day"


@pytest.mark.parametrize("image", DIFFERENT)
def test_no_traces_of_the_host(host: Host, image: str) -> None:
    # the engine gives every container a host name and a resolver of its own: an image is looked at as it is saved
    host.check_output("docker create --name looked-at %s", image)
    try:
        listed = host.check_output("docker export looked-at | tar -tv").splitlines()
    finally:
        host.check_output("docker rm looked-at")
    files = {line.split()[5]: int(line.split()[2]) for line in listed if line.startswith("-")}
    # what the engine itself puts there for the container is empty
    left = [path for path, size in files.items() if size and any(fnmatch(f"/{path}", trace) for trace in TRACES)]
    assert left == []
    assert files["etc/machine-id"] == 0
    assert [path for path in files if path.startswith(("run/", "tmp/", "var/tmp/", "etc/ssh/", "root/.ssh"))] == []


@pytest.mark.parametrize("pattern", TRACES)
def test_no_leftovers_of_building(host: Host, pattern: str) -> None:
    # the engine mounts three files into each container
    if pattern not in ("/etc/hostname", "/etc/resolv.conf"):
        assert inside(host, f"find {pattern} -maxdepth 0 -type f 2>/dev/null || true") == ""


@pytest.mark.parametrize("image", [f"local/{suite}:{BACKENDS[0]}" for suite in SUITES])
def test_a_container_installs_a_package_and_runs_it(host: Host, image: str) -> None:
    script = "apt-get update -q && apt-get install -qy hello >/dev/null && hello --greeting=works"
    said = host.check_output("docker run --rm --network host %s sh -c %s", image, script)
    assert said.splitlines()[-1] == "works"


def test_nothing_is_left(host: Host) -> None:
    assert host.check_output("docker image ls --all --quiet --filter dangling=true") == ""
    assert host.check_output("find /var/tmp -name 'slipway-*'") == ""
