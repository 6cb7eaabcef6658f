# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Variables in the file that dockerd's service reads: what is wished for, what is remembered, what comes of it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..host.errors import InvalidInput
from .launch import Launch


@dataclass(frozen=True)
class Wishes:
    """Variables as they shall be.

    :param values: those that shall be set
    :param absent: those that shall not
    :param path: of the file, empty for the one that this host's service reads
    :param owned: whether variables that we had set and that are not named any more give their places back
    :param add_to_unit: whether a drop-in makes the unit read the file where it does not; None leaves that as it is
    """

    values: t.Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    path: str = ""
    owned: bool = True
    add_to_unit: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is wished for."""
        return bool(self.values or self.absent) or self.add_to_unit is not None


def wish_values(values: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Values as text; a variable without one is not asked for.

    :raises InvalidInput: naming those that YAML has made something else of
    """
    wrong = [
        f"variable {name} must be text; got {type(value).__name__}: put quotes around the value"
        for name, value in values.items()
        if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None)))
    ]
    if wrong:
        raise InvalidInput(wrong)
    return {name: str(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class OwnedVariables:
    """What we remember of a file of variables.

    :param values: those that we have set
    :param displaced: the statement that had stood in place of each, None where there was none
    :param created: whether the file was not there before
    """

    path: str = ""
    values: dict[str, str] = field(default_factory=dict)
    displaced: dict[str, str | None] = field(default_factory=dict)
    created: bool = False


@dataclass(frozen=True)
class Settled:
    """What comes of wishes.

    :param contents: new contents by path, before flags are taken out; None for a file that goes
    :param launch: the command line with them
    :param changed: names of variables that change
    """

    contents: dict[str, bytes | None] = field(default_factory=dict)
    owned: OwnedVariables = field(default_factory=OwnedVariables)
    launch: Launch | None = None
    changed: tuple[str, ...] = ()
