# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and commands of a task's own in a root filesystem."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.files.hooks import put_entries, run_hooks
from ansible_collections.slipway.docker.plugins.module_utils.image.files.tree import look_at_files
from ansible_collections.slipway.docker.plugins.module_utils.image.files.wish import read_files
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import Recipe
from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed
from unit.image.doubles import Commands, host_of
from unit.trees import Tree

# Nobody else's files can be made without being root.
OWN = {"owner": str(os.getuid()), "group": str(os.getgid())}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "root"
    (made / "usr/bin").mkdir(parents=True)
    (made / "bin").symlink_to("usr/bin")
    (made / "etc").mkdir()
    (made / "etc/motd").write_text("old")
    return made


def put(tree: Tree, root: Path, *items: dict[str, Any]) -> None:
    found = look_at_files(host_of(tree, Commands({})), read_files([{**OWN, **item} for item in items]))
    assert found.problems == ()
    put_entries(str(root), found.entries)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_each_kind(tree: Tree, root: Path) -> None:
    tree.write("/src/tool", "#!")
    os.chmod(tree.at("/src/tool"), 0o700)
    put(
        tree,
        root,
        {"path": "/bin/tool", "src": "/src/tool", "mode": "4755"},
        {"path": "/etc/motd", "content": "new", "mode": "0600"},
        {"path": "/opt/a/b", "directory": True, "mode": "0750"},
        {"path": "/opt/link", "link": "/nowhere"},
    )
    assert ((root / "usr/bin/tool").read_text(), mode(root / "usr/bin/tool")) == ("#!", 0o4755)
    assert ((root / "etc/motd").read_text(), mode(root / "etc/motd")) == ("new", 0o600)
    assert [mode(root / path) for path in ("opt", "opt/a", "opt/a/b")] == [0o755, 0o755, 0o750]
    assert (root / "opt/link").readlink() == Path("/nowhere")


def test_a_directory_that_is_there_stays_what_it_is(tree: Tree, root: Path) -> None:
    tree.write("/src/tool", "x")
    (root / "usr/bin").chmod(0o711)
    put(tree, root, {"path": "/bin", "src": "/src"})
    assert (root / "bin").is_symlink()
    assert mode(root / "usr/bin") == 0o711
    assert (root / "usr/bin/tool").read_text() == "x"


def test_nothing_leads_out(tree: Tree, root: Path, tmp_path: Path) -> None:
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(HostError, match="/out/x leads out of the root filesystem"):
        put(tree, root, {"path": "/out/x", "content": ""})
    assert not (tmp_path / "x").exists()


def test_a_link_that_is_replaced_is_not_followed(tree: Tree, root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("kept")
    (root / "etc/x").symlink_to(tmp_path / "outside")
    put(tree, root, {"path": "/etc/x", "content": "new"})
    assert (tmp_path / "outside").read_text() == "kept"
    assert (root / "etc/x").read_text() == "new"


@pytest.mark.parametrize(
    ("item", "trouble"),
    [
        ({"path": "/etc", "content": ""}, "/etc is a directory in the image, and nothing else can be put there"),
        ({"path": "/etc/motd", "directory": True}, "/etc/motd cannot be put into the image: File exists"),
        ({"path": "/etc/motd/x", "content": ""}, "/etc/motd/x cannot be put into the image: Not a directory"),
        ({"path": "/a", "content": "", "owner": "box"}, "the image has no user box in its /etc/passwd"),
    ],
)
def test_what_cannot_be_there(tree: Tree, root: Path, item: dict[str, Any], trouble: str) -> None:
    with pytest.raises(HostError, match=trouble):
        put(tree, root, item)


def test_owners_are_those_that_the_image_knows(tree: Tree, root: Path) -> None:
    put(
        tree,
        root,
        {"path": "/etc/passwd", "content": f"box:x:{os.getuid()}:0::/:\n"},
        {"path": "/a", "content": "", "owner": "box"},
    )
    assert (root / "a").stat().st_uid == os.getuid()


def hooked(root: Path) -> Path:
    """A root that has the devices which only root can make."""
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (root / "dev").mkdir(exist_ok=True)
        (root / "dev" / name).touch()
    return root


def test_commands_are_run_alone_and_with_the_images_environment(tree: Tree, root: Path) -> None:
    commands = Commands({"env": (0, "", "")})
    recipe = Recipe("trixie", (), hooks=(("sh", "-c", "a $B"), ("true",)), environment=(("PATH", "/x"), ("B", "c d")))
    run_hooks(host_of(tree, commands), recipe, str(hooked(root)), 42)
    first, second = commands.asked
    assert first.startswith("env -i PATH=/x ")
    assert " B=c d unshare --mount --pid --net " in first
    assert " SOURCE_DATE_EPOCH=42 " in first
    assert first.endswith(f" --root={root} --wd=/ -- sh -c a $B")
    assert second.endswith(" -- true")


def test_a_command_that_fails_is_named_without_what_may_be_secret(tree: Tree, root: Path) -> None:
    commands = Commands({"env": (1, "", "it went wrong\n")})
    recipe = Recipe("trixie", (), hooks=(("login", "--password=secret"), ("true",)))
    with pytest.raises(
        BootstrapFailed, match=r"commands\[0\] \(login\) in the new root failed: it went wrong"
    ) as caught:
        run_hooks(host_of(tree, commands), recipe, str(hooked(root)), 0)
    assert "secret" not in str(caught.value)
    assert len(commands.asked) == 1


def test_one_file_by_two_ways_is_refused_and_no_link_is_followed(tree: Tree, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.touch(0o600)
    (root / "usr/lib").mkdir(parents=True)
    (root / "lib").symlink_to("usr/lib")
    wishes = {"path": "/lib/a", "content": "", "mode": "0644"}, {"path": "/usr/lib/a", "link": str(outside)}
    with pytest.raises(HostError, match=r"/usr/lib/a and /lib/a are the same file in the image: name it once"):
        put(tree, root, *wishes)
    assert outside.stat().st_mode & 0o777 == 0o600
