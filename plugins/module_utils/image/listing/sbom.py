# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image's packages as a software bill of materials: SPDX 2.3 or CycloneDX 1.5, in JSON.

Pure, and the same bytes for the same image: its date is the image's, its identity a digest of its content.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
import urllib.parse
import uuid
from dataclasses import dataclass

from .installed import Package

_TOOL = "slipway.docker.base_image"
_UNSAID = "NOASSERTION"


@dataclass(frozen=True)
class Bill:
    """What is listed.

    :ivar name: the image's
    :ivar date: the image's, as the engine tells it
    :ivar diff_id: the image's layer
    :ivar distribution: such as ``debian``
    """

    name: str
    date: str
    diff_id: str
    distribution: str
    suite: str
    packages: tuple[Package, ...]

    @property
    def created(self) -> str:
        """Both formats want whole seconds."""
        return re.sub(r"\.\d+", "", self.date)

    @property
    def layer_digest(self) -> str:
        return self.diff_id.partition(":")[2]

    def purl(self, package: Package) -> str:
        """The package's address (https://github.com/package-url/purl-spec)."""
        name, version = (urllib.parse.quote(word, safe="~:.-_") for word in (package.name, package.version))
        about = {"arch": package.architecture, "distro": self.suite}
        told = "&".join(f"{key}={urllib.parse.quote(value, safe='')}" for key, value in about.items() if value)
        return f"pkg:deb/{self.distribution}/{name}@{version}?{told}"


def spdx(bill: Bill) -> bytes:
    """https://spdx.github.io/spdx-spec/v2.3/"""
    image = {
        "SPDXID": "SPDXRef-Image",
        "name": bill.name,
        "downloadLocation": _UNSAID,
        "filesAnalyzed": False,
        "primaryPackagePurpose": "CONTAINER",
        "checksums": [{"algorithm": "SHA256", "checksumValue": bill.layer_digest}],
    }
    packages = [
        {
            "SPDXID": _spdx_id(package),
            "name": package.name,
            "versionInfo": package.version,
            "downloadLocation": _UNSAID,
            "filesAnalyzed": False,
            "licenseConcluded": _UNSAID,
            "licenseDeclared": _UNSAID,
            "copyrightText": _UNSAID,
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": bill.purl(package),
                }
            ],
        }
        for package in bill.packages
    ]
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": bill.name,
        "creationInfo": {"created": bill.created, "creators": [f"Tool: {_TOOL}"]},
        "packages": [image, *packages],
        "relationships": [
            _relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image"),
            *(_relation("SPDXRef-Image", "CONTAINS", _spdx_id(package)) for package in bill.packages),
        ],
    }
    identity = f"{urllib.parse.quote(bill.name, safe='')}-{_identity(document)}"
    return _text({**document, "documentNamespace": f"https://spdx.org/spdxdocs/{identity}"})


def _spdx_id(package: Package) -> str:
    """An ID has letters, digits, dots and dashes only."""
    word = f"{package.name}-{package.architecture}"
    return "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", lambda match: f"-x{ord(match.group()):02x}-", word)


def _relation(one: str, kind: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def cyclonedx(bill: Bill) -> bytes:
    """https://cyclonedx.org/docs/1.5/json/"""
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": bill.created,
            "tools": {"components": [{"type": "application", "name": _TOOL}]},
            "component": {
                "type": "container",
                "bom-ref": "image",
                "name": bill.name,
                "hashes": [{"alg": "SHA-256", "content": bill.layer_digest}],
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": bill.purl(package),
                "name": package.name,
                "version": package.version,
                "purl": bill.purl(package),
            }
            for package in bill.packages
        ],
    }
    return _text({**document, "serialNumber": f"urn:uuid:{_identity(document)}"})


def _identity(document: t.Any) -> str:
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return str(uuid.UUID(hex=digest[:32], version=5))


def _text(document: t.Any) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode("ascii")


FORMATS: t.Mapping[str, t.Callable[[Bill], bytes]] = {"spdx": spdx, "cyclonedx": cyclonedx}
