# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run on the host: how much of a filesystem is in use at most, until standard input ends; printed in bytes."""

from __future__ import annotations

import os
import select
import sys

EVERY = 0.05  # seconds


def used(path: str) -> int:
    found = os.statvfs(path)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def main() -> None:
    path = sys.argv[1]
    before = most = used(path)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        most = max(most, used(path))
    print(most - before)


if __name__ == "__main__":
    main()
