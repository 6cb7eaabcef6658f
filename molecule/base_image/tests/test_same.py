# SPDX-License-Identifier: GPL-3.0-or-later
"""An image has the same ID wherever and whenever it is built, and nothing in it tells where and when that was."""

from __future__ import annotations

import hashlib
import json
import typing as t

import pytest
from testinfra.host import Host

IMAGE = "local/debian:fixed"


@pytest.fixture(scope="module")
def image(host: Host) -> dict[str, t.Any]:
    (found,) = json.loads(host.check_output(f"docker image inspect {IMAGE}"))
    return t.cast(dict[str, t.Any], found)


def inside(host: Host, script: str) -> str:
    return str(host.check_output("docker run --rm --network none %s sh -c %s", IMAGE, script))


def test_built_again_it_is_the_same(host: Host, image: dict[str, t.Any]) -> None:
    assert sorted(image["RepoTags"]) == ["local/debian:again", IMAGE]
    built = json.loads(host.file("/root/built").content_string)
    assert built == {"image_id": image["Id"], "diff_id": image["RootFS"]["Layers"][0]}


def test_id_is_the_digest_of_the_configuration(host: Host, image: dict[str, t.Any]) -> None:
    name = image["Id"].partition(":")[2]
    saved = f"docker image save {IMAGE} | tar -xO"
    (manifest,) = json.loads(host.check_output(f"{saved} manifest.json"))
    config = host.check_output(f"{saved} {manifest['Config']}")
    assert hashlib.sha256(config.encode()).hexdigest() == name


def test_date_is_that_of_the_newest_package(host: Host, image: dict[str, t.Any]) -> None:
    newest = inside(host, "date -u -d @$(stat -c %Y /var/lib/dpkg/info/*.md5sums | sort -n | tail -1) +%FT%TZ")
    assert image["Created"] == newest
    assert inside(host, f"find /usr /var /opt /root /home -newermt {newest}") == ""


@pytest.mark.parametrize(
    "path", ["/var/log/dpkg.log", "/var/log/apt/history.log", "/var/lib/dpkg/lock", "/var/cache/ldconfig/aux-cache"]
)
def test_traces(host: Host, path: str) -> None:
    assert inside(host, f"ls {path} 2>/dev/null || true") == ""


def test_nothing_is_left(host: Host) -> None:
    assert host.check_output("docker image ls --all --quiet --filter dangling=true") == ""
    assert host.check_output("find /var/tmp -name 'slipway-*'") == ""
