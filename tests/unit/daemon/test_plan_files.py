# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files a plan changes, and how clashing flags are settled."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.drop_ins import PARKED_SOCKET
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    SOCKET_DROP_IN,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import Owned
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.daemon.originals import kept_as
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Plan
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from unit.states import Doc, decide, installed, remember, running, stopped
from unit.trees import DAEMON_JSON, DEBIAN_UNIT, DEFAULTS, DROP_INS, SERVICE, UPSTREAM_UNIT, Tree

HOSTS = {"hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]}


def written(plan: Plan) -> dict[str, str | None]:
    return {change.path: None if change.after is None else change.after.decode() for change in plan.files}


def apply(tree: Tree, plan: Plan) -> None:
    """Write the plan's files into the tree."""
    for change in plan.files:
        if change.after is None:
            tree.at(change.path).unlink()
        else:
            tree.write(change.path, change.after)
    tree.write(RECORD_PATH, plan.record.render())


def observe_at(tree: Tree, path: str) -> State:
    state = observe(tree.host, path)
    there = running(tree)
    return replace(state, acts=True, service=there.service, process=there.process, version=there.version)


def refusals(tree: Tree, config: Doc, **wishes: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        decide(running(tree), config, **wishes)
    return caught.value.problems


def test_a_new_file(tree: Tree) -> None:
    plan = decide(running(installed(tree)), {"debug": True})
    assert written(plan) == {DAEMON_JSON: '{\n  "debug": true\n}\n'}
    assert plan.changed_keys == ("debug",)
    assert plan.record.created
    assert plan.record.owned == Owned({"debug": True}, {})
    assert plan.changes


def test_a_new_file_with_a_password_is_roots_alone(tree: Tree) -> None:
    config = {"proxies": {"http-proxy": "http://user:password@proxy:3128"}}
    (change,) = decide(running(installed(tree)), config).files
    assert change.before.mode == 0o600
    (change,) = decide(running(installed(tree)), {"debug": True}).files
    assert change.before.mode == 0o644


def test_what_we_set_in_another_file_is_not_ours_here(tree: Tree) -> None:
    """The service was told to read another file since, which somebody else has written."""
    other = "/etc/docker/other.json"
    installed(tree)
    unit = UPSTREAM_UNIT.replace("-H fd://", f"-H fd:// --config-file={other}")
    apply(tree, decide(running(tree), {"debug": True, "mtu": 1400}))
    tree.write(SERVICE, unit)
    tree.write(other, '{"debug": true}')
    plan = decide(observe_at(tree, other), {}, path=other)
    assert plan.files == ()
    assert plan.record.owned == Owned({}, {})


def test_a_file_that_the_command_line_names_has_to_be_there(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", f"-H fd:// --config-file={DAEMON_JSON}")
    apply(tree, decide(running(installed(tree, None, unit)), {"debug": True}))
    assert written(decide(running(tree), {})) == {DAEMON_JSON: "{}\n"}


def test_nothing_wanted_and_nothing_there(tree: Tree) -> None:
    plan = decide(running(installed(tree)), {})
    assert (plan.files, plan.changed_keys, plan.activation, plan.changes) == ((), (), "none", False)


def test_keys_of_others_stay(tree: Tree) -> None:
    plan = decide(running(installed(tree, {"mtu": 1400})), {"debug": True})
    assert written(plan) == {DAEMON_JSON: '{\n  "mtu": 1400,\n  "debug": true\n}\n'}
    assert not plan.record.created


def test_layout_alone_is_no_reason_to_write(tree: Tree) -> None:
    installed(tree)
    tree.write(DAEMON_JSON, '{"debug":true,"hosts":["fd://","unix:///x"]}')
    plan = decide(running(tree, argv=["/usr/bin/dockerd"]), {"hosts": ["unix:///x", "fd://"], "debug": True})
    assert DAEMON_JSON not in written(plan)
    assert plan.changed_keys == ()


@pytest.mark.parametrize(("there", "wanted"), [({"debug": 1}, {"debug": True}), ({"mtu": 1500.0}, {"mtu": 1500})])
def test_a_value_that_dockerd_cannot_read_is_written_anew(tree: Tree, there: Doc, wanted: Doc) -> None:
    """For Python it equals the right one."""
    plan = decide(running(installed(tree, there)), wanted)
    assert {path: json.loads(text or "") for path, text in written(plan).items()} == {DAEMON_JSON: wanted}
    assert "." not in (written(plan)[DAEMON_JSON] or "")
    assert plan.changed_keys == tuple(wanted)


def test_null_counts_as_not_asked_for(tree: Tree) -> None:
    assert not decide(running(installed(tree, {"mtu": 1400})), {"debug": None, "mtu": None}).changes
    remember(tree, {"mtu": 1400})
    plan = decide(running(tree), {"mtu": None})
    assert plan.changed_keys == ("mtu",)
    assert plan.document == {}


def test_what_is_no_longer_asked_for_goes(tree: Tree) -> None:
    remember(installed(tree, {"mtu": 1400, "debug": True}), {"debug": True})
    assert written(decide(running(tree), {})) == {DAEMON_JSON: '{\n  "mtu": 1400\n}\n'}


def test_a_file_that_we_made_goes_with_its_last_key(tree: Tree) -> None:
    remember(installed(tree, {"debug": True}), {"debug": True}, created=True)
    assert written(decide(running(tree), {})) == {DAEMON_JSON: None}


def test_a_file_that_was_there_stays_though_empty(tree: Tree) -> None:
    remember(installed(tree, {"debug": True}), {"debug": True})
    assert written(decide(running(tree), {})) == {DAEMON_JSON: "{}\n"}


def test_replace(tree: Tree) -> None:
    plan = decide(running(installed(tree, {"mtu": 1400, "debug": False})), {"debug": True}, merge="replace")
    assert plan.document == {"debug": True}
    assert plan.changed_keys == ("debug", "mtu")


def test_drift_is_told_and_corrected(tree: Tree) -> None:
    remember(installed(tree, {"debug": False, "mtu": 1400}), {"debug": True, "mtu": 1400})
    plan = decide(running(tree), {"debug": True, "mtu": 1400})
    assert plan.drifted_keys == ("debug",)
    assert plan.document == {"debug": True, "mtu": 1400}


# --- Flags that clash.


def test_a_clashing_flag_is_taken_out_and_the_socket_unit_parked(tree: Tree) -> None:
    plan = decide(running(installed(tree)), HOSTS)
    files = written(plan)
    assert list(files) == [DAEMON_JSON, SERVICE_DROP_IN, SOCKET_DROP_IN]
    start = "ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock\n"
    assert (files[SERVICE_DROP_IN] or "").endswith(f"[Service]\nExecStart=\n{start}")
    assert f"ListenStream=\nListenStream={PARKED_SOCKET}\n" in (files[SOCKET_DROP_IN] or "")
    assert plan.moves_socket
    assert plan.arguments == ("--containerd=/run/containerd/containerd.sock",)
    assert [(str(c), c.resolution) for c in plan.conflicts] == [(f"-H fd:// in {SERVICE}:8", "taken out by a drop-in")]
    assert [address.raw for address in plan.listens] == HOSTS["hosts"]


def test_the_socket_unit_stays_where_it_is_asked_to(tree: Tree) -> None:
    plan = decide(running(installed(tree)), {"hosts": ["fd://", "tcp://127.0.0.1:2375"]})
    assert list(written(plan)) == [DAEMON_JSON, SERVICE_DROP_IN]
    assert [address.raw for address in plan.listens] == ["unix:///run/docker.sock", "tcp://127.0.0.1:2375"]


def test_whether_the_socket_unit_is_restarted_too(tree: Tree) -> None:
    """Where the launch changes it may listen elsewhere, by a unit that systemd has not read yet."""
    installed(tree)
    assert decide(running(tree), HOSTS).moves_socket
    assert decide(running(tree), {"hosts": ["fd://"]}).moves_socket
    assert not decide(running(tree), {"mtu": 1400}).moves_socket
    tree.at("/lib/systemd/system/docker.socket").unlink()
    assert not decide(running(tree), HOSTS).moves_socket


def test_a_host_without_socket_unit(tree: Tree) -> None:
    installed(tree)
    tree.at("/lib/systemd/system/docker.socket").unlink()
    plan = decide(running(tree), HOSTS)
    assert list(written(plan)) == [DAEMON_JSON, SERVICE_DROP_IN]
    assert not plan.moves_socket


def test_flags_through_an_environment_file(tree: Tree) -> None:
    installed(tree, unit=DEBIAN_UNIT)
    tree.write(DEFAULTS, "DOCKER_OPTS='--dns 9.9.9.9 --mtu=1400'\n")
    plan = decide(running(tree), {"dns": ["1.1.1.1"]})
    original = kept_as(DEFAULTS)
    assert written(plan)[DEFAULTS] == "DOCKER_OPTS='--mtu=1400'\n"
    assert written(plan)[original] == "DOCKER_OPTS='--dns 9.9.9.9 --mtu=1400'\n"
    assert set(written(plan)) == {DAEMON_JSON, DEFAULTS, original}
    assert plan.arguments == ("-H", "fd://", "--containerd=/run/containerd/containerd.sock", "--mtu=1400")
    (conflict,) = plan.conflicts
    assert str(conflict) == f"--dns 9.9.9.9 in {DEFAULTS}:1 through $DOCKER_OPTS"
    assert conflict.resolution == f"taken out of {DEFAULTS}"


def test_what_was_taken_out_of_an_environment_file_comes_back(tree: Tree) -> None:
    installed(tree, unit=DEBIAN_UNIT)
    tree.write(DEFAULTS, "# mine\nDOCKER_OPTS='--dns 9.9.9.9 --mtu=1400'\n")
    apply(tree, decide(running(tree), {"dns": ["1.1.1.1"]}))
    assert tree.at(DEFAULTS).read_text() == "# mine\nDOCKER_OPTS='--mtu=1400'\n"
    assert decide(running(tree), {"dns": ["1.1.1.1"]}).files == ()
    apply(tree, decide(running(tree), {}))
    assert tree.at(DEFAULTS).read_text() == "# mine\nDOCKER_OPTS='--dns 9.9.9.9 --mtu=1400'\n"
    assert not tree.at(kept_as(DEFAULTS)).exists()


def test_a_file_that_somebody_changed_after_us_is_theirs(tree: Tree) -> None:
    installed(tree, unit=DEBIAN_UNIT)
    tree.write(DEFAULTS, "DOCKER_OPTS='--dns 9.9.9.9'\n")
    apply(tree, decide(running(tree), {"dns": ["1.1.1.1"]}))
    tree.write(DEFAULTS, "DOCKER_OPTS='--mtu=1300'\n")
    apply(tree, decide(running(tree), {}))
    assert tree.at(DEFAULTS).read_text() == "DOCKER_OPTS='--mtu=1300'\n"


def test_flags_of_the_unit_and_of_its_environment_file(tree: Tree) -> None:
    installed(tree, unit=DEBIAN_UNIT)
    tree.write(DEFAULTS, "DOCKER_OPTS='-D -H tcp://127.0.0.1:2375'\n")
    plan = decide(running(tree), HOSTS)
    assert plan.arguments == ("--containerd=/run/containerd/containerd.sock", "-D")
    assert written(plan)[DEFAULTS] == "DOCKER_OPTS='-D'\n"
    assert "ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS\n" in (
        written(plan)[SERVICE_DROP_IN] or ""
    )


def test_a_second_run_changes_nothing(tree: Tree) -> None:
    apply(tree, decide(running(installed(tree)), HOSTS))
    plan = decide(running(tree), HOSTS)
    assert plan.files == ()
    assert not plan.moves_socket
    assert [conflict.option for conflict in plan.conflicts] == ["hosts"]  # still settled by the drop-in


def test_the_drop_ins_go_when_they_are_not_needed_any_more(tree: Tree) -> None:
    apply(tree, decide(running(installed(tree)), HOSTS))
    plan = decide(running(tree), {})
    assert written(plan) == {DAEMON_JSON: None, SERVICE_DROP_IN: None, SOCKET_DROP_IN: None}
    assert plan.moves_socket
    assert plan.arguments[:2] == ("-H", "fd://")
    assert [address.raw for address in plan.listens] == ["unix:///run/docker.sock"]


def test_the_drop_in_follows_the_package(tree: Tree) -> None:
    """An upgrade brings another ExecStart: ours is computed anew from it."""
    apply(tree, decide(running(installed(tree)), HOSTS))
    tree.write(SERVICE, UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --default-ulimit nofile=1024"))
    plan = decide(running(tree), HOSTS)
    assert list(written(plan)) == [SERVICE_DROP_IN]
    assert "--default-ulimit nofile=1024" in (written(plan)[SERVICE_DROP_IN] or "")


def test_somebody_elses_key_that_clashes_is_settled_too(tree: Tree) -> None:
    """dockerd does not start with it, whoever wrote it."""
    plan = decide(stopped(installed(tree, {"hosts": ["fd://"]})), {"debug": True})
    assert list(written(plan)) == [DAEMON_JSON, SERVICE_DROP_IN]


def test_fail(tree: Tree) -> None:
    installed(tree)
    path = "/run/containerd/containerd.sock"
    both = "dockerd refuses to start with both: take one out, or set conflicts to resolve"
    assert refusals(tree, {**HOSTS, "containerd": "/x", "debug": True}, conflicts="fail") == [
        f"hosts stands in {DAEMON_JSON} and also as -H fd:// in {SERVICE}:8; {both}",
        f"containerd stands in {DAEMON_JSON} and also as --containerd {path} in {SERVICE}:8; {both}",
    ]
    assert decide(running(tree), {"debug": True}, conflicts="fail").changed_keys == ("debug",)


def test_keep(tree: Tree) -> None:
    plan = decide(running(installed(tree)), {**HOSTS, "debug": True}, conflicts="keep")
    assert plan.document == {"debug": True}
    assert list(written(plan)) == [DAEMON_JSON]
    assert plan.record.owned.config == {"debug": True}
    assert plan.warnings == (f"hosts is not written, because the flag stays: -H fd:// in {SERVICE}:8",)
    assert [(c.option, c.resolution) for c in plan.conflicts] == [("hosts", "flag kept, key not written")]
    assert [address.raw for address in plan.listens] == ["unix:///run/docker.sock"]


def test_keep_cannot_help_where_somebody_else_wrote_the_key(tree: Tree) -> None:
    installed(tree, {"hosts": ["fd://"]})
    (problem,) = refusals(tree, {"debug": True}, conflicts="keep")
    assert problem.startswith(f"hosts stands in {DAEMON_JSON} and also as -H fd:// in {SERVICE}:8; ")


def test_a_drop_in_behind_ours(tree: Tree) -> None:
    late = f"{DROP_INS}/zzz.conf"
    tree.write(late, "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd://\n")
    installed(tree)
    (problem,) = refusals(tree, HOSTS)
    assert problem == (
        f"{late} sets ExecStart and comes after {SERVICE_DROP_IN}, so flags cannot be taken out of it; "
        "give it a name that sorts before"
    )
    assert decide(running(tree), {"debug": True}).changed_keys == ("debug",)


@pytest.mark.parametrize("flag", ["--config-file /etc/docker.json", "--config-file=/etc/docker.json"])
def test_another_configuration_file(tree: Tree, flag: str) -> None:
    installed(tree, unit=UPSTREAM_UNIT.replace("-H fd://", flag))
    (problem,) = refusals(tree, {"debug": True})
    assert problem == (
        f"the service reads /etc/docker.json (--config-file in {SERVICE}:8), not {DAEMON_JSON}; "
        "set path to /etc/docker.json"
    )


def test_all_problems_at_once(tree: Tree) -> None:
    installed(tree)
    config = {"log_driver": "x", "mtu": "x", "hosts": ["tcp://0.0.0.0"]}
    assert [problem.split(" ")[0] for problem in refusals(tree, config, conflicts="fail")] == [
        "config.log_driver",
        "config.mtu",
        "config.hosts[0]:",
        "hosts",
    ]


def test_a_file_that_was_changed_since_is_told(tree: Tree) -> None:
    tree.write(DEFAULTS, "DOCKER_OPTS='--label=a=1 --log-driver=journald'\n")
    installed(tree, None, DEBIAN_UNIT)
    apply(tree, decide(running(tree), {"log-driver": "local"}))
    tree.write(DEFAULTS, tree.read(DEFAULTS).decode() + "# mine\n")
    plan = decide(running(tree), {"log-driver": "local"})
    (warning,) = plan.warnings
    assert warning.startswith(f"{DEFAULTS} was changed by somebody since flags were taken out of it, so they do not ")
    assert warning.endswith(f"what it was before is kept as {kept_as(DEFAULTS)}")
    assert kept_as(DEFAULTS) not in written(plan)
