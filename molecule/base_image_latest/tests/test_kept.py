# SPDX-License-Identifier: GPL-3.0-or-later
"""An image is built anew when its sources have a newer version of a package in it, and never on bad grounds."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

NAME = "local/debian:kept"
IMAGE = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["base_images"][0]
CONNECT = "import socket; socket.create_connection(('127.0.0.1', 8099))"
LIST = IMAGE["package_list"]["path"]


def publish(host: Host, *arguments: str) -> None:
    words = " ".join(arguments)
    host.check_output(
        f"cd /usr/local/lib && python3 -m small_repository --root /srv/www --suite small --debian /srv/debian {words}"
    )


def image_id(host: Host) -> str:
    return str(host.check_output("docker image inspect --format '{{.Id}}' %s", NAME))


def ask(host: Host, *, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    arguments = json.dumps({**IMAGE, **options})
    found = host.ansible("slipway.docker.base_image", arguments, check=check, diff=True)
    return t.cast("dict[str, t.Any]", found)


def refused(done: dict[str, t.Any]) -> bool:
    """testinfra hands a failure over like any other result."""
    return "action" not in done


def keep(host: Host, **options: t.Any) -> dict[str, t.Any]:
    done = ask(host, **options)
    assert not refused(done), done
    return done


def tool(host: Host) -> str:
    """The image's version of the tool."""
    return next(word for word in label(host).split() if word.startswith("tool="))


@pytest.fixture(autouse=True)
def good_repository(host: Host) -> None:
    """Each test starts with a repository that has what the image has."""
    publish(host, tool(host))


def label(host: Host) -> str:
    form = '{{index .Config.Labels "org.slipway.base-image.packages"}}'
    return str(host.check_output("docker image inspect --format %s %s", form, NAME))


def test_the_role_remembers_what_it_has_compared(host: Host) -> None:
    assert host.file("/var/lib/slipway/base_image").listdir() == [f"{image_id(host).partition(':')[2]}.json"]


def test_the_label_lists_what_dpkg_has(host: Host) -> None:
    form = "'${Package} ${Architecture} ${Version}\\n'"
    rows = host.check_output(f"docker run --rm {NAME} dpkg-query --show --showformat {form}").splitlines()
    own = host.check_output("dpkg --print-architecture")
    words = [
        f"{name}={version}" if architecture == own else f"{name}:{architecture}={version}"
        for name, architecture, version in (row.split() for row in rows)
    ]
    assert label(host).split() == sorted(words)


def test_new_release_data_alone_is_no_reason(host: Host) -> None:
    before = image_id(host)
    publish(host, tool(host), "unused=1.0")
    done = keep(host)
    assert (done["changed"], done["action"], done["package_changes"], done["remarks"]) == (False, "none", [], [])
    assert image_id(host) == before


def test_what_was_seen_is_remembered_for_root_alone(host: Host) -> None:
    keep(host)
    (name,) = host.file("/var/lib/slipway/base_image").listdir()
    assert name == f"{image_id(host).partition(':')[2]}.json"
    assert host.file(f"/var/lib/slipway/base_image/{name}").mode == 0o600
    seen = json.loads(host.file(f"/var/lib/slipway/base_image/{name}").content_string)["releases"]
    released = host.file("/srv/www/dists/small/InRelease").sha256sum
    assert seen["http://127.0.0.1:8099 small"] == released


def traces(host: Host) -> str:
    """What is kept on the host, and since when."""
    return str(host.check_output("find /var/lib/slipway /var/cache/slipway -type f -printf '%%p %%T@ '"))


def test_check_mode_names_the_package_and_does_nothing(host: Host) -> None:
    before = image_id(host), host.file(LIST).content_string, traces(host)
    publish(host, "tool=9.0")
    foretold = ask(host, check=True)
    assert (foretold["changed"], foretold["action"]) == (True, "build")
    assert [(one["name"], one["after"]) for one in foretold["package_changes"]] == [("tool", "9.0")]
    assert foretold["reasons"] == ["the archive has newer versions of tool"]
    after = image_id(host), host.file(LIST).content_string, traces(host)
    assert after == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (["--spoil=changed", "tool=9.0"], "is not signed with the keys"),
        (["--spoil=unsigned", "tool=9.0"], "is not signed with the keys"),
        (["--valid-for=-86400", "tool=9.0"], "is older than it may be"),
    ],
    ids=["changed after it was signed", "not signed", "expired"],
)
@pytest.mark.parametrize("check", [False, True], ids=["for real", "check mode"])
def test_bad_data_is_refused(host: Host, damage: list[str], said: str, check: bool) -> None:
    before = image_id(host), host.file(LIST).content_string
    publish(host, *damage)
    done = ask(host, check=check)
    assert refused(done)
    assert f"{NAME} stays as it is" in done["msg"]
    assert said in done["msg"]
    assert (image_id(host), host.file(LIST).content_string) == before


def ask_nobody(host: Host) -> dict[str, t.Any]:
    """While nobody listens where the archive should be."""
    host.check_output("systemctl stop repository")
    try:
        return ask(host)
    finally:
        serve = "python3 -m http.server --directory=/srv/www --bind=127.0.0.1 8099"
        host.check_output(f"systemd-run --unit=repository {serve}")
        host.check_output("for try in 1 2 3 4 5 6 7 8 9; do python3 -c %s && break; sleep 1; done", CONNECT)


def test_an_archive_that_does_not_answer_is_an_error(host: Host) -> None:
    before = image_id(host)
    done = ask_nobody(host)
    assert refused(done)
    assert "the archive cannot be asked for newer packages" in done["msg"]
    assert image_id(host) == before


def test_an_older_version_or_none_is_named_and_no_reason(host: Host) -> None:
    before = image_id(host)
    publish(host, "tool=0.9")
    done = keep(host)
    assert not done["changed"]
    assert "tool: 1.0 -> 0.9 (older)" in done["remarks"][0]
    publish(host)
    done = keep(host)
    assert not done["changed"]
    assert done["remarks"] == ["the archive no longer has packages of the image: tool"]
    assert image_id(host) == before


def test_a_package_is_upgraded(host: Host) -> None:
    before, had = image_id(host), label(host)
    listed = json.loads(host.file(LIST).content_string)
    publish(host, "tool=1.1")
    done = keep(host)
    assert (done["changed"], done["action"]) == (True, "build")
    assert done["package_changes"] == [{"name": "tool", "before": "1.0", "after": "1.1"}]
    assert done["image_id"] == image_id(host) != before
    assert label(host) == had.replace("tool=1.0", "tool=1.1")
    assert host.check_output(f"docker run --rm {NAME} cat /usr/share/tool") == "1.1"
    assert host.run(f"docker image inspect {before}").rc != 0
    versions = {one["name"]: one.get("versionInfo") for one in json.loads(host.file(LIST).content_string)["packages"]}
    assert versions == {**{one["name"]: one.get("versionInfo") for one in listed["packages"]}, "tool": "1.1"}
    again = keep(host)
    assert (again["changed"], again["action"]) == (False, "none")


def test_what_comes_out_as_it_was_is_no_change(host: Host) -> None:
    before = image_id(host)
    done = keep(host, force=True)
    assert (done["changed"], done["action"], done["package_changes"]) == (False, "build", [])
    assert image_id(host) == before


def test_the_list_is_written_anew_without_a_build(host: Host) -> None:
    before = host.file(LIST).content_string
    host.check_output("rm %s", LIST)
    assert ask(host, check=True)["changed"]
    assert not host.file(LIST).exists
    done = keep(host)
    assert (done["changed"], done["action"]) == (True, "none")
    assert host.file(LIST).content_string == before
    assert not keep(host)["changed"]
