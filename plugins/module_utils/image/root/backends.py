# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The programs that unpack and configure a distribution's packages into a root filesystem."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import typing as t

from ...host.machine import Host
from ...host.peek import text
from ..place.userns import is_mapped
from ..progress import Phases
from ..recipe import Recipe, RootFile
from .direct import direct
from .failure import must
from .fetched import Fetched
from .files import inside, put_file

# Sets up a merged /usr where the suite has one; without it bookworm gets the package usrmerge, and all of perl with it.
_MERGED_USR = "/usr/share/mmdebstrap/hooks/maybe-merged-usr"
# Ubuntu's releases whose packages bring a merged /usr themselves: the hook of mmdebstrap 1.3.5 fails with them.
_MERGED_BY_ITSELF = frozenset(("noble", "plucky", "questing", "resolute"))
# Where mmdebstrap keeps the options it is given; they are in force while building, whatever the backend.
APT_CONF = "/etc/apt/apt.conf.d/99mmdebstrap"
DPKG_CFG = "/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
_SIGNED_BY = re.compile(r"\[[^\]]*signed-by=([^\s\]]+)")


class Unpack(t.Protocol):
    """Makes the root, a directory that is not there yet, and fills it with the recipe's packages.

    :param cache: directory with packages that were fetched before, None for no cache; a backend need not use it
    :param phases: told of each phase as it begins
    :returns: what was fetched, None where the backend cannot tell
    """

    def __call__(
        self, host: Host, recipe: Recipe, root: str, keyring: str, *, cache: str | None, phases: Phases
    ) -> Fetched | None: ...


def mmdebstrap(
    host: Host, recipe: Recipe, root: str, keyring: str, *, cache: str | None, phases: Phases
) -> Fetched | None:
    phases.enter("bootstrap")
    # in a namespace where root may not make device nodes, those of the host are lent to the root
    mode = "unshare" if is_mapped(text(host, "/proc/self/uid_map")) else "root"
    argv = ["mmdebstrap", f"--mode={mode}", "--format=directory", f"--variant={recipe.variant}"]
    argv += [f"--keyring={keyring}"] if keyring else []
    argv += [f"--architectures={recipe.architecture}"] if recipe.architecture else []
    hooked = host.exists(_MERGED_USR) and recipe.suite not in _MERGED_BY_ITSELF
    argv += [f"--hook-dir={_MERGED_USR}"] if hooked else []
    argv += [f"--aptopt={option}" for option in recipe.apt_options]
    argv += [f"--dpkgopt={option}" for option in recipe.dpkg_options]
    argv += [f"--include={','.join(recipe.packages)}"] if recipe.packages else []
    must(host, [*argv, recipe.suite, root, *recipe.sources], tmpdir=os.path.dirname(root))
    return None


def debootstrap(
    host: Host, recipe: Recipe, root: str, keyring: str, *, cache: str | None, phases: Phases
) -> Fetched | None:
    """debootstrap cannot resolve alternatives nor use several suites: it makes the base, apt does the rest."""
    phases.enter("bootstrap")
    uri, suite, components = _first_source(recipe)
    argv = ["debootstrap", "--variant=minbase"]
    argv += ["--no-check-gpg"] if _trusted(recipe) else [f"--keyring={keyring}", "--force-check-gpg"]
    argv += [f"--arch={recipe.architecture}"] if recipe.architecture else []
    argv += ["--include=ca-certificates"] if uri.startswith("https:") else []  # apt in the root needs them at once
    # the machine's clock and the release's Valid-Until are the recipe's concern (apt_options), not debootstrap's
    must(host, [*argv, f"--components={','.join(components)}", suite, root, uri])
    blocked = RootFile("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    with _lent(host, recipe.sources, root) as sources:
        for file in (
            blocked,
            RootFile("/etc/apt/sources.list", "".join(f"{line}\n" for line in sources)),
            RootFile(APT_CONF, "".join(f"{line};\n" for line in recipe.apt_options)),
            RootFile(DPKG_CFG, "".join(f"{line}\n" for line in recipe.dpkg_options)),
        ):
            put_file(root, file)
        _complete(host, recipe, root)
    return None


def _complete(host: Host, recipe: Recipe, root: str) -> None:
    """What apt does in the root: newer versions from the further suites, and the packages asked for."""
    in_root = ["chroot", root, "apt-get", "--yes"]
    must(host, [*in_root, "update"])
    must(host, [*in_root, "dist-upgrade"])
    if recipe.packages:
        must(host, [*in_root, "install", *recipe.packages])
    must(host, [*in_root, "clean"])


@contextlib.contextmanager
def _lent(host: Host, sources: t.Sequence[str], root: str) -> t.Iterator[list[str]]:
    """The sources as apt in the root can use them: with keyrings that are there, and that its own user can read."""
    places: dict[str, str] = {}
    for keyring in dict.fromkeys(source_of(line)[2] for line in sources):
        if keyring and not os.path.lexists(inside(root, keyring)):
            places[keyring] = f"/etc/apt/lent-{len(places)}{os.path.splitext(keyring)[1]}"
            shutil.copyfile(host.path(keyring), inside(root, places[keyring]))
            os.chmod(inside(root, places[keyring]), 0o644)

    def lend(line: str) -> str:
        keyring = source_of(line)[2]
        return line.replace(f"signed-by={keyring}", f"signed-by={places[keyring]}") if keyring in places else line

    try:
        yield [lend(line) for line in sources]
    finally:
        for place in places.values():
            os.unlink(inside(root, place))


def source_of(line: str) -> tuple[str, str, str]:
    """Address, suite and keyring of a source in the one-line format."""
    signed_by = _SIGNED_BY.search(line)
    words = re.sub(r"\[[^\]]*\]", "", line).split()
    return words[1], words[2], signed_by.group(1) if signed_by else ""


def _trusted(recipe: Recipe) -> bool:
    """Whether the release itself is taken without verifying it."""
    return "trusted=yes" in recipe.sources[0].partition("]")[0]


def _first_source(recipe: Recipe) -> tuple[str, str, list[str]]:
    words = recipe.sources[0].partition("]")[2].split() if "[" in recipe.sources[0] else recipe.sources[0].split()[1:]
    return words[0], words[1], words[2:]


UNPACK: t.Mapping[str, Unpack] = {"direct": direct, "mmdebstrap": mmdebstrap, "debootstrap": debootstrap}
