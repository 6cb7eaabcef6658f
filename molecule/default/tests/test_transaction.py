# SPDX-License-Identifier: GPL-3.0-or-later
"""What the transaction promises, on hosts that run: containers, keys of others, flags of others, files that cannot be
read, and two runs at once.
"""

from __future__ import annotations

import concurrent.futures
import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host
from testinfra.modules.ansible import AnsibleException

Configure = t.Callable[..., dict[str, t.Any]]

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
DAEMON_JSON = "/etc/docker/daemon.json"
DROP_IN = "/etc/systemd/system/docker.service.d/zz-slipway.conf"


@pytest.fixture(scope="module", autouse=True)
def as_before(configure: Configure) -> t.Iterator[None]:
    yield
    configure(CONFIG)


def written(host: Host) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", json.loads(host.file(DAEMON_JSON).content_string))


def write(host: Host, path: str, text: str) -> None:
    host.check_output("printf %%s %s > %s", text, path)


def refusal(configure: Configure, config: dict[str, t.Any], **options: t.Any) -> str:
    with pytest.raises(AnsibleException) as caught:
        configure(config, **options)
    return str(caught.value.result["msg"])


def test_live_restore_changes_while_containers_run_on(host: Host, configure: Configure) -> None:
    host.check_output("docker run --detach --name keep local/debian:base sleep 1000")
    try:
        look = "docker inspect --format '{{.State.StartedAt}} {{.State.Pid}} {{.State.Running}}' keep"
        before, daemon = host.check_output(look), host.check_output("pidof dockerd")
        for config in ({**CONFIG, "live-restore": True, "log-driver": "local"}, CONFIG):
            done = configure(config)
            assert (done["activation"], done["containers_stopped"]) == ("restart", [])
            assert host.check_output("pidof dockerd") != daemon
            assert host.check_output(look) == before
            wanted = "true local" if "live-restore" in config else "false json-file"
            assert host.check_output("docker info --format '{{.LiveRestoreEnabled}} {{.LoggingDriver}}'") == wanted
            assert written(host) == config
    finally:
        host.check_output("docker rm --force keep")


def test_a_restart_names_what_stops_and_brings_it_back(host: Host, configure: Configure) -> None:
    host.check_output("docker run --detach --init --name plain local/debian:base sleep 1000")
    try:
        foretold = configure({**CONFIG, "log-driver": "local"}, check=True)
        assert foretold["containers_stopped"] == ["plain"]
        done = configure({**CONFIG, "log-driver": "local"})
        assert done["containers_restarted"] == ["plain"]
        assert host.check_output("docker inspect --format '{{.State.Running}}' plain") == "true"
    finally:
        host.check_output("docker rm --force plain")


def test_keys_of_others_stay_and_drift_is_corrected(host: Host, configure: Configure) -> None:
    configure({**CONFIG, "labels": ["a=1"]})
    write(host, DAEMON_JSON, json.dumps({"max-concurrent-downloads": 2, **written(host), "labels": ["b=2"]}))
    done = configure({**CONFIG, "labels": ["a=1"]})
    assert done["drifted_keys"] == ["labels"]
    assert written(host) == {"max-concurrent-downloads": 2, **CONFIG, "labels": ["a=1"]}
    configure(CONFIG)
    assert written(host) == {"max-concurrent-downloads": 2, **CONFIG}
    assert configure(CONFIG, merge="replace")["changed_keys"] == ["max-concurrent-downloads"]
    assert written(host) == CONFIG


def test_flags_of_others_are_found_where_they_stand(host: Host, configure: Configure) -> None:
    defaults = host.file("/etc/default/docker").content_string
    line = len(defaults.splitlines()) + 1
    host.check_output("printf %%s %s >> /etc/default/docker", 'DOCKER_OPTS="--debug --label a=b"\n')
    try:
        config = {**CONFIG, "labels": ["c=d"]}
        said = refusal(configure, config, conflicts="fail")
        assert f"--label a=b in /etc/default/docker:{line} through $DOCKER_OPTS; dockerd refuses to start" in said
        assert "-H fd:// in " in said
        done = configure(config)
        assert [(found["flag"], found["file"]) for found in done["conflicts"] if found["option"] == "labels"] == [
            ("--label a=b", "/etc/default/docker")
        ]
        assert "--debug" in host.check_output("tr '\\0' ' ' < /proc/$(pidof dockerd)/cmdline")
        assert host.check_output("docker info --format '{{.Labels}}'") == "[c=d]"
        kept = configure({"labels": ["c=d"]}, conflicts="keep")
        assert not host.file(DAEMON_JSON).exists  # the role had made it, and nothing is left to be written
        assert kept["conflicts"][0]["resolution"] == "flag kept, key not written"
        assert not host.file(DROP_IN).exists  # nothing clashes any more, so nothing is taken out
        assert host.check_output("docker info --format '{{.Labels}}'") == "[a=b]"
    finally:
        write(host, "/etc/default/docker", defaults)
    assert configure(CONFIG)["activation"] == "restart"
    assert "$DOCKER_OPTS" in host.file(DROP_IN).content_string


def test_a_file_that_cannot_be_read_is_never_lost(host: Host, configure: Configure) -> None:
    broken = '{"debug": true, // by hand\n}\n'
    write(host, DAEMON_JSON, broken)
    assert f"{DAEMON_JSON}: line 1, column" in refusal(configure, CONFIG)
    assert host.file(DAEMON_JSON).content_string == broken
    done = configure(CONFIG, replace_unreadable=True)
    backup = next(path for path in done["files"] if ".unreadable-" in path)
    assert host.file(backup).content_string == broken
    assert written(host) == CONFIG
    host.check_output("rm %s", backup)


def test_a_symbolic_link_is_followed_or_refused(host: Host, configure: Configure) -> None:
    host.check_output(f"mv {DAEMON_JSON} /etc/docker/real.json && ln -s real.json {DAEMON_JSON}")
    try:
        config = {**CONFIG, "labels": ["a=1"]}
        assert "is a symbolic link to /etc/docker/real.json" in refusal(configure, config, follow=False)
        configure(config)
        assert host.file(DAEMON_JSON).is_symlink
        assert json.loads(host.file("/etc/docker/real.json").content_string) == config
    finally:
        host.check_output(f"mv /etc/docker/real.json {DAEMON_JSON}")


def test_what_is_too_disruptive_is_refused_or_put_off(host: Host, configure: Configure) -> None:
    configure(CONFIG)
    config, daemon = {**CONFIG, "log-driver": "local"}, host.check_output("pidof dockerd")
    assert "this needs a restart of the daemon (log-driver changes)" in refusal(configure, config, disruption="none")
    assert written(host) == CONFIG
    put_off = configure(config, disruption="reload", defer=True)
    assert put_off["pending"] == ["the daemon needs a restart: log-driver changes"]
    assert (written(host), host.check_output("pidof dockerd")) == (config, daemon)
    finished = configure(config)
    assert (finished["files"], finished["activation"]) == ([], "restart")
    assert host.check_output("docker info --format '{{.LoggingDriver}}'") == "local"


def test_two_runs_at_once_do_not_interleave(host: Host, configure: Configure) -> None:
    wishes = [{**CONFIG, "labels": [f"run={number}"], "debug": bool(number)} for number in range(2)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(configure, wishes))
    assert all(result["changed"] for result in done)
    last = written(host)
    assert last in wishes
    assert configure(last)["changed"] is False
    assert host.check_output("docker info --format '{{.Labels}}'") == f"[{last['labels'][0]}]"
