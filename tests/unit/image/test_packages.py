# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt prints of packages, and the packages that are kept."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.packages import (
    Candidate,
    candidate_of,
    parse_policy,
    parse_simulation,
    parse_uris,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.room import list_name
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.store import Store, sweep_old
from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed

SIMULATED = """\
Reading package lists...
The following NEW packages will be installed:
  libc6
Inst libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [amd64]) []
Inst usr-is-merged [1] (37~deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [all])
Inst zlib1g:i386 (1:1.3-1 Debian:12.15/oldstable [i386])
Conf libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [amd64])
"""


def test_what_a_simulated_run_does_in_its_order() -> None:
    assert parse_simulation(SIMULATED) == (
        (True, "libc6:amd64=2.36-9+deb12u14"),
        (True, "usr-is-merged:all=37~deb12u1"),
        (True, "zlib1g:i386=1:1.3-1"),
        (False, "libc6:amd64=2.36-9+deb12u14"),
    )


def test_uris_by_file_name() -> None:
    printed = "'http://m.invalid/pool/z_1%3a1.3_amd64.deb' z_1%3a1.3_amd64.deb 90 SHA256:ab\n"
    printed += "'file:/srv/a%20b/x_1_all.deb' x_1_all.deb 3 \n"
    assert parse_uris(printed) == {
        "z_1%3a1.3_amd64.deb": "http://m.invalid/pool/z_1%3a1.3_amd64.deb",
        "x_1_all.deb": "file:/srv/a b/x_1_all.deb",
    }


@pytest.mark.parametrize(
    ("uri", "suite", "name"),
    [
        ("http://m.invalid/debian", "bookworm", "m.invalid_debian_dists_bookworm_InRelease"),
        ("http://u:p@m.invalid:8080/a_b/", "x/updates", "m.invalid:8080_a%5fb_dists_x_updates_InRelease"),
        ("file:///srv/repo", "flat/", "_srv_repo_flat_InRelease"),
    ],
)
def test_name_among_the_lists(uri: str, suite: str, name: str) -> None:
    assert list_name(uri, suite, "InRelease") == name


def test_stanza_of_an_index() -> None:
    stanza = "Package: z\nVersion: 1:1.3\nArchitecture: amd64\nInstalled-Size: 3\nSize: 90\nSHA256: ab\nDepends: Size"
    found = candidate_of(stanza, "u")
    assert found == Candidate("z", "amd64", "1:1.3", "u", 90, "ab", 3072)
    assert (found.key, found.file_name) == ("z:amd64=1:1.3", "z_1%3a1.3_amd64.deb")


def kept(content: bytes) -> Candidate:
    return Candidate("z", "amd64", "1", "http://m.invalid/z.deb", len(content), hashlib.sha256(content).hexdigest(), 0)


def test_kept_package_is_found_again_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "z.deb"
    file.write_bytes(b"right")
    store = Store(str(tmp_path / "cache"))
    wanted = kept(b"right")
    assert store.find(wanted) == ""
    path = store.keep(wanted, str(file))
    assert store.find(wanted) == path
    assert Path(path).read_bytes() == b"right"
    Path(path).write_bytes(b"wrong")
    assert store.find(wanted) == ""
    assert not Path(path).exists()


def test_what_nobody_asks_for_goes(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "cache"))
    store.sweep()
    paths = {}
    for content in (b"used", b"old"):
        (tmp_path / "z.deb").write_bytes(content)
        paths[content] = store.keep(kept(content), str(tmp_path / "z.deb"))
    part = tmp_path / "cache/packages/.part-x"
    part.write_bytes(b"half")
    others = [tmp_path / "cache/packages/own_1.0_amd64.deb", tmp_path / "cache/packages/folder"]
    others[0].write_bytes(b"somebody's own")
    others[1].mkdir()
    for path in (*paths.values(), str(part), *map(str, others)):
        os.utime(path, (1000, 1000))
    assert store.find(kept(b"used"))
    store.sweep()
    assert set((tmp_path / "cache/packages").iterdir()) == {Path(paths[b"used"]), *others}


def test_lists_that_nobody_reads_go(tmp_path: Path) -> None:
    names = ("0123456789abcdef", "fedcba9876543210", "somebody's")
    for name in names:
        (tmp_path / name / "lists").mkdir(parents=True)
    for name in names[::2]:
        os.utime(tmp_path / name, (1000, 1000))
    sweep_old(str(tmp_path), re.compile(r"[0-9a-f]{16}\Z"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
    sweep_old(str(tmp_path / "not there"), re.compile("x"))


def test_package_that_is_not_what_the_index_names_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "z.deb"
    file.write_bytes(b"wrong")
    for store in (Store(None), Store(str(tmp_path / "cache"))):
        with pytest.raises(
            BootstrapFailed, match=r"z:amd64=1 from http://m\.invalid/z\.deb is not what the signed index"
        ):
            store.keep(kept(b"right"), str(file))
    assert not list((tmp_path / "cache").glob("**/*.deb"))


def test_without_a_cache_a_package_stays_where_it_came_to(tmp_path: Path) -> None:
    file = tmp_path / "z.deb"
    file.write_bytes(b"right")
    store = Store(None)
    assert store.keep(kept(b"right"), str(file)) == str(file)
    assert store.find(kept(b"right")) == ""


def test_candidates_of_some_packages() -> None:
    text = (
        "apt:\n  Installed: (none)\n  Candidate: 2.6.2\n  Version table:\n     2.6.2 500\n"
        "        500 http://m.example/debian bookworm/main amd64 Packages\n"
        "gone:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"
        "libc6:i386:\n  Installed: (none)\n  Candidate: 1:2.36-9\n  Version table:\n"
    )
    assert parse_policy(text) == {"apt": "2.6.2", "libc6:i386": "1:2.36-9"}
