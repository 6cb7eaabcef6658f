# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problems of a wanted configuration, told before anything is touched: name, value, and what to do."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.first_checks import check
from ansible_collections.slipway.docker.plugins.module_utils.daemon.options import OPTIONS

FINE: dict[str, t.Any] = {
    "bool": True,
    "int": 3,
    "string": "x",
    "list": ["a", "b"],
    "map": {"a": "b"},
    "object": {"a": "b"},
    "objects": [{"base": "10.0.0.0/8", "size": 24}],
}
OPEN = (
    "would make everybody who reaches it root on this host; listen on 127.0.0.1, "
    "or set tlsverify with tlscacert, tlscert and tlskey, or allow it with allow_insecure_tcp"
)


def problems(
    config: dict[str, t.Any],
    document: dict[str, t.Any] | None = None,
    *,
    allow_unknown: bool = False,
    allow_insecure_tcp: bool = False,
) -> list[str]:
    return check(
        config,
        config if document is None else document,
        allow_unknown=allow_unknown,
        allow_insecure_tcp=allow_insecure_tcp,
    )


def test_nothing_to_complain_about() -> None:
    config = {
        "hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375", "fd://"],
        "log-driver": "json-file",
        "log-opts": {"max-size": "10m", "max-file": "3"},
        "log-level": "warning",
        "runtimes": {"nvidia": {"path": "nvidia-container-runtime", "runtimeArgs": []}},
        "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 2048}},
        "features": {"buildkit": True},
        "proxies": {"http-proxy": "http://proxy.example.org:3128"},
        "mtu": 0,
        "debug": False,
        "labels": [],
        "bip": "",
        "live-restore": None,
    }
    assert problems(config) == []


def test_every_option_takes_a_value_of_its_type_and_no_other() -> None:
    for option in OPTIONS:
        if "." in option.key:
            continue
        assert problems({option.key: option.choices[0] if option.choices else FINE[option.kind]}) == [] or (
            option.key == "hosts"
        )
        wrong = {"bool": "yes", "int": "3"}.get(option.kind, 3)
        (problem,) = problems({option.key: wrong})
        assert problem.startswith(f"config.{option.key} must be ")
        assert problem.endswith(f"; got: {wrong!r}")


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"debug": "true"}, "config.debug must be true or false; got: 'true'"),
        ({"debug": 1}, "config.debug must be true or false; got: 1"),
        ({"mtu": "1500"}, "config.mtu must be a whole number; got: '1500'"),
        ({"mtu": True}, "config.mtu must be a whole number; got: True"),
        ({"mtu": 1500.0}, "config.mtu must be a whole number; got: 1500.0"),
        ({"default-shm-size": 67108864}, "config.default-shm-size must be a string; got: 67108864"),
        ({"dns": "9.9.9.9"}, "config.dns must be a list of strings; got: '9.9.9.9'"),
        ({"dns": ["9.9.9.9", 1]}, "config.dns[1] must be a string; got: 1"),
        ({"labels": [None]}, "config.labels[0] must be a string; got: None"),
        ({"runtimes": ["nvidia"]}, "config.runtimes must be a map; got: ['nvidia']"),
        ({"builder": "gc"}, "config.builder must be a map; got: 'gc'"),
        ({"default-address-pools": {}}, "config.default-address-pools must be a list of maps; got: {}"),
        ({"log-opts": {"max-file": 3}}, 'config.log-opts.max-file must be a string; got: 3; write "3" in quotes'),
        (
            {"log-format": "JSON"},
            "config.log-format must be one of text, json; got: 'JSON'",
        ),
        ({"firewall-backend": "ipset"}, "config.firewall-backend must be one of iptables, nftables; got: 'ipset'"),
    ],
)
def test_wrong_types(config: dict[str, t.Any], problem: str) -> None:
    assert problems(config) == [problem]


@pytest.mark.parametrize("level", ["debug", "INFO", "Warn", "warning", "error"])
def test_levels_that_dockerd_takes(level: str) -> None:
    assert problems({"log-level": level}) == []


def test_a_level_that_it_does_not() -> None:
    (problem,) = problems({"log-level": "loud"})
    assert problem == (
        "config.log-level must be one of debug, info, warn, warning, error, fatal, panic, trace; got: 'loud'"
    )


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("log_driver", "config.log_driver is no option of dockerd; did you mean log-driver?"),
        ("host", "config.host is the name of a flag, which dockerd ignores in the file; did you mean hosts?"),
        ("zzz", "config.zzz is no option of dockerd; set allow_unknown for an engine newer than this collection"),
        ("Debug", "config.Debug is no option of dockerd; did you mean debug?"),
        ("D", "config.D is no option of dockerd; set allow_unknown for an engine newer than this collection"),
    ],
)
def test_unknown_keys(key: str, problem: str) -> None:
    assert problems({key: "x"}) == [problem]
    assert problems({key: "x"}, allow_unknown=True) == []


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("http-proxy", "is the name of a flag, which dockerd ignores in the file"),
        ("proxies.http-proxy", "is no option of dockerd"),
    ],
)
def test_members_of_a_group(key: str, what: str) -> None:
    assert problems({key: "x"}) == [f"config.{key} {what}; write http-proxy inside of the map proxies"]


@pytest.mark.parametrize("key", ["validate", "help", "version", "config-file"])
def test_flags_of_the_call_are_never_allowed(key: str) -> None:
    """With ``validate`` in the file, engine 23 and newer prints "configuration OK" and ends instead of starting."""
    expected = [f"config.{key} says how dockerd is called and is no configuration; take it out"]
    assert problems({key: True}) == expected
    assert problems({key: True}, allow_unknown=True) == expected


def test_unknown_keys_of_others_are_theirs() -> None:
    assert problems({"debug": True}, {"debug": True, "zzz": 1, "mtu": "x"}) == []


def test_hosts_that_somebody_else_wrote_as_a_text() -> None:
    """Whatever else is wanted, dockerd would not start with it."""
    assert problems({"debug": True}, {"hosts": "fd://"}) == ["hosts must be a list of strings; got: 'fd://'"]
    assert problems({"hosts": "fd://"}) == ["config.hosts must be a list of strings; got: 'fd://'"]
    assert problems({}, {"hosts": None}) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            "unix://run/docker.sock",
            "hosts[1]: unix://run/docker.sock: the path is relative; write unix:///run/docker.sock",
        ),
        (
            "npipe:////./pipe/docker",
            "hosts[1]: npipe:////./pipe/docker: dockerd on Linux listens on unix://, tcp:// and fd:// only",
        ),
        ("tcp://127.0.0.1:2375/v1", "hosts[1]: tcp://127.0.0.1:2375/v1: a tcp address has no path"),
        (
            "tcp://127.0.0.1:99999",
            "hosts[1]: tcp://127.0.0.1:99999: the port must be a number from 1 to 65535; got: 99999",
        ),
    ],
)
def test_hosts_that_cannot_be_used(entry: str, problem: str) -> None:
    assert problems({"hosts": ["fd://", entry]}) == [problem]
    assert problems({}, {"hosts": ["fd://", entry]}) == [problem]  # somebody else's: dockerd would not start either


@pytest.mark.parametrize(
    "entry", ["tcp://0.0.0.0:2375", "tcp://[::]:2375", "10.0.0.1:2375", "tcp://docker.example.org"]
)
def test_open_tcp(entry: str) -> None:
    config = {"hosts": ["unix://", entry]}
    assert problems(config) == [f"hosts: {entry} {OPEN}"]
    assert problems(config, allow_insecure_tcp=True) == []
    assert problems({**config, "tlsverify": True}) == []
    assert problems(config, {**config, "tlsverify": True}) == []  # whoever set it
    for not_enough in ({"tls": True}, {"tlsverify": False}, {"tlsverify": True, "tls": False}):
        assert problems({**config, **not_enough}) == [f"hosts: {entry} {OPEN}"]


def test_open_tcp_of_others_is_theirs() -> None:
    assert problems({}, {"hosts": ["tcp://0.0.0.0:2375"]}) == []


@pytest.mark.parametrize(
    "entry", ["tcp://127.0.0.1:2375", "tcp://[::1]", "tcp://localhost:1", ":2375", "tcp://", "unix://", "fd://"]
)
def test_local_addresses_are_not_open(entry: str) -> None:
    assert problems({"hosts": [entry]}) == []


def test_all_problems_come_at_once() -> None:
    config = {"log_driver": "x", "mtu": "x", "hosts": ["npipe://x", "tcp://0.0.0.0"]}
    found = problems(config)
    assert [problem.split(" ")[0] for problem in found] == ["config.log_driver", "config.mtu", "hosts[0]:", "hosts:"]


def test_a_password_in_a_wrong_value_is_not_shown() -> None:
    (problem,) = problems({"proxies": "http://user:secret@proxy.example.org"})
    assert problem == "config.proxies must be a map; got: 'http://***@proxy.example.org'"
