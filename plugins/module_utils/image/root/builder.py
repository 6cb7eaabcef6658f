# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Packages unpacked into a root filesystem here, not by dpkg; dpkg of the new root then configures them."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import shutil
import typing as t

from ...host.machine import Host
from ..apt.packages import field
from ..apt.resolve import DUMMY, Step
from ..recipe import Recipe, RootFile
from .deb_file import Control, opened, read_control
from .dpkg_database import ADMIN, INSTALLING, Database, Package
from .failure import must
from .files import put_file
from .path_filter import PathFilter
from .tree_writer import Rules, Tree, Unpacked, unpack

WORKERS = 2
# What mmdebstrap makes before there is any package.
_DIRECTORIES = (
    "/etc/apt/apt.conf.d",
    "/etc/apt/preferences.d",
    "/etc/apt/sources.list.d",
    "/etc/dpkg/dpkg.cfg.d",
    "/dev",
    "/tmp",
    "/var/cache/apt/archives",
    "/var/lib/apt/lists",
    "/var/log/apt",
)
_PARTIAL = ("/var/cache/apt/archives/partial", "/var/lib/apt/lists/partial")
_FSTAB = RootFile("/etc/fstab", "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")
# Links of a merged /usr, beside those that every architecture has.
_LIBRARIES = {
    "amd64": ("lib32", "lib64", "libx32"),
    "i386": ("lib64", "libx32"),
    "mips64el": ("lib32", "lib64", "libo32"),
    "ppc64el": ("lib64",),
    "s390x": ("lib32",),
}


class Builder:
    """A root filesystem in the making.

    :param files: of packages, by the package's key
    """

    def __init__(self, host: Host, recipe: Recipe, root: str, architecture: str, files: t.Mapping[str, str]) -> None:
        self._host, self._recipe, self._architecture = host, recipe, architecture
        self._root, self._files = root, files
        self._tree = Tree(root)
        self._database = Database(self._tree)
        self._filter = PathFilter(recipe.dpkg_options)
        self._dpkg = ""

    def prepare(self, merged: bool) -> None:
        """What is there before the first package."""
        os.chmod(self._root, 0o755)
        if merged:
            for name in ("bin", "sbin", "lib", *_LIBRARIES.get(self._architecture, ())):
                os.makedirs(f"{self._root}/usr/{name}", exist_ok=True)
                os.symlink(f"usr/{name}", f"{self._root}/{name}")
        for path in _DIRECTORIES:
            os.makedirs(self._root + path, exist_ok=True)
        for path in _PARTIAL:
            os.mkdir(self._root + path, 0o700)
        os.chmod(f"{self._root}/tmp", 0o1777)
        self._database.prepare(self._architecture, f"{DUMMY}\n" if merged else "")
        options = self._recipe.apt_options, self._recipe.dpkg_options
        for name, lines, end in (
            ("/etc/apt/sources.list", self._recipe.sources, "\n"),
            ("/etc/apt/apt.conf.d/99mmdebstrap", options[0], ";\n"),
            ("/etc/dpkg/dpkg.cfg.d/99mmdebstrap", options[1], "\n"),
        ):
            put_file(self._root, RootFile(name, "".join(line + end for line in lines)))
        put_file(self._root, _FSTAB)
        for name in ("/etc/resolv.conf", "/etc/hostname"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(name, self._root + name)

    def unpack_essential(self, step: Step) -> list[Package]:
        """All files are there before the first script of a package runs: none can do without the others."""
        controls = self._controls(step)
        packages = self._extract(step, controls, self._rules(controls))
        self._settle_directories(packages)
        self._dpkg = next((one.version for one in step.install if one.name == "dpkg"), "")
        return packages

    def configure_essential(self, step: Step, packages: t.Sequence[Package]) -> None:
        for package in packages:
            self._before(package, "")
        self._database.add(packages)
        self._configure(["--force-depends", "--configure", *step.configure])

    def install(self, step: Step, replaced: str) -> None:
        """Further packages: with dpkg's calls in apt's order.

        :param replaced: version of what stood for them until now
        """
        controls = self._controls(step)
        for one in step.install:
            self._before(Package(controls[one.key], Unpacked()), replaced)
        self._database.add(self._extract(step, controls, self._rules(controls)), replaced)
        last = ["--configure", "--pending"]
        self._configure(last if step.pending else ["--no-triggers", "--configure", *step.configure])

    def finish(self) -> None:
        """What mmdebstrap leaves behind: apt cleans up last, and lets nobody look into half-done downloads."""
        for path in _PARTIAL:
            place = self._tree.directory(path)
            os.chown(place, 0, 0)
            os.chmod(place, 0o700)

    def _controls(self, step: Step) -> dict[str, dict[str, Control]]:
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            found = pool.map(read_control, [self._files[one.key] for one in step.install])
            return dict(zip([one.key for one in step.install], found))

    def _rules(self, controls: t.Mapping[str, dict[str, Control]]) -> t.Callable[[str], Rules]:
        users, groups = (self._numbers(name) for name in ("passwd", "group"))
        overrides = self._database.overrides(users, groups)

        def rules(key: str) -> Rules:
            diverted = self._database.diversions(key.partition(":")[0])
            return Rules(self._filter, diverted, overrides, users, groups, _wanted(controls[key]))

        return rules

    def _numbers(self, name: str) -> dict[str, int]:
        with contextlib.suppress(FileNotFoundError), open(f"{self._tree.directory('/etc')}/{name}", "rb") as file:
            fields = [line.split(":") for line in os.fsdecode(file.read()).splitlines()]
            return {each[0]: int(each[2]) for each in fields if len(each) > 2 and each[2].isdigit()}
        return {}

    def _extract(
        self, step: Step, controls: t.Mapping[str, dict[str, Control]], rules: t.Callable[[str], Rules]
    ) -> list[Package]:
        """The largest first, so that no worker is left alone with it at the end."""

        def extract(key: str) -> Unpacked:
            with opened(self._files[key], "data") as archive:
                return unpack(archive, self._tree, rules(key))

        keys = [one.key for one in sorted(step.install, key=lambda one: -one.size)]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            done = dict(zip(keys, pool.map(extract, keys)))
        return [Package(controls[one.key], done[one.key]) for one in step.install]

    def _settle_directories(self, packages: t.Sequence[Package]) -> None:
        """Of packages with the same directory the last one counts: mmdebstrap has tar unpack one after the other."""
        found = {path: wanted for package in packages for path, wanted in package.unpacked.directories.items()}
        for path, (mode, user, group) in found.items():
            place = self._tree.place(path) if path else self._root
            if not os.path.islink(place):
                os.chown(place, user, group)
                os.chmod(place, mode)

    def _before(self, package: Package, replaced: str) -> None:
        """Run a package's script of the time before it is unpacked, from where dpkg has it then."""
        script = package.control.get("preinst")
        if script is None:
            return
        directory = self._tree.place(INSTALLING)
        os.mkdir(directory, 0o755)
        try:
            for control in package.control.values():
                with open(f"{directory}/{control.name}", "wb") as file:
                    file.write(control.content)
                os.chmod(f"{directory}/{control.name}", control.mode)
            told = {
                "DPKG_ADMINDIR": ADMIN,
                "DPKG_MAINTSCRIPT_ARCH": field(package.stanza, "Architecture"),
                "DPKG_MAINTSCRIPT_DEBUG": "0",
                "DPKG_MAINTSCRIPT_NAME": "preinst",
                "DPKG_MAINTSCRIPT_PACKAGE": package.name,
                "DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT": "1",
                "DPKG_ROOT": "",
                "DPKG_RUNNING_VERSION": self._dpkg,
            }
            words = ["upgrade", replaced, field(package.stanza, "Version")] if replaced else ["install"]
            environment = [f"{name}={value}" for name, value in told.items()]
            must(self._host, ["chroot", self._root, "env", *environment, f"{INSTALLING}/preinst", *words])
        finally:
            shutil.rmtree(directory)

    def _configure(self, argv: t.Sequence[str]) -> None:
        must(self._host, ["chroot", self._root, "dpkg", *argv])


def _wanted(control: dict[str, Control]) -> t.Callable[[str], bool]:
    """Which sums are needed: of configuration files, or of all where the package brings none."""
    if "md5sums" not in control:
        return lambda path: True
    configuration = {words[-1] for words in Package(control, Unpacked()).conffiles}
    return lambda path: path in configuration
