# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""From a recipe to a root filesystem. Signatures are always verified, with the keyring given."""

from __future__ import annotations

import contextlib
import os
import time
import typing as t
from dataclasses import dataclass, replace

from ...host.errors import HostError
from ...host.machine import Host
from ..engine.packing import packing
from ..files.hooks import put_entries, run_hooks
from ..place.scratch import remove_tree, scratch
from ..progress import Phases
from ..recipe import Recipe, RootFile
from .backends import APT_CONF, DPKG_CFG, UNPACK, source_of
from .choice import BACKENDS, fitting, program_of
from .failure import BootstrapFailed, must
from .fetched import Fetched
from .files import inside, put_file
from .fixed import content_date, remove_leftovers, remove_links, settle
from .tree_writer import NotProven

MACHINE_ID = "/etc/machine-id"


@dataclass(frozen=True)
class Built:
    """A root filesystem that was made.

    :ivar backend: what made it
    :ivar date: of what is in it, in seconds since 1970; no file is newer
    :ivar fetched: the packages it was made of, where the backend can tell
    :ivar notes: what a person should know
    """

    backend: str
    date: int
    fetched: Fetched | None = None
    notes: tuple[str, ...] = ()


def choose_backend(host: Host, wanted: str, recipe: Recipe) -> str:
    """What to make a root with.

    :raises HostError: when it is not installed
    """
    if wanted not in BACKENDS:
        raise HostError(f"backend must be one of {', '.join(BACKENDS)}; got: {wanted}")
    foreign = recipe.architecture not in ("", architecture(host)) if wanted == "auto" else False
    programs = fitting(wanted, recipe.suite, recipe.variant, foreign)
    for program in programs:
        if host.find_program(program_of(program)):
            return program
    raise HostError(f"none of {', '.join(programs)} is installed: install the package {programs[0]}")


def make_root(
    host: Host,
    recipe: Recipe,
    root: str,
    *,
    keyring: str,
    backend: str = "auto",
    apt_options: t.Sequence[str] = (),
    dpkg_options: t.Sequence[str] = (),
    cache: str | None = None,
    phases: Phases | None = None,
) -> Built:
    """Build a root filesystem in a directory, which must not be there yet and is left to the caller also on failure.

    The same recipe and the same packages give the same bytes when it is packed, whenever and wherever it is built.

    :param keyring: file with the keys the release has to be signed with; empty where the recipe's sources are trusted
    :param apt_options: lines of apt.conf in force while building and not afterwards, such as this machine's proxy
    :param dpkg_options: lines of dpkg.cfg, likewise
    :param cache: directory with packages that were fetched before, None for no cache
    """
    program = choose_backend(host, backend, recipe)
    if keyring and not host.exists(keyring):
        raise HostError(f"the keyring {keyring} does not exist: install the package debian-archive-keyring")
    phases, began = phases or Phases(), time.time()
    building = replace(
        recipe,
        apt_options=(*recipe.apt_options, *apt_options),
        dpkg_options=(*recipe.dpkg_options, *dpkg_options),
    )
    notes: tuple[str, ...] = ()
    try:
        fetched = _unpack(host, program, building, root, keyring, cache, phases)
    except NotProven as unproven:
        program, notes = _other_than(host, program, unproven)
        remove_tree(host, root)
        fetched = _unpack(host, program, building, root, keyring, cache, phases)
    phases.enter("finish")
    _keep_options(recipe, root)
    _finish(host, recipe, root)
    return Built(program, settle(root, began), fetched, notes)


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
    cache: str | None = None,
    phases: Phases | None = None,
) -> Built:
    """Build a root filesystem as a tar file, which is there when this returns and not there when it fails.

    :param workdir: where the root is unpacked; a temporary directory in it is used and removed
    """
    phases = phases or Phases()
    with scratch(host, workdir) as directory:
        root = os.path.join(directory, "root")
        built = make_root(
            host,
            recipe,
            root,
            keyring=keyring,
            backend=backend,
            apt_options=apt_options,
            dpkg_options=dpkg_options,
            cache=cache,
            phases=phases,
        )
        phases.enter("pack")
        part = f"{tarball}.part"
        try:
            with _private(part) as packed:
                packing(root)(packed)
            os.replace(part, tarball)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
    return built


def _other_than(host: Host, program: str, exc: NotProven) -> tuple[str, tuple[str, ...]]:
    """mmdebstrap, whose result is the same where both can make it.

    :raises HostError: when it is not installed
    """
    if not host.find_program("mmdebstrap"):
        raise HostError(f"backend {program} cannot make this image: {exc}. Install mmdebstrap, which can") from exc
    return "mmdebstrap", (f"made with mmdebstrap, as backend {program} cannot: {exc}",)


def _unpack(
    host: Host, program: str, recipe: Recipe, root: str, keyring: str, cache: str | None, phases: Phases
) -> Fetched | None:
    try:
        return UNPACK[program](host, recipe, root, keyring, cache=cache, phases=phases)
    except BootstrapFailed as exc:
        if exc.of_keys:
            raise BootstrapFailed(_distrust(recipe, keyring, exc), exc.output) from None  # it has all that exc tells
        raise


def _distrust(recipe: Recipe, keyring: str, exc: BootstrapFailed) -> str:
    """Which keys do not fit what, and what to do about it."""
    further = _distrusted(recipe, exc.output)
    if further is not None:
        place, keyring = further
        message = f"the signature of {place} cannot be verified with {keyring}: give the source a keyring that holds"
        message += f" the keys it is signed with, or allow_unsigned. {exc}"
        return message
    message = f"the signature of {recipe.suite} cannot be verified with {keyring}: install a newer package of the"
    message += f" distribution's keyring, or name one that holds the release's keys. {exc}"
    return message


def _distrusted(recipe: Recipe, output: str) -> tuple[str, str] | None:
    """Address and keyring of the source that apt finds fault with, None where it is the release's own archive."""
    found = [source_of(line) for line in recipe.sources]
    own = {place for place, suite, _keyring in found if suite.startswith(recipe.suite)}
    for place, suite, keyring in found:
        if place not in own and f"The repository '{place} {suite} " in output:
            return f"{place} {suite}", keyring
    return None


def _keep_options(recipe: Recipe, root: str) -> None:
    """Of the options, those of the recipe stay in the root."""
    for path, lines, end in ((APT_CONF, recipe.apt_options, ";\n"), (DPKG_CFG, recipe.dpkg_options, "\n")):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(inside(root, path))
        if lines:
            put_file(root, RootFile(path, "".join(line + end for line in lines)))


def _finish(host: Host, recipe: Recipe, root: str) -> None:
    remove_leftovers(root)
    remove_links(root)
    for file in recipe.files:
        put_file(root, file)
    for argv in recipe.commands:
        must(host, ["chroot", root, *argv])
    put_entries(root, recipe.entries)
    if recipe.hooks:
        run_hooks(host, recipe, root, content_date(root))
        remove_leftovers(root, keep={*(file.path for file in recipe.files), *(entry.path for entry in recipe.entries)})
    if any(entry.path == MACHINE_ID for entry in recipe.entries):
        return
    # empty, not absent: systemd then makes one at each first boot without taking it for a first installation
    put_file(root, RootFile(MACHINE_ID, "", 0o444))


def _private(path: str) -> t.BinaryIO:
    """An empty file of our own making: a root filesystem holds password hashes, and a link planted there is refused."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def architecture(host: Host) -> str:
    """The machine's architecture as Debian names it."""
    return host.check(["dpkg", "--print-architecture"]).out.strip()
