# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module says of the kernel, held against the check-config.sh that Debian ships with the engine."""

from __future__ import annotations

import re
import typing as t

import pytest
from testinfra.host import Host

Seen = t.Callable[[str], dict[str, t.Any]]

SCRIPT = "/usr/share/docker.io/contrib/check-config.sh"
_LINE = re.compile(r"^\s*- (?:CONFIG_)?([\w/]+(?: command| hierarchy)?): ([^\[(\n]*)", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# The script asks for options that this kernel cannot have any more, and for a program that dockerd never calls.
NOT_OURS = {"MEMCG_SWAP", "zpool command"}
ENABLED = {"built-in": "enabled", "module": "enabled", "uninstalled": "enabled", "missing": "missing"}


@pytest.fixture
def theirs(host: Host) -> dict[str, str]:
    """The script's verdict on each item."""
    # It has an exit code of its own mind: 1 as soon as anything is missing, in some versions.
    said = _COLOUR.sub("", host.run(f"bash {SCRIPT}").stdout)
    return {name: verdict.strip() for name, verdict in _LINE.findall(said)}


@pytest.fixture
def ours(host: Host, seen: Seen) -> dict[str, str]:
    """The module's, in the script's words."""
    found = seen("running")
    verdicts = {name: ENABLED.get(presence, presence) for name, presence in found["kernel"]["options"].items()}
    zfs = found["storage"]["drivers"]["zfs"]["reason"]
    cgroup = found["kernel"]["cgroup"]
    complete = cgroup["layout"] != "none" and not cgroup["missing"]
    return {
        **verdicts,
        "cgroup hierarchy": "properly mounted" if complete else "nonexistent??",
        "zfs command": "missing" if zfs == "program zfs is not installed" else "available",
        "/dev/zfs": "present" if host.file("/dev/zfs").exists else "missing",
        "/proc/sys/kernel/keys/root_maxkeys": found["kernel"]["sysctls"]["kernel.keys.root_maxkeys"],
    }


def test_same_verdict_on_every_item_that_both_know(theirs: dict[str, str], ours: dict[str, str]) -> None:
    both = sorted(theirs.keys() & ours.keys())
    print(f"{len(both)} items compared:", *(f"  {name}: {theirs[name]}" for name in both), sep="\n")
    assert {name: ours[name] for name in both} == {name: theirs[name] for name in both}
    assert len(both) >= 70


def test_the_script_knows_nothing_that_we_do_not(theirs: dict[str, str], ours: dict[str, str]) -> None:
    assert theirs.keys() - ours.keys() <= NOT_OURS


def test_both_verdicts_occur(theirs: dict[str, str]) -> None:
    assert {"enabled", "missing"} <= set(theirs.values())


def test_namespaces(host: Host, seen: Seen) -> None:
    there = host.check_output("ls /proc/self/ns").split()
    found = seen("running")["kernel"]["namespaces"]
    assert found.keys() == {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}
    assert {name for name, has in found.items() if has} == found.keys() & set(there)


def test_cgroups(host: Host, seen: Seen) -> None:
    version = host.check_output("docker info --format '{{.CgroupVersion}}'")
    found = seen("running")["kernel"]["cgroup"]
    assert {"v1": "1", "hybrid": "1", "v2": "2"}[found["layout"]] == version


def test_security(host: Host, seen: Seen) -> None:
    options = host.check_output("docker info --format '{{.SecurityOptions}}'")
    found = seen("running")["kernel"]["security"]
    assert found["seccomp"] is ("name=seccomp" in options)
    assert found["apparmor"] is ("name=apparmor" in options)
