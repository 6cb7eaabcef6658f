# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipe of a base image, and the digest that tells whether an image is what is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import Archive, sources_for
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.distribution import UBUNTU
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.further import FurtherSource
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.origin import Further, Origin
from ansible_collections.slipway.docker.plugins.module_utils.image.compose import (
    compose,
    digest_of,
    fields_of,
    nominal_sources,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import Recipe
from unit.image.wishes import ORIGIN, request

LOCAL = FurtherSource("http://m.example/local", ("stable",), ("main",))


def digest(origin: Origin = ORIGIN, architecture: str = "amd64", belief: tuple[str, ...] = (), **options: Any) -> str:
    return digest_of(request(**options), origin, architecture, belief)


def recipe(origin: Origin = ORIGIN, **options: Any) -> Recipe:
    wanted = request(**options)
    return compose(wanted, origin, "amd64", nominal_sources(wanted, origin), ('Acquire::Check-Date "false"',))


def content(made: Recipe, path: str) -> str:
    (found,) = [file.content for file in made.files if file.path == path]
    return found


def at(uri: str) -> Origin:
    return replace(ORIGIN, archive=replace(ORIGIN.archive, uri=uri))


def test_digest_is_the_same_on_every_machine() -> None:
    # when this fails, all base images of users are built anew: let that happen only on purpose
    assert digest() == "c2f4c0c4da233dd9a8515284077b42c01f3b24af24c478ea2fac8eda455628b2"


@pytest.mark.parametrize(
    "options",
    [
        {"variant": "apt"},
        {"packages": ["curl"]},
        {"components": ["main", "contrib"]},
        {"architecture": "i386"},
        {"belief": ('Acquire::Check-Date "false"',)},
        {"slim": True},
        {"cmd": ["sh"]},
        {"cmd": []},
        {"env": {"A": "b"}},
        {"labels": {"A": "b"}},
        {"entrypoint": ["sh"], "cmd": ["bash"]},
        {"workdir": "/srv"},
        {"user": "nobody"},
        {"ports": ["80"]},
        {"variant": "essential"},
        {"commands": [["true"]]},
        {"origin": replace(ORIGIN, further=(Further(LOCAL),))},
        {"origin": replace(ORIGIN, archive=replace(ORIGIN.archive, keyring="", options=(("trusted", "yes"),)))},
        {"origin": replace(ORIGIN, suite="bookworm")},
        {"origin": at("http://other.example/debian")},
        {"origin": replace(ORIGIN, keys=b"own")},
        {"origin": replace(ORIGIN, archive=replace(ORIGIN.archive, options=(("check-valid-until", "no"),)))},
    ],
    ids=str,
)
def test_what_counts(options: dict[str, Any]) -> None:
    assert digest(**options) != digest()


@pytest.mark.parametrize(
    "options",
    [
        {"name": "other:1"},
        {"tags": ["other:1"]},
        {"backend": "debootstrap"},
        {"force": True},
        {
            "origin": replace(
                ORIGIN, archive=replace(ORIGIN.archive, keyring="/usr/share/keyrings/debian-archive-keyring.pgp")
            )
        },
        {"origin": at("http://me:secret@m.example/debian")},
    ],
    ids=str,
)
def test_what_does_not_count(options: dict[str, Any]) -> None:
    assert digest(**options) == digest()


def test_order_of_packages_does_not_count_but_that_of_words_does() -> None:
    assert digest(packages=["a1", "b1"]) == digest(packages=["b1", "a1"])
    assert digest(cmd=["a", "b"]) != digest(cmd=["b", "a"])
    assert digest(env={"A": "1", "B": "2"}) == digest(env={"B": "2", "A": "1"})


def test_sources_of_the_image() -> None:
    assert content(recipe(), "/etc/apt/sources.list.d/debian.sources") == (
        "Types: deb\nURIs: http://m.example/debian\nSuites: trixie trixie-updates\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n"
        "Types: deb\nURIs: http://m.example/debian-security\nSuites: trixie-security\nComponents: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )
    assert ("rm", "-f", "/etc/apt/sources.list") in recipe().commands


def test_credentials_stay_on_the_host() -> None:
    made = recipe(at("http://me:secret@m.example/debian"))
    assert "secret" in made.sources[0]  # the bootstrap needs them
    assert not [file for file in made.files if "secret" in file.content]
    assert "secret" not in str(fields_of(request(), at("http://me:secret@m.example/debian"), "amd64"))


def test_keys_of_ones_own_go_into_the_image() -> None:
    origin = replace(ORIGIN, keys=b"own", archive=replace(ORIGIN.archive, keyring="/root/corp.gpg"))
    made = recipe(origin)
    assert "PGP PUBLIC KEY" in content(made, "/etc/apt/keyrings/corp.asc")
    assert "Signed-By: /etc/apt/keyrings/corp.asc\n" in content(made, "/etc/apt/sources.list.d/debian.sources")
    assert "[signed-by=/root/corp.gpg]" in made.sources[0]
    assert made.packages == ()


def test_what_sources_need_is_installed() -> None:
    assert recipe(packages=["curl", "curl"]).packages == ("curl", "debian-archive-keyring")
    assert recipe(at("https://m.example/debian")).packages == ("debian-archive-keyring", "ca-certificates")


def test_ubuntu() -> None:
    archive = Archive("http://m.example/ubuntu", "http://m.example/ubuntu", f"{UBUNTU.keyring}.gpg")
    made = recipe(Origin(UBUNTU, "noble", archive), components=["main", "universe"])
    text = content(made, "/etc/apt/sources.list.d/ubuntu.sources")
    assert "Suites: noble noble-updates noble-security\nComponents: main universe\n" in text
    assert text.count("Types:") == 1
    assert made.packages == ("ubuntu-keyring",)


def test_settings() -> None:
    apt = content(recipe(), "/etc/apt/apt.conf.d/90base-image")
    assert 'APT::Install-Recommends "false";\n' in apt
    assert 'Acquire::Check-Date "false";\n' in apt
    assert "path-exclude" not in content(recipe(), "/etc/dpkg/dpkg.cfg.d/90base-image")
    slim = recipe(slim=True)
    assert "path-exclude=/usr/share/doc/*\n" in content(slim, "/etc/dpkg/dpkg.cfg.d/90base-image")
    assert slim.commands[-1][0] == "find"
    (blocker,) = [file for file in recipe().files if file.path == "/usr/sbin/policy-rc.d"]
    assert blocker.mode == 0o755
    assert blocker.content.endswith("exit 101\n")


def test_the_digest_does_not_depend_on_what_the_mirror_has() -> None:
    without_security = sources_for(ORIGIN.archive, "trixie", lambda _uri, suite: "security" not in suite)
    made = compose(request(), ORIGIN, "amd64", without_security, ())
    assert len(made.sources) == 2
    assert made.digest() != recipe().digest()


def test_further_sources_and_their_keys_go_into_the_image() -> None:
    own = Further(LOCAL, "/root/own.gpg", b"own", "/etc/apt/keyrings/own.asc")
    flat = Further(FurtherSource("https://m.example/flat", ("./",), allow_unsigned=True))
    made = recipe(replace(ORIGIN, further=(own, flat)))
    assert content(made, "/etc/apt/sources.list.d/further.sources") == (
        "Types: deb\nURIs: http://m.example/local\nSuites: stable\nComponents: main\n"
        "Signed-By: /etc/apt/keyrings/own.asc\n\nTypes: deb\nURIs: https://m.example/flat\nSuites: ./\nTrusted: yes\n"
    )
    assert "PGP PUBLIC KEY" in content(made, "/etc/apt/keyrings/own.asc")
    assert made.sources[-2:] == (
        "deb [signed-by=/root/own.gpg] http://m.example/local stable main",
        "deb [trusted=yes] https://m.example/flat ./",
    )
    assert made.packages == ("debian-archive-keyring", "ca-certificates")


def test_where_the_host_keeps_the_keys_of_a_further_source_does_not_count() -> None:
    one, two, other = (
        replace(ORIGIN, further=(Further(LOCAL, path, keys, "/etc/apt/keyrings/own.asc"),))
        for path, keys in (("/a/own.gpg", b"own"), ("/b/own.gpg", b"own"), ("/a/own.gpg", b"other"))
    )
    assert digest(one) == digest(two)
    assert digest(one) != digest(other)


def test_unsigned() -> None:
    archive = replace(ORIGIN.archive, keyring="", options=(("trusted", "yes"),))
    made = recipe(replace(ORIGIN, archive=archive))
    assert made.sources[0] == "deb [trusted=yes] http://m.example/debian trixie main"
    text = content(made, "/etc/apt/sources.list.d/debian.sources")
    assert text.count("Trusted: yes\n") == 2
    assert "Signed-By" not in text
    assert made.packages == ()


def test_without_apt_there_is_nothing_of_apt() -> None:
    made = recipe(replace(ORIGIN, keys=b"own", further=(Further(LOCAL, "/k", b"k", "/x"),)), variant="essential")
    assert [file.path for file in made.files if "apt" in file.path] == []
    assert made.packages == ()


def test_what_is_secret_in_a_command_is_not_told() -> None:
    fields = fields_of(request(commands=[["login", "--password=secret"]]), ORIGIN, "amd64")
    assert fields["commands"][0].startswith("login sha256:")
    assert "secret" not in str(fields)
    other = fields_of(request(commands=[["login", "--password=other"]]), ORIGIN, "amd64")
    assert fields["commands"] != other["commands"]
