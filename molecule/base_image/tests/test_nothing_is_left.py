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
UNTIL_LISTENING = """
import socket, time
while True:
    try:
        socket.create_connection(("127.0.0.1", 3142)).close()
        break
    except OSError:
        time.sleep(0.1)
"""
# What makes an image count as made by the module.
LABEL = "LABEL org.slipway.base-image.recipe=another"


@pytest.fixture(scope="module", autouse=True)
def programs(host: Host) -> t.Iterator[None]:
    for name in ("watch.py", "dying_proxy.py", "count.py"):
        content = base64.b64encode((FILES / name).read_bytes()).decode()
        host.check_output("echo %s | base64 -d > /root/%s", content, name)
    yield
    host.check_output("rm -f /root/watch.py /root/dying_proxy.py /root/count.py /root/done /root/ended")


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
    assert "action" not in done
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
    host.check_output("rm -f /root/done /root/ended")
    command = f"python3 /root/watch.py {deed} {phase} {delay} {' '.join(where)} > /root/done.new 2>&1"
    host.check_output("setsid sh -c %s > /dev/null 2>&1 < /dev/null &", f"{command}; mv /root/done.new /root/done")
    yield
    host.check_output("touch /root/ended")
    assert host.check_output("until cat /root/done 2>/dev/null; do sleep 0.1; done") == phase


# Phases in which a build is killed, and after how long in there.
MOMENTS = {
    "mmdebstrap": {"look": 0, "bootstrap": 4, "finish": 0, "pack": 0, "load": 0.05},
    "debootstrap": {"bootstrap": 6},
}


@pytest.mark.parametrize(
    ("backend", "phase", "delay"),
    [(backend, phase, delay) for backend, phases in MOMENTS.items() for phase, delay in phases.items()],
)
def test_killed(host: Host, old: str, before: dict[str, t.Any], backend: str, phase: str, delay: float) -> None:
    variant = "minbase" if backend == "debootstrap" else "apt"
    # what is half written on disk is there when all are dead; what is in memory goes with them
    in_memory = "never" if phase in ("bootstrap", "unpack") else "auto"
    with in_phase(host, "kill", phase, delay):
        done = build(host, backend=backend, variant=variant, in_memory=in_memory)
    assert "action" not in done
    assert is_left(host, before) == {}
    assert json.loads(host.check_output("docker image inspect %s", NAME))[0]["Id"] == old


@contextlib.contextmanager
def in_small(host: Host, size: str) -> t.Iterator[str]:
    """A filesystem with little room."""
    host.check_output("mount -t tmpfs -o size=%s small /mnt", size)
    try:
        yield "/mnt"
    finally:
        host.check_output("umount /mnt")


def test_no_room(host: Host, before: dict[str, t.Any]) -> None:
    with in_small(host, "100m") as place:
        told = refusal(host, in_memory="never", work_dir=place)
    assert "not enough disk space, nothing was done: /mnt (for the root filesystem): needs " in told
    assert "free are 100 MiB; make room there, or name another place with work_dir" in told
    assert is_left(host, before) == {}


def test_disk_that_is_full_in_the_middle(host: Host, before: dict[str, t.Any]) -> None:
    with in_small(host, "400m") as place:
        with in_phase(host, "fill", "bootstrap", 3, place):
            told = refusal(host, in_memory="never", work_dir=place)
        assert host.check_output("ls -A /mnt") == "filler"
    assert f"the disk at {place}/" in told
    assert "is full: make room there, or name another place with work_dir" in told
    assert is_left(host, before) == {}


@pytest.mark.parametrize("megabytes", [1, 12], ids=["in the lists", "in the packages"])
def test_mirror_that_is_gone_in_the_middle(host: Host, before: dict[str, t.Any], megabytes: int) -> None:
    start = "setsid python3 /root/dying_proxy.py 3142 %s > /dev/null 2>&1 < /dev/null &"
    host.check_output(start, str(megabytes * 1_000_000))
    lines = 'Acquire::http::Proxy "http://127.0.0.1:3142";\nAcquire::Retries "0";\n'
    host.check_output("python3 -c %s", UNTIL_LISTENING)
    host.check_output("printf %%s %s > %s", lines, PROXY)
    try:
        told = refusal(host)
    finally:
        host.check_output("rm %s", PROXY)
    print(told)
    assert "fetch" in told
    assert is_left(host, before) == {}


def test_keyring_of_others(host: Host, before: dict[str, t.Any]) -> None:
    told = refusal(host, keyring=OLD_KEYS)
    assert f"the signature of bookworm cannot be verified with {OLD_KEYS}: install a newer package" in told
    assert is_left(host, before) == {}
