# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a task does to a root filesystem when its packages are in it: files put there, commands run there."""

from __future__ import annotations

import os
import stat
import typing as t

from ...host.errors import HostError
from ...host.machine import Host
from ..capabilities import ATTRIBUTE
from ..recipe import Recipe
from ..root.failure import must
from ..root.files import inside
from ..root.runtime import with_devices
from .accounts import GROUP, PASSWD, Accounts, parse_accounts
from .paths import parents_of
from .tree import Entry

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# In namespaces of its own a command sees the root's processes only, reaches nothing, and takes along what it started.
_ALONE = ("unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child", "--mount-proc")


def accounts_of(root: str) -> Accounts:
    """The users and groups that a root filesystem knows."""

    def read(path: str) -> dict[str, int]:
        try:
            with open(inside(root, path), encoding="utf-8", errors="replace") as opened:
                return parse_accounts(opened.read())
        except FileNotFoundError:
            return {}

    return Accounts(read(PASSWD), read(GROUP))


def put_entries(root: str, entries: t.Sequence[Entry]) -> None:
    """Put files into a root filesystem.

    :raises HostError: where one cannot be there, or its owner is not known there
    """
    made: dict[str, Entry] = {}
    for entry in entries:
        path = inside(root, entry.path)
        for parent in parents_of(entry.path):
            _make_directory(inside(root, parent))
        try:
            kept = _put(path, entry)
        except OSError as error:
            raise HostError(f"{entry.path} cannot be put into the image: {error.strerror}") from error
        if path in made:  # by way of a link in the root, such as /lib
            raise HostError(f"{entry.path} and {made[path].path} are the same file in the image: name it once")
        if not kept:
            made[path] = entry
    accounts = accounts_of(root)  # now that the lists of users and groups are there, which may be among the files
    for path, entry in made.items():
        owner, group = accounts.user(entry.owner), accounts.group(entry.group)
        if entry.kind == "link":
            os.lchown(path, owner, group)
        else:
            _own(path, entry, owner, group)


def _own(path: str, entry: Entry, owner: int, group: int) -> None:
    """Owner, mode and capabilities of what was put there, by a descriptor: no link is followed out of the root."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchown(descriptor, owner, group)
        os.fchmod(descriptor, entry.mode)  # after the owner, whose change takes the bits for running as them away
        if entry.capabilities:
            os.setxattr(descriptor, ATTRIBUTE, entry.capabilities)
    except OSError as error:
        raise HostError(f"{entry.path} cannot be given its mode, owner or capabilities: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _make_directory(path: str) -> None:
    if not os.path.lexists(path):
        os.mkdir(path)
        os.chmod(path, 0o755)


def _put(path: str, entry: Entry) -> bool:
    """Whether what was there is kept as it is."""
    there = os.lstat(path).st_mode if os.path.lexists(path) else 0
    if entry.kind == "directory":
        if entry.implied and there:  # a link such as /bin leads to a directory as well
            return True
        if not stat.S_ISDIR(there):
            os.mkdir(path)
        return False
    if stat.S_ISDIR(there):
        raise HostError(f"{entry.path} is a directory in the image, and nothing else can be put there")
    if there:
        os.unlink(path)
    if entry.kind == "link":
        os.symlink(entry.link, path)
        return False
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        entry.copy_to(opened)
    return False


def run_hooks(host: Host, recipe: Recipe, root: str, date: int) -> None:
    """Run the recipe's own commands, one after the other.

    :param date: of what is in the root, for programs that write one
    :raises BootstrapFailed: when one fails
    """
    if not recipe.hooks:
        return
    environment = {
        "PATH": _PATH,
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
        "PERL_HASH_SEED": "0",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(date),
        **dict(recipe.environment),
    }
    for name in ("dev", "proc", "tmp"):
        _make_directory(os.path.join(root, name))
    clean = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    with with_devices(root):
        for index, argv in enumerate(recipe.hooks):
            command = [*clean, *_ALONE, f"--root={root}", "--wd=/", "--", *argv]
            must(host, command, shown=f"commands[{index}] ({argv[0]})")
