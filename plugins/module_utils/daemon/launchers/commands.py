# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which of a script's commands start dockerd, and which of its words are dockerd's arguments."""

from __future__ import annotations

import os
import re
import typing as t
from dataclasses import dataclass, replace

from ...host.shell.trace import Field, split_again
from .programs import SHELLS, is_daemon, launches_daemon

# Programs that run another one, which they are told behind options of their own.
_WRAPPERS = frozenset(
    "chpst chrt command daemon daemonize dbus-run-session env exec flock initlog ionice nice nohup numactl runuser"
    " s6-setuidgid setsid setuidgid softlimit sudo taskset time timeout unshare cgexec".split()
)
_GIVES_SCRIPT = re.compile(r"-[a-z]*c|--command\Z")
_SWITCHING_USER = frozenset({"su", "runuser"})
# What start-stop-daemon(8) is told, dpkg's and OpenRC's: the options that matter, and the letters that have values.
_LONG = {"--start": "S", "--exec": "x", "--startas": "a"}
_VALUED = frozenset("acdegIkNnOPprRsuwx1234")
# In a text that is read as a script: where a command ends, and what is no word of any.
_ENDS = frozenset("|&;()")
_NO_WORD = re.compile(r"[0-9]*[<>]|&>")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")


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
        return _in_script([part for word in words[1:] for part in split_again(word)], depth)
    if name in SHELLS or name in _SWITCHING_USER:
        for option, script in zip(texts[1:], words[2:]):
            if _GIVES_SCRIPT.match(option):
                return _in_script(split_again(script), depth)
    if name == "daemon":  # Red Hat's function for init scripts, which has a shell read its words once more
        return _behind_options([words[0], *(part for word in words[1:] for part in split_again(word))], depth)
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
    options = _options(words[1:end])
    program = options.get("a") or options.get("x")
    if "S" not in options or program is None:
        return None
    return start_of([program, *words[end + 1 :]], depth + 1)


def _options(words: t.Sequence[Field]) -> dict[str, Field]:
    """start-stop-daemon's options by their letters, each with the word that is its value or itself."""
    found: dict[str, Field] = {}
    waits = ""
    for word in words:
        if waits:
            found[waits], waits = word, ""
            continue
        name, equals, value = word.text.partition("=")
        if name in _LONG:
            found[_LONG[name]] = replace(word, text=value)
            waits = _LONG[name] if not equals and name != "--start" else ""
        elif word.text.startswith("-") and not word.text.startswith("--"):
            waits = _short_options(word, found)
    return found


def _short_options(word: Field, found: dict[str, Field]) -> str:
    """Note the letters of a word; the one whose value is the next word, if there is one."""
    for at, letter in enumerate(word.text[1:], start=2):
        found[letter] = replace(word, text=word.text[at:])
        if letter in _VALUED:
            return letter if at == len(word.text) else ""
    return ""


def _in_script(words: t.Sequence[Field], depth: int) -> Start | None:
    """What a text that is read as a script starts first; assignments and redirections are no part of a command."""
    command: list[Field] = []
    for word in [*words, None]:
        if word is None or (not word.quoted and word.text in _ENDS):
            found = start_of(command, depth + 1)
            if found or word is None:
                return found
            command = []
        elif not (not word.quoted and _NO_WORD.match(word.text)) and (command or not _ASSIGNMENT.match(word.text)):
            command.append(word)
    return None
