# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suite, mirror and keys: what was asked for, completed from the host's own apt."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import sources_for
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.further import FurtherSource
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.origin import (
    Origin,
    Wanted,
    armored,
    find_origin,
)
from unit.trees import Tree

DEBIAN_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
UBUNTU_KEYS = "/usr/share/keyrings/ubuntu-archive-keyring.gpg"
DEBIAN = """\
Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Check-Valid-Until: no
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
UBUNTU = """\
Types: deb
URIs: http://mirror.example/ubuntu/
Suites: noble noble-updates noble-backports
Components: main restricted universe multiverse
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
"""


@pytest.fixture
def debian(tree: Tree) -> Tree:
    tree.write("/etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n")
    tree.write("/etc/apt/sources.list.d/debian.sources", DEBIAN)
    tree.write(DEBIAN_KEYS, b"keys")
    return tree


@pytest.fixture
def ubuntu(tree: Tree) -> Tree:
    tree.write("/etc/os-release", "ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n")
    tree.write("/etc/apt/sources.list.d/ubuntu.sources", UBUNTU)
    tree.write(UBUNTU_KEYS, b"keys")
    return tree


def sound(origin: Origin) -> Origin:
    assert origin.problems == ()
    assert origin.lacking == ()
    return origin


def test_everything_from_a_debian_host(debian: Tree) -> None:
    found = sound(find_origin(debian.host, Wanted()))
    assert found.suite == "bookworm"
    assert found.archive.uri == "http://mirror.example/debian"
    assert found.archive.security_uri == "http://mirror.example/debian-security"
    assert found.archive.keyring == DEBIAN_KEYS
    assert found.archive.options == (("check-valid-until", "no"),)
    assert found.keyring_identity == "debian-archive-keyring"


def test_everything_from_an_ubuntu_host(ubuntu: Tree) -> None:
    found = sound(find_origin(ubuntu.host, Wanted()))
    assert found.suite == "noble"
    assert found.distribution.id == "ubuntu"
    assert found.archive.uri == found.archive.security_uri == "http://mirror.example/ubuntu"
    assert found.keyring_identity == "ubuntu-keyring"


def test_a_main_archive_that_may_be_old_does_not_make_the_security_archive_one(debian: Tree) -> None:
    archive = sound(find_origin(debian.host, Wanted())).archive
    sources = sources_for(archive, "bookworm", lambda _uri, _suite: True)
    told = {entry.suites[0]: dict(entry.options).get("check-valid-until") for entry in sources.entries}
    assert told == {"bookworm": "no", "bookworm-updates": "no", "bookworm-security": None}


def test_another_suite_of_the_same_distribution(debian: Tree) -> None:
    assert sound(find_origin(debian.host, Wanted(suite="trixie"))).archive.uri == "http://mirror.example/debian"


def test_a_suite_nobody_knows_is_the_hosts_own_distribution(debian: Tree) -> None:
    assert sound(find_origin(debian.host, Wanted(suite="zurg"))).distribution.id == "debian"


def test_another_distribution_needs_a_mirror_and_its_keyring(debian: Tree) -> None:
    found = find_origin(debian.host, Wanted(suite="noble"))
    assert found.problems == ("mirror has to be given: this host's apt has no Ubuntu archive",)
    assert "install the package ubuntu-keyring" in found.lacking[0]
    debian.write(UBUNTU_KEYS, b"keys")
    given = sound(find_origin(debian.host, Wanted(suite="noble", mirror="http://other.example/ubuntu")))
    assert given.archive.security_uri == "http://other.example/ubuntu"
    assert given.archive.options == ()


def test_a_host_without_apt(tree: Tree) -> None:
    found = find_origin(tree.host, Wanted())
    assert [problem.partition(" ")[0] for problem in found.problems] == ["suite", "mirror"]
    tree.write("/root/keys.gpg", b"keys")
    wanted = Wanted("trixie", "https://m.example/debian", "https://m.example/debian-security", "/root/keys.gpg")
    assert sound(find_origin(tree.host, wanted)).archive.security_uri == "https://m.example/debian-security"


def test_keys_of_ones_own_are_known_by_their_content(debian: Tree) -> None:
    debian.write("/root/own.gpg", b"own keys")
    found = sound(find_origin(debian.host, Wanted(keyring="/root/own.gpg")))
    assert found.keys == b"own keys"
    assert found.keyring_identity == f"sha256:{hashlib.sha256(b'own keys').hexdigest()}"


def test_keyring_that_is_not_there(debian: Tree) -> None:
    found = find_origin(debian.host, Wanted(keyring="/root/own.gpg"))
    assert found.lacking == ("the keyring /root/own.gpg does not exist",)


@pytest.mark.parametrize("uri", ["file:/srv/debian", "cdrom:[x]/", "http://", "http://a b/", "mirror.example/debian"])
def test_what_is_no_address(debian: Tree, uri: str) -> None:
    found = find_origin(debian.host, Wanted(mirror=uri))
    assert found.problems == (f"mirror must be an http or https address; got: {uri}",)


def test_cloud_images_name_a_list_of_mirrors(debian: Tree) -> None:
    listed = DEBIAN.replace("http://mirror.example/debian/", "mirror+file:///etc/apt/mirrors/debian.list")
    debian.write("/etc/apt/sources.list.d/debian.sources", listed)
    debian.write(
        "/etc/apt/mirrors/debian.list", "# nearest first\nhttps://near.example/debian\tpriority:1\nhttps://far\n"
    )
    assert sound(find_origin(debian.host, Wanted())).archive.uri == "https://near.example/debian"


def test_armoured_keys() -> None:
    text = armored(bytes(range(256)))
    lines = text.splitlines()
    assert lines[0] == "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    assert lines[1] == ""
    assert lines[-2].startswith("=")
    assert base64.b64decode("".join(lines[2:-2])) == bytes(range(256))
    assert max(len(line) for line in lines[2:-2]) <= 64
    assert armored(text.encode()) == text


def test_checksum_of_armoured_keys() -> None:
    assert "\n=twTO\n" in armored(b"")  # B704CE, the sum of nothing


LOCAL = FurtherSource("http://m.example/local", ("stable",), ("main",), "/root/keys/own.gpg")


def test_further_sources(debian: Tree) -> None:
    debian.write("/root/keys/own.gpg", b"own keys")
    backports = FurtherSource("http://m.example/debian", ("bookworm-backports",), ("main",))
    flat = FurtherSource("http://m.example/flat", ("./",), allow_unsigned=True)
    own, theirs, nobody = sound(find_origin(debian.host, Wanted(further=(LOCAL, backports, flat)))).further
    assert own.one_line() == ("deb [signed-by=/root/keys/own.gpg] http://m.example/local stable main",)
    assert (own.inside, own.keys) == ("/etc/apt/keyrings/own.asc", b"own keys")
    assert own.fields()["keyring"] == f"sha256:{hashlib.sha256(b'own keys').hexdigest()}"
    assert theirs.one_line() == (f"deb [signed-by={DEBIAN_KEYS}] http://m.example/debian bookworm-backports main",)
    assert (theirs.inside, theirs.keys) == ("/usr/share/keyrings/debian-archive-keyring.gpg", None)
    assert nobody.one_line() == ("deb [trusted=yes] http://m.example/flat ./",)
    assert (nobody.inside, nobody.keys) == ("", None)


def test_different_keys_in_files_of_one_name(debian: Tree) -> None:
    for place in ("a", "b", "c"):
        debian.write(f"/{place}/own.gpg", "keys" if place == "c" else f"keys of {place}")
    further = tuple(replace(LOCAL, keyring=f"/{place}/own.gpg") for place in ("a", "b", "a"))
    found = sound(find_origin(debian.host, Wanted(keyring="/c/own.gpg", further=further)))
    digests = [hashlib.sha256(f"keys of {place}".encode()).hexdigest()[:8] for place in ("a", "b", "a")]
    assert [source.inside for source in found.further] == [f"/etc/apt/keyrings/own-{digest}.asc" for digest in digests]


def test_a_further_keyring_that_is_not_there(debian: Tree) -> None:
    found = find_origin(debian.host, Wanted(further=(LOCAL,)))
    assert found.lacking == ("sources[0]: the keyring /root/keys/own.gpg does not exist",)


def test_unsigned_needs_no_keyring(debian: Tree) -> None:
    os.unlink(debian.at(DEBIAN_KEYS))
    found = sound(find_origin(debian.host, Wanted(allow_unsigned=True)))
    assert (found.archive.keyring, found.keys) == ("", None)
    assert ("trusted", "yes") in found.archive.options
    assert found.keyring_identity == "none: allow_unsigned"
