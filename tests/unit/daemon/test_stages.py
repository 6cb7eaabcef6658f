# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of steps in which live-restore keeps containers running, and the most that a caller allows."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.need import Need
from ansible_collections.slipway.docker.plugins.module_utils.daemon.stages import Stage, keeps_containers, stages
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.states import Doc, decide, installed, running
from unit.trees import DAEMON_JSON, UPSTREAM_UNIT, Tree

ON = {"live-restore": True}
OFF = {"live-restore": False}
OTHER = {"selinux-enabled": False}  # takes a restart, and has nothing to do with the default bridge


def steps(tree: Tree, there: Doc, wanted: Doc) -> list[tuple[Doc, str]]:
    plan = decide(running(installed(tree, there)), wanted, merge="replace")
    return [(step.document, step.how) for step in plan.steps]


@pytest.mark.parametrize(
    ("there", "wanted", "expected", "keeps"),
    [
        pytest.param({}, {"debug": True}, [({"debug": True}, "reload")], True, id="reload"),
        pytest.param({}, OTHER, [(OTHER, "restart")], False, id="restart"),
        pytest.param(
            ON,
            {**ON, **OTHER},
            [({**ON, **OTHER}, "restart")],
            True,
            id="restart-with-live-restore",
        ),
        pytest.param({}, ON, [(ON, "reload")], True, id="switched-on-alone"),
        pytest.param(
            {"userland-proxy": True},
            {**ON, **OTHER},
            [({"userland-proxy": True, **ON}, "reload"), ({**ON, **OTHER}, "restart")],
            True,
            id="switched-on-before-a-restart",
        ),
        pytest.param(ON, OFF, [(OFF, "reload")], True, id="switched-off-alone"),
        pytest.param(
            ON,
            {**OFF, **OTHER},
            [({**ON, **OTHER}, "restart"), ({**OFF, **OTHER}, "reload")],
            True,
            id="switched-off-after-a-restart",
        ),
        pytest.param(
            ON,
            OTHER,
            [
                ({**OTHER, **ON}, "restart"),
                ({**OTHER, **OFF}, "reload"),
                (OTHER, "none"),
            ],
            True,
            id="taken-away-with-a-restart",
        ),
        pytest.param(ON, {}, [(ON, "restart"), (OFF, "reload"), ({}, "none")], True, id="taken-away-alone"),
    ],
)
def test_steps(tree: Tree, there: Doc, wanted: Doc, expected: list[tuple[Doc, str]], keeps: bool) -> None:
    assert steps(tree, there, wanted) == expected
    assert decide(running(tree), wanted, merge="replace").keeps_containers is keeps


def test_switching_on_does_not_help_where_a_reload_is_not_to_be_had(tree: Tree) -> None:
    state = running(installed(tree, {}), version=None)
    plan = decide(state, {**ON, **OTHER})
    assert [step.how for step in plan.steps] == ["restart"]
    assert not plan.keeps_containers


def test_what_the_daemon_has_loaded_is_not_known(tree: Tree) -> None:
    plan = decide(running(installed(tree, ON, age=-5)), {**ON, **OTHER})
    assert [step.how for step in plan.steps] == ["restart"]
    assert not plan.keeps_containers


@pytest.mark.parametrize(
    ("there", "wanted"),
    [({}, {**ON, **OTHER}), (ON, {**OFF, **OTHER}), (ON, OTHER)],
)
def test_no_reload_that_would_do_harm_is_made_on_the_way(tree: Tree, there: Doc, wanted: Doc) -> None:
    """One by which an authorization plugin of the command line is lost, for example."""
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --authorization-plugin=guard")
    plan = decide(running(installed(tree, there, unit)), wanted, merge="replace")
    assert [step.how for step in plan.steps] == ["restart"]


def test_no_reload_that_nobody_could_prove_is_made_after_a_restart(tree: Tree) -> None:
    wanted = {**OFF, **OTHER, "hosts": ["tcp://10.0.0.1:2375"]}
    plan = decide(running(installed(tree, ON)), wanted, allow_insecure_tcp=True)
    assert [step.how for step in plan.steps] == ["restart"]


@pytest.mark.parametrize(
    ("loaded", "path", "expected"),
    [
        (ON, [(ON, "restart")], True),
        ({}, [(ON, "restart")], False),  # the old process decides at its end
        (ON, [(OFF, "restart")], False),  # the new one at its start
        ({}, [(ON, "none"), (ON, "restart")], False),
        ({}, [(ON, "reload"), (ON, "restart")], True),
        (ON, [(OFF, "reload"), (ON, "restart")], False),
        (None, [(ON, "restart")], False),
        ({}, [({}, "none")], True),
        ({}, [({}, "reload")], True),
    ],
)
def test_keeps_containers(loaded: Doc | None, path: list[tuple[Doc, str]], expected: bool) -> None:
    taken = tuple(Stage(document, how) for document, how in path)  # type: ignore[arg-type]
    assert keeps_containers(Need("restart", (), loaded), taken) is expected


def test_the_way_always_ends_where_it_should() -> None:
    documents: list[Doc] = [
        {},
        ON,
        OFF,
        OTHER,
        {**ON, **OTHER},
        {**OFF, "debug": True},
    ]
    for loaded in documents:
        for wanted in documents:
            way = stages(Need("restart", ("x",), loaded), loaded, wanted, (28, 0))
            assert way[-1].document == wanted
            assert [step.how for step in way].count("restart") == 1


# --- The most that a caller allows.


def test_a_restart_is_not_allowed(tree: Tree) -> None:
    for disruption, allowed in (("none", "nothing"), ("reload", "a reload")):
        with pytest.raises(InvalidInput) as caught:
            decide(running(installed(tree, {})), {"mtu": 1400}, disruption=disruption)
        assert str(caught.value) == (
            f"this needs a restart of the daemon (mtu changes), and disruption allows {allowed} at most; nothing was "
            "touched: allow it with disruption=restart, or write the files now and leave the restart for later with "
            "defer=true"
        )


def test_a_reload_is_not_allowed(tree: Tree) -> None:
    state = running(installed(tree, {}))
    with pytest.raises(InvalidInput, match=r"^this needs a reload of the daemon"):
        decide(state, {"debug": True}, disruption="none")
    assert decide(state, {"debug": True}, disruption="reload").activation == "reload"


def test_nothing_is_needed(tree: Tree) -> None:
    assert decide(running(installed(tree, {"mtu": 1400})), {"mtu": 1400}, disruption="none").activation == "none"


def test_put_off(tree: Tree) -> None:
    plan = decide(running(installed(tree, ON)), {"mtu": 1400}, merge="replace", disruption="none", defer=True)
    assert [change.path for change in plan.files] == [DAEMON_JSON]
    assert plan.steps == (Stage({"mtu": 1400}, "none"),)
    assert (plan.activation, plan.reasons) == ("none", ())
    assert plan.pending == ("the daemon needs a restart: live-restore goes; mtu changes",)
    assert plan.changes


# --- Started with the machine.


@pytest.mark.parametrize(
    ("enabled", "wanted", "expected"),
    [("disabled", True, True), ("disabled", False, False), ("enabled", True, False), ("", True, False)],
)
def test_enable(tree: Tree, enabled: str, wanted: bool, expected: bool) -> None:
    status = UnitStatus("docker.service", "loaded", "active", "running", main_pid=812, enabled=enabled)
    state = running(installed(tree, unit=UPSTREAM_UNIT))
    plan = decide(type(state)(**{**vars(state), "service": status}), {}, enabled=wanted)
    assert plan.enable is expected
    assert plan.changes is expected
