# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two formats of apt's sources, in the shapes machines have them, and those apt refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.sources import (
    AptSource,
    parse_deb822,
    parse_list,
    read_sources,
)
from unit.trees import Tree

INSTALLER = """\
# deb cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64 NETINST]/ bookworm main

deb http://mirror.example/debian/ bookworm main non-free-firmware # from the installer
deb-src http://mirror.example/debian/ bookworm main non-free-firmware

\tdeb\thttp://mirror.example/debian-security bookworm-security  main
#deb http://mirror.example/debian/ bookworm-backports main
"""

CLOUD = """\
Types: deb deb-src
URIs: http://mirror.example/debian
      http://other.example/debian
Suites: bookworm bookworm-updates
# a comment in the middle of a stanza
 bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: mirror+file:///etc/apt/mirrors/debian-security.list
Suites: bookworm-security
Components: main
Enabled: no
"""

EMBEDDED_KEY = """\
types: deb
uris: https://vendor.example/linux/debian
suites: bookworm
components: stable
architectures: amd64 arm64
X-Repolib-Name: Vendor
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6
 -----END PGP PUBLIC KEY BLOCK-----
"""


def test_lines_and_comments() -> None:
    binary, source, security = parse_list(INSTALLER, "/etc/apt/sources.list")
    assert binary == AptSource(
        ("deb",),
        ("http://mirror.example/debian/",),
        ("bookworm",),
        ("main", "non-free-firmware"),
        file="/etc/apt/sources.list",
        line=3,
    )
    assert source.types == ("deb-src",)
    assert security.suites == ("bookworm-security",)
    assert security.place == "/etc/apt/sources.list:6"


def test_options_of_a_line() -> None:
    (entry,) = parse_list("deb [ arch=amd64,arm64 signed-by=/k.gpg trusted=yes ] http://m.example/debian sid main", "f")
    assert entry.options == (("arch", "amd64,arm64"), ("signed-by", "/k.gpg"), ("trusted", "yes"))
    assert entry.option("signed-by") == "/k.gpg"
    assert entry.option("lang") is None


def test_comment_sign_inside_brackets_belongs_to_the_options() -> None:
    (entry,) = parse_list("deb [lang=a#b] http://m.example/debian sid main # now a comment", "f")
    assert entry.option("lang") == "a#b"
    assert entry.components == ("main",)


def test_cdrom_and_exact_path() -> None:
    cdrom, flat = parse_list("deb cdrom:[Debian 12 _x_]/ bookworm main\ndeb http://m.example/repo ./\n", "f")
    assert cdrom.uris == ("cdrom:[Debian 12 _x_]/",)
    assert (flat.suites, flat.components) == (("./",), ())


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("rpm http://m.example/debian sid main", "deb or deb-src; got: rpm"),
        ("deb", "a URI, a suite and a component"),
        ("deb http://m.example/debian sid", "a URI, a suite and a component"),
        ("deb [arch=amd64 http://m.example/debian sid main", "closing bracket"),
        ("deb [trusted] http://m.example/debian sid main", "name=value; got: trusted"),
    ],
)
def test_bad_line_is_named(line: str, complaint: str) -> None:
    with pytest.raises(HostError, match=f"^x.list:2: .*{complaint}"):
        parse_list(f"\n{line}\n", "x.list")


def test_stanzas() -> None:
    release, security = parse_deb822(CLOUD, "debian.sources")
    assert release.types == ("deb", "deb-src")
    assert release.uris == ("http://mirror.example/debian", "http://other.example/debian")
    assert release.suites == ("bookworm", "bookworm-updates", "bookworm-backports")
    assert release.option("signed-by") == "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert (release.line, security.line) == (1, 10)
    assert release.enabled
    assert not security.enabled


def test_field_names_of_any_case_and_a_key_in_the_stanza() -> None:
    (entry,) = parse_deb822(EMBEDDED_KEY, "vendor.sources")
    assert entry.option("arch") == "amd64,arm64"
    assert "x-repolib-name" not in dict(entry.options)
    assert (entry.option("signed-by") or "").strip().startswith("-----BEGIN PGP")


@pytest.mark.parametrize("value", ["no", "No", "false", "off", "without", "disable"])
def test_every_way_to_disable(value: str) -> None:
    (entry,) = parse_deb822(f"Types: deb\nURIs: u\nSuites: s\nComponents: c\nEnabled: {value}\n", "f")
    assert not entry.enabled


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (" continued\n", "x:1: a continuation line without a field before it: continued"),
        ("Types: deb\nnonsense\n", "x:2: a line is 'Field: value'; got: nonsense"),
        ("\nTypes: deb\nSuites: sid\nComponents: main\n", "x:2: field Uris is missing"),
        ("Types: deb\nURIs: u\nSuites: sid\n", "x:1: field Components is missing"),
    ],
)
def test_bad_stanza_is_named(text: str, complaint: str) -> None:
    with pytest.raises(HostError) as caught:
        parse_deb822(text, "x")
    assert str(caught.value) == complaint


def test_disabled_stanza_may_be_incomplete() -> None:
    (entry,) = parse_deb822("Types: deb\nEnabled: no\n", "x")
    assert not entry.enabled


def test_files_are_read_as_apt_reads_them(tree: Tree) -> None:
    line = "deb http://{}.example/debian sid main\n"
    tree.write("/etc/apt/sources.list", line.format("first"))
    tree.write("/etc/apt/sources.list.d/b.list", line.format("third"))
    tree.write("/etc/apt/sources.list.d/a.sources", CLOUD)
    for ignored in ("c.list.disabled", "d.list~", "e.list.save", "f g.list", "README"):
        tree.write(f"/etc/apt/sources.list.d/{ignored}", "not apt's at all")
    hosts = [entry.uris[0] for entry in read_sources(tree.host)]
    assert hosts == [
        "http://first.example/debian",
        "http://mirror.example/debian",
        "mirror+file:///etc/apt/mirrors/debian-security.list",
        "http://third.example/debian",
    ]


def test_machine_without_apt_has_no_sources(tree: Tree) -> None:
    assert read_sources(tree.host) == ()


WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)


@given(
    kind=st.sampled_from(["deb", "deb-src"]),
    host=WORD,
    suite=WORD,
    components=st.lists(WORD, min_size=1, max_size=4),
    options=st.dictionaries(WORD.filter(lambda word: not word.endswith("-")), WORD, max_size=3),
)
def test_line_that_is_printed_reads_the_same(
    kind: str, host: str, suite: str, components: list[str], options: dict[str, str]
) -> None:
    entry = AptSource(
        (kind,), (f"http://{host}/debian",), (suite,), tuple(components), tuple(options.items()), True, "f", 1
    )
    (printed,) = entry.one_line()
    assert parse_list(printed, "f") == (entry,)
