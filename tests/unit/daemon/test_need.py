# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a running daemon needs is seen on the host: on its process, its file, and the record of that very process."""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.document import render
from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import Owned
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import State
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Plan
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import Loaded, Record
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.states import IDENTITY, STARTED, Doc, decide, installed, running, stopped
from unit.trees import DAEMON_JSON, SERVICE, SOCKET, UPSTREAM_UNIT, Tree

HOSTS = {"hosts": ["unix:///var/run/docker.sock"]}


def needs(state: State, config: Doc, **wishes: t.Any) -> tuple[str, tuple[str, ...]]:
    plan = decide(state, config, **wishes)
    return plan.activation, plan.reasons


def known(state: State, plan: Plan, document: Doc | None = None, process: str = IDENTITY) -> State:
    """A state whose record says what the process has loaded: what a plan has written, or something else."""
    loaded = Loaded(process, plan.document if document is None else document, plan.launch_digest)
    return replace(state, record=Record(Owned(plan.record.owned.config, {}), False, loaded))


# --- No daemon that could need anything.


def test_no_engine(tree: Tree) -> None:
    plan = decide(replace(stopped(tree), acts=True), {"debug": True})
    assert (plan.activation, plan.reasons) == ("none", ())
    assert plan.pending == ("the engine is not installed: its first start will read the configuration",)
    assert [change.path for change in plan.files] == [DAEMON_JSON]


def test_a_unit_without_its_program(tree: Tree) -> None:
    """Removed, but not purged."""
    tree.write(SERVICE, UPSTREAM_UNIT)
    plan = decide(stopped(tree), {"debug": True})
    assert (plan.activation, len(plan.pending)) == ("none", 1)


def test_a_root_filesystem_that_is_not_booted(tree: Tree) -> None:
    plan = decide(replace(stopped(installed(tree)), acts=False), {"debug": True})
    assert plan.activation == "none"
    assert plan.pending == ("systemd is not running here: the next start of the daemon will read the configuration",)


@pytest.mark.parametrize("active", ["inactive", "failed", "activating"])
def test_a_daemon_that_does_not_run_is_started(tree: Tree, active: str) -> None:
    state = replace(stopped(installed(tree)), service=UnitStatus("docker.service", active=active))
    assert needs(state, {}) == ("start", ("the daemon is not running",))
    assert needs(state, {"debug": True}, disruption="none")[0] == "start"  # nothing runs that could be disrupted


# --- A daemon that is not known to us: it has what was in the file when it started.


def test_nothing_changes(tree: Tree) -> None:
    state = running(installed(tree, {"debug": True}))
    assert needs(state, {"debug": True}) == ("none", ())
    assert not decide(state, {"debug": True}).changes


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"debug": True}, ("reload", ("debug changes",))),
        ({"storage-driver": "overlay2"}, ("restart", ("storage-driver changes",))),
        ({"debug": True, "mtu": 1400}, ("restart", ("debug changes", "mtu changes"))),
    ],
)
def test_the_file_changes(tree: Tree, config: Doc, expected: tuple[str, tuple[str, ...]]) -> None:
    assert needs(running(installed(tree, {})), config) == expected


def test_a_file_that_is_newer_than_the_daemon(tree: Tree) -> None:
    """Written by somebody who has not restarted it: what it has loaded cannot be known."""
    state = running(installed(tree, {"debug": True}, age=-5))
    assert needs(state, {"debug": True}) == ("restart", ("daemon.json is newer than the running daemon",))


def test_a_file_that_was_written_just_before_the_start(tree: Tree) -> None:
    assert needs(running(installed(tree, {"debug": True}, age=0.0)), {"debug": True}) == ("none", ())


def test_a_file_that_is_not_there(tree: Tree) -> None:
    assert needs(running(installed(tree)), {}) == ("none", ())


def test_a_daemon_that_was_started_in_another_way(tree: Tree) -> None:
    state = running(installed(tree), argv=["/usr/bin/dockerd", "-H", "fd://"])
    assert needs(state, {}) == ("restart", ("the daemon was started with another command line",))


def test_specifiers_cannot_be_compared(tree: Tree) -> None:
    installed(tree, unit=UPSTREAM_UNIT.replace("-H fd://", "--label=host=%H"))
    assert needs(running(tree, argv=["/usr/bin/dockerd", "--label=host=web1"]), {}) == ("none", ())


def test_doubled_percent_signs_can(tree: Tree) -> None:
    installed(tree, unit=UPSTREAM_UNIT.replace("-H fd://", "--label=full=100%%"))
    argv = ["/usr/bin/dockerd", "--label=full=100%", "--containerd=/run/containerd/containerd.sock"]
    assert needs(running(tree, argv=argv), {}) == ("none", ())


def test_flags_are_taken_out(tree: Tree) -> None:
    plan = decide(running(installed(tree)), HOSTS)
    assert plan.activation == "restart"
    assert plan.reasons == ("the daemon was started with another command line", "hosts changes")


# --- A daemon that is known to us: our record says what it has loaded.


def test_after_our_own_run(tree: Tree) -> None:
    state = running(installed(tree, {"debug": True}, age=-100))  # the file is younger than the process: a reload
    plan = decide(state, {"debug": True})
    assert needs(known(state, plan), {"debug": True}) == ("none", ())


def test_a_run_that_was_interrupted_is_finished(tree: Tree) -> None:
    """The file was written and the daemon not reloaded any more; nothing changes in the file this time."""
    state = running(installed(tree, {"debug": True}, age=-100))
    behind = known(state, decide(state, {"debug": True}), document={})
    assert needs(behind, {"debug": True}) == ("reload", ("debug changes",))
    assert decide(behind, {"debug": True}).files == ()


def test_somebody_changed_the_file_since(tree: Tree) -> None:
    state = running(installed(tree, {"debug": True, "mtu": 1400}, age=-100))
    behind = known(state, decide(state, {"debug": True}), document={"debug": True})
    assert needs(behind, {"debug": True}) == ("restart", ("mtu changes",))


def test_the_record_of_another_process_says_nothing(tree: Tree) -> None:
    state = running(installed(tree, {"debug": True}))
    other = known(state, decide(state, {"debug": True}), document={}, process="812:1")
    assert needs(other, {"debug": True}) == ("none", ())


def test_the_unit_changed_since(tree: Tree) -> None:
    state = running(installed(tree, {"debug": True}))
    record = known(state, decide(state, {"debug": True})).record
    tree.write(SERVICE, UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --icc=false"))
    assert needs(replace(running(tree), record=record), {"debug": True}) == ("restart", ("the command line changes",))


def test_a_listener_of_the_socket_unit_changed_since(tree: Tree) -> None:
    """Parking docker.socket is part of how the daemon is launched."""
    state = running(installed(tree, HOSTS), argv=["/usr/bin/dockerd"])
    plan = decide(state, HOSTS)
    assert plan.moves_socket
    tree.at(SOCKET).unlink()
    unparked = decide(running(tree), HOSTS)
    assert unparked.launch_digest != plan.launch_digest


# --- Whatever the files say.


def test_an_upgraded_engine(tree: Tree) -> None:
    state = running(installed(tree))
    assert state.process is not None
    outdated = replace(state, process=replace(state.process, outdated=True))
    assert needs(outdated, {}) == ("restart", ("the engine was upgraded since the daemon started",))


def test_a_daemon_that_does_not_answer(tree: Tree) -> None:
    state = running(installed(tree), silent=("no answer on unix:///x: timed out",))
    assert needs(state, {}) == ("restart", ("the daemon does not answer: no answer on unix:///x: timed out",))


# --- A reload that would do harm, or could not be proved.


def test_a_reload_that_resets_flags(tree: Tree) -> None:
    installed(tree, unit=UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --max-concurrent-downloads 9"))
    reset = "a reload would reset max-concurrent-downloads, given on the command line"
    assert needs(running(tree), {"debug": True}) == ("restart", ("debug changes", reset))


def test_a_reload_that_damages(tree: Tree) -> None:
    state = running(installed(tree, {"dns": ["9.9.9.9"]}), version=(29, 1, 0))
    reason = "a reload damages dns in engine 29.1.0"
    assert needs(state, {"dns": ["9.9.9.9"], "debug": True}) == ("restart", ("debug changes", reason))


@pytest.mark.parametrize(
    ("hosts", "document", "provable"),
    [
        ("-H tcp://10.0.0.1:2376", {}, False),
        ("-H tcp://127.0.0.1:2375", {}, True),
        ("-H tcp://127.0.0.1:2376", {"tlsverify": True, "tlscert": "/cert.pem", "tlskey": "/key.pem"}, False),
        ("-H tcp://127.0.0.1:2376 --tlsverify", {}, False),
        ("-H tcp://127.0.0.1:2376 -H unix:///x --tlsverify", {}, True),
    ],
)
def test_a_reload_that_nobody_could_prove(tree: Tree, hosts: str, document: Doc, provable: bool) -> None:
    installed(tree, document, UPSTREAM_UNIT.replace("-H fd://", hosts))
    unproved = ("restart", ("debug changes", "no local socket tells whether a reload took effect"))
    assert needs(running(tree), {**document, "debug": True}) == (
        ("reload", ("debug changes",)) if provable else unproved
    )


def test_an_engine_of_unknown_version_is_restarted(tree: Tree) -> None:
    assert needs(running(installed(tree), version=None), {"debug": True}) == ("restart", ("debug changes",))


def test_times_are_those_of_the_tests(tree: Tree) -> None:
    installed(tree, {"debug": True}, age=60)
    assert os.stat(tree.at(DAEMON_JSON)).st_mtime == STARTED - 60
    assert tree.read(DAEMON_JSON) == render({"debug": True})
