# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image was made from, through its labels and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import (
    BACKEND,
    FIELDS,
    PACKAGES,
    RECIPE,
    Provenance,
    read_provenance,
)

values = st.one_of(st.text(), st.booleans(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
packages = st.builds(
    Package,
    st.from_regex(r"[a-z0-9][a-z0-9+.-]+", fullmatch=True),
    st.sampled_from(["amd64", "all", "i386"]),
    st.from_regex(r"[0-9][A-Za-z0-9.+:~-]*", fullmatch=True),
)


@given(st.dictionaries(st.text(), values), st.lists(packages, unique=True), st.sampled_from(["amd64", "arm64"]))
def test_labels_round_trip(fields: dict[str, object], installed: list[Package], own: str) -> None:
    fields["architecture"] = own
    made = Provenance("d1", fields, ("trixie", "trixie-updates"), tuple(sorted(installed)))
    assert read_provenance(dict(made.to_labels())) == made


@given(st.dictionaries(st.text(), st.text()))
def test_labels_are_single_lines(fields: dict[str, str]) -> None:
    assert all(not {"\n", "\r", "\0"} & set(value) for _name, value in Provenance("d", fields).to_labels())


def test_packages_are_sorted_whatever_order_they_were_found_in() -> None:
    found = (Package("libc6", "i386", "2.41-1"), Package("tzdata", "all", "2025b"), Package("apt", "amd64", "3.0"))
    for order in (found, found[::-1]):
        labels = dict(Provenance("d", {"architecture": "amd64"}, (), order).to_labels())
        assert labels[PACKAGES] == "apt=3.0 libc6:i386=2.41-1 tzdata:all=2025b"


def test_the_same_image_by_another_program_has_the_same_labels() -> None:
    one, other = Provenance("d", backend="mmdebstrap"), Provenance("d", backend="debootstrap")
    assert one.to_labels() == other.to_labels()


def test_an_earlier_version_only_counted_the_packages() -> None:
    found = read_provenance({RECIPE: "d", PACKAGES: "83", BACKEND: "debootstrap"})
    assert found == Provenance("d", counted=83, backend="debootstrap")
    assert found is not None
    assert found.package_count == 83


def test_images_of_others() -> None:
    assert read_provenance({}) is None
    assert read_provenance({"maintainer": "x"}) is None


@pytest.mark.parametrize("spoilt", [{FIELDS: "{"}, {FIELDS: "[]"}, {PACKAGES: "many"}, {PACKAGES: "²"}])
def test_spoilt_labels_count_as_absent(spoilt: dict[str, str]) -> None:
    assert read_provenance({RECIPE: "d", **spoilt}) == Provenance("d")
