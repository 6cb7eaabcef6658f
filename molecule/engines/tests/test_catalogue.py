# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of options against the engine itself: no flag is missing, none is invented."""

from __future__ import annotations

import re

import pytest
from testinfra.host import Host

from ansible_collections.slipway.docker.plugins.module_utils.daemon.options import CALL_FLAGS, OPTIONS, Option
from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import Version, before, parse_version

FLAG = re.compile(r"^ +(?:-(?P<short>\w), )?--(?P<name>[a-z0-9-]+)(?: (?P<type>\S+))?  ", re.MULTILINE)
# dockerd --help calls a value of several entries list, map or the like, and shows no type for a switch.
REPEATED = ("list", "map", "runtime", "ulimit", "pool-options", "strings", "mapmap", "ipSlice")


@pytest.fixture(scope="module")
def version(host: Host) -> Version:
    found = parse_version(host.check_output("dockerd --version").removeprefix("Docker version "))
    assert found
    return found


@pytest.fixture(scope="module")
def shown(host: Host) -> dict[str, re.Match[str]]:
    return {match["name"]: match for match in FLAG.finditer(host.check_output("dockerd --help"))}


def known(version: Version) -> dict[str, Option]:
    """The flags that the catalogue says this version has."""
    return {
        option.flag: option
        for option in (*OPTIONS, *CALL_FLAGS)
        if option.flag
        and not ((option.flag_since or option.since) and before(version, option.flag_since or option.since))
        and not (option.removed and not before(version, option.removed))
    }


def test_no_flag_is_missing(version: Version, shown: dict[str, re.Match[str]]) -> None:
    assert len(shown) > 60
    assert set(shown) - set(known(version)) == set()


def test_none_is_invented(host: Host, version: Version, shown: dict[str, re.Match[str]]) -> None:
    """What the help does not show is hidden, not unknown: dockerd reads it without complaining of the name."""
    hidden = sorted(set(known(version)) - set(shown))
    script = 'for flag; do dockerd "--$flag=x" --help 2>&1 | grep -q "unknown flag" && echo "$flag"; done; true'
    assert host.check_output(f"sh -c %s sh {' '.join(hidden)}", script).split() == []


def test_what_was_removed_is_unknown(host: Host, version: Version) -> None:
    gone = [o.flag for o in OPTIONS if o.flag and o.removed and not before(version, o.removed)]
    script = 'for flag; do dockerd "--$flag=x" --help 2>&1 | grep -q "unknown flag" || echo "$flag"; done; true'
    assert host.check_output(f"sh -c %s sh {' '.join(gone)}", script).split() == []


def test_letters_and_kinds_agree(version: Version, shown: dict[str, re.Match[str]]) -> None:
    for name, option in known(version).items():
        if name not in shown:
            continue
        assert (name, option.short) == (name, shown[name]["short"])
        assert (name, option.kind == "bool") == (name, shown[name]["type"] is None)
        assert (name, option.repeatable) == (name, shown[name]["type"] in REPEATED)
