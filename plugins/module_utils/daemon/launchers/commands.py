# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which of a script's commands start dockerd, and which of its words are dockerd's arguments."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

from ...host.shell.trace import Field, split_again
from .programs import SHELLS, is_daemon, launches_daemon

# Programs that run another one, which they are told behind options of their own.
_WRAPPERS = frozenset(
    "chpst chrt command daemon daemonize dbus-run-session env exec flock initlog ionice nice nohup numactl runuser"
    " s6-setuidgid setsid setuidgid softlimit sudo taskset time timeout unshare cgexec".split()
)
_SWITCHING_USER = frozenset({"su", "runuser"})
# Where the words of one command end in a text that is read as a script.
_ENDS = ("|", "&", ";", ">", "<", "1>", "2>")


@dataclass(frozen=True)
class Start:
    """A command that starts dockerd.

    :param program: the word that names it
    :param arguments: dockerd's own
    """

    program: Field
    arguments: tuple[Field, ...]


def start_of(words: t.Sequence[Field], depth: int = 0) -> Start | None:
    """What a command starts, where that is dockerd."""
    if not words or depth > 4:
        return None
    texts = [word.text for word in words]
    if launches_daemon(texts):
        return Start(words[0], tuple(words[1:]))
    name = os.path.basename(texts[0])
    if name == "start-stop-daemon":
        return _start_stop_daemon(words, depth)
    if name == "eval":
        return start_of(_until_end([part for word in words[1:] for part in split_again(word)]), depth + 1)
    if (name in SHELLS or name in _SWITCHING_USER) and "-c" in texts[:-1]:
        return start_of(_until_end(split_again(words[texts.index("-c") + 1])), depth + 1)
    if name in _WRAPPERS:
        return _behind_options(words, depth)
    return None


def _behind_options(words: t.Sequence[Field], depth: int) -> Start | None:
    """The program that a wrapper runs: the first word that is one of those we know."""
    for index in range(1, len(words)):
        name = os.path.basename(words[index].text)
        if is_daemon(name) or name == "docker" or name in _WRAPPERS or name in SHELLS:
            return start_of(words[index:], depth + 1)
    return None


def _start_stop_daemon(words: t.Sequence[Field], depth: int) -> Start | None:
    """start-stop-daemon(8): what it starts is an option, and that program's arguments come behind two dashes."""
    texts = [word.text for word in words]
    end = texts.index("--") if "--" in texts else len(texts)
    if not {"--start", "-S"} & set(texts[:end]):
        return None
    program = _option(words[:end], ("--startas", "-a")) or _option(words[:end], ("--exec", "-x"))
    return start_of([program, *words[end + 1 :]], depth + 1) if program else None


def _option(words: t.Sequence[Field], names: tuple[str, ...]) -> Field | None:
    for index, word in enumerate(words):
        if word.text in names and index + 1 < len(words):
            return words[index + 1]
    return None


def _until_end(words: t.Sequence[Field]) -> list[Field]:
    """The first command of a text that is read as a script; assignments before it are no part of it."""
    found: list[Field] = []
    for word in words:
        if word.text.startswith(_ENDS) and not word.quoted:
            break
        found.append(word)
    return found
