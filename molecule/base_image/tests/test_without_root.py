# SPDX-License-Identifier: GPL-3.0-or-later
"""A user who may talk to the engine, and is not root, builds the same image."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

VARIABLES = yaml.safe_load((Path(__file__).resolve().parents[1] / "vars" / "main.yml").read_text())
WISH = next(image for image in VARIABLES["base_images"] if image["name"] == "local/trixie:mmdebstrap")
NAME = "local/trixie:unprivileged"
USER = "builder"
# What is compared is the same on both hosts.
testinfra_hosts = ["ansible://base-image-trixie"]


def build(host: Host) -> dict[str, t.Any]:
    arguments = json.dumps({**WISH, "name": NAME})
    done = host.ansible("slipway.docker.base_image", arguments, check=False, become=True, become_user=USER)
    return t.cast("dict[str, t.Any]", done)


@pytest.fixture
def user(host: Host) -> t.Iterator[str]:
    """Its number."""
    host.check_output("useradd --create-home --groups docker %s", USER)
    yield str(host.check_output("id -u %s", USER))
    host.run("docker image rm %s", NAME)
    host.check_output("userdel --remove %s", USER)
    host.check_output("apt-get purge -q -y uidmap")


def test_the_same_image(host: Host, user: str) -> None:
    assert "newuidmap and newgidmap are not installed: package uidmap" in build(host)["msg"]
    host.check_output("apt-get update -q && apt-get install -q -y --no-install-recommends uidmap")
    done = build(host)
    assert done["image_id"] == json.loads(host.file("/root/built.json").content_string)[WISH["name"]]
    assert host.check_output("ls -A /var/tmp /tmp | grep -E 'slipway|payload' || true") == ""
    assert host.run("pgrep -u %s", user).stdout == ""
