# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of variables on hosts whose systemd reads it, and where its unit does not."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

Configure = t.Callable[..., dict[str, t.Any]]

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
DEFAULTS = "/etc/default/docker"
DROP_INS = "/etc/systemd/system/docker.service.d"
ATTACHED = f"{DROP_INS}/zy-slipway-environment.conf"
PROXY = {"http_proxy": "http://user:pa$$word@127.0.0.1:3128", "no_proxy": "localhost"}


@pytest.fixture(scope="module", autouse=True)
def as_before(host: Host, configure: Configure) -> t.Iterator[None]:
    before = host.file(DEFAULTS).content_string
    yield
    configure(CONFIG)
    assert host.file(DEFAULTS).content_string == before
    assert host.run("ls -A /var/lib/slipway/originals").stdout == ""


def environment(host: Host) -> dict[str, str]:
    lines = str(host.check_output("tr '\\0' '\\n' < /proc/$(pidof dockerd)/environ")).splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def argv(host: Host) -> list[str]:
    return str(host.check_output("tr '\\0' '\\n' < /proc/$(pidof dockerd)/cmdline")).splitlines()


def set_variables(host: Host, *, check: bool = False, **arguments: t.Any) -> dict[str, t.Any]:
    done = host.ansible(
        "slipway.docker.environment_file", json.dumps({"settle": 0, **arguments}), check=check, diff=True
    )
    return t.cast("dict[str, t.Any]", done)


def test_variables_are_owned_and_reach_the_daemon(host: Host, configure: Configure) -> None:
    foretold = configure(CONFIG, check=True, environment=PROXY)
    done = configure(CONFIG, environment=PROXY)
    for result in (foretold, done):
        assert result["changed_variables"] == list(PROXY)
        assert (result["activation"], result["files"]) == ("restart", [DEFAULTS])
        assert ["environment" in reason for reason in result["activation_reasons"]] == [True]
        assert "pa$$word" not in json.dumps(result)
    assert PROXY.items() <= environment(host).items()
    assert host.check_output("docker info --format '{{.HTTPProxy}}'") == "http://xxxxx:xxxxx@127.0.0.1:3128"
    assert configure(CONFIG, environment=PROXY)["changed"] is False
    gone = configure(CONFIG)
    assert (gone["changed_variables"], gone["activation"]) == (list(PROXY), "restart")
    assert not PROXY.keys() & environment(host).keys()


def test_a_change_by_hand_is_made_effective(host: Host, configure: Configure) -> None:
    configure(CONFIG)
    before = host.file(DEFAULTS).content_string
    host.check_output("printf 'no_proxy=example.com\\n' >> %s", DEFAULTS)
    done = configure(CONFIG)
    assert ["environment" in reason for reason in done["activation_reasons"]] == [True]
    assert environment(host)["no_proxy"] == "example.com"
    host.check_output("printf %%s %s > %s", before, DEFAULTS)
    assert configure(CONFIG)["activation"] == "restart"
    assert "no_proxy" not in environment(host)


def test_a_flag_in_the_options_goes_there_and_comes_back(host: Host, configure: Configure) -> None:
    before = host.file(DEFAULTS).content_string
    options = (
        'DOCKER_OPTS="--label=kept=yes -H unix:///var/run/docker.sock \\\n  --host=tcp://127.0.0.1:2376 --mtu 1400"'
    )
    host.check_output("printf '%%s\\n' %s >> %s", options, DEFAULTS)
    written = host.file(DEFAULTS).content_string
    done = configure(CONFIG)
    assert DEFAULTS in done["files"]
    assert {clash["resolution"] for clash in done["conflicts"] if clash["file"] == DEFAULTS} == {
        f"taken out of {DEFAULTS}"
    }
    assert host.file(DEFAULTS).content_string == before + 'DOCKER_OPTS="--label=kept=yes \\\n  --mtu 1400"\n'
    assert argv(host)[-3:] == ["--label=kept=yes", "--mtu", "1400"]
    configure({"storage-driver": "overlay2"})
    assert host.file(DEFAULTS).content_string == written
    assert "--host=tcp://127.0.0.1:2376" in argv(host)
    host.check_output("printf %%s %s > %s", before, DEFAULTS)
    configure(CONFIG)


def test_what_fails_puts_the_variables_back_too(host: Host) -> None:
    """dockerd takes the flag's value, and dies of it."""
    before = host.file(DEFAULTS).content_string
    failed = set_variables(host, variables={"DOCKER_OPTS": "--exec-root=/proc/nowhere"})
    assert "/proc/nowhere" in failed["msg"]
    assert failed["rolled_back"] is True
    assert host.file(DEFAULTS).content_string == before
    assert host.run("docker version").rc == 0


def test_a_flag_that_dockerd_does_not_know(host: Host) -> None:
    before = host.file(DEFAULTS).content_string
    failed = set_variables(host, variables={"DOCKER_OPTS": "--hots=x"})
    assert "dockerd refuses this configuration, so nothing was touched: " in failed["msg"]
    assert "unknown flag: --hots" in failed["msg"]
    assert host.file(DEFAULTS).content_string == before


def test_a_unit_that_does_not_read_the_file(host: Host) -> None:
    """As Docker's own: no file, and no variable in the command."""
    command = "/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock"
    unit = f"[Service]\nEnvironmentFile=\nExecStart=\nExecStart={command}\n"
    wanted = {"DOCKER_TMPDIR": "/srv/tmp dir", "DOCKER_OPTS": "--label=attached=yes"}
    host.check_output(
        "mkdir -p '/srv/tmp dir' && printf %%s %s > %s/bare.conf && systemctl daemon-reload", unit, DROP_INS
    )
    try:
        failed = set_variables(host, variables=wanted)
        assert f"{DEFAULTS}: the service ({DROP_INS}/bare.conf:4) does not read this file" in failed["msg"]
        assert "set add_to_unit to have a drop-in do that" in failed["msg"]
        foretold = set_variables(host, check=True, variables=wanted, add_to_unit=True)
        done = set_variables(host, variables=wanted, add_to_unit=True)
        assert {key: foretold[key] for key in ("files", "activation", "changed_variables")} == {
            key: done[key] for key in ("files", "activation", "changed_variables")
        }
        assert ATTACHED in done["files"]
        assert environment(host)["DOCKER_TMPDIR"] == "/srv/tmp dir"
        assert argv(host)[-1] == "--label=attached=yes"
        assert not [word for word in argv(host) if word.startswith(("-H", "fd:"))]
        assert set_variables(host, variables=wanted, add_to_unit=True)["changed"] is False
        assert set_variables(host, variables=wanted)["changed"] is False
        gone = set_variables(host, absent=list(wanted), add_to_unit=False)
        assert ATTACHED in gone["files"]
        assert "DOCKER_TMPDIR" not in environment(host)
        assert not host.file(ATTACHED).exists
    finally:
        host.check_output("rm %s/bare.conf && systemctl daemon-reload", DROP_INS)
