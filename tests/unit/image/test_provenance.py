# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image was made from, through its labels and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import (
    FIELDS,
    PACKAGES,
    RECIPE,
    Provenance,
    read_provenance,
)

values = st.one_of(st.text(), st.booleans(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))


@given(st.dictionaries(st.text(), values), st.integers(0, 10**6))
def test_labels_round_trip(fields: dict[str, object], packages: int) -> None:
    made = Provenance("d1", fields, ("trixie", "trixie-updates"), packages, "mmdebstrap")
    assert read_provenance(dict(made.to_labels())) == made


@given(st.dictionaries(st.text(), st.text()))
def test_labels_are_single_lines(fields: dict[str, str]) -> None:
    assert all(not {"\n", "\r", "\0"} & set(value) for _name, value in Provenance("d", fields).to_labels())


def test_images_of_others() -> None:
    assert read_provenance({}) is None
    assert read_provenance({"maintainer": "x"}) is None


@pytest.mark.parametrize("spoilt", [{FIELDS: "{"}, {FIELDS: "[]"}, {PACKAGES: "many"}, {PACKAGES: "²"}])
def test_spoilt_labels_count_as_absent(spoilt: dict[str, str]) -> None:
    assert read_provenance({RECIPE: "d", **spoilt}) == Provenance("d")
