# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further names of an image: they come, move and go with the first one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.image.build import apply
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Container, Image
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import plan
from unit.image.doubles import NO_IMAGE, Commands, host_of, image_json, with_programs
from unit.image.wishes import ENGINE, request, state, with_image
from unit.trees import Tree

TAGS = ["local/base:latest", "docker.io/library/base"]
FAMILIAR = ("local/base:latest", "base:latest")


def held(*tags: str) -> State:
    """A host whose image has some names besides the first."""
    before = with_image(request())
    assert before.image is not None
    return replace(before, image=replace(before.image, tags=("local/base:1", *tags)))


def test_names_are_as_docker_shows_them() -> None:
    assert request(tags=[*TAGS, "local/base:1", "base:latest"]).familiar_tags == FAMILIAR


def test_all_that_is_wrong_with_them() -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(state(), request(tags=["Base", "ok:1", "a@sha256:1"]))
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["tags[0]", "tags[2]"]


def test_they_are_no_reason_to_build() -> None:
    found = plan(held(), request(tags=TAGS))
    assert (found.action, found.names) == ("tag", FAMILIAR)
    assert found.reasons == ("it lacks the name local/base:latest, base:latest",)
    assert (plan(held("base:latest"), request(tags=TAGS)).names) == ("local/base:latest",)
    assert not plan(held(*FAMILIAR), request(tags=TAGS)).changes


def test_one_that_is_not_asked_for_stays() -> None:
    assert not plan(held(*FAMILIAR), request()).changes


def gone(**parts: Any) -> State:
    return State(ENGINE, **parts)


BASE = Image("sha256:1", ("local/base:1", "base:latest"))
OTHER = Image("sha256:2", ("local/base:latest", "keep:1"))


def test_absent_takes_those_that_are_there() -> None:
    wanted = request(state="absent", tags=TAGS)
    assert not plan(gone(), wanted).changes
    assert plan(gone(image=BASE, tagged=(("base:latest", BASE),)), wanted).names == ("local/base:1", "base:latest")
    assert plan(gone(tagged=(("local/base:latest", OTHER),)), wanted).names == ("local/base:latest",)


@pytest.mark.parametrize(
    ("image", "used", "refused"),
    [("sha256:1", "local/base:1", True), ("sha256:1", "1", True), ("sha256:2", "2", False), ("sha256:3", "3", False)],
)
def test_absent_waits_for_containers(image: str, used: str, refused: bool) -> None:
    before = gone(
        image=BASE,
        tagged=(("base:latest", BASE), ("local/base:latest", OTHER)),
        containers=(Container("it", image, used),),
    )
    wanted = request(state="absent", tags=TAGS)
    if not refused:
        assert plan(before, wanted).changes
        return
    with pytest.raises(HostError, match="local/base:1 is not removed: it is the image of the container it"):
        plan(before, wanted)


def test_seen_and_given(tree: Tree) -> None:
    wanted = request(tags=TAGS)
    made = with_image(wanted)
    assert made.image is not None
    labels = dict(made.image.labels)
    commands = Commands(
        {
            "docker image inspect local/base:1": (0, image_json("sha256:1", ["local/base:1"], labels), ""),
            "docker image inspect local/base:latest": (0, image_json("sha256:2", ["local/base:latest"], labels), ""),
            "docker image inspect base:latest": NO_IMAGE,
            "docker image inspect sha256:2": (0, image_json("sha256:2", [], labels), ""),
            "docker image tag": (0, "", ""),
            "docker image rm": (0, "", ""),
        }
    )
    with_programs(tree, "/usr/bin/docker")
    host = host_of(tree, commands)
    seen = observe(host, wanted)
    assert [name for name, _image in seen.tagged] == ["local/base:latest"]
    before = replace(made, image=seen.image, tagged=seen.tagged, engine=seen.engine)
    outcome = apply(host, before, plan(before, wanted), wanted, None)
    assert outcome.image == seen.image
    assert commands.asked[-4:] == [
        "docker image tag local/base:1 local/base:latest",
        "docker image tag local/base:1 base:latest",
        "docker image inspect sha256:2",
        "docker image rm sha256:2",
    ]
