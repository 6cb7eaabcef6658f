# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short lines about what is being done and for how long, on stderr: stdout is for answers."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import typing as t

_EVERY = 10.0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> t.Iterator[None]:
    """Say that something starts, at times that it still runs, and that it is done or failed."""
    started = time.monotonic()
    done = threading.Event()

    def remind() -> None:
        while not done.wait(_EVERY):
            say(f"    {what} ... {time.monotonic() - started:.0f} s")

    say(f"  - {what}")
    threading.Thread(target=remind, daemon=True).start()
    try:
        yield
    except BaseException:
        done.set()
        say(f"    {what}: failed after {time.monotonic() - started:.1f} s")
        raise
    done.set()
    seconds = time.monotonic() - started
    if seconds >= 1:
        say(f"    {what}: {seconds:.1f} s")
