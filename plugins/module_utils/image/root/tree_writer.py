# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files of packages written into a root filesystem, out of which no name and no link leads."""

from __future__ import annotations

import hashlib
import os
import tarfile
import typing as t
from dataclasses import dataclass, field

from ...host.errors import HostError
from .path_filter import PathFilter

_CHUNK = 1 << 20
_LINKS = 40


class NotProven(HostError):
    """Something that dpkg knows how to do and this does not."""


@dataclass
class Unpacked:
    """What came out of a package.

    :ivar paths: as dpkg lists them, in the package's order, with what was left out
    :ivar sums: MD5 of files that were asked for, by path
    :ivar directories: mode and owners of each directory
    """

    paths: list[str] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)
    directories: dict[str, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """How a package's files are written.

    :ivar diverted: other paths for some, which another package has claimed
    :ivar overrides: owners and mode by path, instead of the package's
    :ivar users: numbers of users by name, as the root has them
    :ivar wants_sum: whether the MD5 of a path is wanted
    """

    filter: PathFilter
    diverted: t.Mapping[str, str]
    overrides: t.Mapping[str, tuple[int, int, int]]
    users: t.Mapping[str, int]
    groups: t.Mapping[str, int]
    wants_sum: t.Callable[[str], bool]


class Tree:
    """A root filesystem. Its links are followed as a process in it would follow them."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._known: dict[str, str] = {"": ""}

    def place(self, path: str) -> str:
        """Where a path of the root is for this process; the last part is not followed.

        :raises HostError: for a path that is none of a package's
        """
        directory, _slash, name = path.strip("/").rpartition("/")
        if not name or name == ".." or name == ".":
            raise HostError(f"{path!r} is no name for a file")
        return f"{self.root}{self._directory(directory)}/{name}"

    def directory(self, path: str) -> str:
        """Where a directory of the root is for this process, links followed."""
        return self.root + self._directory(path.strip("/"))

    def _directory(self, path: str, links: int = 0) -> str:
        known = self._known.get(path)
        if known is not None:
            return known
        parent, _slash, name = path.rpartition("/")
        base = self._directory(parent, links)
        if name in ("", "."):
            found = base
        elif name == "..":
            found = base.rpartition("/")[0]
        else:
            found = self._entry(base, name, links)
        self._known[path] = found
        return found

    def _entry(self, base: str, name: str, links: int) -> str:
        inside = f"{base}/{name}"
        full = self.root + inside
        try:
            target = os.readlink(full)
        except FileNotFoundError:
            _make_directory(full)
            return inside
        except OSError:
            if not os.path.isdir(full):
                raise HostError(f"{inside} is a file where a package has a directory") from None
            return inside
        if links > _LINKS:
            raise HostError(f"{inside} is a link that leads round in a circle")
        return self._directory((target if target.startswith("/") else f"{base}/{target}").strip("/"), links + 1)


def _make_directory(path: str) -> None:
    try:
        os.mkdir(path, 0o755)
    except FileExistsError:
        return
    os.chmod(path, 0o755)


def unpack(archive: tarfile.TarFile, tree: Tree, rules: Rules) -> Unpacked:
    """Write what is in a package.

    :raises NotProven: for what dpkg would do otherwise, such as replacing another package's file
    :raises HostError: for a name that leads out of the root
    """
    done = Unpacked()
    for member in archive:
        path = path_of(member.name)
        done.paths.append(path or "/.")
        if rules.filter.leaves_out(path, member.isdir() or member.issym()):
            continue
        owner = rules.users.get(member.uname, member.uid), rules.groups.get(member.gname, member.gid)
        mode = member.mode & 0o7777
        if path in rules.overrides:
            *numbers, mode = rules.overrides[path]
            owner = numbers[0], numbers[1]
        if member.isdir():
            done.directories[path] = (mode, *owner)
            if path:
                _write_directory(tree, path, mode, owner)
            continue
        place = tree.place(rules.diverted.get(path, path))
        try:
            if member.isfile():
                wanted = rules.wants_sum(path)
                done.sums.update(
                    {path: found} if (found := _write_file(archive, member, place, mode, owner, wanted)) else {}
                )
            elif member.issym():
                _write_link(member.linkname, place)
                if owner != (0, 0):
                    os.lchown(place, *owner)
                os.utime(place, (int(member.mtime), int(member.mtime)), follow_symlinks=False)
            elif member.islnk():
                link = path_of(member.linkname)
                os.link(tree.place(rules.diverted.get(link, link)), place, follow_symlinks=False)
            else:
                raise NotProven(f"{path} is a device or the like")
        except FileExistsError as exc:
            raise NotProven(f"{path} is there already") from exc
    return done


def path_of(name: str) -> str:
    """A path as dpkg lists it, empty for the root directory itself.

    :raises HostError: for one that leads out of it
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise HostError(f"{name!r} leads out of the root filesystem")
    return "".join(f"/{part}" for part in parts)


def _write_directory(tree: Tree, path: str, mode: int, owner: tuple[int, int]) -> None:
    """One that is there stays what it is, also where it is a link to one; so dpkg has it."""
    place = tree.place(path)
    try:
        os.mkdir(place, 0o700)
    except FileExistsError:
        tree.directory(path)
        return
    if owner != (0, 0):
        os.chown(place, *owner)
    os.chmod(place, mode)


def _write_link(target: str, place: str) -> None:
    try:
        os.symlink(target, place)
    except FileExistsError:
        if not os.path.islink(place) or os.readlink(place) != target:
            raise


def _write_file(
    archive: tarfile.TarFile, member: tarfile.TarInfo, place: str, mode: int, owner: tuple[int, int], wanted: bool
) -> str:
    """Owners before mode, as a change of owner takes away what lets a program run as its owner."""
    source = archive.extractfile(member)
    digest = hashlib.md5() if wanted else None  # dpkg's own sums are MD5
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(place, flags, 0o600)
    try:
        left = member.size
        while left and source is not None:
            chunk = source.read(min(left, _CHUNK))
            if not chunk:
                raise HostError(f"{member.name} ends too early")
            left -= len(chunk)
            if digest is not None:
                digest.update(chunk)
            while chunk:
                chunk = chunk[os.write(descriptor, chunk) :]
        if owner != (0, 0):
            os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        os.utime(descriptor, (int(member.mtime), int(member.mtime)))
    finally:
        os.close(descriptor)
    return digest.hexdigest() if digest is not None else ""
