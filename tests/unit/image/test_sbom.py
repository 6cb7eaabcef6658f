# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of packages have what their specifications require, and are the same for the same image."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.sbom import FORMATS, Bill, cyclonedx, spdx

PACKAGES = (
    Package("apt", "amd64", "3.0"),
    Package("libstdc++6", "amd64", "14.2.0-19"),
    Package("tzdata", "all", "1:2025b~rc1-0+deb13u1"),
)
BILL = Bill("local/debian:trixie", "2025-09-06T12:00:00Z", f"sha256:{'a' * 64}", "debian", "trixie", PACKAGES)
PURLS = [
    "pkg:deb/debian/apt@3.0?arch=amd64&distro=trixie",
    "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=trixie",
    "pkg:deb/debian/tzdata@1:2025b~rc1-0%2Bdeb13u1?arch=all&distro=trixie",
]


def read(content: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(content)
    return document


def test_spdx_has_what_a_document_requires() -> None:
    """https://spdx.github.io/spdx-spec/v2.3/document-creation-information/ and /package-information/"""
    document = read(spdx(BILL))
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["dataLicense"] == "CC0-1.0"
    assert document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert document["name"] == "local/debian:trixie"
    assert re.fullmatch(r"https://[^#\s]+", document["documentNamespace"])
    assert document["creationInfo"]["created"] == "2025-09-06T12:00:00Z"
    assert document["creationInfo"]["creators"] == ["Tool: slipway.docker.base_image"]
    for package in document["packages"]:
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"])
        assert package["name"]
        assert package["downloadLocation"] == "NOASSERTION"
        assert package["filesAnalyzed"] is False
    identities = [package["SPDXID"] for package in document["packages"]]
    assert len(set(identities)) == len(identities) == 4


def test_spdx_relations_lead_from_the_document_to_each_package() -> None:
    document = read(spdx(BILL))
    relations = [
        (one["spdxElementId"], one["relationshipType"], one["relatedSpdxElement"]) for one in document["relationships"]
    ]
    image, *others = [package["SPDXID"] for package in document["packages"]]
    assert relations[0] == ("SPDXRef-DOCUMENT", "DESCRIBES", image)
    assert relations[1:] == [(image, "CONTAINS", other) for other in others]


def test_spdx_packages() -> None:
    _image, *packages = read(spdx(BILL))["packages"]
    assert [(one["name"], one["versionInfo"]) for one in packages] == [(one.name, one.version) for one in PACKAGES]
    references = [reference for one in packages for reference in one["externalRefs"]]
    assert {(one["referenceCategory"], one["referenceType"]) for one in references} == {("PACKAGE-MANAGER", "purl")}
    assert [one["referenceLocator"] for one in references] == PURLS


def test_cyclonedx_has_what_a_document_requires() -> None:
    """https://cyclonedx.org/docs/1.5/json/"""
    document = read(cyclonedx(BILL))
    assert document["bomFormat"] == "CycloneDX"
    assert document["specVersion"] == "1.5"
    assert document["version"] == 1
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", document["serialNumber"])
    assert document["metadata"]["timestamp"] == "2025-09-06T12:00:00Z"
    assert document["metadata"]["component"] == {
        "type": "container",
        "bom-ref": "image",
        "name": "local/debian:trixie",
        "hashes": [{"alg": "SHA-256", "content": "a" * 64}],
    }
    components = document["components"]
    assert all(one["type"] == "library" for one in components)
    assert [(one["name"], one["version"]) for one in components] == [(one.name, one.version) for one in PACKAGES]
    assert [one["purl"] for one in components] == PURLS
    references = [one["bom-ref"] for one in components]
    assert len(set(references)) == len(references)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_image_gives_the_same_bytes(form: str) -> None:
    assert FORMATS[form](BILL) == FORMATS[form](replace(BILL))
    assert FORMATS[form](BILL).endswith(b"}\n")


@pytest.mark.parametrize(("form", "identity"), [("spdx", "documentNamespace"), ("cyclonedx", "serialNumber")])
@pytest.mark.parametrize("other", [{"name": "x"}, {"packages": PACKAGES[:1]}, {"diff_id": f"sha256:{'b' * 64}"}])
def test_another_image_has_another_identity(form: str, identity: str, other: dict[str, Any]) -> None:
    assert read(FORMATS[form](BILL))[identity] != read(FORMATS[form](replace(BILL, **other)))[identity]


def test_dates_have_whole_seconds() -> None:
    assert replace(BILL, date="2025-09-06T12:00:00.123456789Z").created == "2025-09-06T12:00:00Z"


def test_an_image_of_files_has_no_packages() -> None:
    bare = replace(BILL, distribution="", suite="", packages=())
    assert len(read(spdx(bare))["packages"]) == 1
    assert read(cyclonedx(bare))["components"] == []
