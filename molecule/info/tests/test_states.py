# SPDX-License-Identifier: GPL-3.0-or-later
"""The module tells what a host is in, whatever state that is."""

from __future__ import annotations

import json
import typing as t

import pytest
from testinfra.host import Host

Seen = t.Callable[[str], dict[str, t.Any]]

PATH = "/etc/docker/daemon.json"
DROP_IN = "/etc/systemd/system/docker.service.d/zz-slipway.conf"
STATES = "bare running check_mode visited edited edited_visited clash broken failed stopped".split()


@pytest.mark.parametrize("state", STATES)
def test_nothing_changes_and_no_password_is_shown(seen: Seen, state: str) -> None:
    found = seen(state)
    assert found["changed"] is False
    assert "geheim" not in json.dumps(found)


def test_bare(seen: Seen) -> None:
    found = seen("bare")
    assert found["engine"]["installed"] is False
    assert found["engine"]["version"] == ""
    assert found["launch"]["argv"] == []
    assert found["configuration"]["activation"] == "none"
    assert found["kernel"]["features"]["containers"]["missing"] == []
    assert found["storage"]["drivers"]["overlay2"]["usable"] is True
    assert "program iptables is not installed" in found["network"]["drivers"]["bridge"]["reason"]
    assert found["unreadable"] == []


def test_running(host: Host, seen: Seen) -> None:
    found = seen("running")
    engine = found["engine"]
    assert engine["versions_from"] == "engine"
    assert engine["version"] == host.check_output("docker version --format '{{.Server.Version}}'")
    for program in ("containerd", "runc"):
        assert engine[program] in host.check_output(f"{program} --version")
    assert engine["storage_driver"] == host.check_output("docker info --format '{{.Driver}}'")
    assert found["unreadable"] == []
    (concern,) = found["concerns"]  # the engine's own
    assert "API is accessible on http://127.0.0.1:2375 without encryption" in concern


def test_running_where_flags_come_from(seen: Seen) -> None:
    launch = seen("running")["launch"]
    assert launch["running_argv"] == launch["argv"]
    assert launch["service"]["active"] == "active"
    assert [entry["path"] for entry in launch["files"] if entry["ours"]] == [DROP_IN]
    assert {flag["flag"]: (flag["file"], flag["ours"]) for flag in launch["flags"]} == {"--containerd": (DROP_IN, True)}


def test_running_what_is_configured(seen: Seen) -> None:
    configuration = seen("running")["configuration"]
    assert configuration["owned_keys"] == ["hosts", "labels", "log-opts.max-size"]
    assert configuration["effective"]["labels"] == {"value": ["made.by=play"], "origin": "file", "places": [PATH]}
    assert configuration["effective"]["containerd"]["origin"] == "flag"
    for nothing in ("conflicts", "drifted_keys", "disagreements", "problems", "activation_reasons", "pending"):
        assert configuration[nothing] == [], nothing
    assert configuration["activation"] == "none"


def test_check_mode_is_no_other(seen: Seen) -> None:
    assert seen("check_mode") == seen("running")


def test_a_user_without_rights(seen: Seen) -> None:
    found, everything = seen("visited"), seen("running")
    assert [unread["what"] for unread in found["unreadable"]] == ["record", "engine"]
    assert found["unreadable"][0]["reason"] == "cannot read /var/lib/slipway/daemon.json: Permission denied"
    assert found["engine"]["version"] == everything["engine"]["version"]
    assert found["launch"]["flags"] == everything["launch"]["flags"]
    assert found["launch"]["running_argv"] == everything["launch"]["running_argv"]
    assert found["configuration"]["document"] == everything["configuration"]["document"]
    assert found["configuration"]["activation"] == "none"
    assert found["kernel"] == everything["kernel"]
    assert found["storage"]["drivers"] == everything["storage"]["drivers"]
    assert found["network"] == everything["network"]


def test_edited(seen: Seen) -> None:
    configuration = seen("edited")["configuration"]
    assert configuration["drifted_keys"] == ["labels"]
    assert configuration["document"]["registry-mirrors"] == ["https://***@mirror.example.org"]
    assert configuration["activation"] == "reload"
    assert configuration["activation_reasons"] == ["labels changes", "registry-mirrors changes"]
    assert configuration["disagreements"] == [
        "labels is ['made.by=hand'] in daemon.json, the daemon reports ['made.by=play']"
    ]


def test_edited_and_not_for_everybody(seen: Seen) -> None:
    found = seen("edited_visited")
    assert f"cannot read {PATH}: Permission denied" in [unread["reason"] for unread in found["unreadable"]]
    assert found["configuration"]["document"] == {}
    assert found["configuration"]["activation"] == "unknown"
    assert found["engine"]["running"] is True


def test_clash(seen: Seen) -> None:
    found = seen("clash")
    (conflict,) = found["configuration"]["conflicts"]
    assert conflict == {
        "option": "labels",
        "flag": "--label made.by=flag",
        "file": "/etc/default/docker",
        "line": 2,
        "variable": "DOCKER_OPTS",
    }
    assert "dockerd does not start with both" in "".join(found["concerns"])
    flag = next(flag for flag in found["launch"]["flags"] if flag["flag"] == "--label")
    assert (flag["file"], flag["line"], flag["ours"]) == ("/etc/default/docker", 2, False)
    assert found["configuration"]["effective"]["labels"]["origin"] == "both"


@pytest.mark.parametrize("state", ["broken", "failed"])
def test_broken(seen: Seen, state: str) -> None:
    found = seen(state)
    (problem,) = found["configuration"]["problems"]
    assert problem.startswith((f"{PATH}: line 3, column ", f"{PATH}: line 4, column "))  # by version of Python
    assert problem in found["concerns"]
    assert found["configuration"]["activation"] == "unknown"
    assert found["configuration"]["owned_keys"] == ["hosts", "labels", "log-opts.max-size"]


def test_broken_and_running(seen: Seen) -> None:
    found = seen("broken")
    assert found["engine"]["versions_from"] == "engine"
    assert found["launch"]["service"]["active"] == "active"


def test_failed(seen: Seen) -> None:
    found = seen("failed")
    assert found["engine"]["running"] is False
    assert found["launch"]["service"]["active"] == "failed"
    assert "docker.service has failed" in "".join(found["concerns"])


def test_stopped(host: Host, seen: Seen) -> None:
    found = seen("stopped")
    assert found["engine"]["running"] is False
    assert found["engine"]["versions_from"] == "programs"
    assert found["engine"]["version"] == host.check_output("docker version --format '{{.Server.Version}}'")
    assert found["launch"]["pid"] is None
    assert found["configuration"]["activation"] == "start"
    assert found["storage"]["drivers"] == seen("running")["storage"]["drivers"]
