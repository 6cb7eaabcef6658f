# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done about an image, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Container, Engine, Image
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import plan, refuse_unready
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import Provenance
from unit.image.wishes import ENGINE, ORIGIN, request, state, with_image

NO_ENGINE = Engine("", "the docker command is not installed: package docker.io", installed=False)
DEAD_ENGINE = Engine("/usr/bin/docker", "the Docker engine does not answer: connection refused")


def test_first_build() -> None:
    found = plan(state(), request())
    assert found.action == "build"
    assert found.reasons == ("there is no image of that name",)
    assert found.pending == ()
    assert found.backend == "mmdebstrap"
    assert found.before is None
    assert found.after == {
        "suite": "trixie",
        "variant": "minbase",
        "architecture": "amd64",
        "components": ["main"],
        "mirror": "http://m.example/debian",
        "security_mirror": "http://m.example/debian-security",
        "keyring": "debian-archive-keyring",
        "cmd": ["bash"],
    }


def test_nothing_to_do() -> None:
    found = plan(with_image(request(slim=True)), request(slim=True))
    assert not found.changes
    assert found.reasons == ()
    assert found.image is not None
    assert found.before == found.after


def test_nothing_to_do_needs_nothing() -> None:
    bare = with_image(request(), programs=(), privileged=False)
    assert plan(bare, request()).pending == ()


def test_something_else_is_asked_for() -> None:
    found = plan(with_image(request()), request(slim=True, packages=["curl"], cmd=[]))
    assert found.action == "build"
    assert found.reasons == ("what is asked for has changed: cmd, packages, slim",)
    assert found.before is not None
    assert "slim" not in found.before


def test_the_way_of_building_has_changed() -> None:
    there = with_image(request())
    assert there.provenance is not None
    old = replace(there, provenance=replace(there.provenance, recipe="of an older release"))
    assert plan(old, request()).reasons == ("the way of building has changed",)


def test_somebody_elses_image() -> None:
    found = plan(state(image=Image("sha256:x", ("local/base:1",))), request())
    assert found.reasons == ("the image of that name was not made by this module",)
    assert found.before == {}


def test_forced() -> None:
    assert plan(with_image(request()), request(force=True)).reasons == ("it was asked to be built again",)


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ({"engine": NO_ENGINE}, "the docker command is not installed"),
        ({"engine": DEAD_ENGINE}, "does not answer"),
        ({"programs": ()}, "mmdebstrap or debootstrap is not installed: package mmdebstrap"),
        ({"origin": replace(ORIGIN, lacking=("no keyring",))}, "no keyring"),
        ({"privileged": False, "hindrance": "no newuidmap"}, "a build needs root: become; no newuidmap"),
        ({"privileged": False, "programs": ("debootstrap",)}, "mmdebstrap is not installed: package mmdebstrap"),
        ({"foreign": True}, "package arch-test"),
    ],
    ids=str,
)
def test_what_is_missing_is_foretold_and_refused(parts: dict[str, Any], missing: str) -> None:
    found = plan(state(**parts), request())
    assert found.changes
    (pending,) = found.pending
    assert missing in pending
    with pytest.raises(HostError, match=r"nothing was done about local/base:1: .*" + missing):
        refuse_unready(found, request())


def test_without_root() -> None:
    assert plan(state(privileged=False), request()).pending == ()
    (pending,) = plan(state(privileged=False), request(backend="debootstrap")).pending
    assert pending == "debootstrap needs root: become, or use the backend mmdebstrap"


def test_all_that_is_missing_at_once() -> None:
    origin = replace(ORIGIN, lacking=("no keyring",))
    found = plan(state(engine=DEAD_ENGINE, programs=(), origin=origin, privileged=False, hindrance="x"), request())
    assert len(found.pending) == 4


@pytest.mark.parametrize(
    ("options", "programs", "backend"),
    [
        ({}, ("direct", "mmdebstrap", "debootstrap"), "direct"),
        ({"backend": "mmdebstrap"}, ("direct", "mmdebstrap", "debootstrap"), "mmdebstrap"),
        ({}, ("debootstrap",), "debootstrap"),
        ({"backend": "debootstrap"}, ("mmdebstrap", "debootstrap"), "debootstrap"),
        ({"backend": "debootstrap"}, ("mmdebstrap",), ""),
        ({"variant": "apt"}, ("debootstrap",), ""),
    ],
    ids=str,
)
def test_backend(options: dict[str, Any], programs: tuple[str, ...], backend: str) -> None:
    assert plan(state(programs=programs), request(**options)).backend == backend


def test_all_problems_at_once_and_before_anything_else() -> None:
    origin = replace(ORIGIN, problems=("mirror has to be given",))
    with pytest.raises(InvalidInput) as caught:
        plan(state(origin=origin, engine=DEAD_ENGINE), request(name="A", packages=["-x"]))
    assert len(caught.value.problems) == 3


def absent(*containers: Container, tags: tuple[str, ...] = ("local/base:1",), made: bool = True) -> State:
    image = Image("sha256:old", tags)
    return State(ENGINE, image, Provenance("d", {"suite": "trixie"}) if made else None, containers)


def test_remove() -> None:
    found = plan(absent(), request(state="absent"))
    assert found.action == "remove"
    assert found.before == {"suite": "trixie"}
    assert found.after is None
    assert plan(absent(made=False), request(state="absent")).action == "remove"


def test_already_gone() -> None:
    assert not plan(State(ENGINE), request(state="absent")).changes
    assert plan(State(NO_ENGINE), request(state="absent")).pending == ()


def test_an_engine_that_does_not_answer_may_have_it() -> None:
    found = plan(State(DEAD_ENGINE), request(state="absent"))
    assert not found.changes
    with pytest.raises(HostError, match="does not answer"):
        refuse_unready(found, request(state="absent"))


def test_a_container_keeps_its_image() -> None:
    users = (Container("web", "sha256:old", "local/base:1"), Container("db", "sha256:old", "sha256:old"))
    with pytest.raises(HostError, match=r"local/base:1 is not removed: .* the container web, db; remove that first"):
        plan(absent(*users), request(state="absent"))


def test_one_of_several_names_goes_unless_a_container_was_created_with_it() -> None:
    both = ("local/base:1", "local/base:2")
    other = Container("web", "sha256:old", "docker.io/local/base:2")
    assert plan(absent(other, tags=both), request(state="absent")).action == "remove"
    with pytest.raises(HostError, match="the container web"):
        plan(absent(replace(other, name_used="docker.io/local/base:1"), tags=both), request(state="absent"))


def test_only_the_name_matters_for_what_shall_go() -> None:
    assert plan(absent(), request(state="absent", suite="NOT A SUITE")).action == "remove"
    with pytest.raises(InvalidInput, match="name:"):
        plan(State(ENGINE), request(state="absent", name="A"))
