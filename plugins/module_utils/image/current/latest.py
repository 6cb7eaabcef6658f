# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image's packages are compared with what the archive has now. Pure: nothing is asked or touched here."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..apt.versions import is_older
from ..listing.installed import Package


@dataclass(frozen=True, order=True)
class Change:
    """Another version of a package.

    :ivar before: empty for a package that was not there
    :ivar after: empty for a package that is there no more
    """

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.before or '(not there)'} -> {self.after or '(gone)'}{' (older)' if self.down else ''}"
        )

    @property
    def down(self) -> bool:
        return bool(self.before and self.after) and is_older(self.after, self.before)

    @property
    def up(self) -> bool:
        return bool(self.before and self.after) and not self.down


@dataclass(frozen=True)
class News:
    """How the archive differs from an image.

    :ivar changes: what a new image would have; empty when it would be no newer
    :ivar remarks: what is not taken as a reason for a new one, in words
    """

    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why a new image is wanted, and what it would go back in."""
        newer = [change.name for change in self.changes if change.up]
        older = [change.name for change in self.changes if change.down]
        back = f"; older than before would be {', '.join(older)}" if older else ""
        return f"the archive has newer versions of {', '.join(newer)}{back}"


def versions_of(packages: t.Iterable[Package], own: str) -> dict[str, str]:
    """Versions by name; of another architecture than the image's own by ``name:architecture``, as apt names them."""
    return {
        package.name
        if package.architecture in (own, "all")
        else f"{package.name}:{package.architecture}": package.version
        for package in packages
    }


def changes_between(before: t.Mapping[str, str], after: t.Mapping[str, str]) -> tuple[Change, ...]:
    """All that differs between two images, by name."""
    return tuple(
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def on_offer(installed: t.Mapping[str, str], candidates: t.Mapping[str, str]) -> tuple[Change, ...]:
    """What the archive has another version of, or none at all; what is not installed does not matter."""
    return changes_between(installed, {name: candidates[name] for name in installed if name in candidates})


def judge(
    installed: t.Mapping[str, str],
    offered: t.Sequence[Change],
    resolved: t.Mapping[str, str] | None = None,
    commands: bool = False,
) -> News:
    """Whether what the archive offers is worth a new image.

    One that only went back or lost packages is not: a mirror that lags behind would undo a security update.

    :param offered: what :func:`on_offer` found
    :param resolved: the packages that a new image would have, as far as apt can tell; a candidate that is not among
        them, such as one that the recipe names another version of, would not get in
    :param commands: whether commands have a say in what is installed: of what only they can have brought in, a new
        image would have the same version again
    """
    known = resolved or {}
    coming = [
        Change(change.name, change.before, known.get(change.name, change.before if commands else change.after))
        for change in offered
        if change.after
    ]
    coming = [change for change in coming if change.before != change.after]
    older = [str(change) for change in coming if change.down]
    gone = [change.name for change in offered if not change.after]
    remarks = []
    if older:
        remarks.append(
            f"the archive has only older versions than the image, as if the mirror went back: {', '.join(older)}"
        )
    if gone:
        remarks.append(f"the archive no longer has packages of the image: {', '.join(gone)}")
    if not any(change.up for change in coming):
        return News((), tuple(remarks))
    added = [Change(name, "", version) for name, version in (resolved or {}).items() if name not in installed]
    return News(tuple(sorted([*coming, *added])), tuple(remarks))
