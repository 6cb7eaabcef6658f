# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at all networks, with what real engines answer."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.networks.endpoints import Attachment
from ansible_collections.slipway.docker.plugins.module_utils.networks.note import Note, write_note
from ansible_collections.slipway.docker.plugins.module_utils.networks.survey import Survey, survey
from unit.engines import Engine, engine_on_unix
from unit.networks.world import VERSIONS, captured
from unit.trees import Tree

FRONT = {"name": "front", "ipam_config": [{"subnet": "172.20.0.0/24"}]}
OTHER = {"name": "front", "ipam_config": [{"subnet": "172.20.0.0/28"}]}


@pytest.fixture(params=VERSIONS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    answers = captured(request.param)
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        engine.says("/networks", answers["networks"])
        engine.says("/info", answers["info"])
        engine.says("/version", answers["version"])
        engine.says("/containers/json?all=1", answers["containers"])
        for container in answers["inspected"]:
            engine.says(f"/containers/{container['Id']}/json", container)
        yield engine


@pytest.fixture(autouse=True)
def kernel(tree: Tree) -> None:
    tree.write("/proc/sys/kernel/osrelease", "6.1.0\n")


def look(tree: Tree, engine: Engine, *declared: t.Any, recreate: bool = False, check_mode: bool = False) -> Survey:
    return survey(tree.host, engine.address.raw, list(declared), recreate=recreate, check_mode=check_mode)


def states(found: Survey) -> dict[str, str]:
    return {one.entry.name: one.state for one in found.findings}


def swarm(engine: Engine, **says: t.Any) -> None:
    engine.says(
        "/info", {"Swarm": {"LocalNodeState": "active", "NodeAddr": "192.0.2.1", **says}, "ServerVersion": "26.1"}
    )


def overlay(engine: Engine, **verbose: t.Any) -> dict[str, t.Any]:
    network = {"Name": "ov", "Id": "e" * 64, "Scope": "swarm", "Driver": "overlay", "IPAM": {"Config": []}}
    engine.says("/networks", [network])
    engine.says(f"/networks/{network['Id']}?verbose=true", {**network, **verbose})
    engine.says("/services", [])
    return network


def test_nothing_to_do_asks_the_engine_once(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, FRONT, {"name": "host"}, {"name": "gone", "state": "absent"}, {"name": "pooled"})
    assert states(found) == {"front": "same", "host": "same", "gone": "absent", "pooled": "same"}
    assert (found.problems, engine.asked) == ((), ["GET /networks"])


def test_nothing_declared_asks_nobody(tree: Tree, engine: Engine) -> None:
    assert look(tree, engine) == Survey()
    assert engine.asked == []


def test_what_is_missing(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, {"name": "user", "config_from": "t"}, {"name": "t", "config_only": True})
    assert states(found) == {"user": "missing", "t": "missing"}
    made = found.entries(config_only="first", wanted=lambda one: one.makes)
    assert [entry["name"] for entry in made] == ["t", "user"]
    assert found.problems == ()
    going = found.entries(config_only="last", wanted=lambda one: one.makes)
    assert [entry["name"] for entry in going] == ["user", "t"]


def test_containers_are_in_the_way(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, OTHER, {"name": "pooled", "state": "absent"})
    assert states(found) == {"front": "differs", "pooled": "present"}
    again, gone = found.problems
    assert again.startswith(
        "network_networks[0] would have network front made again (subnet is 172.20.0.0/24, declared 172.20.0.0/28), and"
        " containers are on it: chosen (172.20.0.2, running), fixed (172.20.0.10 asked for, running), mac"
    )
    assert "stopped (172.20.0.20 asked for, MAC 02:42:ac:14:00:99, stopped); set recreate" in again
    assert gone.startswith("network_networks[1] would have network pooled removed, and containers are on it: chosen")


def test_containers_may_be_taken_off(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, OTHER, {"name": "pooled", "state": "absent"}, recreate=True)
    assert found.problems == ()
    assert [one.name for one in found.findings[0].containers] == ["chosen", "fixed", "mac", "stopped"]


def test_containers_that_are_not_declared_are_named_before_they_are_taken_off(tree: Tree, engine: Engine) -> None:
    declared = {**OTHER, "connected": ["chosen"]}
    found = look(tree, engine, declared)
    (problem,) = found.problems
    assert "put back with their addresses and aliases but for fixed, mac, which connected does not name, or" in problem
    found = look(tree, engine, declared, recreate=True)
    assert (found.problems, found.findings[0].others) == ((), ("fixed", "mac"))
    assert "container fixed is connected, not declared so, and on no other network" in found.findings[0].differences
    found = look(tree, engine, {**declared, "appends": True}, recreate=True)
    assert (found.problems, found.findings[0].others, len(found.findings[0].differences)) == ((), (), 1)


def test_labels_that_nobody_declares_are_kept(tree: Tree, engine: Engine) -> None:
    def again(**options: t.Any) -> t.Any:
        (entry,) = look(tree, engine, options, recreate=True).entries(config_only="first", wanted=lambda one: one.again)
        return entry.get("labels")

    (front,) = (one for one in captured("26.1")["networks"] if one["Name"] == "front")
    compose = {"com.docker.compose.project": "shop"}
    engine.says("/networks", [{**front, "Labels": {**compose, "a": "b"}}])
    assert again(**OTHER) == {**compose, "a": "b"}
    assert again(**OTHER, labels={"a": "c"}) == {**compose, "a": "c"}
    assert again(**OTHER, labels="x") == "x", "the problem is told elsewhere"
    engine.says("/networks", [{**front, "Labels": compose, "ConfigFrom": {"Network": "template"}}])
    assert again(**OTHER) is None, "they are the template's"
    assert look(tree, engine, FRONT).entries(config_only="first", wanted=lambda one: True) == [FRONT]


def test_nobody_is_in_the_way(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, {"name": "lan", "driver": "macvlan", "internal": True})
    assert (states(found), found.problems) == ({"lan": "differs"}, ())


def test_a_network_that_moves_away_makes_room(tree: Tree, engine: Engine) -> None:
    new = {"name": "new", "ipam_config": [{"subnet": "172.18.0.0/24"}]}
    assert "which network pooled has" in look(tree, engine, new).problems[0]
    assert look(tree, engine, new, {"name": "pooled", "state": "absent"}, recreate=True).problems == ()


def test_a_template_that_is_used(tree: Tree, engine: Engine) -> None:
    gone = {"name": "template", "state": "absent"}
    assert '["inherits"]' in look(tree, engine, gone, recreate=True).problems[0]
    assert look(tree, engine, gone, {"name": "inherits", "state": "absent"}, recreate=True).problems == ()


def test_containers_that_are_declared(tree: Tree, engine: Engine) -> None:
    found = look(tree, engine, {"name": "pooled", "connected": ["fixed", "chosen"]})
    assert (states(found), found.problems) == ({"pooled": "connect"}, ())
    assert found.findings[0].differences == ("container fixed is not connected, declared connected",)
    assert states(look(tree, engine, {"name": "pooled", "connected": ["chosen"]})) == {"pooled": "same"}
    running = {**FRONT, "connected": ["chosen", "fixed", "mac"]}
    assert states(look(tree, engine, running)) == {"front": "same"}, "nobody takes off what is stopped"
    found = look(tree, engine, {"name": "pooled", "connected": ["fixed"]})
    assert found.problems[0].startswith("network_networks[0].connected takes containers off network pooled")
    assert look(tree, engine, {"name": "pooled", "connected": ["fixed"]}, recreate=True).problems == ()


def note(tree: Tree, engine_answers: dict[str, t.Any], *names: str, engine: str = "") -> None:
    ids = {container["Name"][1:]: container["Id"] for container in engine_answers["inspected"]}
    containers = tuple(Attachment(ids.get(name, "f" * 64), name, True) for name in names)
    network = next(network for network in engine_answers["networks"] if network["Name"] == "front")
    write_note(tree.host, Note("front", network, containers, engine, "", "unix:///a"))


def test_an_interrupted_run(tree: Tree, engine: Engine) -> None:
    answers = captured("20.10" if "20.10" in str(engine.answers["GET /info"]) else "26.1")
    note(tree, answers, "fixed", "chosen", "mac", "stopped")
    found = look(tree, engine, FRONT)
    assert (states(found), found.problems) == ({"front": "resume"}, ())
    found = look(tree, engine, {"name": "host"})
    assert states(found) == {"host": "same", "front": "resume"}, "declared no more"
    found = look(tree, engine, OTHER)
    assert (states(found), found.problems) == ({"front": "differs"}, ()), "somebody has agreed to it"
    (problem,) = look(tree, engine, {"name": "front", "state": "absent"}, recreate=True).problems
    assert "takes network front away, and an interrupted run left containers off it (fixed, chosen, mac" in problem
    engine.says("/networks", [])
    found = look(tree, engine, OTHER)
    assert (states(found), found.findings[0].again, found.problems) == ({"front": "missing"}, True, ())


def test_an_interrupted_run_agreed_to_nobody_being_off_for_good(tree: Tree, engine: Engine) -> None:
    answers = captured("20.10" if "20.10" in str(engine.answers["GET /info"]) else "26.1")
    note(tree, answers, "fixed", "chosen", "mac", "stopped")
    declared = {**OTHER, "connected": ["fixed"]}
    assert "but for chosen, mac, which connected does not name" in look(tree, engine, declared).problems[0]
    engine.says("/networks", [])
    (problem,) = look(tree, engine, declared).problems
    assert problem.startswith("network_networks[0].connected takes containers off network front; got: ")
    found = look(tree, engine, declared, recreate=True)
    assert (found.problems, found.findings[0].others) == ((), ("chosen", "mac", "stopped")), "the note has all running"


def test_an_interrupted_run_agreed_to_no_others(tree: Tree, engine: Engine) -> None:
    answers = captured("20.10" if "20.10" in str(engine.answers["GET /info"]) else "26.1")
    note(tree, answers, "fixed", "chosen", "mac")
    assert len(look(tree, engine, OTHER).problems) == 1


def test_a_note_of_another_engine(tree: Tree, engine: Engine) -> None:
    answers = captured("20.10" if "20.10" in str(engine.answers["GET /info"]) else "26.1")
    engine.says("/info", {**answers["info"], "ID": "ONE"})
    note(tree, answers, "fixed", engine="TWO")
    for declared in ((FRONT,), ()):
        found = look(tree, engine, *declared)
        assert (set(states(found).values()) - {"same"}, found.problems, len(found.warnings)) == (set(), (), 1)
    found = look(tree, engine, OTHER, recreate=True)
    assert found.problems[0].startswith("network_networks[0] would need a note for network front, and /var/lib/slipway")
    note(tree, answers, "fixed", engine="ONE")
    assert states(look(tree, engine, FRONT)) == {"front": "resume"}


def test_all_at_once(tree: Tree, engine: Engine) -> None:
    declared = [OTHER, {"name": "new", "internal": "x"}, "nonsense", {"name": "bridge", "internal": True}]
    found = look(tree, engine, *declared, {"name": "ov", "driver": "overlay"})
    assert len(found.problems) == 5


def test_addresses_of_a_network_that_is_there_are_no_obstacle(tree: Tree, engine: Engine) -> None:
    engine.says(
        "/networks",
        [{"Name": "old", "Id": "1" * 64, "Driver": "bridge", "IPAM": {"Config": [{"Subnet": "10.0.0.5/24"}]}}],
    )
    old = {"name": "old", "ipam_config": [{"subnet": "10.0.0.5/24"}]}
    found = look(tree, engine, old)
    assert (states(found), found.problems) == ({"old": "same"}, ())


def test_two_networks_of_one_name(tree: Tree, engine: Engine) -> None:
    twin = {"Name": "front", "Id": "1" * 64, "Driver": "bridge", "IPAM": {"Config": [{"Subnet": "172.20.0.0/24"}]}}
    engine.says("/networks", [twin, {**twin, "Id": "2" * 64}])
    assert look(tree, engine, FRONT).problems[0].startswith("network_networks[0] names 2 networks of this engine")


def test_no_engine(tree: Tree, tmp_path: Path) -> None:
    absent = Engine(t.cast(t.Any, type("Address", (), {"raw": f"unix://{tmp_path}/absent.sock"})))
    with pytest.raises(HostError, match="no engine can be asked for its networks"):
        look(tree, absent, FRONT)
    assert states(look(tree, absent, FRONT, check_mode=True)) == {"front": "missing"}
    assert look(tree, absent) == Survey()


def test_check_mode_expects_what_comes_before(tree: Tree, engine: Engine) -> None:
    tree.write("/sys/class/net/eth0/address", "02:00:00:00:00:01")
    declared = [
        {"name": "ov", "driver": "overlay"},
        {"name": "l", "driver": "macvlan", "driver_options": {"parent": "br0"}},
    ]
    found = look(tree, engine, *declared, check_mode=True)
    assert (found.problems, len(found.warnings)) == ((), 2)
    assert len(look(tree, engine, *declared).problems) == 2


def test_a_network_of_the_swarm(tree: Tree, engine: Engine) -> None:
    swarm(engine, ControlAvailable=True)
    overlay(engine)
    other = {"name": "ov", "driver": "overlay", "attachable": True}
    assert "containers on other nodes cannot be seen from here" in look(tree, engine, other).problems[0]
    assert look(tree, engine, other, recreate=True).problems == ()
    overlay(engine, Peers=[{"Name": "x", "IP": "192.0.2.1"}, {"Name": "y", "IP": "192.0.2.2"}])
    assert '["node 192.0.2.2"]' in look(tree, engine, other, recreate=True).problems[0]
    tasks = [{"Name": "c.1", "Info": {"Host IP": "192.0.2.2"}}, {"Name": "d", "Info": {"Host IP": "192.0.2.1"}}]
    overlay(engine, Services={"": {"Tasks": tasks}})
    assert '["container c.1 on node 192.0.2.2"]' in look(tree, engine, other, recreate=True).problems[0]


def test_services_use_it(tree: Tree, engine: Engine) -> None:
    swarm(engine, ControlAvailable=True)
    network = overlay(engine)
    spec = {"Name": "web", "TaskTemplate": {"Networks": [{"Target": network["Id"]}]}}
    engine.says("/services", [{"Spec": spec}, {"Spec": {"Name": "other"}}])
    gone = {"name": "ov", "state": "absent"}
    assert '["service web"]' in look(tree, engine, gone, recreate=True).problems[0]


def test_a_worker_leaves_it_to_the_managers(tree: Tree, engine: Engine) -> None:
    swarm(engine, ControlAvailable=False)
    overlay(engine)
    assert look(tree, engine, {"name": "ov", "driver": "overlay"}).problems == ()
    gone = {"name": "ov", "state": "absent"}
    for declared, state in ((gone, "absent"), ({"name": "other", "driver": "overlay"}, "same")):
        found = look(tree, engine, declared, recreate=True)
        assert (found.problems, [one.state for one in found.findings]) == ((), [state])
