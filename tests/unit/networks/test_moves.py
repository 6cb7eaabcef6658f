# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers off a network and back, whatever happens in between."""

from __future__ import annotations

import copy
import typing as t

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.networks.moves import move
from ansible_collections.slipway.docker.plugins.module_utils.networks.note import (
    FOLDER,
    Note,
    path_of,
    read_note,
    read_notes,
    write_note,
)
from unit.networks.world import Killed, World
from unit.trees import Tree

NOTE = f"{FOLDER}/front.json"


def detach(tree: Tree, world: World, **options: t.Any) -> t.Any:
    return move(tree.host, world, "front", "detached", **{"check_mode": False, **options})


def attach(tree: Tree, world: World, **options: t.Any) -> t.Any:
    return move(tree.host, world, "front", "attached", **{"check_mode": False, **options})


def populated() -> World:
    world = World()
    world.run("first")
    world.run("fixed", address="172.20.0.10", Aliases=["database"])
    world.run("last")
    world.run("stopped", running=False, address="172.20.0.20", Aliases=["later"])
    return world


def endpoints(world: World) -> dict[str, t.Any]:
    return {
        container["Name"][1:]: {**endpoint, "NetworkID": ""}
        for container in world.all.values()
        for endpoint in container["NetworkSettings"]["Networks"].values()
    }


def test_off_and_back(tree: Tree) -> None:
    world, before = populated(), endpoints(populated())
    done = detach(tree, world)
    assert (done.changed, done.note, len(done.before)) == (True, NOTE, 4)
    assert done.only == ("first", "fixed", "last", "stopped")
    assert endpoints(world) == {}
    assert tree.at(NOTE).stat().st_mode & 0o777 == 0o600
    back = attach(tree, world)
    assert (back.changed, back.warnings, back.gone, back.made_again) == (True, (), (), False)
    assert {name: one["IPAddress"] for name, one in endpoints(world).items()} == {
        name: one["IPAddress"] for name, one in before.items()
    }
    assert [one["Aliases"][:-1] for one in endpoints(world).values()] == [[], ["database"], [], ["later"]]
    assert endpoints(world)["first"].get("IPAMConfig") is None, "what the engine chose is not fixed for good"
    assert not tree.at(NOTE).exists()


def test_there_is_nothing_to_do(tree: Tree) -> None:
    world = World()
    assert detach(tree, world).changed is attach(tree, world).changed is False
    assert not [file for file in tree.files() if file.startswith(FOLDER)]
    world.nets.clear()
    assert detach(tree, world).changed is False


def test_check_mode_touches_nothing(tree: Tree) -> None:
    world = populated()
    before = endpoints(world)
    done = detach(tree, world, check_mode=True)
    assert (done.changed, done.after, endpoints(world), tree.files()) == (True, (), before, [])
    detach(tree, world)
    left = tree.files()
    done = attach(tree, world, check_mode=True)
    assert (done.changed, len(done.after), endpoints(world), tree.files()) == (True, 4, {}, left)


@pytest.mark.parametrize("dies_at", range(1, 10))
def test_a_run_that_is_killed_is_finished_by_the_next(tree: Tree, dies_at: int) -> None:
    world, before = populated(), endpoints(populated())

    def run() -> None:
        detach(tree, world)
        if "front" in world.nets:
            world.remove("front")
        world.create({"Name": "front", "IPAM": {"Config": [{"Subnet": "172.20.0.0/25"}]}})
        attach(tree, world)

    world.dies_at = dies_at
    with pytest.raises(Killed):
        run()
    run()
    assert {name: one["IPAddress"] for name, one in endpoints(world).items()} == {
        name: one["IPAddress"] for name, one in before.items()
    }
    assert not tree.at(NOTE).exists()


def test_the_network_itself_is_made_again(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.remove("front")
    assert attach(tree, world).made_again is True
    assert world.nets["front"]["IPAM"]["Config"] == [{"Subnet": "172.20.0.0/24"}]
    assert set(endpoints(world)) == {"first", "fixed", "last", "stopped"}


def test_addresses_that_do_not_fit_are_given_up(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.remove("front")
    world.make("front", "10.9.0.0/24")
    done = attach(tree, world)
    assert len(done.warnings) == 2
    assert done.warnings[0].startswith(
        "container fixed had asked for 172.20.0.10 and no longer does: network front has 10.9.0.0/24 now"
    ) or done.warnings[1].startswith("container fixed had asked for 172.20.0.10")
    assert set(world.addresses()) == {"first", "fixed", "last", "stopped"}


def test_an_address_that_the_engine_does_not_give_is_given_up(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.run("stranger", address="172.20.0.10")
    done = attach(tree, world)
    assert [warning for warning in done.warnings if "Address already in use" in warning]
    assert world.addresses()["fixed"] not in ("", "172.20.0.10")


def test_nobody_gets_what_a_stopped_container_asks_for(tree: Tree) -> None:
    """The engine keeps no address for it, and gives out the lowest that is free."""
    world = World()
    world.run("first")
    stopped = world.run("stopped", address="172.20.0.3")
    world.run("last")
    world.all[stopped]["State"]["Running"] = False
    assert world.addresses()["last"] == "172.20.0.4"
    world.all[stopped]["NetworkSettings"]["Networks"]["front"]["IPAddress"] = ""
    detach(tree, world)
    done = attach(tree, world)
    assert done.warnings == ()
    assert (world.addresses()["first"], world.addresses()["last"]) == ("172.20.0.2", "172.20.0.4")


def test_containers_that_are_gone(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.all.pop(next(iter(world.all)))
    done = attach(tree, world)
    assert (done.gone, len(done.warnings)) == (("first",), 1)


def test_all_containers_are_gone(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.all.clear()
    (warning,) = attach(tree, world).warnings
    assert warning.startswith(
        "containers that were taken off network front are there no more: first, fixed, last, stopped; "
    )
    assert not tree.at(NOTE).exists()


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("other", [World(engine="TWO"), World(root="/srv/docker")])
def test_a_note_is_that_of_one_engine(tree: Tree, other: World, check_mode: bool) -> None:
    world, other = populated(), copy.deepcopy(other)
    strange = other.run("stranger")
    other.all["f" * 64] = {**other.all.pop(strange), "Id": "f" * 64}
    detach(tree, world)
    for do in (detach, attach):
        with pytest.raises(
            HostError, match=r"is of another engine, that of unix:///run/ONE\.sock with.*: first, fixed, "
        ):
            do(tree, other, check_mode=check_mode)
    assert set(endpoints(other)) == {"stranger"}
    attach(tree, world)
    assert set(endpoints(world)) == {"first", "fixed", "last", "stopped"}


def test_an_engine_whose_folder_has_moved_is_the_same(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.info["DockerRootDir"] = "/srv/docker"
    attach(tree, world)
    assert set(endpoints(world)) == {"first", "fixed", "last", "stopped"}


def test_a_stopped_container_that_still_names_the_old_network(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    stale = next(one for one in world.all.values() if one["Name"] == "/stopped")
    stale["NetworkSettings"]["Networks"]["front"] = {"NetworkID": "old", "IPAddress": ""}
    attach(tree, world)
    assert endpoints(world)["stopped"]["Aliases"][0] == "later"


def test_what_cannot_be_moved_is_told_and_the_note_stays(tree: Tree) -> None:
    world = populated()
    first = next(iter(world.all))
    world.refuses = {f"disconnect {first}": "broken"}
    with pytest.raises(HostError, match="containers cannot be taken off network front: first: broken"):
        detach(tree, world)
    assert set(endpoints(world)) == {"first"}
    world.refuses = {f"connect {next(reversed(world.all))}": "too bad"}
    with pytest.raises(HostError, match="containers are not back on network front: stopped: too bad"):
        attach(tree, world)
    assert tree.at(NOTE).exists()
    world.refuses = {}
    assert attach(tree, world).changed is True
    assert set(endpoints(world)) == {"first", "fixed", "last", "stopped"}


def test_a_note_is_added_to_and_never_written_over(tree: Tree) -> None:
    world = populated()
    detach(tree, world)
    world.run("late", address="172.20.0.50")
    world.connect("front", next(iter(world.all)), {})
    detach(tree, world)
    note = read_note(tree.host, "front")
    assert note is not None
    assert [one.name for one in note.containers] == ["first", "fixed", "last", "stopped", "late"]


@pytest.mark.parametrize(("version", "warns"), [((24, 0, 9), False), ((26, 1, 5), True)])
def test_a_mac_address_of_a_stopped_container(tree: Tree, version: tuple[int, ...], warns: bool) -> None:
    world = World(version=version)
    world.run("web", running=False, mac="02:42:ac:14:00:99")
    detach(tree, world)
    assert [("MAC address 02:42:ac:14:00:99" in warning) for warning in attach(tree, world).warnings] == [True] * warns


def test_a_container_that_names_the_network_by_its_id(tree: Tree) -> None:
    world = populated()
    next(iter(world.all.values()))["HostConfig"]["NetworkMode"] = world.nets["front"]["Id"]
    detach(tree, world)
    world.remove("front")
    world.make("front", "172.20.0.0/24")
    (warning,) = attach(tree, world).warnings
    assert warning.startswith("container first names the old network by its id and will not start again")


def test_any_name_can_be_noted(tree: Tree) -> None:
    assert path_of("a/b ../c") == f"{FOLDER}/a%2Fb%20..%2Fc.json"
    assert path_of(".foo") == f"{FOLDER}/%2Efoo.json"
    tree.write(NOTE, "{")
    with pytest.raises(HostError, match="is no note of containers to connect"):
        read_note(tree.host, "front")


@given(name=st.text(min_size=1, max_size=20).filter(lambda name: name.isprintable()))
@example(name=".foo")
@example(name="..")
def test_every_note_is_found_again(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree = Tree(tmp_path_factory.mktemp("host"))
    write_note(tree.host, Note(name, {}, ()))
    assert list(read_notes(tree.host)) == [name]
