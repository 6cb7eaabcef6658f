# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files that are wanted in an image, as they are found: what each will be there, and the digest of what it holds."""

from __future__ import annotations

import hashlib
import os
import stat
import typing as t
from dataclasses import dataclass, replace

from ...host.errors import HostError
from ...host.machine import Host
from ..capabilities import parse_capabilities
from ..engine.layer import Sink
from .paths import parents_of
from .wish import FileWish

Kind = t.Literal["file", "directory", "link"]
_CHUNK = 1 << 20
# More than this a tar file's header cannot tell without an extension, which nothing here needs.
_LARGEST = 8**11 - 1


@dataclass(frozen=True)
class Entry:
    """A file, directory or symbolic link in the image.

    :ivar owner: a name or a number, as is the group
    :ivar content: what a file holds, where that was given
    :ivar src: where it is for this process, where that was given instead
    :ivar capabilities: value of the attribute that holds them
    :ivar implied: it came with a directory, and may be there already
    """

    path: str
    kind: Kind = "file"
    mode: int = 0o644
    owner: str = "0"
    group: str = "0"
    size: int = 0
    sha256: str = ""
    link: str = ""
    content: bytes | None = None
    src: str = ""
    implied: bool = False
    capabilities: bytes = b""

    @property
    def identity(self) -> str:
        """All that it is but its path, in words; of what a file holds only the digest."""
        if self.kind == "link":
            return f"link {self.owner}:{self.group} {self.link}"
        words = f"{self.kind} {self.mode:04o} {self.owner}:{self.group}"
        words += f" capabilities:{self.capabilities.hex()}" if self.capabilities else ""
        return f"{words} sha256:{self.sha256}" if self.kind == "file" else words

    def chunks(self) -> t.Iterator[bytes]:
        """What a file holds, in pieces."""
        if self.content is not None:
            yield self.content
            return
        with open(self.src, "rb") as opened:
            yield from iter(lambda: opened.read(_CHUNK), b"")

    def copy_to(self, sink: Sink) -> None:
        """Write what a file holds.

        :raises HostError: where it is not what it was when it was looked at
        """
        digest, left = hashlib.sha256(), self.size
        for chunk in self.chunks():
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            sink.write(chunk)
        if left or digest.hexdigest() != self.sha256:
            raise HostError(f"{self.src or self.path} changed while the image was made; build it again")


@dataclass(frozen=True)
class Tree:
    """All of them, each path once, directories before what is in them.

    :ivar problems: why they cannot be had
    :ivar remarks: what a person should know about them
    """

    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """What the files hold, in bytes."""
        return sum(entry.size for entry in self.entries)


def look_at_files(host: Host, wishes: t.Sequence[FileWish]) -> Tree:
    """Read what is wanted; of a wish that is wrong in itself nothing is read."""
    found: dict[str, Entry] = {}
    named: list[Entry] = []
    problems: list[str] = []
    for index, wish in enumerate(wishes):
        if list(wish.problems()):
            continue
        if wish.src is None:
            named.append(_given(wish))
            continue
        try:
            for entry in _found(host.path(wish.src), wish):
                if entry.implied:
                    found[entry.path] = entry
                else:
                    named.append(entry)
        except _Unfit as error:
            problems.append(f"files[{index}].src: {error}")
        except OSError as error:
            shown = _shown(host, error.filename or wish.src)
            problems.append(f"files[{index}].src: {shown} cannot be read: {error.strerror}")
    found.update((entry.path, entry) for entry in named)
    entries = tuple(found[path] for path in sorted(found, key=lambda path: path.split("/")))
    return Tree(entries, (*problems, *_under_no_directory(found)))


class _Unfit(Exception):
    pass


def _shown(host: Host, path: str) -> str:
    return path if host.booted else "/" + os.path.relpath(path, host.root)


def _given(wish: FileWish) -> Entry:
    base = Entry(wish.path, owner=wish.owner, group=wish.group)
    if wish.link is not None:
        return replace(base, kind="link", mode=0o777, link=wish.link)
    if wish.directory:
        return replace(base, kind="directory", mode=_chosen(wish, 0o755))
    content = (wish.content or "").encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(content).hexdigest()
    capabilities = parse_capabilities(wish.capabilities)
    base = replace(base, size=len(content), sha256=digest, content=content, capabilities=capabilities)
    return replace(base, mode=_chosen(wish, 0o644))


def _chosen(wish: FileWish, usual: int) -> int:
    return usual if wish.bits is None else wish.bits


def _found(src: str, wish: FileWish) -> t.Iterator[Entry]:
    """What is at a place on the host; what is in a directory comes with it."""
    if not os.path.isdir(src):
        if wish.path == "/":
            raise _Unfit(f"{src} is no directory, as the root of an image has to be")
        found = _entry_of(src, wish.path, wish, follow=True)
        yield replace(found, capabilities=parse_capabilities(wish.capabilities))
        return
    if wish.capabilities:
        raise _Unfit(f"{src} is a directory, and only a file has capabilities")
    if wish.path != "/":
        yield replace(_directory(wish, wish.path), implied=True)
    for directory, names, files in os.walk(src, onerror=_raise):
        relative = os.path.relpath(directory, src)
        base = wish.path if relative == "." else os.path.join(wish.path, relative)
        for name in (*names, *files):
            yield replace(
                _entry_of(os.path.join(directory, name), os.path.join(base, name), wish, follow=False), implied=True
            )


def _raise(error: OSError) -> t.NoReturn:
    raise error


def _entry_of(src: str, path: str, wish: FileWish, follow: bool) -> Entry:
    info = os.stat(src) if follow else os.lstat(src)
    if stat.S_ISLNK(info.st_mode):
        return Entry(path, "link", 0o777, wish.owner, wish.group, link=os.readlink(src))
    if stat.S_ISDIR(info.st_mode):
        return _directory(wish, path)
    if not stat.S_ISREG(info.st_mode):
        raise _Unfit(f"{src} is neither a file, a directory nor a symbolic link")
    if info.st_size > _LARGEST:
        raise _Unfit(f"{src} is larger than 8 GiB")
    mode = _chosen(wish, 0o755 if info.st_mode & stat.S_IXUSR else 0o644)
    size, digest = _digest(src, follow)
    return Entry(path, "file", mode, wish.owner, wish.group, size, digest, src=src)


def _directory(wish: FileWish, path: str) -> Entry:
    """Who may read a directory of a wish may search it."""
    mode = 0o755 if wish.bits is None else wish.bits & 0o777 | (wish.bits & 0o444) >> 2
    return Entry(path, "directory", mode, wish.owner, wish.group)


def _digest(src: str, follow: bool) -> tuple[int, str]:
    """Size and digest. What was no link a moment ago, in a directory of somebody else's, must not be one now."""
    digest, size = hashlib.sha256(), 0
    flags = os.O_RDONLY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with open(os.open(src, flags), "rb") as opened:
        for chunk in iter(lambda: opened.read(_CHUNK), b""):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _under_no_directory(found: t.Mapping[str, Entry]) -> t.Iterator[str]:
    """What would lie in something that is no directory, as far as the wishes themselves do not show it."""
    for path, entry in found.items():
        for above in (found[parent] for parent in parents_of(path) if parent in found):
            told = not entry.implied and not above.implied and not above.src
            if above.kind != "directory" and not told:
                yield f"files: {path} cannot be there, as {above.path} is no directory but a {above.kind}"


def summary(tree: t.Sequence[Entry], wishes: t.Sequence[FileWish], limit: int = 64) -> dict[str, str]:
    """What each is by its path, for people and for an image's label; of many, those of a directory taken together."""
    if len(tree) <= limit:
        return {entry.path: entry.identity for entry in tree}
    shown = {}
    for wish in wishes:
        below = f"{wish.path.rstrip('/')}/"
        inside = [entry for entry in tree if entry.path == wish.path or entry.path.startswith(below)]
        if wish.src is None or len(inside) < 2:
            shown.update({entry.path: entry.identity for entry in inside if entry.path == wish.path})
        else:
            all_of_it = "\n".join(f"{entry.path} {entry.identity}" for entry in inside)
            digest = hashlib.sha256(all_of_it.encode("utf-8", "surrogateescape")).hexdigest()
            shown[wish.path] = f"tree of {len(inside)}, sha256:{digest}"
    return shown
