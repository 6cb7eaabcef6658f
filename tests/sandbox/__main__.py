# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python3 tests/sandbox`` and ``python3 -m sandbox``."""

from __future__ import annotations

import os
import sys

if not __package__:
    # started as a directory: this folder is on the path instead of its parent, where its files would hide others
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [os.path.dirname(here), *(entry for entry in sys.path if os.path.abspath(entry) != here)]

from sandbox.cli import main

sys.exit(main())
