# SPDX-License-Identifier: GPL-3.0-or-later
"""No check is invented: with what the module refuses a daemon really does not start, or no container does, or nothing
comes of it; and what it accepts works."""

from __future__ import annotations

import functools
import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

Doc = dict[str, t.Any]
ROUNDS = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["rounds"]
CASES = [
    pytest.param(stage["name"], number, case, id=case["name"].replace(" ", "-"))
    for stage in ROUNDS
    for number, case in enumerate(stage["cases"])
]
EVERY = pytest.mark.parametrize(("stage", "number", "case"), CASES)


@functools.cache
def said(host: Host, stage: str) -> Doc:
    return t.cast("Doc", json.loads(host.file(f"/opt/checks/{stage}.json").content_string))


@functools.cache
def suite_of(host: Host) -> str:
    return str(host.check_output(". /etc/os-release; echo $VERSION_CODENAME"))


@pytest.fixture(autouse=True)
def on_its_suites(host: Host, case: Doc) -> None:
    suite = suite_of(host)
    if suite not in case.get("only", [suite]):
        pytest.skip(f"not so on {suite}")


@EVERY
def test_what_the_module_says(host: Host, stage: str, number: int, case: Doc) -> None:
    message = said(host, stage)["asked"][number]
    if "refused" in case:
        assert re.search(case["refused"], message)
    else:
        assert message == ""


@EVERY
def test_what_a_daemon_makes_of_it(host: Host, stage: str, number: int, case: Doc) -> None:
    found = said(host, stage)["by_hand"][number]
    wanted = case["saw"] if found["starts"] else case["journal"]
    assert re.search(wanted, found["saw"] if found["starts"] else found["journal"])


@pytest.mark.parametrize("case", [{}])
def test_everything_is_as_it_was(host: Host, case: Doc) -> None:
    assert json.loads(host.file("/etc/docker/daemon.json").content_string) == {"labels": ["scenario=checks"]}
    assert host.check_output("docker info --format '{{.Labels}}'") == "[scenario=checks]"
    assert host.check_output("systemctl is-system-running") == "running"
