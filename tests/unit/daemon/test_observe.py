# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is, read from real trees. Absence is a state; what cannot be understood is an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.drop_ins import PARKED_SOCKET
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.attach import ATTACHING_DROP_IN
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    SOCKET_DROP_IN,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import Owned
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import (
    State,
    observe,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.originals import kept_as
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH, Loaded, Record
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.files import FileState
from unit.states import IDENTITY, installed, remember, running
from unit.trees import DAEMON_JSON, SERVICE, Tree


def look(tree: Tree, *, follow: bool = True, replace_unreadable: bool = False) -> State:
    return observe(tree.host, DAEMON_JSON, follow=follow, replace_unreadable=replace_unreadable)


def test_an_empty_host(tree: Tree) -> None:
    options = "/etc/default/docker"
    assert look(tree) == State(
        file=FileState(DAEMON_JSON, DAEMON_JSON),
        document={},
        record_file=FileState(RECORD_PATH, RECORD_PATH),
        record=Record(),
        service_drop_in=FileState(SERVICE_DROP_IN, SERVICE_DROP_IN),
        socket_drop_in=FileState(SOCKET_DROP_IN, SOCKET_DROP_IN),
        files={path: FileState(path, path) for each in (options, ATTACHING_DROP_IN) for path in (each, kept_as(each))},
        options_file=options,
    )
    assert tree.files() == []


def test_an_installed_engine(tree: Tree) -> None:
    remember(installed(tree, {"debug": True}), Owned({"debug": True}, {}))
    state = look(tree)
    assert state.document == {"debug": True}
    assert state.record.owned.config == {"debug": True}
    assert state.dockerd == "/usr/bin/dockerd"
    assert state.launch is not None
    assert state.launch == state.launch_now
    assert state.socket_paths() == ["/run/docker.sock"]
    assert (state.systemd, state.service.is_running, state.process) == (False, False, None)


def test_our_own_drop_ins_are_looked_through(tree: Tree) -> None:
    installed(tree)
    tree.write(SERVICE_DROP_IN, "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n")
    tree.write(SOCKET_DROP_IN, f"[Socket]\nListenStream=\nListenStream={PARKED_SOCKET}\n")
    state = look(tree)
    assert state.launch is not None
    assert state.launch_now is not None
    assert [flag.name for flag in state.launch.flags] == ["-H", "--containerd"]
    assert state.launch_now.flags == ()
    assert state.socket_paths() == ["/run/docker.sock"]
    assert state.service_drop_in.exists
    assert state.socket_drop_in.exists


def test_the_program_of_the_unit_and_otherwise_the_one_on_the_path(tree: Tree) -> None:
    installed(tree)
    tree.at("/usr/bin/dockerd").unlink()
    assert look(tree).dockerd == "/usr/sbin/dockerd"
    tree.at("/usr/sbin/dockerd").unlink()
    assert look(tree).dockerd is None


def test_a_file_that_cannot_be_understood(tree: Tree) -> None:
    tree.write(DAEMON_JSON, '{"debug": True}')
    with pytest.raises(HostError) as caught:
        look(tree)
    assert str(caught.value) == f'{DAEMON_JSON}: line 1, column 11: expected true: {{"debug": True}}'


def test_it_is_put_aside_where_that_is_wanted(tree: Tree) -> None:
    tree.write(DAEMON_JSON, '{"debug": True}')
    tree.at(DAEMON_JSON).chmod(0o600)
    state = look(tree, replace_unreadable=True)
    assert state.document == {}
    assert state.unreadable.startswith(f"{DAEMON_JSON}: line 1, column 11: ")
    assert state.backup is not None
    assert state.backup.path.startswith(f"{DAEMON_JSON}.unreadable-")
    assert (state.backup.content, state.backup.mode) == (None, 0o600)
    assert tree.files() == [DAEMON_JSON]


def test_a_link(tree: Tree) -> None:
    tree.write("/srv/daemon.json", '{"debug": true}')
    tree.link(DAEMON_JSON, "/srv/daemon.json")
    assert look(tree).document == {"debug": True}
    with pytest.raises(HostError) as caught:
        look(tree, follow=False)
    assert str(caught.value) == (
        f"{DAEMON_JSON} is a symbolic link to /srv/daemon.json; set follow=true, or name /srv/daemon.json as path"
    )


def test_a_damaged_record(tree: Tree) -> None:
    tree.write(RECORD_PATH, "{")
    with pytest.raises(HostError, match="is damaged"):
        look(tree)


def test_a_unit_that_starts_something_else(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nExecStart=/usr/bin/socat TCP-LISTEN:2375 -\n")
    with pytest.raises(HostError, match="ExecStart runs /usr/bin/socat, not dockerd"):
        look(tree)


# --- Where the running daemon should answer.


def listens(state: State) -> list[str]:
    return [address.raw for address in state.listens_now()]


def test_by_the_socket_unit(tree: Tree) -> None:
    assert listens(running(installed(tree))) == ["unix:///run/docker.sock"]


def test_by_the_flags_of_the_process_rather_than_those_of_the_unit(tree: Tree) -> None:
    argv = ["/usr/bin/dockerd", "-H", "tcp://127.0.0.1:2375", "-H", "unix:///run/x.sock"]
    assert listens(running(installed(tree), argv=argv)) == ["tcp://127.0.0.1:2375", "unix:///run/x.sock"]


def test_by_what_it_has_loaded_rather_than_by_the_file(tree: Tree) -> None:
    installed(tree, {"hosts": ["unix:///run/new.sock"]})
    state = running(tree, argv=["/usr/bin/dockerd"])
    assert listens(state) == ["unix:///run/new.sock"]
    loaded = Loaded(IDENTITY, {"hosts": ["unix:///run/old.sock"]}, "")
    assert listens(replace(state, record=Record(loaded=loaded))) == ["unix:///run/old.sock"]
    other = Loaded("1:1", {"hosts": ["unix:///run/old.sock"]}, "")
    assert listens(replace(state, record=Record(loaded=other))) == ["unix:///run/new.sock"]


def test_by_default(tree: Tree) -> None:
    assert listens(running(installed(tree), argv=["/usr/bin/dockerd"])) == ["unix:///var/run/docker.sock"]


def test_hosts_that_cannot_be_read_are_no_crash(tree: Tree) -> None:
    state = running(installed(tree, {"hosts": ["npipe://x"]}), argv=["/usr/bin/dockerd"])
    assert listens(state) == []


@pytest.mark.parametrize("hosts", [5, True, {"a": "b"}, "unix:///x"])
def test_hosts_of_another_type_are_no_crash_either(tree: Tree, hosts: object) -> None:
    """dockerd would not start with that, so no daemon has it; but somebody may have written it since."""
    state = running(installed(tree, {"hosts": hosts}), argv=["/usr/bin/dockerd"])
    assert listens(state) == []
