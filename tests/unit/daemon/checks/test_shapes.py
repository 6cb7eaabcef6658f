# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of values, to the bottom: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import shapes
from unit.verdicts import Row, row, table

ROWS = [
    row(
        shapes.wrong_types,
        {"debug": "true"},
        'config.debug must be true or false; got: "true"; write true without quotes',
    ),
    row(
        shapes.wrong_types,
        {"debug": 1, "mtu": True},
        "config.debug must be true or false; got: 1",
        "config.mtu must be a whole number; got: true",
    ),
    row(
        shapes.wrong_types, {"mtu": "1500"}, 'config.mtu must be a whole number; got: "1500"; write 1500 without quotes'
    ),
    row(shapes.wrong_types, {"mtu": 1500.0}, "config.mtu must be a whole number; got: 1500.0; write 1500"),
    row(shapes.wrong_types, {"mtu": 1500.5}, "config.mtu must be a whole number; got: 1500.5"),
    row(
        shapes.wrong_types,
        {"mtu": 9223372036854775808},
        "config.mtu must be a number that fits into 64 bits; got: 9223372036854775808",
    ),
    row(
        shapes.wrong_types,
        {"default-shm-size": 67108864},
        "config.default-shm-size must be a string; got: 67108864; write it in quotes",
    ),
    row(shapes.wrong_types, {"dns": "9.9.9.9"}, 'config.dns must be a list of strings; got: "9.9.9.9"'),
    row(shapes.wrong_types, {"dns": ["9.9.9.9", 1]}, "config.dns[1] must be a string; got: 1; write it in quotes"),
    row(shapes.wrong_types, {"labels": [None]}, "config.labels[0] must be a string; got: null"),
    row(shapes.wrong_types, {"runtimes": ["nvidia"]}, 'config.runtimes must be a map; got: ["nvidia"]'),
    row(shapes.wrong_types, {"builder": "gc"}, 'config.builder must be a map; got: "gc"'),
    row(
        shapes.wrong_types,
        {"builder": {"GC": {"enabled": "yes", "policy": {}}}},
        'config.builder.GC.enabled must be true or false; got: "yes"',
        "config.builder.GC.policy must be a list of maps; got: {}",
    ),
    row(
        shapes.wrong_types,
        {"builder": {"gc": {"defaultKeepStorage": 20}}},
        "config.builder.gc.defaultKeepStorage must be a string; got: 20; write it in quotes",
    ),
    row(
        shapes.wrong_types,
        {"builder": {"entitlements": {"network-host": "x"}}},
        'config.builder.entitlements.network-host must be true or false; got: "x"',
    ),
    row(
        shapes.wrong_types,
        {"default-address-pools": {}},
        "config.default-address-pools must be a list of maps; got: {}",
    ),
    row(
        shapes.wrong_types,
        {"default-address-pools": [{"base": "10.0.0.0/8", "size": "24"}, "x"]},
        ('config.default-address-pools[0].size must be a whole number; got: "24"; write 24 without quotes'),
        'config.default-address-pools[1] must be a map; got: "x"',
    ),
    row(
        shapes.wrong_types,
        {"log-opts": {"max-file": 3, "compress": True, "max-size": None}},
        "config.log-opts.max-file must be a string; got: 3; write it in quotes",
        "config.log-opts.compress must be a string; got: true; write it in quotes",
        "config.log-opts.max-size must be a string; got: null",
    ),
    row(
        shapes.wrong_types,
        {"log-opts": {"splunk-token": 123456}},
        "config.log-opts.splunk-token must be a string; got: ***; write it in quotes",
    ),
    row(
        shapes.wrong_types,
        {"features": {"buildkit": "true"}},
        'config.features.buildkit must be true or false; got: "true"; write true without quotes',
    ),
    row(
        shapes.wrong_types,
        {"default-ulimits": {"nofile": "1024:2048"}},
        'config.default-ulimits.nofile must be a map with Name, Soft and Hard; got: "1024:2048"',
    ),
    row(
        shapes.wrong_types,
        {"default-ulimits": {"nofile": {"name": "nofile", "soft": "1024", "hard": 2048}}},
        ('config.default-ulimits.nofile.soft must be a whole number; got: "1024"; write 1024 without quotes'),
    ),
    row(
        shapes.wrong_types,
        {"runtimes": {"x": {"path": 1, "runtimeArgs": "a"}}},
        "config.runtimes.x.path must be a string; got: 1; write it in quotes",
        'config.runtimes.x.runtimeArgs must be a list of strings; got: "a"',
    ),
    row(
        shapes.wrong_types,
        {"default-network-opts": {"bridge": {"com.docker.network.driver.mtu": 1400}}},
        (
            "config.default-network-opts.bridge.com.docker.network.driver.mtu must be a string; got: "
            "1400; write it in quotes"
        ),
    ),
    row(
        shapes.wrong_types,
        {"proxies": "http://user:secret@proxy.example.org"},
        'config.proxies must be a map; got: "http://***@proxy.example.org"',
    ),
    row(
        shapes.wrong_types,
        {"debug": True, "mtu": 1400, "dns": [], "log-opts": {}, "live-restore": None, "zzz": 3, "hosts": 3},
    ),
    row(
        shapes.wrong_types,
        {"runtimes": {"x": {"path": "/x", "runtimeArgs": ["a"], "options": {"a": 1}}}, "nri-opts": {"enable": True}},
    ),
    row(
        shapes.wrong_types,
        {
            "builder": {
                "gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": {"a": {"b": True}}, "all": None}]}
            }
        },
    ),
    row(shapes.hosts_of_the_wrong_type, {"hosts": "fd://"}, 'config.hosts must be a list of strings; got: "fd://"'),
    row(
        shapes.hosts_of_the_wrong_type,
        {"hosts": ["fd://", 3]},
        "config.hosts[1] must be a string; got: 3; write it in quotes",
    ),
    row(shapes.hosts_of_the_wrong_type, {"hosts": ["fd://"]}),
    row(
        shapes.values_out_of_the_list,
        {"log-format": "JSON"},
        'config.log-format must be one of text, json; got: "JSON"',
    ),
    row(
        shapes.values_out_of_the_list,
        {"log-level": "loud"},
        ('config.log-level must be one of debug, info, warn, warning, error, fatal, panic, trace; got: "loud"'),
    ),
    row(
        shapes.values_out_of_the_list,
        {"firewall-backend": "ipset", "default-ipc-mode": "host"},
        'config.firewall-backend must be one of iptables, nftables; got: "ipset"',
        'config.default-ipc-mode must be one of private, shareable; got: "host"',
    ),
    row(shapes.values_out_of_the_list, {"log-level": "INFO", "log-format": "", "default-cgroupns-mode": "private"}),
    row(
        shapes.a_level_that_is_gone,
        {"log-level": "Warning"},
        'config.log-level is not known to engine 26.0.0; got: "warning"; write warn',
        version="26.0.0",
    ),
    row(shapes.a_level_that_is_gone, {"log-level": "warn"}, version="26.0.0"),
    row(shapes.a_level_that_is_gone, {"log-level": "warning"}, version="25.0.5"),
    row(
        shapes.unknown_members,
        {"builder": {"gc": {"enable": True}}},
        (
            "config.builder.gc.enable is ignored by dockerd, which knows enabled, policy, "
            "defaultKeepStorage, defaultReservedSpace, defaultMaxUsedSpace, defaultMinFreeSpace"
        ),
    ),
    row(
        shapes.unknown_members,
        {"default-address-pools": [{"bases": "x"}], "runtimes": {"x": {"args": []}}},
        "config.default-address-pools[0].bases is ignored by dockerd, which knows base, size",
        ("config.runtimes.x.args is ignored by dockerd, which knows path, runtimeArgs, runtimeType, options"),
    ),
    row(
        shapes.unknown_members,
        {"builder": {"GC": {"Enabled": True, "policy": [{"KeepStorage": "1GB"}]}}, "log-opts": {"x": "y"}},
    ),
    row(
        shapes.blanks_around_a_value,
        {"data-root": "/srv/docker\n"},
        'config.data-root begins or ends in a blank or a line break; got: "/srv/docker\\n"',
    ),
    row(shapes.blanks_around_a_value, {"data-root": "/srv/docker", "labels": [" a=b "]}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
