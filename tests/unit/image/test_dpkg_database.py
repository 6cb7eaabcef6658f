# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dpkg's database as it is after unpacking."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.image.root.deb_file import Control
from ansible_collections.slipway.docker.plugins.module_utils.image.root.dpkg_database import Database, Package
from ansible_collections.slipway.docker.plugins.module_utils.image.root.tree_writer import Tree, Unpacked


def package(name: str, *paths: str, same: bool = False, sums: dict[str, str] | None = None, **controls: str) -> Package:
    text = f"Package: {name}\nVersion: 1\nArchitecture: amd64\n" + ("Multi-Arch: same\n" if same else "")
    files = {"control": text, **controls}
    found = {each: Control(each, 0o644, 1000, content.encode()) for each, content in files.items()}
    return Package(found, Unpacked(["/.", *paths], sums or {}))


def database(tmp_path: Path) -> tuple[Database, Path]:
    made = Database(Tree(str(tmp_path)))
    made.prepare("amd64")
    return made, tmp_path / "var/lib/dpkg"


def test_unpacked_packages_are_registered(tmp_path: Path) -> None:
    made, there = database(tmp_path)
    made.add([package("a", "/x", md5sums="s  x\n", postinst="#!"), package("b", "/y", same=True, md5sums="")])
    made.add([package("c", md5sums="")])
    assert (there / "status").read_text() == (
        "Package: a\nVersion: 1\nArchitecture: amd64\nStatus: install ok unpacked\n\n"
        "Package: b\nVersion: 1\nArchitecture: amd64\nMulti-Arch: same\nStatus: install ok unpacked\n\n"
        "Package: c\nVersion: 1\nArchitecture: amd64\nStatus: install ok unpacked\n\n"
    )
    assert {path.name for path in (there / "info").iterdir()} == {
        *("format", "a.list", "a.md5sums", "a.postinst", "b:amd64.list", "b:amd64.md5sums", "c.list", "c.md5sums"),
    }
    assert (there / "info/a.list").read_text() == "/.\n/x\n"
    assert (there / "info/a.postinst").stat().st_mtime == 1000
    assert (there / "arch").read_text() == "amd64\n"


def test_what_stood_for_a_package_is_replaced(tmp_path: Path) -> None:
    made = Database(Tree(str(tmp_path)))
    made.prepare("amd64", "Package: a\nStatus: install ok installed\nVersion: 0\n\n")
    made.add([package("a", md5sums="")], "0")
    text = (tmp_path / "var/lib/dpkg/status").read_text()
    assert text.count("Package: a\n") == 1
    assert "Config-Version: 0\n" in text


def test_configuration_files_have_their_sums(tmp_path: Path) -> None:
    made, there = database(tmp_path)
    sums = {"/etc/a": "1", "/usr/a": "2"}
    made.add([package("a", "/etc/a", "/usr/a", sums=sums, conffiles="/etc/a\nremove-on-upgrade /etc/old\n")])
    assert "\nConffiles:\n /etc/a 1\n /etc/old newconffile remove-on-upgrade\n" in (there / "status").read_text()
    assert (there / "info/a.md5sums").read_text() == "2  usr/a\n"


def test_triggers_are_noted_for_dpkg(tmp_path: Path) -> None:
    made, there = database(tmp_path)
    interest = "interest-noawait /usr/share/man\ninterest update-x # a remark\n"
    made.add([package("man-db", md5sums="", triggers=interest)])
    assert (there / "triggers/File").read_text() == "/usr/share/man man-db/noawait\n"
    assert (there / "triggers/update-x").read_text() == "man-db\n"
    activate = "activate-noawait ldconfig\nactivate update-x\n"
    made.add([package("a", "/usr/share/man/man1/a.1.gz", same=True, md5sums="", triggers=activate)])
    made.add([package("b", "/usr/share/manual", md5sums="", triggers="activate-await update-x")])
    assert (there / "triggers/Unincorp").read_text() == "ldconfig -\nupdate-x a:amd64 b\n/usr/share/man -\n"


def test_diversions_are_of_other_packages_and_overrides_have_numbers(tmp_path: Path) -> None:
    made, _there = database(tmp_path)
    made.write("diversions", "/bin/sh\n/bin/sh.distrib\ndash\n/x\n/x.y\n:\n")
    made.write("statoverride", "root shadow 2755 /usr/bin/with blank\n#7 #8 640 /y\n")
    assert made.diversions("dash") == {"/x": "/x.y"}
    assert made.diversions("bash") == {"/bin/sh": "/bin/sh.distrib", "/x": "/x.y"}
    overrides = made.overrides({"root": 0}, {"shadow": 42})
    assert overrides == {"/usr/bin/with blank": (0, 42, 0o2755), "/y": (7, 8, 0o640)}
