# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that are damaged by chance, for tests of what edits them."""

from __future__ import annotations

import random
import typing as t


def mutated(chance: random.Random, text: str, pieces: t.Sequence[str], turns: int) -> str:
    """A text into which pieces were put, out of which stretches were cut, and in which stretches were moved.

    :param turns: how often at most
    """
    for _turn in range(chance.randint(1, turns)):
        at = chance.randint(0, len(text))
        kind = chance.random()
        if kind < 0.5:
            text = text[:at] + chance.choice(pieces) + text[at:]
        elif kind < 0.8:
            text = text[:at] + text[at + chance.randint(1, 4) :]
        else:
            until = min(len(text), at + chance.randint(1, 20))
            text = text[:at] + text[until:] + text[at:until]
    return text
