# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook is told: honest about changes, with the packages that change, and with the list of packages."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.current.latest import Change
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Image
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.package_list import list_packages
from ansible_collections.slipway.docker.plugins.module_utils.image.outcome import Outcome
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import Plan
from ansible_collections.slipway.docker.plugins.module_utils.image.report import diff, report
from unit.image.doubles import Commands, host_of
from unit.image.wishes import provenance_of, request
from unit.trees import Tree

OLD = Image("sha256:old", ("local/base:1",), (), 42, ("sha256:aa",), "2025-09-06T12:00:00Z")
MADE = provenance_of(request())
NEWER = replace(MADE, packages=(Package("apt", "amd64", "3.1"), Package("extra", "all", "1")))
BUILD = Plan("build", ("why",), (), {}, {}, image=OLD, provenance=MADE, package_changes=(Change("apt", "3.0", "9"),))
LIST = "/srv/list.json"


def test_a_build_that_came_out_as_what_was_there_is_no_change() -> None:
    told = report(BUILD, Outcome(OLD, MADE), request())
    assert (told["changed"], told["action"], told["package_changes"]) == (False, "build", [])


def test_it_is_one_when_it_brought_a_further_name() -> None:
    named = replace(OLD, tags=("local/base:1", "local/base:2"))
    assert report(BUILD, Outcome(named, MADE), request())["changed"]


def test_packages_that_changed_are_those_of_the_images_not_of_the_forecast() -> None:
    done = Outcome(replace(OLD, id="sha256:new"), NEWER)
    told = report(BUILD, done, request())
    assert told["changed"]
    assert told["package_changes"] == [
        {"name": "apt", "before": "3.0", "after": "3.1"},
        {"name": "extra", "before": "", "after": "1"},
        {"name": "tzdata", "before": "2025b", "after": ""},
    ]
    (shown,) = diff(BUILD, done, request())
    assert shown["prepared"] == "apt: 3.0 -> 3.1\nextra: (not there) -> 1\ntzdata: 2025b -> (gone)\n"


def test_check_mode_tells_the_forecast() -> None:
    told = report(BUILD, Outcome(), request())
    assert told["changed"]
    assert told["package_changes"] == [{"name": "apt", "before": "3.0", "after": "9"}]
    assert diff(BUILD, Outcome(), request())[0]["prepared"] == "apt: 3.0 -> 9\n"


def test_without_changes_nothing_is_shown() -> None:
    (shown,) = diff(Plan("none", after={"suite": "trixie"}), Outcome(OLD, MADE), request())
    assert shown["before"] == shown["after"]
    assert "prepared" not in shown


@pytest.mark.parametrize("form", ["spdx", "cyclonedx"])
def test_the_list_is_written_once(tree: Tree, form: str) -> None:
    host = host_of(tree, Commands({}))
    wanted = request(package_list={"path": LIST, "format": form})
    foretold = list_packages(host, wanted, OLD, MADE, "debian", write=False)
    assert foretold.changes
    assert not os.path.exists(tree.at(LIST))
    assert list_packages(host, wanted, OLD, MADE, "debian", write=True).after == foretold.after
    assert Path(tree.at(LIST)).read_bytes() == foretold.after
    assert not list_packages(host, wanted, OLD, MADE, "debian", write=True).changes
    Path(tree.at(LIST)).write_text("spoilt")
    assert list_packages(host, wanted, OLD, MADE, "debian", write=True).changes
    assert Path(tree.at(LIST)).read_bytes() == foretold.after


def test_the_list_counts_as_a_change_and_is_shown(tree: Tree) -> None:
    wanted = request(package_list={"path": LIST, "format": "spdx"})
    listed = list_packages(host_of(tree, Commands({})), wanted, OLD, MADE, "debian", write=False)
    outcome = Outcome(OLD, MADE, listed=listed)
    told = report(Plan("none"), outcome, wanted)
    assert (told["changed"], told["action"], told["package_list"]) == (True, "none", LIST)
    shown = diff(Plan("none"), outcome, wanted)[1]
    assert (shown["after_header"], shown["before"]) == (LIST, "")
    assert json.loads(shown["after"])["spdxVersion"] == "SPDX-2.3"


def test_an_image_that_does_not_tell_its_packages_has_no_list(tree: Tree) -> None:
    wanted = request(package_list={"path": LIST, "format": "spdx"})
    with pytest.raises(HostError, match="does not tell its packages"):
        list_packages(host_of(tree, Commands({})), wanted, OLD, replace(MADE, packages=(), counted=80), "", write=True)


@pytest.mark.parametrize("path", ["list.json", "/srv/lists/"])
def test_a_list_needs_the_path_of_a_file(path: str) -> None:
    (problem,) = request(package_list={"path": path, "format": "spdx"}).problems()
    assert problem.startswith("package_list.path must be the path of a file")
