# SPDX-License-Identifier: GPL-3.0-or-later
"""A build that is killed, or cannot be brought to its end, says why if it can, and leaves the host as it was."""

from __future__ import annotations

import base64
import contextlib
import json
import time
import typing as t
from pathlib import Path

import pytest
from testinfra.host import Host

FILES = Path(__file__).resolve().parents[1] / "files"
NAME = "local/ruin:1"
# A suite and a variant that are made fast.
WISH = {"name": NAME, "suite": "bookworm", "variant": "apt", "slim": True}
OLD_KEYS = "/usr/share/keyrings/debian-archive-removed-keys.gpg"
PROXY = "/etc/apt/apt.conf.d/99dying-proxy"
# What makes an image count as made by the module.
LABEL = "LABEL org.slipway.base-image.recipe=another"


@pytest.fixture(scope="module", autouse=True)
def programs(host: Host) -> t.Iterator[None]:
    for name in ("watch.py", "dying_proxy.py", "count.py"):
        content = base64.b64encode((FILES / name).read_bytes()).decode()
        host.check_output("echo %s | base64 -d > /root/%s", content, name)
    yield
    host.check_output("rm /root/watch.py /root/dying_proxy.py /root/count.py")


@pytest.fixture
def old(host: Host) -> t.Iterator[str]:
    """ID of the image that has the name before."""
    made = host.check_output("tar -cf - -T /dev/null | docker import --change %s - %s", LABEL, NAME)
    yield str(made)
    host.run("docker image rm --force %s", NAME)


def count(host: Host) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", json.loads(host.check_output("python3 /root/count.py")))


@pytest.fixture
def before(host: Host, old: str) -> dict[str, t.Any]:
    return count(host)


def build(host: Host, **options: t.Any) -> dict[str, t.Any]:
    done = host.ansible("slipway.docker.base_image", json.dumps({**WISH, **options}), check=False, become=True)
    return t.cast("dict[str, t.Any]", done)


def refusal(host: Host, **options: t.Any) -> str:
    done = build(host, **options)
    assert done.get("failed"), done
    return str(done["msg"])


def is_left(host: Host, before: dict[str, t.Any]) -> dict[str, t.Any]:
    """What is there now and was not, or the other way round. What was killed may take a moment to be gone."""
    deadline = time.monotonic() + 20
    while True:
        now = count(host)
        if now == before or time.monotonic() > deadline:
            return {part: [now[part], before[part]] for part in before if now[part] != before[part]}
        time.sleep(0.5)


@contextlib.contextmanager
def in_phase(host: Host, deed: str, phase: str, delay: float = 0, *where: str) -> t.Iterator[None]:
    """Something is done to the host as soon as a build is in a phase."""
    host.check_output("rm -f /root/done")
    command = f"python3 /root/watch.py {deed} {phase} {delay} {' '.join(where)} > /root/done.new 2>&1"
    host.check_output("setsid sh -c %s > /dev/null 2>&1 < /dev/null &", f"{command}; mv /root/done.new /root/done")
    yield
    assert host.check_output("timeout 130 sh -c 'until cat /root/done 2>/dev/null; do sleep 0.1; done'") == phase


@pytest.mark.parametrize(
    ("phase", "delay"), [("look", 0), ("bootstrap", 0.1), ("bootstrap", 4), ("finish", 0), ("pack", 0), ("load", 0.05)]
)
@pytest.mark.parametrize("in_memory", ["always", "never"])
def test_killed(host: Host, old: str, before: dict[str, t.Any], phase: str, delay: float, in_memory: str) -> None:
    with in_phase(host, "kill", phase, delay):
        done = build(host, in_memory=in_memory)
    assert "action" not in done
    left = is_left(host, before)
    print(left)
    assert left == {}
