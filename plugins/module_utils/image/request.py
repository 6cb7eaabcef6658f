# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a playbook asks for: an image by name, and what shall be in it."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .apt.further import FurtherSource, read_further
from .apt.origin import Wanted
from .engine.image_config import ImageConfig, read_config
from .engine.packing import EMPTY
from .engine.reference import parse_reference
from .files.dates import parse_date
from .files.wish import FileWish, problems_of_files, read_files

_SUITE = re.compile(r"[a-z][a-z0-9.-]*\Z")
_COMPONENT = re.compile(r"[a-z0-9][a-z0-9/-]*\Z")
# Name, then an architecture, then a version or a suite, as apt takes them; a final dash would mean removal.
_PACKAGE = re.compile(r"[a-z0-9](?:[a-z0-9+.-]*[a-z0-9+.])(?::[a-z0-9]+)?(?:=[A-Za-z0-9.+:~-]+|/[a-z0-9.-]+)?\Z")
# On disk and meant for what is large; /tmp is often in memory, and may forbid device nodes and programs.
WORK_DIR = "/var/tmp"
# Packages and package lists of the backend that unpacks itself.
CACHE_DIR = "/var/cache/slipway/packages"
# Debian's names for architectures, and Docker's for the platforms.
PLATFORMS = {
    "amd64": "linux/amd64",
    "arm64": "linux/arm64/v8",
    "armel": "linux/arm/v5",
    "armhf": "linux/arm/v7",
    "i386": "linux/386",
    "mips64el": "linux/mips64le",
    "ppc64el": "linux/ppc64le",
    "riscv64": "linux/riscv64",
    "s390x": "linux/s390x",
}
# What says nothing where nothing is bootstrapped.
_BOOTSTRAP_ONLY = (
    "suite",
    "variant",
    "packages",
    "components",
    "mirror",
    "security_mirror",
    "keyring",
    "sources",
    "allow_unsigned",
    "backend",
    "slim",
    "commands",
)


@dataclass(frozen=True)
class Request:
    """One task's wishes.

    :ivar source: ``bootstrap``, or ``files``: an image of nothing but those
    :ivar tags: further names
    :ivar sources: besides the suite's own archive
    :ivar allow_unsigned: take the suite's own archive without verifying it
    :ivar commands: run in the root when all else is in it
    :ivar date: of an image of files, as it was given
    :ivar libraries: add the shared libraries that programs among the files need
    :ivar slim: leave out documentation, manual pages and translations
    :ivar force: build although the image there is what was asked for
    :ivar work_dir: where to build what is not built in memory
    :ivar in_memory: ``auto``, ``always`` or ``never``
    :ivar cache: keep packages and package lists for the next build
    :ivar cache_dir: where they are kept
    :ivar package_list: file on the host to list the packages in, empty for none
    :ivar package_list_format: ``spdx`` or ``cyclonedx``
    """

    name: str
    state: str = "present"
    source: str = "bootstrap"
    tags: tuple[str, ...] = ()
    suite: str = ""
    variant: str = "minbase"
    packages: tuple[str, ...] = ()
    components: tuple[str, ...] = ("main",)
    architecture: str = ""
    mirror: str = ""
    security_mirror: str = ""
    keyring: str = ""
    sources: tuple[FurtherSource, ...] = ()
    allow_unsigned: bool = False
    backend: str = "auto"
    slim: bool = False
    files: tuple[FileWish, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    date: str = ""
    libraries: bool = False
    config: ImageConfig = field(default_factory=ImageConfig)
    force: bool = False
    work_dir: str = WORK_DIR
    in_memory: str = "auto"
    cache: bool = True
    cache_dir: str = CACHE_DIR
    package_list: str = ""
    package_list_format: str = "spdx"

    @property
    def wanted_origin(self) -> Wanted:
        return Wanted(self.suite, self.mirror, self.security_mirror, self.keyring, self.sources, self.allow_unsigned)

    @property
    def familiar_name(self) -> str:
        """The image's name as Docker shows it; as it was given where it is none."""
        return familiar(self.name)

    @property
    def familiar_tags(self) -> tuple[str, ...]:
        """The further names, as Docker shows them; without those that are the same."""
        names = dict.fromkeys(familiar(tag) for tag in self.tags)
        return tuple(name for name in names if name != self.familiar_name)

    @property
    def familiar_names(self) -> tuple[str, ...]:
        """All names, the first one first."""
        return (self.familiar_name, *self.familiar_tags)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know about what is asked for."""
        unsigned = ["mirror"] if self.allow_unsigned else []
        unsigned += [f"sources[{index}]" for index, source in enumerate(self.sources) if source.allow_unsigned]
        return tuple(f"allow_unsigned: nobody vouches for the packages from {place}" for place in unsigned)

    def name_problems(self) -> list[str]:
        """What is wrong with the names: all that matters where the image shall go."""
        found = []
        for option, name in (("name", self.name), *((f"tags[{n}]", tag) for n, tag in enumerate(self.tags))):
            try:
                parse_reference(name)
            except ValueError as error:
                found.append(f"{option}: {error}; got: {name}")
        return found

    def problems(self) -> list[str]:
        """Everything that can be told to be wrong without looking at a host."""
        of_source = self._problems_of_files_only() if self.source == "files" else self._problems_of_bootstrap()
        found = [*self.name_problems(), *of_source]
        if self.architecture and self.architecture not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            found.append(f"architecture must be one of {known}, as Debian names them; got: {self.architecture}")
        for option, path in (("work_dir", self.work_dir), ("cache_dir", self.cache_dir)):
            if not path.startswith("/"):
                found.append(f"{option} must be the path of a directory, from the root on; got: {path}")
        if self.package_list and (not self.package_list.startswith("/") or self.package_list.endswith("/")):
            found.append(f"package_list.path must be the path of a file, from the root on; got: {self.package_list}")
        return found + problems_of_files(self.files) + self.config.problems()

    def _problems_of_bootstrap(self) -> t.Iterator[str]:
        if self.suite and not _SUITE.match(self.suite):
            yield f"suite must be a release's name such as bookworm; got: {self.suite}"
        for option, values, pattern in (
            ("packages", self.packages, _PACKAGE),
            ("components", self.components, _COMPONENT),
        ):
            yield from (f"{option}: {value!r} is no name for one" for value in values if not pattern.match(value))
        if not self.components:
            yield "components must name at least one, such as main"
        if self.variant != "minbase" and self.backend == "debootstrap":
            yield f"variant {self.variant} needs another backend: debootstrap's smallest variant is minbase"
        for option, uri in (("mirror", self.mirror), ("security_mirror", self.security_mirror)):
            if re.search(r"//[^/]*@", uri):
                yield f"{option} must not hold credentials: they would get into the image"
        if self.allow_unsigned and self.keyring:
            yield "keyring is of no use with allow_unsigned"
        for index, source in enumerate(self.sources):
            yield from (f"sources[{index}].{problem}" for problem in source.problems())
        for index, argv in enumerate(self.commands):
            if not argv or not argv[0] or any("\0" in word for word in argv):
                yield f"commands[{index}] must be a program and its arguments; got: {list(argv)}"
        for index, wish in enumerate(self.files):
            top, _slash, rest = wish.path.lstrip("/").partition("/")
            if top in EMPTY and rest:
                yield f"files[{index}].path: nothing of /{top} is kept when bootstrapping; got: {wish.path}"
        for option in ("date", "libraries"):
            if getattr(self, option):
                yield f"{option} is for source files only"

    def _problems_of_files_only(self) -> t.Iterator[str]:
        other = Request(self.name)
        for option in _BOOTSTRAP_ONLY:
            if getattr(self, option) != getattr(other, option):
                yield f"{option} is of no use with source files, which bootstraps nothing"
        if not self.files:
            yield "files must name at least one with source files"
        try:
            parse_date(self.date)
        except ValueError as error:
            yield f"date {error}; got: {self.date}"


def familiar(name: str) -> str:
    """A name as Docker shows it; as it was given where it is none."""
    try:
        return parse_reference(name).familiar
    except ValueError:
        return name


def read_request(params: t.Mapping[str, t.Any]) -> Request:
    """A module's parameters as a request."""
    listed = params.get("package_list") or {}
    return Request(
        name=params["name"],
        state=params["state"],
        source=params["source"],
        tags=tuple(params["tags"]),
        suite=params.get("suite") or "",
        variant=params["variant"],
        packages=tuple(dict.fromkeys(params["packages"])),
        components=tuple(dict.fromkeys(params["components"])),
        architecture=params.get("architecture") or "",
        mirror=(params.get("mirror") or "").rstrip("/"),
        security_mirror=(params.get("security_mirror") or "").rstrip("/"),
        keyring=params.get("keyring") or "",
        sources=read_further(params["sources"]),
        allow_unsigned=params["allow_unsigned"],
        backend=params["backend"],
        slim=params["slim"],
        files=read_files(params["files"]),
        commands=tuple(tuple(str(word) for word in argv) for argv in params["commands"]),
        date=params.get("date") or "",
        libraries=params["libraries"],
        config=read_config(params, ("bash",) if params["source"] == "bootstrap" else ()),
        force=params["force"],
        work_dir=params.get("work_dir") or WORK_DIR,
        in_memory=params.get("in_memory") or "auto",
        cache=params.get("cache") is not False,
        cache_dir=params.get("cache_dir") or CACHE_DIR,
        package_list=listed.get("path") or "",
        package_list_format=listed.get("format") or "spdx",
    )
