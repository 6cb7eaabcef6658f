# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module says of drivers, held against what dockerd can do with each of them."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Iterator

import pytest
from testinfra.host import Host

Seen = t.Callable[[str], dict[str, t.Any]]

PATH = "/etc/docker/daemon.json"
IMAGE = "tar -C /usr -c bin/busybox | docker import - probe"
RUN = "docker run --rm --network {} probe /bin/busybox true"
SNAPSHOTTERS = {"native", "overlayfs"}

# Where data could lie: ext4, the host's own overlay, tmpfs.
GROUNDS = {"/var/lib/docker/ground": "ext4", "/srv/ground": "overlay", "/run/ground": "tmpfs"}


@pytest.fixture
def daemon(host: Host) -> Iterator[Host]:
    """A host whose daemon.json is put back afterwards."""
    before = host.file(PATH).content_string
    yield host
    host.run("systemctl stop docker; rm -rf /var/lib/docker/ground /srv/ground /run/ground")
    write(host, json.loads(before))
    assert start(host)


def write(host: Host, document: dict[str, t.Any]) -> None:
    host.run_expect([0], f"echo '{json.dumps(document)}' > {PATH}")


def start(host: Host) -> bool:
    host.run("systemctl stop docker; systemctl reset-failed docker docker.socket")
    started = bool(host.run("systemctl start docker").rc == 0)
    if not started:
        host.run("systemctl stop docker; systemctl reset-failed docker docker.socket")
    return started


def carries(host: Host, driver: str, root: str) -> bool:
    """Whether dockerd starts with a driver on fresh data, and a container runs on it."""
    document: dict[str, t.Any] = {
        "hosts": ["unix:///var/run/docker.sock"],
        "storage-driver": driver,
        "data-root": f"{root}/{driver}",
    }
    if driver in SNAPSHOTTERS:
        document["features"] = {"containerd-snapshotter": True}
    write(host, document)
    if not start(host):
        return False
    assert host.check_output("docker info --format '{{.Driver}}'") == driver
    return bool(host.run(IMAGE).rc == 0 and host.run(RUN.format("none")).rc == 0)


def verdicts(host: Host, root: str) -> dict[str, t.Any]:
    """The module's opinion of a data root, with the daemon stopped."""
    host.run_expect([0], f"systemctl stop docker; mkdir -p {root}")
    write(host, {"hosts": ["unix:///var/run/docker.sock"], "data-root": root})
    found = host.ansible("slipway.docker.daemon_info", "gather_subset=storage", become=True)["storage"]
    assert found["data_root"] == root
    return t.cast(dict[str, t.Any], found)


def test_every_storage_driver(daemon: Host) -> None:
    root = "/var/lib/docker/ground"
    found = verdicts(daemon, root)["drivers"]
    assert len(found) == 10
    tried = {driver: carries(daemon, driver, root) for driver in found}
    print(*(f"  {name}: {found[name]['reason'] or 'usable'}" for name in found), sep="\n")
    assert tried == {driver: verdict["usable"] for driver, verdict in found.items()}


@pytest.mark.parametrize("root", GROUNDS)
def test_every_ground(daemon: Host, root: str) -> None:
    found = verdicts(daemon, root)
    assert found["filesystem"] == GROUNDS[root]
    for driver in ("overlay2", "vfs"):
        assert carries(daemon, driver, root) is found["drivers"][driver]["usable"], driver


@pytest.fixture
def image(host: Host) -> Host:
    host.run_expect([0], IMAGE)
    return host


@pytest.mark.parametrize("driver", ["bridge", "host", "none"])
def test_networks_that_are_there(image: Host, seen: Seen, driver: str) -> None:
    assert seen("running")["network"]["drivers"][driver] == {"usable": True, "reason": ""}
    assert image.run(RUN.format(driver)).rc == 0


@pytest.mark.parametrize("driver", ["macvlan", "ipvlan"])
def test_networks_on_an_interface(image: Host, seen: Seen, driver: str) -> None:
    made = image.run(f"docker network create -d {driver} -o parent=eth0 --subnet 192.0.2.0/24 probe")
    try:
        works = made.rc == 0 and image.run(RUN.format("probe")).rc == 0
    finally:
        image.run("docker network rm probe")
    assert works is seen("running")["network"]["drivers"][driver]["usable"]


def test_networks_across_hosts(image: Host, seen: Seen) -> None:
    image.run_expect([0], "docker swarm init --advertise-addr 127.0.0.1")
    try:
        made = image.run("docker network create -d overlay --attachable probe")
        works = made.rc == 0 and image.run(RUN.format("probe")).rc == 0
    finally:
        image.run("docker swarm leave --force")
    assert works is seen("running")["network"]["drivers"]["overlay"]["usable"]
