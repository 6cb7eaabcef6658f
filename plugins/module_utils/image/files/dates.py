# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A point in time as a task writes it."""

from __future__ import annotations

import datetime
import re

_LATEST = 2**33 - 1  # what a tar file's header holds in octal digits


def parse_date(text: str) -> int:
    """Seconds since 1970 of such a number, or of a date, or of a date and time, of which UTC is assumed.

    :raises ValueError: says what it must be
    """
    if not text:
        return 0
    if re.match(r"[0-9]{1,11}\Z", text):
        seconds = int(text)
    else:
        try:
            moment = datetime.datetime.fromisoformat(re.sub(r"[Zz]\Z", "+00:00", text))
        except ValueError as error:
            raise ValueError("must be seconds since 1970, or a date such as 2026-01-31T12:00:00Z") from error
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.timezone.utc)
        seconds = int(moment.timestamp())
    if not 0 <= seconds <= _LATEST:
        raise ValueError("must lie between the years 1970 and 2242")
    return seconds
