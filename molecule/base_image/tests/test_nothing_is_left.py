# SPDX-License-Identifier: GPL-3.0-or-later
"""A build that is killed, or cannot be brought to its end, says why if it can, and leaves the host as it was."""

from __future__ import annotations

import base64
import contextlib
import json
import re
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
PROXY_SETTING = 'Acquire::http::Proxy "http://127.0.0.1:3142";\nAcquire::Retries "0";\n'
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
    yield make_old(host)
    host.run("docker image rm --force %s", NAME)


def make_old(host: Host) -> str:
    return str(host.check_output("tar -cf - -T /dev/null | docker import --change %s - %s", LABEL, NAME))


def count(host: Host) -> dict[str, list[str]]:
    return t.cast("dict[str, list[str]]", json.loads(host.check_output("python3 /root/count.py")))


@pytest.fixture
def before(host: Host, old: str) -> dict[str, list[str]]:
    return count(host)


def build(host: Host, **options: t.Any) -> dict[str, t.Any]:
    done = host.ansible("slipway.docker.base_image", json.dumps({**WISH, **options}), check=False, become=True)
    return t.cast("dict[str, t.Any]", done)


def refusal(host: Host, **options: t.Any) -> str:
    done = build(host, **options)
    assert "action" not in done
    return str(done["msg"])


def is_left(host: Host, before: dict[str, list[str]]) -> list[str]:
    """What is there now and was not, or the other way round. What was killed may take a moment to be gone."""
    deadline = time.monotonic() + 30
    while True:
        now = count(host)
        found = [f"{part}: + {each}" for part in now for each in now[part] if each not in before[part]]
        # a process of the host's that has ended meanwhile was none of ours
        gone = [f"{part}: - {each}" for part in now for each in before[part] if each not in now[part]]
        found += [each for each in gone if not each.startswith("processes")]
        if not found or time.monotonic() > deadline:
            return found
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


# Phases in which a build is killed, by the host's suite: with which backend, and after how long in there. Of those that
# all backends have, either host sees some; their engines are of different versions, and so both see the last one.
MOMENTS: dict[str, list[tuple[str, str, float]]] = {
    "bookworm": [
        ("direct", "look", 0.1),
        ("mmdebstrap", "bootstrap", 4),
        ("direct", "unpack", 0.2),
        ("direct", "pack", 0),
        ("direct", "load", 0.05),
    ],
    "trixie": [
        ("debootstrap", "bootstrap", 6),
        ("direct", "resolve", 0.2),
        ("direct", "download", 0.1),
        ("direct", "configure", 0.5),
        ("direct", "finish", 0),
        ("direct", "load", 0.05),
    ],
}


def kill(host: Host, old: str, before: dict[str, list[str]], backend: str, phase: str, delay: float) -> list[str]:
    """What is left of a build that was killed."""
    variant = "minbase" if backend == "debootstrap" else "apt"
    # what is half written on disk is there when all are dead; what is in memory goes with them
    in_memory = "never" if phase in ("bootstrap", "unpack", "configure") else "auto"
    with in_phase(host, "kill", phase, delay):
        done = build(host, backend=backend, variant=variant, in_memory=in_memory)
    assert "action" not in done
    left = is_left(host, before)
    assert host.check_output("docker image inspect --format '{{.Id}}' %s", NAME) == old
    return left


def test_killed(host: Host, old: str, before: dict[str, list[str]]) -> None:
    moments = MOMENTS[host.system_info.codename]
    left = {f"{phase} of {backend}": kill(host, old, before, backend, phase, s) for backend, phase, s in moments}
    assert not any(left.values()), left


@contextlib.contextmanager
def in_small(host: Host, size: str) -> t.Iterator[str]:
    """A filesystem with little room."""
    host.check_output("mount -t tmpfs -o size=%s small /mnt", size)
    try:
        yield "/mnt"
    finally:
        host.check_output("umount /mnt")


def full(host: Host, before: dict[str, list[str]]) -> None:
    with in_small(host, "100m") as place:
        told = refusal(host, in_memory="never", work_dir=place)
    assert "not enough disk space, nothing was done: /mnt (for the root filesystem): needs " in told
    assert "free are 100 MiB; make room there, or name another place with work_dir" in told
    with in_small(host, "400m") as place:
        with in_phase(host, "fill", "bootstrap", 3, place):
            told = refusal(host, in_memory="never", work_dir=place, backend="mmdebstrap")
        assert host.check_output("ls -A /mnt") == "filler"
    assert f"the disk at {place}/" in told
    assert "is full: make room there, or name another place with work_dir" in told
    assert is_left(host, before) == []


def full_engine(host: Host) -> None:
    """The engine's data directory is another one for a while."""
    host.check_output("systemctl stop docker.socket docker.service")
    host.check_output("mount -t tmpfs -o size=100m small /var/lib/docker && systemctl start docker")
    try:
        old = make_old(host)
        before = count(host)
        told = refusal(host)
        assert "nothing was done: /var/lib/docker (for the image in the engine): needs " in told
        assert "make room there, as with docker system prune" in told
        assert is_left(host, before) == []
        host.check_output("mount -o remount,size=400m /var/lib/docker")
        with in_phase(host, "fill", "load", 0.1, "/var/lib/docker"):
            told = refusal(host)
        assert "the engine refuses the image: " in told
        assert "no space left on device" in told
        assert "make room where it keeps its images" in told
        host.check_output("rm /var/lib/docker/filler")
        assert is_left(host, before) == []
        assert host.check_output("docker image inspect --format '{{.Id}}' %s", NAME) == old
    finally:
        host.check_output("systemctl stop docker.socket docker.service")
        host.check_output("umount /var/lib/docker && systemctl start docker")


def test_full(host: Host, before: dict[str, list[str]]) -> None:
    if host.system_info.codename == "trixie":
        full(host, before)
    else:
        full_engine(host)


def test_mirror_that_is_gone_in_the_middle(host: Host, before: dict[str, list[str]]) -> None:
    """Of the lists on one host, of the packages on the other."""
    megabytes = {"bookworm": 1, "trixie": 12}[host.system_info.codename]
    start = "setsid python3 /root/dying_proxy.py 3142 %s > /dev/null 2>&1 < /dev/null & echo $!"
    proxy = host.check_output(start, str(megabytes * 1_000_000))
    host.check_output("python3 -c %s", UNTIL_LISTENING)
    host.check_output("printf %%s %s > %s", PROXY_SETTING, PROXY)
    try:
        told = refusal(host, cache=False)
    finally:
        host.check_output("rm %s", PROXY)
        host.run("kill %s", proxy)  # it is gone if all went as it should
    assert re.search(r"Failed to fetch http://\S+ .*3142", told), told
    assert is_left(host, before) == []


def test_keyring_of_others(host: Host, before: dict[str, list[str]]) -> None:
    told = refusal(host, keyring=OLD_KEYS)
    assert f"the signature of bookworm cannot be verified with {OLD_KEYS}: install a newer package" in told
    assert is_left(host, before) == []
