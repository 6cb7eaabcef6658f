# SPDX-License-Identifier: GPL-3.0-or-later
"""An image of files alone holds those and nothing else, and runs."""

from __future__ import annotations

import json
import typing as t

import pytest
from testinfra.host import Host

IMAGE = "local/box:1"


@pytest.fixture(scope="module")
def image(host: Host) -> dict[str, t.Any]:
    (found,) = json.loads(host.check_output(f"docker image inspect {IMAGE}"))
    return t.cast(dict[str, t.Any], found)


def inside(host: Host, *words: str) -> str:
    quoted = " ".join(["%s"] * len(words))
    return str(host.check_output(f"docker run --rm --network none --entrypoint /bin/busybox {IMAGE} {quoted}", *words))


def test_no_bootstrap_program_was_needed(host: Host) -> None:
    assert not host.exists("mmdebstrap")
    assert not host.exists("debootstrap")


def test_names(image: dict[str, t.Any]) -> None:
    assert sorted(image["RepoTags"]) == [IMAGE, "local/box:latest"]


def test_configuration(image: dict[str, t.Any]) -> None:
    config = image["Config"]
    assert config["Entrypoint"] == ["/bin/busybox"]
    assert config["Cmd"] == ["httpd", "-f", "-p", "8080", "-h", "/srv/www"]
    assert config["Env"] == ["LANG=C.UTF-8"]
    assert (config["User"], config["WorkingDir"], config["StopSignal"]) == ("box", "/home/box", "SIGINT")
    assert (config["ExposedPorts"], config["Volumes"]) == ({"8080/tcp": {}}, {"/data": {}})
    assert config["Labels"]["org.opencontainers.image.title"] == "Box"
    assert image["Created"] == "2026-01-31T00:00:00Z"


def test_nothing_of_a_file_is_in_a_label(image: dict[str, t.Any]) -> None:
    assert "every host" not in json.dumps(image)
    assert "/home/box:/bin/sh" not in json.dumps(image)


def test_files(host: Host) -> None:
    held = host.check_output(f"id=$(docker create {IMAGE}); docker export $id | tar -t; docker rm $id >/dev/null")
    theirs = (
        "dev/",
        "proc/",
        "sys/",
        "data/",
        ".dockerenv",
        "etc/hostname",
        "etc/hosts",
        "etc/mtab",
        "etc/resolv.conf",
    )
    assert [name for name in held.splitlines() if not name.startswith(theirs)] == [
        "bin/",
        "bin/busybox",
        "bin/sh",
        "etc/",
        "etc/group",
        "etc/passwd",
        "etc/shadow",
        "home/",
        "home/box/",
        "srv/",
        "srv/www/",
        "srv/www/index.html",
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bin/busybox", "755 0 0 2026-01-31 00:00:00"),
        ("/etc/shadow", "600 0 0 2026-01-31 00:00:00"),
        ("/home/box", "700 1000 1001 2026-01-31 00:00:00"),
        ("/srv/www", "755 0 0 2026-01-31 00:00:00"),
        ("/srv/www/index.html", "644 0 0 2026-01-31 00:00:00"),
    ],
)
def test_modes_owners_and_dates_are_not_the_hosts(host: Host, path: str, status: str) -> None:
    assert inside(host, "stat", "-c", "%a %u %g %y", path).startswith(status)


def test_it_runs(host: Host) -> None:
    name = host.check_output(f"docker run --detach {IMAGE}")
    try:
        served = host.check_output(
            f"docker exec {name} /bin/sh -c"
            " 'for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://127.0.0.1:8080/ && exit; sleep 1; done; exit 1'"
        )
        assert served == "It works on every host"
        assert (
            host.check_output(f"docker exec {name} /bin/busybox id") == "uid=1000(box) gid=1001(box) groups=1001(box)"
        )
    finally:
        host.check_output(f"docker rm --force {name}")


def test_nothing_is_left(host: Host) -> None:
    assert host.check_output("docker image ls --all --quiet --filter dangling=true") == ""
    assert "local/other" not in host.check_output("docker image ls")
    assert host.check_output("find /var/tmp -name 'slipway-*'") == ""
