# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files make up a unit, on real directory trees."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd_files import SEARCH_PATH, Unit, read_unit
from unit.trees import DROP_INS, SERVICE, Tree

NAME = "docker.service"


def unit_of(tree: Tree, instead: dict[str, bytes | None] | None = None) -> Unit:
    unit = read_unit(tree.host, NAME, instead)
    assert unit is not None
    return unit


def values(tree: Tree, name: str = "A") -> list[str]:
    return [setting.value for setting in unit_of(tree).values("Service", name)]


def test_no_unit(tree: Tree) -> None:
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nA=1\n")
    assert read_unit(tree.host, NAME) is None


@pytest.mark.parametrize("position", range(len(SEARCH_PATH)))
def test_the_first_directory_wins(tree: Tree, position: int) -> None:
    for directory in SEARCH_PATH[position:]:
        tree.write(f"{directory}/{NAME}", f"[Service]\nA={directory}\n")
    assert unit_of(tree).fragment == f"{SEARCH_PATH[position]}/{NAME}"
    assert values(tree) == [SEARCH_PATH[position]]


def test_drop_ins_count_in_the_order_of_their_names_wherever_they_lie(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write("/lib/systemd/system/docker.service.d/20-c.conf", "[Service]\nA=3\n")
    tree.write("/etc/systemd/system/docker.service.d/30-d.conf", "[Service]\nA=4\n")
    tree.write("/run/systemd/system/docker.service.d/10-a.conf", "[Service]\nA=1\n")
    tree.write("/etc/systemd/system/docker.service.d/100-b.conf", "[Service]\nA=2\n")
    assert values(tree) == ["0", "1", "2", "3", "4"]  # as texts, not as numbers


def test_a_drop_in_counts_even_where_the_unit_lies_in_a_better_directory(tree: Tree) -> None:
    tree.write("/etc/systemd/system/docker.service", "[Service]\nA=0\n")
    tree.write("/lib/systemd/system/docker.service.d/a.conf", "[Service]\nA=1\n")
    assert values(tree) == ["0", "1"]


def test_of_two_drop_ins_with_one_name_the_better_directory_counts(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write("/etc/systemd/system/docker.service.d/a.conf", "[Service]\nA=etc\n")
    tree.write("/run/systemd/system/docker.service.d/a.conf", "[Service]\nA=run\n")
    tree.write("/lib/systemd/system/docker.service.d/a.conf", "[Service]\nA=lib\n")
    assert values(tree) == ["0", "etc"]
    assert unit_of(tree).drop_ins == ("/etc/systemd/system/docker.service.d/a.conf",)


def test_drop_ins_for_all_services_count_and_the_units_own_hide_them(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write("/etc/systemd/system/service.d/a.conf", "[Service]\nA=1\n")
    tree.write("/etc/systemd/system/service.d/b.conf", "[Service]\nA=2\n")
    tree.write("/usr/lib/systemd/system/docker.service.d/a.conf", "[Service]\nA=3\n")
    assert values(tree) == ["0", "3", "2"]


def test_only_files_with_the_ending_count(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write(f"{DROP_INS}/docker.service", "[Service]\nA=1\n")
    tree.write(f"{DROP_INS}/a.conf.dpkg-old", "[Service]\nA=2\n")
    tree.write("/etc/systemd/system/docker.service.d.conf", "[Service]\nA=3\n")
    assert values(tree) == ["0"]


def test_an_empty_assignment_forgets_what_was_before(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n[X]\nExecStart=other\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n")
    tree.write(f"{DROP_INS}/b.conf", "[Service]\nEnvironment=A=1\n")
    (start,) = unit_of(tree).values("Service", "ExecStart")
    assert (start.value, start.path, start.line) == ("/usr/bin/dockerd", f"{DROP_INS}/a.conf", 3)


def test_without_a_reset_both_lines_stand(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nExecStart=/usr/bin/dockerd\n")
    assert values(tree, "ExecStart") == ["/usr/bin/dockerd -H fd://", "/usr/bin/dockerd"]


def test_a_reset_with_a_carriage_return(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\r\nExecStart=\r\nExecStart=/usr/bin/dockerd\r\n")
    assert values(tree, "ExecStart") == ["/usr/bin/dockerd"]


@pytest.mark.parametrize("how", ["link", "empty"])
def test_a_masked_unit(tree: Tree, how: str) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nA=1\n")
    if how == "link":
        tree.link("/etc/systemd/system/docker.service", "/dev/null")
    else:
        tree.write("/etc/systemd/system/docker.service", "")
    assert unit_of(tree) == Unit(NAME, "/etc/systemd/system/docker.service", (), (), masked=True)


def test_a_masked_drop_in_hides_the_one_behind_it(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write("/lib/systemd/system/docker.service.d/a.conf", "[Service]\nA=1\n")
    tree.write("/lib/systemd/system/docker.service.d/b.conf", "[Service]\nA=2\n")
    tree.link(f"{DROP_INS}/a.conf", "/dev/null")
    assert values(tree) == ["0", "2"]
    assert unit_of(tree).drop_ins == ("/lib/systemd/system/docker.service.d/b.conf",)


def test_a_linked_fragment_is_read_inside_the_root(tree: Tree) -> None:
    tree.write("/opt/docker/docker.service", "[Service]\nA=0\n")
    tree.link("/etc/systemd/system/docker.service", "/opt/docker/docker.service")
    assert values(tree) == ["0"]
    assert unit_of(tree).fragment == "/etc/systemd/system/docker.service"


def test_instead_hides_replaces_and_adds(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nA=1\n")
    tree.write(f"{DROP_INS}/b.conf", "[Service]\nA=2\n")
    assumed: dict[str, bytes | None] = {
        f"{DROP_INS}/a.conf": None,
        f"{DROP_INS}/b.conf": b"[Service]\nA=3\n",
        f"{DROP_INS}/c.conf": b"[Service]\nA=4\n",
        "/etc/systemd/system/other.service.d/d.conf": b"[Service]\nA=5\n",
    }
    unit = unit_of(tree, assumed)
    assert [s.value for s in unit.values("Service", "A")] == ["0", "3", "4"]
    assert unit.drop_ins == (f"{DROP_INS}/b.conf", f"{DROP_INS}/c.conf")
    assert values(tree) == ["0", "1", "2"]  # nothing was written


def test_instead_of_the_fragment(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    assert read_unit(tree.host, NAME, {SERVICE: None}) is None
    assert [s.value for s in unit_of(tree, {SERVICE: b"[Service]\nA=9\n"}).settings] == ["9"]


def test_a_hidden_drop_in_shows_the_one_behind_it(tree: Tree) -> None:
    """What was hidden by the file that we would take away counts again."""
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nA=1\n")
    tree.write("/lib/systemd/system/docker.service.d/a.conf", "[Service]\nA=2\n")
    unit = unit_of(tree, {f"{DROP_INS}/a.conf": None})
    assert [s.value for s in unit.values("Service", "A")] == ["0", "2"]


def test_a_file_that_cannot_be_read(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nA=0\n")
    tree.at(f"{DROP_INS}/a.conf").mkdir(parents=True)
    with pytest.raises(HostError) as caught:
        read_unit(tree.host, NAME)
    assert str(caught.value) == f"cannot read {DROP_INS}/a.conf: Is a directory"


def test_bytes_that_are_no_text_spoil_only_their_own_setting(tree: Tree) -> None:
    tree.write(SERVICE, b"[Service]\nDescription=caf\xe9\nA=0\n")
    assert values(tree) == ["0"]
