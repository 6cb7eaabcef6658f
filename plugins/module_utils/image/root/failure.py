# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Why a bootstrap failed: of all that its programs say, the lines that tell."""

from __future__ import annotations

import re
import shlex
import typing as t

from ...host.errors import HostError
from ...host.machine import Completed, Host
from ..apt.archive import without_credentials

# The seeds: the order of what maintainer scripts in Perl and Python write shall not be left to chance.
_ENV = {
    "DEBIAN_FRONTEND": "noninteractive",
    "DEBCONF_NONINTERACTIVE_SEEN": "true",
    "PERL_HASH_SEED": "0",
    "PYTHONHASHSEED": "0",
}
# What apt, gpgv and debootstrap say when the keyring does not cover the release.
_KEY_TROUBLE = ("NO_PUBKEY", "is not signed", "unknown key", "Missing key", "EXPKEYSIG", "invalid signature")
# Comes of itself once something else has gone wrong.
_CONSEQUENCE = re.compile(r"setup failed|mmdebstrap failed to run|command failed|failed to run chroot|run_chroot")
_PROGRESS = re.compile(r"\(Reading database \.\.\. *(?:\d+%)?\Z")
NO_SPACE = "No space left on device"
# apt looks before it fetches.
_TOO_LITTLE_SPACE = "enough free space in"
_LONGEST = 4000
_SHOWN = 3


class BootstrapFailed(HostError):
    """A program that makes a root filesystem has failed.

    :ivar output: the end of what it said
    """

    def __init__(self, message: str, output: str) -> None:
        self.output = output
        super().__init__(message)

    @property
    def of_keys(self) -> bool:
        """Whether the keyring is at fault."""
        return any(word in self.output for word in _KEY_TROUBLE)

    @property
    def of_space(self) -> bool:
        """Whether a filesystem was full."""
        return any(word in said for word in (NO_SPACE, _TOO_LITTLE_SPACE) for said in (self.output, str(self)))


def with_place(error: OSError | BootstrapFailed, place: str, in_memory: bool) -> BootstrapFailed:
    """The same failure; when it was for want of space it tells where, and what to do about it."""
    if isinstance(error, OSError):
        error = BootstrapFailed(f"{error.strerror or error}: {error.filename or place}", "")
    if not error.of_space:
        return error
    kind = "memory" if in_memory else "disk"
    remedy = "use in_memory: never" if in_memory else "make room there, or name another place with work_dir"
    return BootstrapFailed(f"the {kind} at {place} is full: {remedy}. {error}", error.output)


def must(host: Host, argv: t.Sequence[str], tmpdir: str | None = None, shown: str = "") -> None:
    """Run a command of a bootstrap.

    :param tmpdir: where it puts what is temporary
    :param shown: what an error calls it, where its arguments would say little or too much
    :raises BootstrapFailed: when it fails
    """
    done = host.run(argv, env=_ENV if tmpdir is None else {**_ENV, "TMPDIR": tmpdir})
    if done.rc != 0:
        words = argv[2:] if argv[0] == "chroot" else argv[:1]
        output = without_credentials(_all(done))
        where = " in the new root" if argv[0] == "chroot" or shown else ""
        raise BootstrapFailed(f"{shown or shlex.join(words)}{where} failed: {reason(output)}", output[-_LONGEST:])


def _all(done: Completed) -> str:
    said = f"{done.out}\n{done.err}".replace("\r", "\n")
    return "\n".join(line for line in said.splitlines() if line.strip() and not _PROGRESS.match(line))


def reason(output: str) -> str:
    """The lines that tell, or the last one where none does."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    full = [line for line in lines if NO_SPACE in line]
    errors = [line[2:].strip() for line in lines if line.startswith("E:")]
    causes = [line for line in errors if not _CONSEQUENCE.search(line)]
    telling = full[:1] or causes or errors or lines[-1:] or ["it said nothing"]
    return "; ".join(list(dict.fromkeys(telling))[:_SHOWN])
