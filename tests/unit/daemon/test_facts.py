# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks have to know of a host, and that what cannot be known is not made up."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import accounts, named_files, plugins
from ansible_collections.slipway.docker.plugins.module_utils.daemon.facts import Facts, gather, known, ports
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import observe
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.states import installed, running
from unit.trees import DAEMON_JSON, DEBIAN_UNIT, DEFAULTS, Tree

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0000000000000000
   1: 0100007F:0BB7 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0000000000000000
   2: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1 0000000000000000
"""


def test_nothing_is_known_at_first() -> None:
    unknown = {None, ""}
    for field in dataclasses.fields(Facts):
        value = getattr(Facts(), field.name)
        assert value in unknown if value is None else not value


def test_what_an_observed_host_says(tree: Tree) -> None:
    tree.write(DEFAULTS, "DOCKER_OPTS='--icc=false --label a=1 --label b=2 --nonsense x'\n")
    found = known(running(installed(tree, {"debug": True}, DEBIAN_UNIT)))
    assert found.flags == {
        "hosts": ["fd://"],
        "containerd": "/run/containerd/containerd.sock",
        "icc": False,
        "labels": ["a=1", "b=2"],
    }
    assert found.before == {"debug": True}
    assert found.activated == ("/run/docker.sock",)
    assert found.listeners is None


def test_a_root_that_is_not_booted_keeps_its_kernel_to_itself(tree: Tree) -> None:
    found = gather(tree.host, {"debug": True}, observe(tree.host, DAEMON_JSON))
    assert found == replace(
        Facts(),
        before={},
        swarm=False,
        traces=(),
        accounts=accounts.Accounts({}, {}, frozenset(), frozenset()),
        plugins=frozenset(),
    )


def test_programs_are_not_looked_for_before_the_engine_is_there(tree: Tree) -> None:
    assert gather(tree.host, {}, observe(tree.host, DAEMON_JSON)).programs == {}
    tree.write("/usr/libexec/docker/docker-proxy", "")
    installed(tree)
    found = gather(tree.host, {}, running(tree)).programs
    assert found["docker-proxy"] is True
    assert found["iptables"] is False


def test_the_data_root(tree: Tree) -> None:
    installed(tree)
    tree.write("/srv/docker/overlay2/l/x", "")
    tree.write("/srv/docker/btrfs/x", "")
    tree.write("/srv/docker/vfs/x", "")
    tree.write("/srv/docker/swarm/docker-state.json", "{}")
    found = gather(tree.host, {"data-root": "/srv/docker/"}, running(tree))
    assert (found.traces, found.swarm) == (("btrfs", "overlay2"), True)
    assert gather(tree.host, {}, running(tree)).traces == ()
    remapped = gather(tree.host, {"data-root": "/srv/docker", "userns-remap": "default"}, running(tree))
    assert (remapped.traces, remapped.swarm) == (None, None)


def test_drivers_are_judged_only_when_one_is_asked_for(tree: Tree) -> None:
    installed(tree)
    assert gather(tree.host, {}, running(tree)).storage is None
    assert "overlay2" in (gather(tree.host, {"storage-driver": "overlay2"}, running(tree)).storage or {})


def test_the_version_on_the_disk_counts_once_it_is_newer(tree: Tree) -> None:
    def dockerd(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
        assert list(argv) == ["/usr/bin/dockerd", "--version"]
        return Completed(tuple(argv), 0, "Docker version 29.7.2, build 1\n", "")

    state = running(installed(tree), version=(28, 5, 2))
    assert state.process is not None
    outdated = replace(state, process=replace(state.process, outdated=True))
    booted = Host(dockerd)
    assert gather(tree.host, {}, state).version == (28, 5, 2)
    assert gather(booted, {}, outdated).version == (29, 7, 2)
    assert gather(booted, {}, replace(state, version=None)).version == (29, 7, 2)


def test_listeners_of_others(tree: Tree) -> None:
    """Not the daemon's own, and not those that docker.socket hands over."""
    tree.write("/proc/net/tcp", TCP)
    for number, (pid, inode) in enumerate((("812", "11"), ("77", "12"), ("78", "13"))):
        tree.link(f"/proc/{pid}/fd/{number}", f"socket:[{inode}]")
        tree.write(f"/proc/{pid}/comm", f"program{pid}\n")
    installed(tree)
    found = gather(tree.host, {"hosts": ["tcp://127.0.0.1:2999"]}, running(tree))
    assert [one.port for one in found.listeners or ()] == [2999, 22]
    assert found.owners == {"12": "program77 (pid 77)"}
    assert gather(tree.host, {}, running(tree)).owners == {}


def test_ports() -> None:
    document = {"hosts": ["fd://", "tcp://1.2.3.4", "x://y", 3, "tcp://:99"], "metrics-addr": "127.0.0.1:9323"}
    assert ports(document) == {2375, 99, 9323}
    assert ports({"hosts": "fd://"}) == set()


# --- Files.


def test_kinds_of_files(tree: Tree) -> None:
    tree.write("/etc/x.json", "{}")
    tree.write("/usr/bin/crun", "")
    tree.at("/usr/bin/crun").chmod(0o755)
    tree.link("/etc/link", "x.json")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tree.at("/etc/x.sock")))
        document = {
            "seccomp-profile": "/etc/x.json",
            "runtimes": {"crun": {"path": "/usr/bin/crun", "runtimeArgs": ["/no/where", "--x"]}},
            "hosts": ["unix:///etc/x.sock", "tcp://127.0.0.1:1"],
            "tlscert": "/etc/x.json/below",
            "data-root": "relative",
            "labels": ["a=/b"],
            "pidfile": "/etc/link",
        }
        assert named_files.kinds(tree.host, document) == {
            "/etc/x.json": "file",
            "/etc": "folder",
            "/usr/bin/crun": "program",
            "/usr/bin": "folder",
            "/no/where": "missing",
            "/no": "missing",
            "/etc/x.sock": "socket",
            "/etc/x.json/below": "missing",
            "/etc/link": "file",
        }


def test_marks_of_keys_are_all_that_is_kept(tree: Tree) -> None:
    tree.write("/k.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----\n")
    tree.write("/c.pem", "junk\n-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n")
    tree.write("/ca.pem", b"\xff\xfe")
    document = {"tlskey": "/k.pem", "tlscert": "/c.pem", "tlscacert": "/ca.pem"}
    assert named_files.marks(tree.host, document) == {
        "/k.pem": {"ENCRYPTED PRIVATE KEY", "encrypted"},
        "/c.pem": {"CERTIFICATE"},
        "/ca.pem": set(),
    }
    assert named_files.marks(tree.host, {"tlskey": "/nowhere", "tlscert": 3, "tlscacert": "/"}) == {}


def test_contents(tree: Tree) -> None:
    tree.write("/x.json", "{}")
    assert named_files.contents(tree.host, {"seccomp-profile": "/x.json"}) == {"/x.json": "{}"}
    assert named_files.contents(tree.host, {"seccomp-profile": "builtin"}) == {}
    assert named_files.contents(tree.host, {"seccomp-profile": None}) == {}


# --- Users and groups.


def test_accounts(tree: Tree) -> None:
    tree.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nmapped:x:1234:1234::/:/bin/false\n")
    tree.write("/etc/group", "root:x:0:\nmapped:x:1234:\n")
    tree.write("/etc/subuid", "mapped:100000:65536\n")
    tree.write("/etc/subgid", "1234:100000:65536\n")
    found = accounts.read(tree.host, {"userns-remap": "mapped:nogroup", "group": "root"})
    assert found.users == {"mapped": True, "dockremap": False}
    assert found.groups == {"nogroup": False, "root": True}
    assert found.subuids == frozenset({"mapped"})
    assert found.subgids == frozenset({"1234"})
    assert accounts.read(tree.host, {"userns-remap": "1234"}).users["1234"] is True
    assert accounts.read(tree.host, {"debug": True}).users == {}


def test_subordinate_numbers_that_are_kept_elsewhere(tree: Tree) -> None:
    tree.write("/etc/nsswitch.conf", "passwd: files sss\nsubid: sss\n")
    assert accounts.read(tree.host, {}).subuids is None


@pytest.mark.parametrize(("rc", "expected"), [(0, True), (2, False), (1, None)])
def test_the_name_service_is_asked_for_others(rc: int, expected: bool | None) -> None:
    def getent(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
        assert list(argv) == ["getent", "group", "no-group-of-this-machine"]
        return Completed(tuple(argv), rc, "", "")

    found = accounts.read(Host(getent), {"group": "no-group-of-this-machine"})
    assert found.groups == {"no-group-of-this-machine": expected}


# --- Plugins.


def test_plugins(tree: Tree) -> None:
    managed = {"plugin": {"Name": "acme/opa:latest"}}
    tree.write("/var/lib/docker/plugins/0123/config.json", json.dumps(managed))
    tree.write("/var/lib/docker/plugins/4567/config.json", "no json")
    tree.write("/var/lib/docker/plugins/storage/x", "")
    tree.write("/run/docker/plugins/one.sock", "")
    tree.write("/run/docker/plugins/two/two.sock", "")
    tree.write("/etc/docker/plugins/three.spec", "")
    tree.write("/usr/lib/docker/plugins/four.json", "")
    found = plugins.names(tree.host, "/var/lib/docker")
    assert sorted(found or ()) == ["acme/opa", "acme/opa:latest", "four", "one", "three", "two"]


def test_the_environment_is_that_of_what_launches_the_daemon(tree: Tree) -> None:
    """Debian's package brings a unit and an init script: on a host without systemd only the script counts."""
    unit = DEBIAN_UNIT.replace("Type=notify\n", "Type=notify\nEnvironment=DOCKER_DRIVER=btrfs\n")
    installed(tree, unit=unit)
    tree.write(DEFAULTS, "export DOCKER_DRIVER=vfs\n")
    assert gather(tree.host, {}, observe(tree.host, DAEMON_JSON)).environment["DOCKER_DRIVER"] == "btrfs"
    tree.write("/sbin/init", "")
    tree.write("/etc/init.d/docker", f"#!/bin/sh\n. {DEFAULTS}\n/usr/sbin/dockerd $DOCKER_OPTS &\n")
    assert gather(tree.host, {}, observe(tree.host, DAEMON_JSON)).environment == {"DOCKER_DRIVER": "vfs"}
