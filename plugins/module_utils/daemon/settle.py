# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Wishes for the file that dockerd's service reads, settled: what it shall hold, and whether anybody reads it. Pure."""

from __future__ import annotations

import typing as t

from ..host.assignments import (
    Reader,
    problems,
    put_back,
    read_assignments,
    remove_variable,
    set_variable,
    value_of,
)
from ..host.errors import HostError, InvalidInput
from ..host.files import as_bytes, as_text
from .launch import Launch
from .launchers.attach import ATTACHING_DROP_IN, attaching_drop_in
from .launchers.systemd_launch import SystemdLaunch
from .variables import OwnedVariables, Settled, Wishes

# What packages, past and present, call the variable that goes into dockerd's command line.
OPTION_NAMES = frozenset(
    "DOCKER_OPTS DOCKER_OPTIONS DOCKER_NETWORK_OPTIONS DOCKER_STORAGE_OPTIONS DOCKERD_OPTS DAEMON_ARGS OPTIONS"
    " OPTS other_args".split()
)


def settle(
    wishes: Wishes,
    path: str,
    contents: t.Mapping[str, bytes | None],
    owned: OwnedVariables,
    launch: Launch | None,
    readers: t.Sequence[Reader],
) -> Settled:
    """Work out what the file shall hold.

    :param path: of the file
    :param contents: of it, and of the file that we remember, as they would be without flags taken out
    :param owned: what we remember
    :param readers: who reads such a file on this host, the one that counts first
    :raises InvalidInput: with all that is wrong
    """
    found = [
        problem
        for name, value in wishes.values.items()
        for problem in problems(name, value, options=_is_option(name, launch), path=path)
    ]
    if found:
        raise InvalidInput(found)
    edited = dict(contents)
    edited.setdefault(path, None)
    if wishes.owned:
        _give_back(edited, owned, wishes, path, readers)
    try:
        text, displaced = _edited(as_text(edited[path]), path, wishes, owned, launch, readers)
    except HostError as error:
        raise InvalidInput([str(error)]) from None
    created = owned.created if owned.path == path else contents.get(path) is None
    gone = created and not text
    edited[path] = None if gone or (edited[path] is None and not text) else as_bytes(text)
    remembered = OwnedVariables(path, dict(wishes.values), displaced, created) if wishes.owned else owned
    if wishes.owned and not wishes.values:
        remembered = OwnedVariables()
    names = [*owned.values, *wishes.values, *wishes.absent]
    before = _values(contents, (owned.path, path), names, readers)
    after = _values(edited, (owned.path, path), names, readers)
    changed = tuple(name for name in dict.fromkeys(names) if before.get(name) != after.get(name))
    return _attached(Settled(edited, remembered, launch, changed), wishes, path)


def _values(
    contents: t.Mapping[str, bytes | None], paths: t.Iterable[str], names: list[str], readers: t.Sequence[Reader]
) -> dict[str, list[str]]:
    """What is assigned to some variables, by the first reader's understanding."""
    found: dict[str, list[str]] = {}
    for path in dict.fromkeys(filter(None, paths)):
        text = as_text(contents.get(path))
        for each in read_assignments(text, path, readers[0]):
            if each.name in names:
                found.setdefault(each.name, []).append(text[each.start : each.end])
    return found


def _give_back(
    edited: dict[str, bytes | None],
    owned: OwnedVariables,
    wishes: Wishes,
    path: str,
    readers: t.Sequence[Reader],
) -> None:
    """Variables that we had set and that are not wanted any more, or that are wanted in another file."""
    text = as_text(edited.get(owned.path))
    for name, value in owned.values.items():
        stays = owned.path == path and name in wishes.values
        if not stays and value_of(read_assignments(text, owned.path, readers[0]), name) == value:
            text = put_back(text, owned.path, name, owned.displaced.get(name), readers=readers)
    if owned.path in edited:
        gone = owned.created and not text
        edited[owned.path] = None if gone else as_bytes(text)


def _edited(
    text: str, path: str, wishes: Wishes, owned: OwnedVariables, launch: Launch | None, readers: t.Sequence[Reader]
) -> tuple[str, dict[str, str | None]]:
    displaced: dict[str, str | None] = {}
    for name, value in wishes.values.items():
        done = set_variable(text, path, name, value, readers=readers, export=not _is_option(name, launch))
        before = owned.displaced.get(name) if owned.path == path and name in owned.values else done.before
        text, displaced[name] = done.text, before
    for name in wishes.absent:
        text = remove_variable(text, path, name, reader=readers[0]).text
    return text, displaced


def _attached(settled: Settled, wishes: Wishes, path: str) -> Settled:
    """The command line with the new contents, and a drop-in that makes the unit read the file where that is wanted."""
    launch, contents = settled.launch, dict(settled.contents)
    if launch is None:
        return settled
    options = [name for name, value in wishes.values.items() if value.strip() and _is_option(name, launch)]
    if isinstance(launch, SystemdLaunch) and wishes.add_to_unit is not None:
        bare = launch.assuming({**contents, ATTACHING_DROP_IN: None})
        contents[ATTACHING_DROP_IN] = None
        if wishes.add_to_unit and isinstance(bare, SystemdLaunch):
            contents[ATTACHING_DROP_IN] = attaching_drop_in(bare, path, options)
    after = launch.assuming(contents)
    found = _void(after, wishes, path, options)
    if found:
        raise InvalidInput(found)
    return Settled(contents, settled.owned, after, settled.changed)


def _void(launch: Launch, wishes: Wishes, path: str, options: list[str]) -> list[str]:
    """Why what is written would have no effect."""
    if not wishes.values:
        return []
    systemd = isinstance(launch, SystemdLaunch)
    remedy = "set add_to_unit to have a drop-in do that, or put options into daemon.json" if systemd else ""
    if path not in launch.environment_files:
        read = f"; it reads {', '.join(launch.environment_files)}" if launch.environment_files else ""
        said = f"{path}: the service ({launch.source}) does not read this file{read}"
        return [f"{said}, so that variables in it would have no effect; {remedy or 'name the file that it reads'}"]
    used = sorted(launch.variables & OPTION_NAMES)
    return [
        f"{path}: the service ({launch.source}) does not put {name} into dockerd's command line"
        + (f"; it takes {', '.join(used)}" if used else "")
        + (f"; {remedy}" if remedy else "")
        for name in options
        if name not in launch.brought_by
    ]


def _is_option(name: str, launch: Launch | None) -> bool:
    """Whether a variable is put into the command line, where blanks part words."""
    return name in OPTION_NAMES or (launch is not None and name in launch.variables)
