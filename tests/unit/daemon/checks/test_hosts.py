# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets of the daemon: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import hosts
from unit.verdicts import Row, accounts, row, table

ROWS = [
    row(
        hosts.unusable_hosts,
        {"hosts": ["unix:///var/run/docker.sock", "npipe:////./pipe/docker", "ssh://x", "TCP://127.0.0.1:1"]},
        ("config.hosts[1]: npipe:////./pipe/docker: dockerd on Linux listens on unix://, tcp:// and fd:// only"),
        "config.hosts[2]: ssh://x: dockerd on Linux listens on unix://, tcp:// and fd:// only",
        ("config.hosts[3]: TCP://127.0.0.1:1: dockerd on Linux listens on unix://, tcp:// and fd:// only"),
    ),
    row(
        hosts.unusable_hosts,
        {"hosts": ["unix://run/docker.sock", "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:1/x"]},
        ("config.hosts[0]: unix://run/docker.sock: the path is relative; write unix:///run/docker.sock"),
        "config.hosts[1]: tcp://127.0.0.1:0: the port must be a number from 1 to 65535; got: 0",
        ("config.hosts[2]: tcp://127.0.0.1:99999: the port must be a number from 1 to 65535; got: 99999"),
        "config.hosts[3]: tcp://127.0.0.1:1/x: a tcp address has no path",
    ),
    row(
        hosts.unusable_hosts,
        {"hosts": ["tcp://user:secret@127.0.0.1:2375"]},
        ("config.hosts[0]: tcp://***@127.0.0.1:2375 has a user or a password, which no socket asks for"),
    ),
    row(
        hosts.unusable_hosts,
        {"hosts": ["unix:///var/run/docker.sock", "", "fd://", "127.0.0.1:2375", ":2375", "tcp://[::1]"]},
    ),
    row(
        hosts.open_tcp,
        {"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"]},
        (
            "config.hosts[1]: tcp://0.0.0.0:2375 would make everybody who reaches it root on this "
            "host; listen on 127.0.0.1, or set tlsverify with tlscacert, tlscert and tlskey, or "
            "allow it with allow_insecure_tcp"
        ),
    ),
    row(
        hosts.open_tcp,
        {"hosts": ["tcp://10.0.0.5:2376"], "tls": True, "tlsverify": False, "tlscert": "/c", "tlskey": "/k"},
        (
            "config.hosts[0]: tcp://10.0.0.5:2376 would make everybody who reaches it root on this "
            "host; listen on 127.0.0.1, or set tlsverify with tlscacert, tlscert and tlskey, or "
            "allow it with allow_insecure_tcp"
        ),
    ),
    row(hosts.open_tcp, {"hosts": ["tcp://10.0.0.5:2376"], "tls": True, "tlscert": "/c", "tlskey": "/k"}),
    row(hosts.open_tcp, {"hosts": ["tcp://10.0.0.5:2376"]}, flags={"tlsverify": True}),
    row(hosts.open_tcp, {"hosts": ["tcp://10.0.0.5:2376"], "tlsverify": True}),
    row(hosts.open_tcp, {"hosts": ["tcp://0.0.0.0:2375"]}, allows=["insecure_tcp"]),
    row(
        hosts.open_tcp,
        {
            "hosts": [
                "unix:///var/run/docker.sock",
                "tcp://127.0.0.1:2375",
                "tcp://[::1]",
                "tcp://localhost:1",
                "tcp://",
            ]
        },
    ),
    row(
        hosts.insecure_tcp_is_slow,
        {"hosts": ["tcp://0.0.0.0:2375"]},
        (
            "config.hosts[0]: tcp://0.0.0.0:2375 delays every start of the daemon by 15 seconds; set "
            "tls to false to say that this is meant"
        ),
        allows=["insecure_tcp"],
        version="20.10.5",
    ),
    row(
        hosts.insecure_tcp_is_slow,
        {"hosts": ["tcp://0.0.0.0:2375"], "tls": False},
        allows=["insecure_tcp"],
        version="20.10.5",
    ),
    row(hosts.insecure_tcp_is_slow, {"hosts": ["tcp://0.0.0.0:2375"]}, allows=["insecure_tcp"], version="19.03.15"),
    row(
        hosts.tcp_with_a_path,
        {"hosts": ["tcp://127.0.0.1:2375/"]},
        "config.hosts[0]: tcp://127.0.0.1:2375/ has a path; take the slash at its end out",
    ),
    row(hosts.tcp_with_a_path, {"hosts": ["tcp://127.0.0.1:2375", "unix:///x/"]}),
    row(
        hosts.abstract_sockets,
        {"hosts": ["unix://@docker"]},
        "config.hosts[0]: unix://@docker is an abstract socket, which dockerd cannot own",
    ),
    row(hosts.abstract_sockets, {"hosts": ["unix:///var/run/docker.sock"]}),
    row(
        hosts.long_paths,
        {
            "hosts": [
                "unix:///xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ]
        },
        ("config.hosts[0]: unix:///xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... is longer than 107 bytes"),
    ),
    row(
        hosts.long_paths,
        {
            "hosts": [
                "unix:///xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            ]
        },
    ),
    row(
        hosts.sockets_from_systemd,
        {"hosts": ["fd://2", "fd://x", "fd://docker.socket"]},
        ("config.hosts[0]: fd://2 names no socket of systemd; write fd:// for all sockets, or fd://3 for the first"),
        ("config.hosts[1]: fd://x names no socket of systemd; write fd:// for all sockets, or fd://3 for the first"),
        (
            "config.hosts[2]: fd://docker.socket names no socket of systemd; write fd:// for all "
            "sockets, or fd://3 for the first"
        ),
    ),
    row(
        hosts.sockets_from_systemd,
        {"hosts": ["fd://"]},
        (
            "config.hosts[0]: fd:// needs a socket from systemd, and there is no docker.socket; "
            "install docker.socket, or write unix:///var/run/docker.sock"
        ),
        activated=(),
    ),
    row(
        hosts.sockets_from_systemd,
        {"hosts": ["fd://4"]},
        ("config.hosts[0]: fd://4 is beyond the sockets of docker.socket, of which there are 1; write fd://3 at most"),
        activated=("/run/docker.sock",),
    ),
    row(hosts.sockets_from_systemd, {"hosts": ["fd://", "fd://*", "fd://3"]}, activated=("/run/docker.sock",)),
    row(hosts.sockets_from_systemd, {"hosts": ["fd://", "fd://9"]}),
    row(
        hosts.places_of_sockets,
        {"hosts": ["unix:///srv/a", "unix:///no/where/x.sock"]},
        "config.hosts[0]: unix:///srv/a is a folder; choose another path",
        ("config.hosts[1]: unix:///no/where/x.sock lies in /no/where, which is not there; make that folder first"),
        files={"/srv/a": "folder", "/no/where": "missing"},
    ),
    row(
        hosts.places_of_sockets,
        {"hosts": ["unix:///run/docker/x.sock", "unix:///var/run/docker.sock"]},
        files={"/run/docker": "missing", "/var/run": "folder"},
    ),
    row(hosts.places_of_sockets, {"hosts": ["unix:///no/where/x.sock"]}),
    row(
        hosts.files_in_the_way,
        {"hosts": ["unix:///srv/a"]},
        "config.hosts[0]: unix:///srv/a is a file, which dockerd will replace by its socket",
        files={"/srv/a": "file"},
    ),
    row(hosts.files_in_the_way, {"hosts": ["unix:///srv/a"]}, files={"/srv/a": "socket"}),
    row(
        hosts.entries_that_say_the_same,
        {"hosts": ["unix:///var/run/docker.sock", "fd://", " unix:///var/run/docker.sock"]},
        "config.hosts[2]: unix:///var/run/docker.sock stands in hosts[0] already; take one out",
    ),
    row(hosts.entries_that_say_the_same, {"hosts": ["unix:///var/run/docker.sock", "fd://"]}),
    row(
        hosts.socket_beside_the_units_own,
        {"hosts": ["fd://", "unix:///var/run/docker.sock"]},
        ("config.hosts[1]: unix:///var/run/docker.sock is what fd:// stands for here; take one of the two out"),
        activated=("/run/docker.sock",),
    ),
    row(
        hosts.socket_beside_the_units_own,
        {"hosts": ["fd://", "unix:///run/other.sock"]},
        activated=("/run/docker.sock",),
    ),
    row(hosts.socket_beside_the_units_own, {"hosts": ["unix:///var/run/docker.sock"]}, activated=("/run/docker.sock",)),
    row(
        hosts.group_of_the_socket,
        {"group": "nosuch"},
        'config.group is no group of this host; got: "nosuch"; make the group first',
        accounts=accounts(groups={"nosuch": False}),
    ),
    row(hosts.group_of_the_socket, {"group": "docker"}, accounts=accounts(groups={"docker": False})),
    row(
        hosts.group_of_the_socket, {"group": "nosuch", "hosts": ["fd://"]}, accounts=accounts(groups={"nosuch": False})
    ),
    row(hosts.group_of_the_socket, {"group": "999"}, accounts=accounts(groups={"999": False})),
    row(hosts.group_of_the_socket, {"group": "ldap"}, accounts=accounts(groups={"ldap": None})),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
