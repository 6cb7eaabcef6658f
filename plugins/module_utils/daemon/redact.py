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

_NAME = re.compile(r"(?i)(^|[._-])(token|password|passwd|secret|api-?key|access-?key|credentials?)$")
_ASSIGNED = re.compile(r"(?i)((?:^|[._-])(?:token|password|passwd|secret|api-?key|access-?key|credentials?)=)\S+")


def fit_to_show(value: t.Any) -> t.Any:
    """A value of a result with all secrets in it hidden."""
    if isinstance(value, str):
        return _ASSIGNED.sub(rf"\g<1>{HIDDEN}", without_credentials(value))
    if isinstance(value, dict):
        return {name: HIDDEN if _is_secret(name, entry) else fit_to_show(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [fit_to_show(entry) for entry in value]
    return value


def _is_secret(name: t.Any, value: t.Any) -> bool:
    return isinstance(name, str) and isinstance(value, str) and bool(value) and bool(_NAME.search(name))
