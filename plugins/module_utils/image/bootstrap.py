# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""From a recipe to a root filesystem in a tar file. Signatures are always verified, with the keyring given."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError
from ..host.machine import Host
from .failure import BootstrapFailed, must
from .fixed import remove_leftovers, remove_links, settle
from .recipe import Recipe, RootFile
from .scratch import scratch
from .tar_headers import settle_headers

BACKENDS = ("auto", "mmdebstrap", "debootstrap")
# Sets up a merged /usr where the suite has one; without it bookworm gets the package usrmerge, and all of perl with it.
_MERGED_USR = "/usr/share/mmdebstrap/hooks/maybe-merged-usr"
# Where mmdebstrap keeps the options it is given.
_APT_CONF = "/etc/apt/apt.conf.d/99mmdebstrap"
_DPKG_CFG = "/etc/dpkg/dpkg.cfg.d/99mmdebstrap"


@dataclass(frozen=True)
class Built:
    """A root filesystem that was made.

    :ivar backend: the program that made it
    :ivar date: of what is in it, in seconds since 1970; no file is newer
    """

    backend: str
    date: int


def choose_backend(host: Host, wanted: str = "auto") -> str:
    """The bootstrap program to use.

    :raises HostError: when it is not installed
    """
    if wanted not in BACKENDS:
        raise HostError(f"backend must be one of {', '.join(BACKENDS)}; got: {wanted}")
    programs = BACKENDS[1:] if wanted == "auto" else (wanted,)
    for program in programs:
        if host.find_program(program):
            return program
    raise HostError(f"none of {', '.join(programs)} is installed: install the package {programs[0]}")


def bootstrap(
    host: Host,
    recipe: Recipe,
    tarball: str,
    *,
    keyring: str,
    backend: str = "auto",
    workdir: str | None = None,
    apt_options: t.Sequence[str] = (),
    dpkg_options: t.Sequence[str] = (),
) -> Built:
    """Build a root filesystem. The tar file is there when this returns and not there when it fails.

    The same recipe and the same packages give the same bytes, whenever and wherever it is built.

    :param keyring: file with the keys the release has to be signed with
    :param workdir: where the root is unpacked; a temporary directory in it is used and removed
    :param apt_options: lines of apt.conf in force while building and not afterwards, such as this machine's proxy
    :param dpkg_options: lines of dpkg.cfg, likewise
    """
    program = choose_backend(host, backend)
    if not host.exists(keyring):
        raise HostError(f"the keyring {keyring} does not exist: install the package debian-archive-keyring")
    part, began = f"{tarball}.part", time.time()
    building = replace(
        recipe,
        apt_options=(*recipe.apt_options, *apt_options),
        dpkg_options=(*recipe.dpkg_options, *dpkg_options),
    )
    with scratch(host, workdir) as directory:
        root = os.path.join(directory, "root")
        try:
            _unpack(host, program, building, root, keyring)
            _keep_options(recipe, root)
            _finish(host, recipe, root)
            date = settle(root, began)
            _pack(host, root, part)
            os.replace(part, tarball)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
    return Built(program, date)


def _unpack(host: Host, program: str, recipe: Recipe, root: str, keyring: str) -> None:
    unpack = _mmdebstrap if program == "mmdebstrap" else _debootstrap
    try:
        unpack(host, recipe, root, keyring)
    except BootstrapFailed as exc:
        if exc.of_keys:
            message = (
                f"the signature of {recipe.suite} cannot be verified with {keyring}: install a newer package of the"
            )
            message += f" distribution's keyring, or name one that holds the release's keys. {exc}"
            raise BootstrapFailed(message, exc.output) from exc
        raise


def _mmdebstrap(host: Host, recipe: Recipe, root: str, keyring: str) -> None:
    argv = ["mmdebstrap", "--mode=root", "--format=directory", f"--variant={recipe.variant}", f"--keyring={keyring}"]
    argv += [f"--architectures={recipe.architecture}"] if recipe.architecture else []
    argv += [f"--hook-dir={_MERGED_USR}"] if host.exists(_MERGED_USR) else []
    argv += [f"--aptopt={option}" for option in recipe.apt_options]
    argv += [f"--dpkgopt={option}" for option in recipe.dpkg_options]
    argv += [f"--include={','.join(recipe.packages)}"] if recipe.packages else []
    must(host, [*argv, recipe.suite, root, *recipe.sources], tmpdir=os.path.dirname(root))


def _debootstrap(host: Host, recipe: Recipe, root: str, keyring: str) -> None:
    """debootstrap cannot resolve alternatives nor use several suites: it makes the base, apt does the rest."""
    uri, suite, components = _first_source(recipe)
    argv = ["debootstrap", "--variant=minbase", f"--keyring={keyring}", "--force-check-gpg"]
    argv += [f"--arch={recipe.architecture}"] if recipe.architecture else []
    argv += ["--include=ca-certificates"] if uri.startswith("https:") else []  # apt in the root needs them at once
    # the machine's clock and the release's Valid-Until are the recipe's concern (apt_options), not debootstrap's
    must(host, [*argv, f"--components={','.join(components)}", suite, root, uri])
    blocked = RootFile("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    for file in (
        blocked,
        RootFile("/etc/apt/sources.list", "".join(f"{line}\n" for line in recipe.sources)),
        RootFile(_APT_CONF, "".join(f"{line};\n" for line in recipe.apt_options)),
        RootFile(_DPKG_CFG, "".join(f"{line}\n" for line in recipe.dpkg_options)),
    ):
        put_file(root, file)
    with _lent(keyring, root):
        _complete(host, recipe, root)


def _complete(host: Host, recipe: Recipe, root: str) -> None:
    """What apt does in the root: newer versions from the further suites, and the packages asked for."""
    in_root = ["chroot", root, "apt-get", "--yes"]
    must(host, [*in_root, "update"])
    must(host, [*in_root, "dist-upgrade"])
    if recipe.packages:
        must(host, [*in_root, "install", *recipe.packages])
    must(host, [*in_root, "clean"])


@contextlib.contextmanager
def _lent(keyring: str, root: str) -> t.Iterator[None]:
    """The keyring at the same path in the root, as long as apt there is told to look for it."""
    path = inside(root, keyring)
    missing = not os.path.lexists(path)
    if missing:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        shutil.copyfile(keyring, path)
    try:
        yield
    finally:
        if missing:
            os.unlink(path)


def _keep_options(recipe: Recipe, root: str) -> None:
    """Of the options, those of the recipe stay in the root."""
    for path, lines, end in ((_APT_CONF, recipe.apt_options, ";\n"), (_DPKG_CFG, recipe.dpkg_options, "\n")):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(inside(root, path))
        if lines:
            put_file(root, RootFile(path, "".join(line + end for line in lines)))


def _first_source(recipe: Recipe) -> tuple[str, str, list[str]]:
    words = recipe.sources[0].partition("]")[2].split() if "[" in recipe.sources[0] else recipe.sources[0].split()[1:]
    return words[0], words[1], words[2:]


def _finish(host: Host, recipe: Recipe, root: str) -> None:
    remove_leftovers(root)
    remove_links(root)
    for file in recipe.files:
        put_file(root, file)
    for argv in recipe.commands:
        must(host, ["chroot", root, *argv])
    # empty, not absent: systemd then makes one at each first boot without taking it for a first installation
    put_file(root, RootFile("/etc/machine-id", "", 0o444))


def put_file(root: str, file: RootFile) -> None:
    """Write a file of the recipe, replacing what is there."""
    path = inside(root, file.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    if file.link is not None:
        os.symlink(file.link, path)
        return
    with open(path, "w", encoding="utf-8") as opened:
        opened.write(file.content)
    os.chmod(path, file.mode)


def inside(root: str, path: str) -> str:
    """A path of the root as this process sees it; a symbolic link in the root must not lead out of it.

    :raises HostError: when it would
    """
    parent = os.path.realpath(os.path.join(root, os.path.dirname(path).lstrip("/")))
    real_root = os.path.realpath(root)
    if parent != real_root and not parent.startswith(real_root + "/"):
        raise HostError(f"{path} leads out of the root filesystem, to {parent}")
    return os.path.join(parent, os.path.basename(path))


def _pack(host: Host, root: str, part: str) -> None:
    argv = ["tar", "--create", f"--file={part}", f"--directory={root}", "--one-file-system"]
    # the name of extended headers is told: by default some versions of tar put their process's number into it
    argv += ["--sort=name", "--numeric-owner", "--format=pax"]
    argv += ["--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"]
    argv += ["--xattrs", "--xattrs-include=security.capability"]
    argv += [f"--exclude=./{name}/*" for name in ("dev", "proc", "run", "sys", "tmp")]
    _private(part)
    host.check([*argv, "."])
    with open(part, "r+b") as packed:
        settle_headers(packed)


def _private(path: str) -> None:
    """An empty file of our own making: a root filesystem holds password hashes, and a link planted there is refused."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def architecture(host: Host) -> str:
    """The machine's architecture as Debian names it."""
    return host.check(["dpkg", "--print-architecture"]).out.strip()
