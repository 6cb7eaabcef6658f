# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts as their package brought them stay as they are, where the file of variables can do the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.base import Launcher
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.openrc import OpenRc
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from ansible_collections.slipway.docker.plugins.module_utils.daemon.originals import digest_of, kept_as
from ansible_collections.slipway.docker.plugins.module_utils.host.dpkg import STATUS
from unit.daemon.launchers.deciding import HOSTS, carry_out
from unit.daemon.launchers.running import LSB_FUNCTIONS, Machine, check, launch_of, stand_ins
from unit.daemon.launchers.scripts import (
    CONF_D,
    DEBIAN,
    DEBIAN_SCRIPT,
    DEFAULTS,
    OPENRC,
    OPENRC_SCRIPT,
)

UNSET = "DOCKER_OPTS=\n"


def packaged(tmp_path: Path, script: str, path: str = DEBIAN, *, changed: bool = False) -> Machine:
    """A host whose package has brought the script.

    :param changed: whether somebody has edited it since
    """
    digest = hashlib.md5(b"another" if changed else script.encode()).hexdigest()
    record = f"Package: docker\nStatus: install ok installed\nConffiles:\n {DEFAULTS} 1\n {path} {digest}\nVersion: 1\n"
    machine = Machine(tmp_path)
    machine.write(
        {path: script, STATUS: record, "/lib/lsb/init-functions": LSB_FUNCTIONS, "/etc/debian_version": "9\n"}
    )
    return machine


def run(machine: Machine) -> list[str]:
    return ["sh", machine.at(DEBIAN), "start"]


def run_openrc(machine: Machine) -> list[str]:
    return ["sh", str(stand_ins() / "openrc-run"), machine.at(OPENRC), "start"]


# What stands in the script in place of the line that sets nothing, the file of variables before and after.
OVERRIDDEN = {
    "set-before-the-file": ("DOCKER_OPTS='-H fd:// -D'\n", None, 'DOCKER_OPTS="-D"\n'),
    "nothing-left": ("DOCKER_OPTS='-H fd://'\n", None, 'DOCKER_OPTS=" "\n'),
    "default": (": ${DOCKER_OPTS:='-H fd:// --mtu 1400'}\n", "", 'DOCKER_OPTS="--mtu 1400"\n'),
    "default-with-nothing-left": (": ${DOCKER_OPTS:=-Hx}\n", "", 'DOCKER_OPTS=" "\n'),
    "a-file-with-other-things": (
        "DOCKER_OPTS='-H fd:// -D'\n",
        "# DOCKER_OPTS='--dns 9.9.9.9'\n\nexport TMPDIR=/mnt\n",
        "# DOCKER_OPTS='--dns 9.9.9.9'\nDOCKER_OPTS=\"-D\"\n\nexport TMPDIR=/mnt\n",
    ),
}


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_flags_in_the_script(tmp_path: Path, name: str) -> None:
    line, before, after = OVERRIDDEN[name]
    machine = packaged(tmp_path, DEBIAN_SCRIPT.replace(UNSET, line))
    if before is not None:
        machine.write({DEFAULTS: before})
    launch = launch_of(machine, Sysvinit())
    edits = launch.without([flag for flag in launch.flags if flag.key == "hosts"])
    assert set(edits.places.values()) == {f"taken out by {DEFAULTS}"}
    assert check(machine, Sysvinit(), run) == {DEFAULTS: after}


def test_a_default_behind_the_file(tmp_path: Path) -> None:
    """An empty value would count as none there."""
    script = DEBIAN_SCRIPT.replace("need_root() {\n", 'DOCKER_OPTS="${DOCKER_OPTS:--H fd://}"\nneed_root() {\n')
    assert check(packaged(tmp_path, script), Sysvinit(), run) == {DEFAULTS: 'DOCKER_OPTS=" "\n'}


def test_a_default_of_openrcs(tmp_path: Path) -> None:
    script = OPENRC_SCRIPT.replace("${DOCKER_OPTS}", "${DOCKER_OPTS:--H fd:// -D}")
    machine = packaged(tmp_path, script, OPENRC)
    machine.write({CONF_D: "# DOCKER_OPTS\n"})
    launcher: Launcher = OpenRc()
    assert launcher.name == "openrc"
    assert check(machine, OpenRc(), run_openrc) == {CONF_D: '# DOCKER_OPTS\nDOCKER_OPTS="-D"\n'}


def test_flags_in_the_file_itself(tmp_path: Path) -> None:
    machine = packaged(tmp_path, DEBIAN_SCRIPT)
    machine.write({DEFAULTS: "DOCKER_OPTS='-D -H x'\n"})
    assert check(machine, Sysvinit(), run) == {DEFAULTS: "DOCKER_OPTS='-D'\n"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("$DOCKER_OPTS \\\n", "-H fd:// $DOCKER_OPTS \\\n", id="on-the-line"),
        pytest.param("need_root() {\n", 'DOCKER_OPTS="$DOCKER_OPTS -H x"\nneed_root() {\n', id="appended"),
        pytest.param("need_root() {\n", "DOCKER_OPTS='-H x'\nneed_root() {\n", id="set-behind-the-file"),
    ],
)
def test_a_script_that_the_file_does_not_control(tmp_path: Path, old: str, new: str) -> None:
    machine = packaged(tmp_path, DEBIAN_SCRIPT.replace(old, new))
    assert list(check(machine, Sysvinit(), run)) == [DEBIAN]


def test_a_script_that_was_changed(tmp_path: Path) -> None:
    machine = packaged(tmp_path, DEBIAN_SCRIPT.replace(UNSET, "DOCKER_OPTS='-H fd:// -D'\n"), changed=True)
    assert list(check(machine, Sysvinit(), run)) == [DEBIAN]


# --- Carried out, and taken back.


def test_a_file_that_we_made_goes_again(tmp_path: Path) -> None:
    machine = packaged(tmp_path, DEBIAN_SCRIPT.replace(UNSET, "DOCKER_OPTS='-H fd:// -D'\n"))
    assert carry_out(machine, HOSTS) == {DEFAULTS: 'DOCKER_OPTS="-D"\n'}
    assert carry_out(machine, HOSTS) == {}
    assert carry_out(machine, {}) == {DEFAULTS: None}


def test_a_script_comes_back_byte_for_byte(tmp_path: Path) -> None:
    script = DEBIAN_SCRIPT.replace("$DOCKER_OPTS \\\n", "-H fd:// $DOCKER_OPTS \\\n")
    machine = packaged(tmp_path, script, changed=True)
    machine.write({DEFAULTS: "DOCKER_OPTS='-H x'\n"})
    assert carry_out(machine, HOSTS) == {
        DEBIAN: DEBIAN_SCRIPT,
        kept_as(DEBIAN): script,
        DEFAULTS: "DOCKER_OPTS=''\n",
        kept_as(DEFAULTS): "DOCKER_OPTS='-H x'\n",
    }
    assert carry_out(machine, HOSTS) == {}
    assert carry_out(machine, {}) == {
        DEBIAN: script,
        kept_as(DEBIAN): None,
        DEFAULTS: "DOCKER_OPTS='-H x'\n",
        kept_as(DEFAULTS): None,
    }
    assert carry_out(machine, {}) == {}


def test_a_script_that_was_changed_since_stays_as_it_is_now(tmp_path: Path) -> None:
    script = DEBIAN_SCRIPT.replace("$DOCKER_OPTS \\\n", "-H fd:// $DOCKER_OPTS \\\n")
    machine = packaged(tmp_path, script, changed=True)
    carry_out(machine, HOSTS)
    machine.write({DEBIAN: DEBIAN_SCRIPT + "# mine\n"})
    assert carry_out(machine, {}) == {}
    assert machine.tree.read(DEBIAN).decode() == DEBIAN_SCRIPT + "# mine\n"


def test_flags_that_come_back_by_hand_go_again(tmp_path: Path) -> None:
    script = DEBIAN_SCRIPT.replace("$DOCKER_OPTS \\\n", "-H fd:// $DOCKER_OPTS \\\n")
    machine = packaged(tmp_path, script, changed=True)
    carry_out(machine, HOSTS)
    other = script.replace("fd://", "tcp://0.0.0.0:2375")
    machine.write({DEBIAN: other})
    aside = f"{kept_as(DEBIAN)}.{digest_of(script.encode())[:8]}"  # the first original, which nobody else has
    assert carry_out(machine, HOSTS) == {DEBIAN: DEBIAN_SCRIPT, kept_as(DEBIAN): other, aside: script}
