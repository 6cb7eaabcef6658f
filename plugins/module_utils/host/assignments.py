# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A file of variable assignments, read as sh or systemd does and edited by as few bytes as that takes.

Such files are /etc/default/docker, /etc/sysconfig/docker and /etc/conf.d/docker. Everything else in them stays as it
is; each edit is read again, and what would not be read as it was meant is not handed out.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .assignments_found import Found, Reader, View
from .assignments_shell import view_shell
from .assignments_systemd import view_systemd
from .assignments_values import problems, quote
from .errors import HostError

__all__ = [
    "Edited",
    "Found",
    "Reader",
    "problems",
    "put_back",
    "quote",
    "read_assignments",
    "remove_variable",
    "set_variable",
    "value_of",
]

_VIEWS: dict[Reader, t.Callable[[str, str], View]] = {"shell": view_shell, "systemd": view_systemd}


@dataclass(frozen=True)
class Edited:
    """The file's new text.

    :param before: for `put_back`, the statement as it stood; None where there was none, empty where there was none and
        the file did not end in a newline
    """

    text: str
    how: t.Literal["kept", "replaced", "appended", "removed"]
    before: str | None


def read_assignments(text: str, path: str, reader: Reader) -> list[Found]:
    """The assignments in the order in which they stand in the file.

    Raises HostError where a shell could not read the file; for systemd nothing is an error.
    """
    return _VIEWS[reader](text, path).found


def value_of(found: t.Sequence[Found], name: str) -> str | None:
    """The value that counts; None where the variable is not set or nobody can tell."""
    last = _last(found, name)
    return last.value if last else None


def set_variable(text: str, path: str, name: str, value: str, *, readers: t.Collection[Reader], export: bool) -> Edited:
    """Make every reader read exactly this value.

    :param readers: who reads the file
    :param export: whether processes that a shell starts have to see the variable; what is exported stays exported

    Raises HostError where a shell could not read the file, or no line of ours would be read as it is meant.
    """
    views = {reader: _VIEWS[reader](text, path) for reader in _VIEWS if reader in readers}
    shell = views.get("shell")
    lacks_export = bool(export and shell and name not in shell.exported)
    if views and all(_reads(view, name, value) for view in views.values()) and not lacks_export:
        spot = _spot(views, name)
        return Edited(text, "kept", _region_text(text, spot) if spot else None)
    for edited, offset in _edits(text, views, name, value, lacks_export):
        if all(_is_read(edited.text, path, reader, view, name, value, offset) for reader, view in views.items()):
            return edited
    raise _refusal(path, views, name)


def _refusal(path: str, views: dict[Reader, View], name: str) -> HostError:
    """The error for a variable that no edit sets."""
    systemd = views.get("systemd")
    is_open = [each for each in systemd.found if not each.whole] if systemd else []
    if is_open:
        where, why = f"{path}:{is_open[-1].line}", "systemd finds a quotation opened here and never closed"
    else:
        where = path
        why = "what stands before it ends in a backslash, ends the script, or forbids to set the variable"
    return HostError(
        f"{where}: a line that sets {name} would not be read as it is meant: {why}; correct it by hand first"
    )


def remove_variable(text: str, path: str, name: str, *, reader: Reader) -> Edited:
    """Take every assignment of the variable away, with a line that only exports it.

    Raises HostError where a shell could not read the file, or one of them is no statement of its own at top level.
    """
    view = _VIEWS[reader](text, path)
    shell = _view(text, path, "shell")
    spans = _statements(view, shell, path, name)
    if not spans:
        return Edited(text, "kept", None)
    kept: list[str] = []
    removed: list[str] = []
    index = 0
    for start, end in sorted(spans):
        kept.append(text[index:start])
        removed.append(text[max(index, start) : end])
        index = max(index, end)
    rest = "".join([*kept, text[index:]])
    if not _others_stay(view, _view(rest, path, reader), name):
        raise HostError(f"{path}: other variables would change when {name} goes; take it out by hand")
    return Edited(rest, "removed", "".join(removed))


def _statements(view: View, shell: View | None, path: str, name: str) -> set[tuple[int, int]]:
    """Where the statements stand that assign or only export the variable; raises HostError where one cannot go."""
    found = [each for each in view.found if each.name == name and not each.unset]
    in_blocks = {e.line_start for e in shell.found if e.name == name and not e.whole} if shell else set()
    for each in found:
        # Where only systemd reads the file now, a script that may read it again stays one that works.
        if not each.whole or each.line_start in in_blocks:
            raise HostError(
                f"{path}:{each.line}: {name} is assigned here inside of a block, a condition or another statement, or "
                "in a quotation that never ends; take that out by hand, as doing it without knowing what it is for "
                "could break the rest"
            )
    spans = {(each.line_start, each.line_end) for each in found}
    return spans | _bare_exports(shell, name, spans)


def put_back(
    text: str, path: str, name: str, statement: str | None, *, readers: t.Collection[Reader] = ("shell", "systemd")
) -> str:
    """Undo `set_variable`: its statement goes, and what had stood there comes back.

    :param statement: `Edited.before` of the edit that is undone
    :param readers: who reads the file

    A file in which our statement no longer stands comes back as it is.
    """
    views = [view for view in (_view(text, path, reader) for reader in readers) if view]
    plain = [each for view in views for each in view.found if each.name == name and each.plain]
    if not plain:
        return text
    start, end = _region(text, max(plain, key=lambda each: (each.line_start, each.line_end)))
    before, ours, after = text[:start], text[start:end], text[end:]
    if statement == "" and not after:
        newline = "\r\n" if ours.endswith("\r\n") else "\n"
        return before[: -len(newline)] if before.endswith(newline) else before
    statement = statement or ""
    glued = statement and after and not statement.endswith(("\n", "\r"))
    return before + statement + ("\n" if glued else "") + after


def _last(found: t.Sequence[Found], name: str) -> Found | None:
    return next((each for each in reversed(found) if each.name == name), None)


def _view(text: str, path: str, reader: Reader) -> View | None:
    try:
        return _VIEWS[reader](text, path)
    except HostError:
        return None


def _reads(view: View, name: str, value: str) -> bool:
    last = _last(view.found, name)
    return last is not None and last.certain and last.value == value


def _others_stay(before: View, after: View | None, name: str) -> bool:
    """Whether all other variables are assigned as before."""

    def others(view: View) -> list[tuple[str, str | None, bool, bool]]:
        return [(each.name, each.value, each.certain, each.unset) for each in view.found if each.name != name]

    return after is not None and others(before) == others(after)


def _is_read(text: str, path: str, reader: Reader, before: View, name: str, value: str, offset: int) -> bool:
    """Whether the statement at this offset gives the variable its value, and all other variables are as before."""
    now = _view(text, path, reader)
    last = _last(now.found, name) if now else None
    if not last or not last.plain or last.line_start != offset:
        return False
    return last.value == value and _others_stay(before, now, name)


def _edits(
    text: str, views: dict[Reader, View], name: str, value: str, lacks_export: bool
) -> t.Iterator[tuple[Edited, int]]:
    """The edits that may do, best first, each with the offset of our statement in the new text."""
    newline = "\r\n" if list(views) == ["systemd"] and 0 < text.count("\n") == text.count("\r\n") else "\n"
    export = f"export {name}{newline}" if lacks_export else ""
    spot = _spot(views, name)
    if spot:
        reads = all(_reads(view, name, value) for view in views.values())
        new = text[spot.start : spot.end] if reads else quote(name, value).partition("=")[2]
        rest = text[spot.end : spot.line_end]
        rest += "\n" if export and not rest.endswith("\n") else ""
        edited = text[: spot.start] + new + rest + export + text[spot.line_end :]
        yield Edited(edited, "replaced", _region_text(text, spot)), spot.line_start
    ours = quote(name, value) + newline + export
    example = _behind_example(text, name)
    if example is not None and not _exports_at(text, name, example):
        yield Edited(text[:example] + ours + text[example:], "appended", None), example
    lacks_newline = bool(text) and not text.endswith("\n")
    before = text + (newline if lacks_newline else "")
    yield Edited(before + ours, "appended", "" if lacks_newline else None), len(before)


def _spot(views: dict[Reader, View], name: str) -> Found | None:
    """The one statement that counts for all readers, with the value's text as wide as any of them sees it.

    A carriage return before the newline belongs to the value for sh only; a comment belongs to it for systemd only,
    and is not ours to take away.
    """
    last = [_last(view.found, name) for view in views.values()]
    spots = [each for each in last if each is not None and each.plain]
    if not spots or len(spots) < len(last) or len({each.start for each in spots}) > 1:
        return None
    widest = max(spots, key=lambda each: each.end)
    narrowest = min(each.end for each in spots)
    return widest if widest.end - narrowest <= 1 else None


def _behind_example(text: str, name: str) -> int | None:
    """The offset behind the last assignment of this variable that is commented out."""
    example = re.compile(
        rf"^[ \t]*#[# \t]*(?:export[ \t]+)?{re.escape(name)}=[^\n]*(?:(?<=\\)\n[ \t]*#[^\n]*)*\n", re.MULTILINE
    )
    ends = [match.end() for match in example.finditer(text)]
    return ends[-1] if ends else None


def _exports_at(text: str, name: str, offset: int) -> int | None:
    """The end of a line at this offset that only exports the variable."""
    rest = r"[ \t]*(?:;[ \t]*(?:#[^\n]*)?|(?<=[ \t])#[^\n]*)?(?:\n|\Z)"
    line = re.compile(rf"[ \t]*export[ \t]+{re.escape(name)}{rest}").match(text, offset)
    return line.end() if line else None


def _region(text: str, found: Found) -> tuple[int, int]:
    """The statement with a line directly behind it that exports its variable."""
    return found.line_start, _exports_at(text, found.name, found.line_end) or found.line_end


def _region_text(text: str, found: Found) -> str:
    start, end = _region(text, found)
    return text[start:end]


def _bare_exports(shell: View | None, name: str, removed: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Lines that only export the variable, unless the shell has an assignment of its own that stays."""
    if not shell or any(
        e.name == name and not e.unset and (e.line_start, e.line_end) not in removed for e in shell.found
    ):
        return set()
    return {(each.line_start, each.line_end) for each in shell.exports if each.whole and each.name == name}
