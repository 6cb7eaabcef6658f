# SPDX-License-Identifier: GPL-3.0-or-later
"""docker0 with containers on it, with live-restore, and after runs that fail: on an old engine and a new one."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host
from testinfra.modules.ansible import AnsibleException

Configure = t.Callable[..., dict[str, t.Any]]
Docker0 = t.Callable[[], str]

BEFORE = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
CONFIG = {key: value for key, value in BEFORE.items() if key != "hosts"}  # a tcp socket takes a second more each time
LIVE = {**CONFIG, "live-restore": True}
USUAL = "172.17.0.1/16"
DROP_IN = "/etc/systemd/system/docker.service.d/refuses.conf"

testinfra_hosts = ["ansible://engines-bookworm", "ansible://engines-sid"]


@pytest.fixture(scope="module", autouse=True)
def as_before(configure: Configure) -> t.Iterator[None]:
    yield
    configure(BEFORE)


def address_of(host: Host, container: str) -> str:
    return str(host.check_output(f"docker inspect --format '{{{{.NetworkSettings.IPAddress}}}}' {container}"))


def test_what_check_mode_says_comes_true(configure: Configure) -> None:
    for config in ({"bip": "10.9.0.1/24"}, {}):
        predicted = configure({**CONFIG, **config}, check=True)
        done = configure({**CONFIG, **config})
        assert (done["activation"], done["activation_reasons"]) == ("restart", predicted["activation_reasons"])
        again = configure({**CONFIG, **config})
        assert (again["changed"], again["activation"]) == (False, "none")


def test_containers_come_along(host: Host, configure: Configure, sleeper: str) -> None:
    configure(CONFIG)
    done = configure({**CONFIG, "bip": "10.9.2.1/24"})
    assert (done["containers_stopped"], done["containers_restarted"]) == ([sleeper], [sleeper])
    assert address_of(host, sleeper).startswith("10.9.2.")
    configure(CONFIG)
    assert address_of(host, sleeper).startswith("172.17.0.")


def test_what_live_restore_would_ignore_is_refused_or_put_off(
    host: Host, configure: Configure, sleeper: str, docker0: Docker0
) -> None:
    configure(LIVE)
    wanted = {**LIVE, "bip": "10.9.3.1/24"}
    with pytest.raises(AnsibleException) as refused:
        configure(wanted)
    assert refused.value.result["msg"] == (
        "the daemon takes bip over only where it starts without running containers, and live-restore keeps these: "
        "sleeper; nothing was touched: stop them (docker stop sleeper) and run again, or write the files now and leave "
        "that for later with defer=true"
    )
    assert "bip" not in host.file("/etc/docker/daemon.json").content_string
    done = configure(wanted, defer=True)
    assert "stop them (docker stop sleeper) and run again" in done["pending"][0]
    assert docker0() == USUAL
    host.check_output("docker stop sleeper")
    assert configure(wanted)["activation"] == "restart"
    assert docker0() == "10.9.3.1/24"


def test_an_address_that_a_restart_by_hand_has_left_is_put_right(
    host: Host, configure: Configure, docker0: Docker0
) -> None:
    configure({**CONFIG, "bip": "10.9.4.1/24"})
    configure(CONFIG, disruption="none", defer=True)
    host.check_output("systemctl restart docker")
    assert docker0() == "10.9.4.1/24"
    done = configure(CONFIG)
    assert done["activation_reasons"] == ["docker0 still has 10.9.4.1/24, which nothing asks for any longer"]
    assert docker0() == USUAL
    assert configure(CONFIG)["changed"] is False


@pytest.mark.parametrize("before", [{}, {"bip": "10.9.5.1/24"}], ids=["without", "with-another"])
def test_a_run_that_fails_gives_the_old_address_back(
    host: Host, configure: Configure, docker0: Docker0, before: dict[str, str]
) -> None:
    configure({**CONFIG, **before})
    was = docker0()
    host.check_output(
        "mkdir -p $(dirname %s) && printf '[Service]\\nExecStartPost=/bin/sh -c \"! grep -q 10.9.9 %s\"\\n' > %s"
        " && systemctl daemon-reload",
        DROP_IN,
        "/etc/docker/daemon.json",
        DROP_IN,
    )
    try:
        with pytest.raises(AnsibleException) as failed:
            configure({**CONFIG, "bip": "10.9.9.1/24"})
        assert failed.value.result["rolled_back"] is True
        assert docker0() == was
        assert configure({**CONFIG, **before})["changed"] is False
    finally:
        host.check_output("rm %s && systemctl daemon-reload", DROP_IN)
