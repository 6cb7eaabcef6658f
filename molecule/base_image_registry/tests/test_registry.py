# SPDX-License-Identifier: GPL-3.0-or-later
"""Images went by digest from the host that builds to the one that pulls; names and logins of that did not stay."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from testinfra.host import Host

IMAGES = ("local/debian:tiny", "local/note:1", "local/note:latest")
PASSWORDS = ("correct-horse-battery", "wrong-horse-battery")
BUILDER, PULLER, STORE = "base-image-builder", "base-image-puller", "base-image-store"


@pytest.fixture(scope="module")
def hosts() -> dict[str, Host]:
    inventory = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "inventory")
    return {name: Host.get_host(f"ansible://{name}?ansible_inventory={inventory}") for name in (BUILDER, PULLER, STORE)}


@pytest.fixture(scope="module")
def seen() -> str:
    """What a person saw who watched."""
    return Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "seen.log").read_text()


@pytest.fixture(scope="module")
def requests(hosts: dict[str, Host]) -> list[str]:
    """What was asked of the registry about images, in order, as method and path."""
    lines = hosts[STORE].check_output("journalctl --unit docker-registry --no-pager --output cat")
    return re.findall(r'"(\w+ /v2/\S+/manifests/\S+) ', lines)


@pytest.mark.parametrize("image", IMAGES)
def test_hosts_have_the_same(hosts: dict[str, Host], image: str) -> None:
    ids = [hosts[name].check_output("docker image inspect --format {{.Id}} %s", image) for name in (BUILDER, PULLER)]
    assert ids[0] == ids[1]


def test_it_runs_where_it_was_pulled(hosts: dict[str, Host]) -> None:
    assert hosts[PULLER].check_output("docker run --rm --network none local/debian:tiny apt-get --version")


def test_pulled_by_digest(requests: list[str]) -> None:
    pulled = [request for request in requests if request.startswith("GET ")]
    assert pulled
    assert [request for request in pulled if "/manifests/sha256:" not in request] == []
    assert [request for request in requests if request.startswith("PUT ") and "/manifests/" in request]


@pytest.mark.parametrize("name", [BUILDER, PULLER])
def test_no_login_stays(hosts: dict[str, Host], name: str) -> None:
    host = hosts[name]
    config = host.file("/root/.docker/config.json")
    assert not config.exists or "auth" not in config.content_string.replace('"auths": {}', "")
    assert host.check_output("find /run /tmp /root -name config.json -path '*slipway-*'") == ""
    for password in PASSWORDS:
        assert host.run("grep -rsl %s /root /run /tmp /var/tmp /var/log /etc", password).stdout == ""
        assert password not in host.check_output("journalctl --no-pager")


@pytest.mark.parametrize("name", [BUILDER, PULLER])
def test_nothing_else_stays(hosts: dict[str, Host], name: str) -> None:
    host = hosts[name]
    names = host.check_output("docker image ls --all --no-trunc --format '{{.Repository}}:{{.Tag}}'").split()
    assert set(IMAGES) <= set(names)
    assert [name for name in names if ":5000/" in name or "<none>" in name] == []
    left = r"-path '/run/slipway/base_image/*' -o -path '*/slipway-*' -o -path '*/.ansible_async/*'"
    assert host.check_output(rf"find /run /root /var/tmp -type f \( {left} \)") == ""


def test_phases_were_shown(seen: str) -> None:
    shown = re.findall(r"local/debian:tiny: (\w+)(?: for \d+ s)?, \d+ s", seen)
    assert len(set(shown)) > 1
    assert set(shown) <= {
        "building",
        "look",
        "resolve",
        "download",
        "bootstrap",
        "unpack",
        "configure",
        "finish",
        "pack",
        "load",
    }


@pytest.mark.parametrize("password", PASSWORDS)
def test_no_password_was_shown(seen: str, password: str) -> None:
    assert "Transfer | Log in" in seen
    assert password not in seen
