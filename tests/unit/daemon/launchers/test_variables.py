# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables in the file that the service reads: set, changed and given back by plans that are carried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.attach import ATTACHING_DROP_IN
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    read_launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.originals import kept_as
from ansible_collections.slipway.docker.plugins.module_utils.daemon.variables import Wishes
from unit.daemon.launchers.deciding import HOSTS, carry_out, decide, refusals
from unit.daemon.launchers.running import LSB_FUNCTIONS, RED_HAT_FUNCTIONS, Machine
from unit.daemon.launchers.scripts import (
    CONF_D,
    DEBIAN,
    DEBIAN_SCRIPT,
    DEFAULTS,
    OPENRC,
    OPENRC_SCRIPT,
    RED_HAT,
    RED_HAT_SCRIPT,
    RUNIT,
    RUNIT_SCRIPT,
    SYSCONFIG,
    UPSTART,
    UPSTART_JOB,
)
from unit.states import installed
from unit.trees import DEBIAN_UNIT, UPSTREAM_UNIT

# Files of each kind of host, and the file of variables there.
KINDS: dict[str, tuple[dict[str, str], str, str]] = {
    "sysvinit": ({DEBIAN: DEBIAN_SCRIPT, "/lib/lsb/init-functions": LSB_FUNCTIONS}, DEFAULTS, "DOCKER_OPTS"),
    "red-hat": ({RED_HAT: RED_HAT_SCRIPT, "/etc/rc.d/init.d/functions": RED_HAT_FUNCTIONS}, SYSCONFIG, "other_args"),
    "openrc": ({OPENRC: OPENRC_SCRIPT}, CONF_D, "DOCKER_OPTS"),
    "upstart": ({UPSTART: UPSTART_JOB}, DEFAULTS, "DOCKER_OPTS"),
    "runit": ({RUNIT: RUNIT_SCRIPT}, DEFAULTS, "DOCKER_OPTS"),
    "systemd": ({}, DEFAULTS, "DOCKER_OPTS"),
}
OLD = "# mine\n#{0}='--dns 9.9.9.9'\n\n{0}=\"--mtu 1400\" # why\nexport TMPDIR=/mnt"


def machine_of(tmp_path: Path, kind: str, text: str | None = None, unit: str = DEBIAN_UNIT) -> Machine:
    files, path, name = KINDS[kind]
    machine = Machine(tmp_path)
    machine.write(files)
    if kind == "red-hat":
        machine.write({"/etc/sysconfig/network": ""})
    if kind == "systemd":
        installed(machine.tree, unit=unit)
    machine.tree.write("/usr/bin/dockerd", "#!/bin/sh\n")
    if text is not None:
        machine.write({path: text.replace("{0}", name)})
    return machine


def content(machine: Machine, kind: str) -> str | None:
    path = KINDS[kind][1]
    return machine.tree.read(path).decode() if path in machine.tree.files() else None


@pytest.mark.parametrize("kind", KINDS)
def test_set_changed_and_given_back(tmp_path: Path, kind: str) -> None:
    name = KINDS[kind][2]
    machine = machine_of(tmp_path, kind, OLD)
    before = content(machine, kind)
    wanted = {name: "--mtu 1300", "HTTP_PROXY": "http://proxy:3128/"}
    plan = decide(machine, None, Wishes(wanted))
    assert plan.changed_variables == (name, "HTTP_PROXY")
    assert plan.arguments[-2:] == ("--mtu", "1300") or kind == "upstart"
    carry_out(machine, None, Wishes(wanted))
    now = content(machine, kind) or ""
    why = "" if kind == "systemd" else " # why"  # to systemd it is part of the value
    assert f'{name}="--mtu 1300"{why}\n' in now
    assert now.startswith("# mine\n")
    assert not decide(machine, None, Wishes(wanted)).files
    carry_out(machine, None, Wishes({name: "-D"}))
    assert "HTTP_PROXY" not in (content(machine, kind) or "")
    assert f'{name}="-D"{why}\n' in (content(machine, kind) or "")
    carry_out(machine, None, Wishes())
    assert content(machine, kind) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_we_made_goes(tmp_path: Path, kind: str) -> None:
    machine = machine_of(tmp_path, kind)
    wishes = Wishes({KINDS[kind][2]: "--mtu 1300"})
    carry_out(machine, None, wishes)
    assert content(machine, kind) == f'{KINDS[kind][2]}="--mtu 1300"\n'
    carry_out(machine, None, Wishes())
    assert content(machine, kind) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_variable_that_shall_not_be_there(tmp_path: Path, kind: str) -> None:
    machine = machine_of(tmp_path, kind, OLD)
    name = KINDS[kind][2]
    plan = decide(machine, None, Wishes(absent=(name, "NONE")))
    assert plan.changed_variables == (name,)
    carry_out(machine, None, Wishes(absent=(name,)))
    assert content(machine, kind) == f"# mine\n#{name}='--dns 9.9.9.9'\n\nexport TMPDIR=/mnt"


def test_variables_of_others_stay_where_nothing_is_asked_for(tmp_path: Path) -> None:
    machine = machine_of(tmp_path, "sysvinit", OLD)
    carry_out(machine, None, Wishes({"DOCKER_OPTS": "-D"}))
    assert carry_out(machine, None, None) == {}
    assert carry_out(machine, None, Wishes(owned=False)) == {}
    assert "-D" in (content(machine, "sysvinit") or "")


def test_a_variable_that_somebody_else_has_changed_since_stays(tmp_path: Path) -> None:
    machine = machine_of(tmp_path, "sysvinit", "DOCKER_OPTS=-D\n")
    carry_out(machine, None, Wishes({"DOCKER_OPTS": "--ipv6"}))
    machine.write({DEFAULTS: "DOCKER_OPTS='--mtu 1400'\n"})
    assert carry_out(machine, None, Wishes()) == {}


@pytest.mark.parametrize("kind", ["sysvinit", "openrc", "systemd"])
def test_flags_taken_out_of_a_file_with_variables_of_ours(tmp_path: Path, kind: str) -> None:
    """Each comes back by itself, in whatever order."""
    machine = machine_of(tmp_path, kind, "{0}='-D -H x'\nA=1\n")
    path = KINDS[kind][1]
    proxy = Wishes({"HTTP_PROXY": "http://p/"})
    carry_out(machine, HOSTS)
    assert content(machine, kind) == "DOCKER_OPTS='-D'\nA=1\n"
    carry_out(machine, HOSTS, proxy)
    assert (content(machine, kind) or "").startswith("DOCKER_OPTS='-D'\nA=1\n")
    assert "HTTP_PROXY" in (content(machine, kind) or "")
    carry_out(machine, {}, proxy)
    assert (content(machine, kind) or "").startswith("DOCKER_OPTS='-D -H x'\nA=1\n")
    assert "HTTP_PROXY" in (content(machine, kind) or "")
    assert kept_as(path) not in machine.tree.files()
    carry_out(machine, HOSTS, proxy)
    carry_out(machine, HOSTS, Wishes())
    assert content(machine, kind) == "DOCKER_OPTS='-D'\nA=1\n"
    carry_out(machine, {}, Wishes())
    assert content(machine, kind) == "DOCKER_OPTS='-D -H x'\nA=1\n"


# --- Refused, with nothing changed.


@pytest.mark.parametrize("kind", ["sysvinit", "upstart", "runit"])
def test_a_file_that_nobody_reads(tmp_path: Path, kind: str) -> None:
    machine = machine_of(tmp_path, kind, "A=1\n")
    (problem,) = refusals(machine, None, Wishes({"DOCKER_OPTS": "-D"}, path="/etc/default/other"))
    assert problem.startswith("/etc/default/other: the service (")
    assert f"does not read this file; it reads {DEFAULTS}" in problem
    assert problem.endswith("name the file that it reads")


def test_a_variable_that_the_script_does_not_use(tmp_path: Path) -> None:
    machine = machine_of(tmp_path, "red-hat", "other_args=\n")
    (problem,) = refusals(machine, None, Wishes({"DOCKER_OPTS": "-D"}))
    assert problem.startswith(f"{SYSCONFIG}: the service ({RED_HAT}:")
    assert problem.endswith("does not put DOCKER_OPTS into dockerd's command line; it takes other_args")


@pytest.mark.parametrize("kind", KINDS)
def test_a_flag_in_a_variable_and_its_key_in_the_document(tmp_path: Path, kind: str) -> None:
    name = KINDS[kind][2]
    machine = machine_of(tmp_path, kind, "# none\n")
    (problem,) = refusals(machine, {"mtu": 1400}, Wishes({name: "--mtu 1300"}))
    assert problem == (
        f"{name} shall have --mtu, and daemon.json mtu: dockerd does not start with both; keep the one in daemon.json"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("DOCKER_OPTS", "-D\n--ipv6", id="two-lines"),
        pytest.param("DOCKER_OPTS", "--label='a b'", id="quotes-in-options"),
        pytest.param("1A", "x", id="name"),
        pytest.param("A B", "x", id="blank-in-name"),
        pytest.param("A", "x\x00y", id="null"),
    ],
)
def test_values_that_cannot_be_written(tmp_path: Path, name: str, value: str) -> None:
    machine = machine_of(tmp_path, "sysvinit", "A=1\n")
    assert refusals(machine, None, Wishes({name: value}))


def test_a_file_that_no_shell_reads(tmp_path: Path) -> None:
    """Then nobody knows either what dockerd is started with."""
    machine = machine_of(tmp_path, "systemd", "if x\nDOCKER_OPTS='-D\n")
    machine.write({DEBIAN: DEBIAN_SCRIPT})
    (problem,) = refusals(machine, None, Wishes({"HTTP_PROXY": "x"}))
    assert problem.startswith(f"{DEFAULTS}:")


# --- Docker's own unit reads no such file.


def test_a_unit_that_reads_no_file(tmp_path: Path) -> None:
    machine = machine_of(tmp_path, "systemd", "DOCKER_OPTS=-D\n", UPSTREAM_UNIT)
    (problem,) = refusals(machine, None, Wishes({"DOCKER_OPTS": "-D"}))
    assert problem.startswith(f"{DEFAULTS}: the service (/lib/systemd/system/docker.service:8) does not read this file")
    assert "add_to_unit" in problem


def test_a_drop_in_that_has_the_unit_read_the_file(tmp_path: Path) -> None:
    machine = machine_of(tmp_path, "systemd", None, UPSTREAM_UNIT)
    wishes = Wishes({"DOCKER_OPTS": "-D --mtu 1400", "HTTP_PROXY": "http://p/"}, add_to_unit=True)
    assert set(carry_out(machine, None, wishes)) == {DEFAULTS, ATTACHING_DROP_IN}
    launch = read_launch(machine.host)
    assert launch is not None
    assert launch.argv[1:] == ["-H", "fd://", "--containerd=/run/containerd/containerd.sock", "-D", "--mtu", "1400"]
    assert launch.environment == {"HTTP_PROXY": "http://p/"}
    assert carry_out(machine, None, wishes) == {}
    assert carry_out(machine, None, Wishes(add_to_unit=False)) == {DEFAULTS: None, ATTACHING_DROP_IN: None}


def test_both_drop_ins(tmp_path: Path) -> None:
    """The one that takes flags out comes behind the other one, and has what that one adds."""
    machine = machine_of(tmp_path, "systemd", None, UPSTREAM_UNIT)
    wishes = Wishes({"DOCKER_OPTS": "-D"}, add_to_unit=True)
    carry_out(machine, HOSTS, wishes)
    launch = read_launch(machine.host)
    assert launch is not None
    assert launch.argv[1:] == ["--containerd=/run/containerd/containerd.sock", "-D"]
    assert SERVICE_DROP_IN in machine.tree.files()
    assert carry_out(machine, HOSTS, wishes) == {}
    carry_out(machine, HOSTS, Wishes(add_to_unit=False))
    launch = read_launch(machine.host)
    assert launch is not None
    assert launch.argv[1:] == ["--containerd=/run/containerd/containerd.sock"]
    assert ATTACHING_DROP_IN not in machine.tree.files()
