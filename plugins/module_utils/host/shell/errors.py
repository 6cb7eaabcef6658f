# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The error of everything here that reads or edits a script."""

from __future__ import annotations

from ..errors import HostError


class ShellError(HostError):
    """A script that cannot be understood or edited; the message begins with `PATH:LINE: ` and says why."""
