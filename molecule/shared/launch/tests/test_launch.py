# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine that something else than systemd launches: flags go where they stand and come back, variables arrive, what
fails is put back though the init script said that all is well, and all of it outlives a reboot.
"""

from __future__ import annotations

import difflib
import json
import re
import time
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host
from testinfra.modules.ansible import AnsibleException

Configure = t.Callable[..., dict[str, t.Any]]

VARS = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())
CONFIG: dict[str, t.Any] = VARS["engine_config"]
VARIABLES: dict[str, str] = VARS["engine_environment"]
SOCKETS = ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]
# What stood in the file, without blanks, quotes and backslashes.
FLAGS = {
    "sysvinit-options": "-Hunix:///var/run/docker.sock-Htcp://127.0.0.1:2376",
    "sysvinit-script": "--hostunix:///var/run/docker.sock-H=tcp://127.0.0.1:2376",
    "openrc-options": "-Hunix:///var/run/docker.sock--host=tcp://127.0.0.1:2376",
    "openrc-script": "-Hunix:///var/run/docker.sock--host=tcp://127.0.0.1:2376",
    "runit-script": "-Hunix:///var/run/docker.sock-Htcp://${DOCKER_ADDRESS:-127.0.0.1}:2376",
}
FORETOLD = ("changed", "changed_keys", "changed_variables", "files", "activation", "activation_reasons", "conflicts")


@pytest.fixture
def flag_file(host: Host) -> str:
    """Where the flag stood before."""
    return read(host, "/var/lib/flag-file").strip()


@pytest.fixture
def options_file(host: Host) -> str:
    """The file of variables that the launcher reads."""
    native = "openrc-run" in host.file("/etc/init.d/docker").content_string.splitlines()[0]
    return "/etc/conf.d/docker" if native and "openrc" in name(host) else "/etc/default/docker"


def name(host: Host) -> str:
    return str(host.backend.host)


def argv(host: Host) -> list[str]:
    return str(host.check_output("tr '\\0' '\\n' < /proc/$(cat /var/run/docker.pid)/cmdline")).splitlines()


def environment(host: Host) -> dict[str, str]:
    lines = str(host.check_output("tr '\\0' '\\n' < /proc/$(cat /var/run/docker.pid)/environ")).splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def read(host: Host, path: str) -> str:
    return str(host.file(path).content_string)


def answers(host: Host, address: str) -> bool:
    return bool(host.run("docker --host %s version --format '{{.Server.Os}}'", address).stdout == "linux\n")


def refusal(configure: Configure, config: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    with pytest.raises(AnsibleException) as caught:
        configure(config, **options)
    return t.cast("dict[str, t.Any]", caught.value.result)


def set_variables(host: Host, **arguments: t.Any) -> dict[str, t.Any]:
    done = host.ansible("slipway.docker.environment_file", json.dumps({"settle": 0, **arguments}), check=False)
    return t.cast("dict[str, t.Any]", done)


def test_the_daemon_answers_on_both_sockets_and_on_no_other(host: Host) -> None:
    assert [address for address in SOCKETS if answers(host, address)] == SOCKETS
    assert not answers(host, "tcp://127.0.0.1:2376")


def test_only_the_flag_and_its_value_went(host: Host, flag_file: str) -> None:
    before = read(host, "/var/lib/before")
    after = read(host, flag_file)
    ours = [f'{key}="{value}"' for key, value in VARIABLES.items()] + [f"export {key}" for key in VARIABLES]
    kept = "\n".join(line for line in after.split("\n") if line not in ours)
    changes = difflib.SequenceMatcher(None, before, kept, autojunk=False).get_opcodes()
    gone = [before[first:last] for kind, first, last, _start, _end in changes if kind != "equal"]
    assert {kind for kind, *_rest in changes} == {"equal", "delete"}
    assert sorted(re.sub(r"[\s\\\"']", "", "".join(gone))) == sorted(FLAGS[name(host)])
    assert host.run("sh -n %s", flag_file).rc == 0


def test_other_flags_stay(host: Host) -> None:
    words = argv(host)
    assert not [word for word in words if word.startswith(("-H", "--host"))]
    assert words[-1] == "1400" or "--mtu=1400" in words
    assert "--label=kept=yes" in words or "options" not in name(host)


def test_check_mode_had_predicted_it(host: Host, flag_file: str) -> None:
    predicted = json.loads(read(host, "/var/lib/predicted.json"))
    assert predicted["activation"] == "restart"
    assert predicted["sockets"] == SOCKETS
    assert flag_file in predicted["files"]
    shown = {part["after_header"]: part["after"] for part in predicted["diff"]}
    assert shown == {path: read(host, path) for path in shown}
    assert [clash["file"] for clash in predicted["conflicts"]] == [flag_file] * 2
    assert all(clash["resolution"] == f"taken out of {flag_file}" for clash in predicted["conflicts"])


def test_variables_reach_the_daemon(host: Host, options_file: str) -> None:
    assert VARIABLES.items() <= environment(host).items()
    assert 'no_proxy="localhost,.example.com"' in read(host, options_file)


def test_every_word_of_the_command_line_is_traced(host: Host) -> None:
    found = host.ansible("slipway.docker.daemon_info", json.dumps({"gather_subset": ["launch"]}), check=False)
    launch = t.cast("dict[str, t.Any]", found)["launch"]
    assert launch["init"] == name(host).partition("-")[0]
    assert launch["init_runs"] is True
    assert launch["argv"] == launch["running_argv"] == argv(host)
    assert launch["flags"]
    for flag in launch["flags"]:
        assert flag["flag"] in read(host, flag["file"]).split("\n")[flag["line"] - 1]
    assert launch["service"]["enabled"] == "enabled"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({**CONFIG, "labels": ["tier=test"]}, id="a reload will do"),
        pytest.param({}, id="the flags come back"),
        pytest.param(CONFIG, id="and go again"),
        pytest.param(CONFIG, id="nothing to do"),
    ],
)
def test_prediction_comes_true(host: Host, configure: Configure, flag_file: str, config: dict[str, t.Any]) -> None:
    look = f"cat {flag_file} /etc/docker/daemon.json /var/run/docker.pid"
    before = host.run(look).stdout
    foretold = configure(config, check=True, environment=VARIABLES)
    assert host.run(look).stdout == before
    real = configure(config, environment=VARIABLES)
    assert {key: foretold[key] for key in FORETOLD} == {key: real[key] for key in FORETOLD}
    again = configure(config, environment=VARIABLES)
    assert (again["changed"], again["activation"]) == (False, "none")
    if not config:
        assert answers(host, "tcp://127.0.0.1:2376")


def test_without_our_wishes_the_file_is_what_it_was(host: Host, configure: Configure, flag_file: str) -> None:
    configure({})
    assert read(host, flag_file) == read(host, "/var/lib/before")
    assert not host.file("/etc/docker/daemon.json").exists
    assert host.run("ls -A /var/lib/slipway/originals").stdout == ""
    assert "no_proxy" not in environment(host)
    configure(CONFIG, environment=VARIABLES)


def test_a_daemon_that_dies_at_once_is_seen_through(host: Host, configure: Configure, flag_file: str) -> None:
    """The script says that it has started the daemon. The daemon says why it did not stay, and that is what we say."""
    before, pid = read(host, flag_file), argv(host)
    failed = refusal(configure, {**CONFIG, "exec-root": "/proc/nowhere"}, environment={})
    assert "/proc/nowhere" in failed["msg"]
    assert "Rolled back: the old configuration is back and the daemon runs" in failed["msg"]
    assert failed["rolled_back"] is True
    assert any("/proc/nowhere" in line for line in failed["journal"])
    assert (read(host, flag_file), argv(host)) == (before, pid)
    assert json.loads(read(host, "/etc/docker/daemon.json")) == CONFIG
    assert [address for address in SOCKETS if answers(host, address)] == SOCKETS


def test_containers_are_named_and_brought_back(host: Host, configure: Configure) -> None:
    host.check_output("tar --create --directory /bin busybox | docker import - local/busybox")
    host.check_output("docker run --detach --init --name plain --network none local/busybox /busybox sleep 1000")
    try:
        foretold = configure({**CONFIG, "log-driver": "local"}, check=True, environment=VARIABLES)
        assert foretold["containers_stopped"] == ["plain"]
        done = configure({**CONFIG, "log-driver": "local"}, environment=VARIABLES)
        assert done["containers_restarted"] == ["plain"]
        assert host.check_output("docker inspect --format '{{.State.Running}}' plain") == "true"
    finally:
        host.check_output("docker rm --force plain")
    configure(CONFIG, environment=VARIABLES)


def test_a_variable_by_itself(host: Host, options_file: str) -> None:
    before = read(host, options_file)
    wanted = {"DOCKER_TMPDIR": '/srv/a $5 `place` with "quotes" and a \\'}
    host.check_output("mkdir -p %s", wanted["DOCKER_TMPDIR"])
    done = set_variables(host, variables=wanted)
    assert (done["changed"], done["activation"], done["changed_variables"]) == (True, "restart", ["DOCKER_TMPDIR"])
    assert environment(host)["DOCKER_TMPDIR"] == wanted["DOCKER_TMPDIR"]
    assert set_variables(host, variables=wanted)["changed"] is False
    gone = set_variables(host, absent=list(wanted))
    assert (gone["changed"], gone["activation"]) == (True, "restart")
    assert "DOCKER_TMPDIR" not in environment(host)
    assert read(host, options_file) == before


def test_a_flag_by_a_variable_is_held_against_the_file(host: Host) -> None:
    failed = set_variables(host, variables={"DOCKER_OPTS": "-H tcp://127.0.0.1:2377"})
    assert "DOCKER_OPTS shall have -H, and daemon.json hosts: dockerd does not start with both" in failed["msg"]


def test_a_value_that_readers_would_take_differently(host: Host) -> None:
    failed = set_variables(host, variables={"DOCKER_OPTS": "--label 'a b'"})
    assert "the value of DOCKER_OPTS contains a single quote" in failed["msg"]


def test_it_outlives_a_reboot(host: Host, configure: Configure, reboot: t.Callable[[], None]) -> None:
    reboot()
    end = time.monotonic() + 60
    while not all(answers(host, address) for address in SOCKETS) and time.monotonic() < end:
        time.sleep(0.2)
    assert [address for address in SOCKETS if answers(host, address)] == SOCKETS
    assert VARIABLES.items() <= environment(host).items()
    done = configure(CONFIG, environment=VARIABLES)
    assert (done["changed"], done["activation"]) == (False, "none")
