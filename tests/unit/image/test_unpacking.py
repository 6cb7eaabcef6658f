# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages unpacked into a root: what is in them, what is left out, and that nothing gets out of the root."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image import slim
from ansible_collections.slipway.docker.plugins.module_utils.image.root.deb_file import opened, read_control
from ansible_collections.slipway.docker.plugins.module_utils.image.root.path_filter import PathFilter
from ansible_collections.slipway.docker.plugins.module_utils.image.root.tree_writer import (
    NotProven,
    Rules,
    Tree,
    Unpacked,
    path_of,
    unpack,
)

Entry = tuple[str, str, str]  # kind, name, content or link


def tar_of(entries: Sequence[Entry], mode: int = 0o644, mtime: int = 1000) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for kind, name, content in entries:
            member = tarfile.TarInfo(name)
            member.type = {"file": tarfile.REGTYPE, "dir": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}.get(
                kind, tarfile.LNKTYPE if kind == "hard" else tarfile.CHRTYPE
            )
            member.mode, member.mtime = (0o755 if kind == "dir" else mode), mtime
            member.uid, member.gid = os.getuid(), os.getgid()
            data = content.encode() if kind == "file" else b""
            member.linkname = content if kind in ("link", "hard") else ""
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def deb_of(
    path: Path, entries: Sequence[Entry], compress: Callable[[bytes], bytes] = lzma.compress, suffix: str = ".xz"
) -> str:
    control = tar_of([("dir", "./", ""), ("file", "./control", "Package: z\n"), ("file", "./postinst", "#!/bin/sh\n")])
    found = b"!<arch>\n"
    for name, content in (
        ("debian-binary", b"2.0\n"),
        (f"control.tar{suffix}", compress(control)),
        (f"data.tar{suffix}", compress(tar_of(entries))),
    ):
        found += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        found += b"\n" if len(content) % 2 else b""
    path.write_bytes(found)
    return str(path)


def rules_of(options: Sequence[str] = (), diverted: dict[str, str] | None = None, sums: bool = False) -> Rules:
    return Rules(PathFilter(options), diverted or {}, {}, {"root": os.getuid()}, {}, lambda _path: sums)


def unpacked(root: Path, entries: Sequence[Entry], rules: Rules | None = None) -> Unpacked:
    root.mkdir(exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(tar_of(entries))) as archive:
        return unpack(archive, Tree(str(root)), rules or rules_of())


@pytest.mark.parametrize(
    ("compress", "suffix"),
    [(lzma.compress, ".xz"), (gzip.compress, ".gz"), (bz2.compress, ".bz2"), (bytes, "")],
    ids=["xz", "gz", "bz2", "none"],
)
def test_package_is_read_in_each_compression(tmp_path: Path, compress: Callable[[bytes], bytes], suffix: str) -> None:
    deb = deb_of(tmp_path / "z.deb", [("file", "./a", "x" * 3000000)], compress, suffix)
    assert {name: one.content for name, one in read_control(deb).items()} == {
        "control": b"Package: z\n",
        "postinst": b"#!/bin/sh\n",
    }
    with opened(deb, "data") as archive:
        unpack(archive, Tree(str(tmp_path)), rules_of())
    assert (tmp_path / "a").read_text() == "x" * 3000000


def test_package_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    deb = Path(deb_of(tmp_path / "z.deb", [("file", "./a", "".join(map(str, range(100000))))]))
    deb.write_bytes(deb.read_bytes()[:-2000])
    with pytest.raises(HostError, match="cannot be read"), opened(str(deb), "data") as archive:
        unpack(archive, Tree(str(tmp_path)), rules_of())
    deb.write_text("nothing of the kind")
    with pytest.raises(HostError, match=r"the package .*z\.deb cannot be read: it does not begin"):
        read_control(str(deb))


def test_package_for_another_backend_is_not_called_damaged(tmp_path: Path) -> None:
    deb = deb_of(tmp_path / "z.deb", [])
    with pytest.raises(NotProven, match=r"^/x is there already$"), opened(deb, "data"):
        raise NotProven("/x is there already")


def test_files_links_and_directories(tmp_path: Path) -> None:
    root = tmp_path / "root"
    done = unpacked(
        root,
        [
            ("dir", "./", ""),
            ("dir", "./usr/", ""),
            ("file", "./usr/a", "one"),
            ("hard", "./usr/b", "./usr/a"),
            ("link", "./usr/c", "a"),
        ],
        rules_of(sums=True),
    )
    assert done.paths == ["/.", "/usr", "/usr/a", "/usr/b", "/usr/c"]
    assert done.sums == {"/usr/a": hashlib.md5(b"one").hexdigest()}
    assert (root / "usr/a").stat().st_ino == (root / "usr/b").stat().st_ino
    assert (root / "usr/a").stat().st_mtime == 1000
    assert (root / "usr/a").stat().st_mode & 0o7777 == 0o644
    assert os.readlink(root / "usr/c") == "a"


@pytest.mark.parametrize("name", ["./../x", "../x", "/../x", "./a/../../x"])
def test_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(HostError, match="leads out of the root"):
        unpacked(tmp_path / "root", [("file", name, "bad")])
    assert not (tmp_path / "x").exists()


def test_absolute_name_is_one_of_the_root(tmp_path: Path) -> None:
    assert path_of("/etc//./x") == "/etc/x"
    unpacked(tmp_path / "root", [("dir", "/etc", ""), ("file", "/etc/x", "y")])
    assert (tmp_path / "root/etc/x").read_text() == "y"


@pytest.mark.parametrize("target", ["{outside}", "../outside", "../../../../{outside}"])
def test_link_is_followed_as_in_the_root_and_never_out_of_it(tmp_path: Path, target: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "root"
    unpacked(root, [("link", "./out", target.format(outside=outside)), ("file", "./out/x", "bad")])
    assert list(outside.iterdir()) == []
    assert [path.read_text() for path in root.rglob("x")] == ["bad"]


def test_hard_link_to_a_file_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    with pytest.raises(HostError, match="leads out of the root"):
        unpacked(tmp_path / "root", [("hard", "./x", "../secret")])


def test_merged_directory_is_written_through_its_link(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/bin").mkdir(parents=True)
    (root / "bin").symlink_to("usr/bin")
    assert unpacked(root, [("dir", "./bin/", ""), ("file", "./bin/sh", "x")]).paths == ["/bin", "/bin/sh"]
    assert (root / "usr/bin/sh").read_text() == "x"
    assert (root / "bin").is_symlink()


def test_what_only_dpkg_can_do_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    unpacked(root, [("file", "./a", "first"), ("link", "./b", "a")])
    with pytest.raises(NotProven, match="/a is there already"):
        unpacked(root, [("file", "./a", "second")])
    with pytest.raises(NotProven, match="/b is there already"):
        unpacked(root, [("link", "./b", "elsewhere")])
    with pytest.raises(NotProven, match="/null is a device"):
        unpacked(root, [("device", "./null", "")])
    assert (root / "a").read_text() == "first"
    unpacked(root, [("link", "./b", "a")])


def test_diverted_file_goes_where_it_shall(tmp_path: Path) -> None:
    done = unpacked(tmp_path / "root", [("file", "./a", "x")], rules_of(diverted={"/a": "/a.other"}))
    assert done.paths == ["/a"]
    assert [path.name for path in (tmp_path / "root").iterdir()] == ["a.other"]


def test_left_out_paths_are_listed_and_not_written(tmp_path: Path) -> None:
    names = ["dir ./usr", "dir ./usr/share", "dir ./usr/share/doc", "dir ./usr/share/doc/z", "dir ./usr/share/man"]
    names += ["dir ./usr/share/man/de", "file ./usr/share/doc/z/copyright", "file ./usr/share/doc/z/README"]
    names += ["file ./usr/share/man/de/x", "dir ./usr/share/info", "file ./usr/share/info/x"]
    done = unpacked(tmp_path / "root", [(*name.split(), "x") for name in names], rules_of(slim.dpkg_lines()))  # type: ignore[misc]
    assert len(done.paths) == len(names)
    there = {
        str(path.relative_to(tmp_path / "root" / "usr/share"))
        for path in (tmp_path / "root").rglob("*")
        if "share/" in str(path)
    }
    assert there == {"doc", "doc/z", "doc/z/copyright", "man", "man/de", "info"}


def test_last_rule_that_matches_counts() -> None:
    rules = PathFilter(["force-unsafe-io", "path-exclude=/a/*", "path-include=/a/*/keep", "path-exclude=/a/x/*"])
    assert not rules.leaves_out("/a", True)
    assert rules.leaves_out("/a/file", False)
    assert not rules.leaves_out("/a/dir", True)
    assert not rules.leaves_out("/a/b/keep", False)
    assert rules.leaves_out("/a/x/keep", False)
    assert not PathFilter([]).leaves_out("/a", False)
