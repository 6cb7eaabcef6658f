# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts in all states are looked at without a failure."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import (
    info,
    info_concerns,
    info_daemon,
    info_kernel,
    info_network,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.info import SECTIONS, gather
from ansible_collections.slipway.docker.plugins.module_utils.daemon.inspection import Inspection
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import SERVICE_DROP_IN
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH, Loaded
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from ansible_collections.slipway.docker.plugins.module_utils.host.undo import UNDO_PATH
from unit.daemon.test_info_versions import INFO, VERSION, printing
from unit.engines import engine_on_unix
from unit.host.kernel_captures import boot, configure, install_modules, read
from unit.states import IDENTITY, installed, remember, running
from unit.trees import DAEMON_JSON, DEBIAN_UNIT, SERVICE, UPSTREAM_UNIT, Tree

Result = dict[str, t.Any]


def look(tree: Tree, *subset: str) -> Result:
    return gather(Host(printing, str(tree.root)), DAEMON_JSON, subset or ("all",))


def inspected(tree: Tree, **changes: t.Any) -> Inspection:
    """A host whose daemon runs, as far as a test can have that."""
    inspection = Inspection(Host(printing, str(tree.root)), DAEMON_JSON)
    inspection.state = running(tree, **changes)
    return inspection


def test_an_empty_root(tree: Tree) -> None:
    found = look(tree)
    assert found.keys() == {*SECTIONS, "unreadable", "concerns"}
    assert found["engine"]["installed"] is False
    assert found["engine"]["versions_from"] == "none"
    assert found["launch"]["argv"] == []
    assert found["configuration"]["exists"] is False
    assert found["configuration"]["effective"] == {}
    assert found["configuration"]["pending"] == [
        "the engine is not installed: its first start will read the configuration"
    ]
    assert found["unreadable"] == []
    json.dumps(found)


def test_only_what_is_asked_for(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inspection, "state", property(lambda _self: pytest.fail("nobody asked for the daemon")))
    assert look(tree, "kernel").keys() == {"kernel", "unreadable", "concerns"}


def test_subsets_are_those_of_the_module() -> None:
    assert list(info.SECTIONS) == list(info_concerns.CONCERNS)


def test_installed(tree: Tree) -> None:
    installed(tree, {"debug": True}, DEBIAN_UNIT)
    found = look(tree)
    assert found["engine"]["program"] == "/usr/sbin/dockerd"
    assert (found["engine"]["version"], found["engine"]["versions_from"]) == ("20.10.24+dfsg1", "programs")
    assert found["launch"]["files"] == [{"path": SERVICE, "ours": False}]
    assert found["launch"]["flags"][0] == {
        "flag": "-H",
        "value": "fd://",
        "key": "hosts",
        "file": SERVICE,
        "line": 8,
        "variable": "",
        "ours": False,
    }
    assert found["configuration"]["document"] == {"debug": True}
    assert found["configuration"]["effective"]["debug"] == {"value": True, "origin": "file", "places": [DAEMON_JSON]}


def test_a_drop_in_of_ours(tree: Tree) -> None:
    installed(tree, {"hosts": ["fd://"]})
    tree.write(SERVICE_DROP_IN, "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --containerd=/x\n")
    found = look(tree, "launch", "configuration")
    assert found["launch"]["files"][-1] == {"path": SERVICE_DROP_IN, "ours": True}
    assert [(flag["flag"], flag["ours"], flag["line"]) for flag in found["launch"]["flags"]] == [
        ("--containerd", True, 3)
    ]
    assert found["configuration"]["conflicts"] == []


def test_a_clash(tree: Tree) -> None:
    installed(tree, {"hosts": ["unix:///x.sock"]})
    found = look(tree, "configuration")
    assert found["configuration"]["conflicts"] == [
        {"option": "hosts", "flag": "-H fd://", "file": SERVICE, "line": 8, "variable": ""}
    ]
    assert found["concerns"] == [
        f"hosts stands in {DAEMON_JSON} and as -H fd:// in {SERVICE}:8: dockerd does not start with both"
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'{"debug": true,}', "line 1, column"),
        (b"# nothing\n", "JSON has no comments"),
        (b"\xff\xfe{}", "expected plain UTF-8"),
        (b"[]", "the file holds one object"),
    ],
)
def test_a_broken_file(tree: Tree, content: bytes, what: str) -> None:
    installed(tree)
    tree.write(DAEMON_JSON, content)
    found = look(tree)
    (unread,) = found["unreadable"]
    assert unread["what"] == "document"
    assert what in unread["reason"]
    configuration = found["configuration"]
    assert configuration["problems"] == [unread["reason"]]
    assert (configuration["exists"], configuration["document"]) == (True, {})
    assert (configuration["activation"], configuration["activation_reasons"]) == ("unknown", [unread["reason"]])
    assert unread["reason"] in found["concerns"]


def test_a_file_that_cannot_be_read(tree: Tree) -> None:
    installed(tree)
    tree.at(DAEMON_JSON).mkdir(parents=True)
    tree.at(RECORD_PATH).mkdir(parents=True)
    found = look(tree)
    assert [unread["what"] for unread in found["unreadable"]] == ["file", "record"]
    assert found["configuration"]["activation"] == "unknown"
    assert found["configuration"]["owned_keys"] == []


def test_a_command_line_that_cannot_be_known(tree: Tree) -> None:
    installed(tree, unit=UPSTREAM_UNIT.replace("/usr/bin/dockerd", "/usr/local/bin/wrapper"))
    found = look(tree)
    assert "not dockerd, so its flags cannot be known" in found["launch"]["problem"]
    assert found["launch"]["files"] == [{"path": SERVICE, "ours": False}]
    assert found["configuration"]["activation"] == "unknown"


def test_variables_that_tell(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace(
        "[Service]\n",
        "[Service]\nEnvironment=HTTPS_PROXY=http://u:geheim@p:1 DOCKER_DRIVER=vfs OTHER=geheim\n",
    )
    found = look(installed(tree, unit=unit), "launch")
    assert [(entry["name"], entry["value"]) for entry in found["launch"]["environment"]] == [
        ("HTTPS_PROXY", "http://***@p:1"),
        ("DOCKER_DRIVER", "vfs"),
    ]
    assert "geheim" not in json.dumps(found)


def test_keys_of_ours(tree: Tree) -> None:
    installed(tree, {"debug": False, "log-opts": {"max-size": "1m", "tag": "x"}, "labels": ["theirs"]})
    remember(tree, {"debug": True, "log-opts": {"max-size": "1m"}})
    found = look(tree, "configuration")["configuration"]
    assert found["owned_keys"] == ["debug", "log-opts.max-size"]
    assert found["drifted_keys"] == ["debug"]


def test_what_dockerd_would_not_read(tree: Tree) -> None:
    installed(tree, {"hots": [], "debug": "yes"})
    problems = sorted(look(tree, "configuration")["configuration"]["problems"])
    assert len(problems) == 2
    assert problems[0].startswith(f"{DAEMON_JSON}: debug must be true or false")
    assert problems[1].startswith(f"{DAEMON_JSON}: hots is no option of dockerd; did you mean hosts?")


def test_an_interrupted_run(tree: Tree) -> None:
    assert look(tree, "configuration")["configuration"]["interrupted"] is False
    tree.write(UNDO_PATH, "{}")
    assert look(tree, "configuration")["configuration"]["interrupted"] is True


def test_a_daemon_that_has_loaded_its_files(tree: Tree) -> None:
    section = info_daemon.configuration(inspected(installed(tree, {"labels": ["a=1"]})))
    assert (section["activation"], section["activation_reasons"]) == ("none", [])


def test_a_daemon_that_has_not_loaded_its_file(tree: Tree) -> None:
    installed(tree, {"labels": ["a=2"]}, age=-60.0)
    section = info_daemon.configuration(inspected(tree))
    assert section["activation"] == "restart"
    assert section["activation_reasons"] == ["daemon.json is newer than the running daemon"]


def test_a_daemon_whose_reload_is_due(tree: Tree) -> None:
    installed(tree, {"debug": True}, age=-60.0)
    inspection = inspected(tree)
    plain = Inspection(inspection.host, DAEMON_JSON)
    plain.state = inspection.state
    assert not isinstance(plain.outlook, str)
    remember(tree, {"debug": True}, Loaded(IDENTITY, {"debug": False}, plain.outlook.launch_digest))
    section = info_daemon.configuration(inspected(tree))
    assert (section["activation"], section["activation_reasons"]) == ("reload", ["debug changes"])


def test_a_daemon_with_another_command_line(tree: Tree) -> None:
    inspection = inspected(installed(tree), argv=["/usr/bin/dockerd", "-D"])
    assert info_daemon.launch(inspection)["running_argv"] == ["/usr/bin/dockerd", "-D"]
    assert info_daemon.configuration(inspection)["activation_reasons"] == [
        "the daemon was started with another command line"
    ]


def test_a_daemon_that_another_init_has_started(tree: Tree) -> None:
    installed(tree, {"hosts": ["unix:///x.sock"]})
    inspection = inspected(tree, argv=["/usr/bin/dockerd", "-p", "/var/run/docker.pid"], acts=False)
    section = info_daemon.configuration(inspection)
    assert section["conflicts"] == []
    assert section["effective"]["pidfile"] == {
        "value": "/var/run/docker.pid",
        "origin": "flag",
        "places": ["process 812"],
    }
    assert section["effective"]["hosts"]["origin"] == "file"
    assert info_daemon.launch(inspection)["flags"] == []
    (concern,) = info_concerns.of_launch(inspection)
    assert concern.endswith("nobody knows where the flags of the running daemon come from")


def test_what_the_engine_says(tree: Tree, tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        engine.says("/version", VERSION)
        engine.says("/info", {**INFO, "Debug": False, "Warnings": ["WARNING: No swap limit support"]})
        installed(tree, {"hosts": [engine.address.raw], "debug": True})
        inspection = inspected(tree, argv=["/usr/bin/dockerd"])
        section = info_daemon.engine(inspection)
        assert (section["version"], section["versions_from"]) == ("20.10.24+dfsg1", "engine")
        assert (section["storage_driver"], section["answers_on"]) == ("overlay2", engine.address.raw)
        assert info_daemon.configuration(inspection)["disagreements"] == [
            "debug is True in daemon.json, the daemon reports False"
        ]
        assert info_concerns.of_engine(inspection) == ["WARNING: No swap limit support"]


def test_an_engine_that_is_stopped_is_left_alone(tree: Tree, tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        look(installed(tree, {"hosts": [engine.address.raw]}))
        assert engine.asked == []


def test_the_ground_a_driver_stands_on(tree: Tree) -> None:
    installed(tree, {"data-root": "/srv/docker", "storage-driver": "btrfs"})
    configure(tree, "debian-13", f"/boot/config-{boot(tree, 'debian-13')}")
    install_modules(tree, "debian-13")
    tree.write("/proc/self/mountinfo", read("mounts/hybrid"))
    found = look(tree, "storage", "network")
    assert (found["storage"]["data_root"], found["storage"]["filesystem"]) == ("/srv/docker", "ext4")
    assert found["storage"]["drivers"]["overlay2"] == {"usable": True, "reason": ""}
    assert found["concerns"] == [
        "storage-driver is btrfs, which cannot be used here: /srv/docker lies on ext4, not on btrfs",
        f"the bridge network cannot be used: {found['network']['drivers']['bridge']['reason']}",
    ]
    assert found["network"]["drivers"]["bridge"]["reason"].startswith("program iptables is not installed")


@pytest.mark.parametrize(
    ("document", "firewall", "store"),
    [
        ({}, "iptables", "/var/lib/containerd"),
        ({"iptables": False}, "none", "/var/lib/containerd"),
        ({"firewall-backend": "nftables"}, "nftables", "/var/lib/containerd"),
    ],
)
def test_what_depends_on_the_configuration(tree: Tree, document: Result, firewall: str, store: str) -> None:
    installed(tree, document)
    inspection = Inspection(Host(printing, str(tree.root)), DAEMON_JSON)
    assert info_network.network(inspection)["firewall"] == firewall
    assert info_kernel.containerd_root(inspection) == store


def test_an_engine_with_a_containerd_of_its_own(tree: Tree) -> None:
    installed(tree, {"data-root": "/srv"}, UPSTREAM_UNIT.replace(" --containerd=/run/containerd/containerd.sock", ""))
    assert info_kernel.containerd_root(Inspection(tree.host, DAEMON_JSON)) == "/srv/containerd/daemon"
