# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is brought about wholly or not at all: real files, a real socket, a systemd that says what a test wants."""

from __future__ import annotations

import json
import os
import resource
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.containers import Container
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import SERVICE_DROP_IN
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Request, plan
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH
from ansible_collections.slipway.docker.plugins.module_utils.daemon.transaction import (
    Outcome,
    TransactionFailed,
    apply,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from ansible_collections.slipway.docker.plugins.module_utils.host.process import read_process
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from ansible_collections.slipway.docker.plugins.module_utils.host.undo import UNDO_PATH
from unit.engines import Engine, engine_on_tcp, engine_on_unix
from unit.states import Doc, installed
from unit.trees import DAEMON_JSON, DROP_INS, Tree

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="what is written belongs to root")

UNIT = "[Service]\nExecStart=/usr/bin/dockerd --icc=false\n"
ME = read_process(os.getpid())
Hook = Callable[[], int]


class Systemd:
    """Does what systemctl is told: nothing, but it notes what stood in daemon.json at that moment.

    :ivar hooks: by the verb, what happens then, and its exit status
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.calls: list[tuple[str, Doc | None]] = []
        self.hooks: dict[str, Hook] = {}
        self.journal = ""

    def __call__(
        self, argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        words = list(argv[2:] if argv[0] == "timeout" else argv)
        if words[0] == "journalctl":
            return Completed(tuple(argv), 0, self.journal, "")
        assert words[0] == "systemctl"
        if words[1] == "show":
            out = f"ActiveState=active\nSubState=running\nMainPID={os.getpid()}\n"
            return Completed(tuple(argv), 0, out, "")
        file = self.tree.at(DAEMON_JSON)
        self.calls.append((words[1], json.loads(file.read_bytes()) if file.exists() else None))
        hook = self.hooks.get(words[1])
        return Completed(tuple(argv), hook() if hook else 0, "", "no reason")

    def verbs(self) -> list[str]:
        return [verb for verb, _document in self.calls if verb != "reset-failed"]


class World:
    """A host on which an engine runs."""

    def __init__(self, tree: Tree, engine: Engine) -> None:
        self.tree, self.engine = tree, engine
        self.systemd = Systemd(tree)
        self.host = Host(self.systemd, str(tree.root))
        self.base: Doc = {"hosts": [engine.address.raw]}
        engine.says("/info", {})
        engine.says("/containers/json", [])
        engine.answers["GET /events"] = (200, b'{"Action":"reload"}\n')

    def state(self) -> State:
        assert ME is not None
        status = UnitStatus("docker.service", "loaded", "active", "running", main_pid=os.getpid(), enabled="enabled")
        process = replace(ME, argv=("/usr/bin/dockerd", "--icc=false"))
        found = observe(self.host, DAEMON_JSON)
        return replace(found, acts=True, service=status, process=process, version=(28, 5, 2))

    def apply(self, config: Doc, ran: Sequence[Container] = (), **wishes: t.Any) -> Outcome:
        state = self.state()
        request = Request({**self.base, **config}, **{"timeout": 1, "settle": 0, **wishes})
        return apply(self.host, state, plan(state, request), request, list(ran))

    def fails(self, config: Doc, ran: Sequence[Container] = (), **wishes: t.Any) -> TransactionFailed:
        with pytest.raises(TransactionFailed) as caught:
            self.apply(config, ran, **wishes)
        return caught.value

    def document(self) -> Doc:
        found: Doc = json.loads(self.tree.read(DAEMON_JSON))
        return found

    def settled(self) -> bool:
        return not self.tree.at(UNDO_PATH).exists()


@pytest.fixture
def world(tree: Tree, tmp_path: Path) -> Iterator[World]:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        found = World(tree, engine)
        installed(tree, {**found.base, "mtu": 1400}, UNIT)
        tree.at("/lib/systemd/system/docker.socket").unlink()
        yield found


def loaded(world: World, document: Doc) -> None:
    """Let the record say what the daemon has loaded."""
    world.apply({})
    record = json.loads(world.tree.read(RECORD_PATH))
    record["loaded"]["document"] = {**world.base, **document}
    world.tree.write(RECORD_PATH, json.dumps(record))
    world.systemd.calls.clear()


# --- It works.


def test_nothing_to_do(world: World) -> None:
    assert world.apply({}) == Outcome()
    assert world.systemd.calls == []
    assert world.settled()


def test_a_reload(world: World) -> None:
    assert world.apply({"debug": True}) == Outcome()
    assert world.systemd.calls == [("kill", {**world.base, "mtu": 1400, "debug": True})]
    assert [asked.partition("?")[0] for asked in world.engine.asked] == ["GET /events", "GET /_ping", "GET /info"]
    assert world.settled()
    record = json.loads(world.tree.read(RECORD_PATH))
    assert ME is not None
    assert record["loaded"]["process"] == ME.identity
    assert record["loaded"]["document"] == world.document()
    assert record["owned"]["config"] == {**world.base, "debug": True}


def test_a_reload_is_seen_on_the_unix_socket_whatever_stands_first(world: World) -> None:
    """A tcp socket of loopback may speak TLS, and then tells us nothing."""
    with engine_on_tcp() as other:
        other.answers = dict.fromkeys(
            ("GET /_ping", "GET /events", "GET /info"), (400, b"Client sent an HTTP request to an HTTPS server.\n")
        )
        world.base = {"hosts": [other.address.raw, world.engine.address.raw]}
        world.tree.write(DAEMON_JSON, json.dumps(world.base))
        os.utime(world.tree.at(DAEMON_JSON), (0, 0))  # older than the daemon
        assert world.apply({"debug": True}) == Outcome()
    assert world.systemd.verbs() == ["kill"]


def test_a_restart(world: World) -> None:
    web = Container("a" * 64, "web")
    world.engine.answers[f"POST /containers/{web.id}/start"] = (204, b"")
    outcome = world.apply({"mtu": 1500}, [web])
    assert outcome.restarted_containers == ("web",)
    assert outcome.downtime >= 0
    assert world.systemd.verbs() == ["restart"]
    assert f"POST /containers/{web.id}/start" in world.engine.asked


def test_a_container_that_does_not_start_again_is_a_warning(world: World) -> None:
    outcome = world.apply({"mtu": 1500}, [Container("a" * 64, "web")])
    assert outcome.warnings == ('container did not start again: web: {"message":"page not found"}',)
    assert outcome.restarted_containers == ()


def test_units_come_before_the_file(world: World) -> None:
    """Else a daemon that is started in between would find its flag in the file too."""
    seen = {**world.base, "mtu": 1400}
    world.apply({"icc": True})
    assert [call for call in world.systemd.calls if call[0] != "reset-failed"] == [
        ("daemon-reload", seen),
        ("restart", {**seen, "icc": True}),
    ]
    assert world.tree.at(SERVICE_DROP_IN).exists()


def test_live_restore_is_switched_on_before_a_restart(world: World) -> None:
    world.apply({"live-restore": True, "userland-proxy": False})
    now = {**world.base, "mtu": 1400}
    assert [call for call in world.systemd.calls if call[0] != "reset-failed"] == [
        ("kill", {**now, "live-restore": True}),
        ("restart", {**now, "userland-proxy": False, "live-restore": True}),
    ]
    assert world.document() == {**now, "userland-proxy": False, "live-restore": True}


def test_live_restore_is_taken_away_after_a_restart(world: World) -> None:
    world.tree.write(DAEMON_JSON, json.dumps({**world.base, "mtu": 1400}))
    loaded(world, {"mtu": 1400, "live-restore": True})
    world.apply({"userland-proxy": False})
    final = {**world.base, "mtu": 1400, "userland-proxy": False}
    assert [call for call in world.systemd.calls if call[0] != "reset-failed"] == [
        ("restart", {**final, "live-restore": True}),
        ("kill", {**final, "live-restore": False}),
    ]
    assert world.document() == final


def test_what_stands_in_the_file_on_the_way_does_not_stay(world: World) -> None:
    """Somebody has taken live-restore out of the file, and the daemon has not seen it: the file is right already."""
    loaded(world, {"mtu": 1500, "live-restore": True})
    before = world.tree.read(DAEMON_JSON)
    world.apply({})
    assert world.systemd.verbs() == ["restart", "kill"]
    assert world.tree.read(DAEMON_JSON) == before
    assert world.settled()


def test_a_root_filesystem_that_is_not_booted(tree: Tree) -> None:
    state = observe(tree.host, DAEMON_JSON)
    request = Request({"debug": True})
    assert apply(tree.host, state, plan(state, request), request, []) == Outcome()
    assert json.loads(tree.read(DAEMON_JSON)) == {"debug": True}
    assert tree.files() == [DAEMON_JSON, RECORD_PATH]


# --- It fails, and nothing of it stays.


def tree_of(world: World) -> dict[str, bytes]:
    return {path: world.tree.read(path) for path in world.tree.files()}


def test_a_service_that_does_not_start(world: World) -> None:
    before = tree_of(world)
    world.systemd.journal = 'level=info msg="Starting up"\nfailed to start daemon: pool http://u:p@x is bad\n'
    attempts = iter([1, 0])
    world.systemd.hooks["restart"] = lambda: next(attempts)
    error = world.fails({"mtu": 1500, "icc": True})
    assert str(error) == (
        "docker.service does not start: failed to start daemon: pool http://***@x is bad. "
        "Rolled back: the old configuration is back and the daemon runs"
    )
    assert error.rolled_back
    assert error.journal == ["failed to start daemon: pool http://***@x is bad"]
    assert tree_of(world) == before
    assert not world.tree.at(DROP_INS).exists()
    assert world.systemd.verbs() == ["daemon-reload", "restart", "stop", "daemon-reload", "restart"]


def refuse() -> int:
    raise HostError("systemctl is gone")


def test_a_service_that_does_not_stop_has_its_files_back_all_the_same(world: World) -> None:
    before = tree_of(world)
    attempts = iter([1, 0])
    world.systemd.hooks["restart"] = lambda: next(attempts)
    world.systemd.hooks["stop"] = refuse
    error = world.fails({"mtu": 1500})
    assert not error.rolled_back
    assert "Rolling back failed as well: systemctl is gone" in str(error)
    assert world.document() == {**world.base, "mtu": 1400}
    assert {path for path in tree_of(world) if path != UNDO_PATH} == set(before)
    assert world.systemd.verbs()[-1] == "restart"


def test_one_that_takes_too_long(world: World) -> None:
    attempts = iter([124, 0])
    world.systemd.hooks["restart"] = lambda: next(attempts)
    error = world.fails({"mtu": 1500})
    assert str(error).startswith("docker.service has not started after 1 s. Rolled back: ")


def test_a_reload_that_the_daemon_refuses(world: World) -> None:
    before = tree_of(world)
    answers = iter([(200, b""), (200, b'{"Action":"reload"}\n')])

    def refuse() -> int:
        world.engine.answers["GET /events"] = next(answers)
        return 0

    world.systemd.hooks["kill"] = refuse
    error = world.fails({"debug": True})
    assert str(error) == (
        "the daemon did not take the new configuration over. "
        "Rolled back: the old configuration is back and the daemon runs"
    )
    assert tree_of(world) == before
    assert world.systemd.calls[-1] == ("kill", {**world.base, "mtu": 1400})
    assert "restart" not in world.systemd.verbs()
    # The file is as old as it was: the next run does not take it for one that the daemon has not seen.
    assert plan(world.state(), Request(world.base)).activation == "none"


def test_what_a_reload_to_the_old_one_does_not_take_away(world: World) -> None:
    """Enabling the service fails after the daemon has taken the new configuration over."""
    world.apply({})
    state = world.state()
    disabled = replace(state, service=replace(state.service, enabled="disabled"))
    world.systemd.hooks["enable"] = refuse
    wanted = plan(disabled, Request({**world.base, "debug": True, "labels": ["a=1"]}))
    with pytest.raises(TransactionFailed) as caught:
        apply(world.host, disabled, wanted, Request({}, timeout=1, settle=0), [])
    assert str(caught.value) == (
        "systemctl is gone. Rolled back: the old configuration is back and the daemon runs; it still has debug, "
        "labels, which only a restart takes away, and the next run will"
    )
    again = plan(world.state(), Request(world.base))
    assert (again.activation, again.reasons) == ("restart", ("debug goes", "labels goes"))


def test_a_daemon_that_reports_something_else(world: World) -> None:
    before = tree_of(world)
    world.engine.says("/info", {"Driver": "vfs"})
    error = world.fails({"storage-driver": "overlay2"})
    assert str(error).startswith("storage-driver is 'overlay2' in daemon.json, the daemon reports 'vfs'. Rolled back: ")
    assert tree_of(world) == before


def test_an_answer_that_nobody_expected(world: World) -> None:
    """Whatever goes wrong on our own side must not leave the host half-way either."""
    before = tree_of(world)
    world.engine.answers["GET /info"] = (200, b"[]")
    error = world.fails({"mtu": 1500})
    assert error.rolled_back
    assert str(error).startswith("unexpected AttributeError: ")
    assert isinstance(error.__cause__, AttributeError)
    assert tree_of(world) == before


def test_a_file_that_somebody_changes_meanwhile(world: World) -> None:
    state = world.state()
    request = Request({**world.base, "debug": True}, timeout=1)
    wanted = plan(state, request)
    theirs = b'{"hosts": ["unix:///theirs"]}'
    world.tree.write(DAEMON_JSON, theirs)
    with pytest.raises(TransactionFailed) as caught:
        apply(world.host, state, wanted, request, [])
    assert str(caught.value).startswith(f"{DAEMON_JSON} was changed by somebody else during this run; run again")
    assert world.tree.read(DAEMON_JSON) == theirs
    assert "restart" not in world.systemd.verbs()
    assert world.settled()


def test_a_disk_that_is_full(world: World) -> None:
    """The daemon was not touched yet, and is not touched for that."""
    before = tree_of(world)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = iter([0, limits[0]])

    def fill() -> int:
        resource.setrlimit(resource.RLIMIT_FSIZE, (next(room), limits[1]))
        return 0

    world.systemd.hooks["daemon-reload"] = fill  # between the drop-in and daemon.json, and again when it goes
    try:
        error = world.fails({"icc": True})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(error).startswith(f"cannot write {DAEMON_JSON}: File too large. Rolled back: ")
    assert tree_of(world) == before
    assert world.systemd.verbs() == ["daemon-reload", "daemon-reload"]


def test_a_rollback_that_fails_is_told(world: World) -> None:
    world.systemd.hooks["restart"] = lambda: 1
    error = world.fails({"mtu": 1500})
    assert not error.rolled_back
    assert str(error) == ("docker.service does not start. Rolling back failed as well: docker.service does not start")
    assert world.document() == {**world.base, "mtu": 1400}
    assert not world.settled()  # the next run takes care


def test_ownership_is_not_lost_by_a_failure(world: World) -> None:
    world.apply({"mtu": 1500})
    before = world.tree.read(RECORD_PATH)
    attempts = iter([1, 0])
    world.systemd.hooks["restart"] = lambda: next(attempts)
    world.fails({"mtu": 1600})
    assert json.loads(world.tree.read(RECORD_PATH))["owned"] == json.loads(before)["owned"]


def test_containers_are_brought_back_after_a_rollback(world: World) -> None:
    web = Container("a" * 64, "web")
    world.engine.answers[f"POST /containers/{web.id}/start"] = (204, b"")
    attempts = iter([1, 0])
    world.systemd.hooks["restart"] = lambda: next(attempts)
    world.fails({"mtu": 1500}, [web])
    assert f"POST /containers/{web.id}/start" in world.engine.asked
