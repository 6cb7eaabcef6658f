# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What must not be seen in a result: passwords in URLs, and tokens that log drivers and the like are given."""

from __future__ import annotations

import re
import typing as t

from .document import without_credentials

HIDDEN = "***"

_WORDS = r"(?:token|password|passwd|secret|api[-_]?key|access[-_]?key|credentials?)"
_NAME = re.compile(rf"(?i)(^|[._-]){_WORDS}$")
_ASSIGNED = re.compile(rf"(?i)((?:^|[\s._-]){_WORDS}=)(?:\"[^\"]*\"|'[^']*'|\S+)")
# As JSON has it.
_MEMBER = re.compile(rf"(?i)(\"(?:[^\"\s]*[._-])?{_WORDS}\"\s*:\s*\")[^\"]+(?=\")")
# user:password@host without a scheme, which dockerd takes for a proxy.
_BARE = re.compile(r"(?<![\w/:@.*])[^\s\"'/:@=,*]+:[^\s\"'/@,]+@(?=[\w\[])")


def fit_to_show(value: t.Any) -> t.Any:
    """A value of a result with all secrets in it hidden."""
    if isinstance(value, str):
        shown = _MEMBER.sub(rf"\g<1>{HIDDEN}", _ASSIGNED.sub(rf"\g<1>{HIDDEN}", without_credentials(value)))
        return _BARE.sub(f"{HIDDEN}@", shown)
    if isinstance(value, dict):
        return {name: HIDDEN if _is_secret(name, entry) else fit_to_show(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [fit_to_show(entry) for entry in value]
    return value


def _is_secret(name: t.Any, value: t.Any) -> bool:
    return isinstance(name, str) and isinstance(value, str) and bool(value) and bool(_NAME.search(name))
