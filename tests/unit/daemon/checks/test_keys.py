# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of keys: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import keys
from unit.verdicts import Row, row, table

ROWS = [
    row(
        keys.flags_of_the_call,
        {"validate": True, "debug": True},
        "config.validate says how dockerd is called and is no configuration; take it out",
    ),
    row(
        keys.flags_of_the_call,
        {"config-file": "/x"},
        "config.config-file says how dockerd is called and is no configuration; take it out",
    ),
    row(keys.flags_of_the_call, {"debug": True}),
    row(
        keys.singular_names,
        {"host": ["fd://"], "label": ["a=1"]},
        ("config.host is the name of a flag, which dockerd ignores in the file; did you mean hosts?"),
        ("config.label is the name of a flag, which dockerd ignores in the file; did you mean labels?"),
    ),
    row(
        keys.singular_names,
        {"http-proxy": "http://proxy:3128"},
        (
            "config.http-proxy is the name of a flag, which dockerd ignores in the file; write "
            "http-proxy inside of the map proxies"
        ),
    ),
    row(keys.singular_names, {"hosts": ["fd://"], "dns": [], "host-gateway-ip": "10.0.0.1"}),
    row(keys.not_settable, {"default-init": "x"}, "config.default-init cannot be set in the file; set init-path"),
    row(
        keys.not_settable,
        {"containerd-plugin-namespace": "x"},
        (
            "config.containerd-plugin-namespace cannot be set in the file; put the flag "
            "--containerd-plugins-namespace on the command line"
        ),
    ),
    row(keys.not_settable, {"init-path": "/x"}),
    row(
        keys.plugins_namespace,
        {"containerd-plugins-namespace": "x"},
        (
            "config.containerd-plugins-namespace is accepted in the file and read by no engine; put "
            "the flag --containerd-plugins-namespace on the command line"
        ),
    ),
    row(keys.plugins_namespace, {"containerd-namespace": "x"}),
    row(keys.unknown_keys, {"log_driver": "x"}, "config.log_driver is no option of dockerd; did you mean log-driver?"),
    row(keys.unknown_keys, {"Debug": True}, "config.Debug is no option of dockerd; did you mean debug?"),
    row(
        keys.unknown_keys,
        {"D": True, "v": True},
        "config.D is no option of dockerd; write debug, not its letter on the command line",
        "config.v is no option of dockerd; take it out",
    ),
    row(
        keys.unknown_keys,
        {"zzz": 1},
        ("config.zzz is no option of dockerd; set allow_unknown for an engine newer than this collection"),
    ),
    row(
        keys.unknown_keys,
        {"nonsense": {"live-restore": True}},
        (
            "config.nonsense is no option of dockerd, which would take what is inside of it for keys "
            "of the file; set allow_unknown for an engine newer than this collection"
        ),
    ),
    row(
        keys.unknown_keys,
        {"proxies.http-proxy": "x"},
        ("config.proxies.http-proxy is no option of dockerd; write http-proxy inside of the map proxies"),
    ),
    row(keys.unknown_keys, {"zzz": 1}, allows=["unknown"]),
    row(keys.unknown_keys, {"debug": True, "host": "x", "validate": 1, "resolv-conf": "x"}),
    row(
        keys.unknown_objects,
        {"nonsense": {"live-restore": True, "x": 1}},
        (
            "config.nonsense.live-restore would set live-restore itself on an engine that does not "
            "know nonsense; got: true"
        ),
        allows=["unknown"],
    ),
    row(keys.unknown_objects, {"nonsense": {"x": 1}, "features": {"cdi": True}}, allows=["unknown"]),
    row(keys.unknown_objects, {"nonsense": {"live-restore": True}}),
    row(
        keys.members_of_proxies,
        {"proxies": {"live-restore": True}},
        ("config.proxies.live-restore must be one of http-proxy, https-proxy, no-proxy; take it out"),
    ),
    row(
        keys.members_of_proxies,
        {"proxies": {"http-proxy": 3128}},
        "config.proxies.http-proxy must be a string; got: 3128",
    ),
    row(keys.members_of_proxies, {"proxies": {"http-proxy": "http://p:1", "https-proxy": None, "no-proxy": "a,b"}}),
    row(
        keys.one_namespace_for_both,
        {"containerd-namespace": "plugins.moby"},
        (
            "config.containerd-namespace must differ from the namespace of plugins; got: "
            '"plugins.moby"; choose another name; dockerd\'s own is moby'
        ),
    ),
    row(
        keys.one_namespace_for_both,
        {"containerd-namespace": "x"},
        (
            'config.containerd-namespace must differ from the namespace of plugins; got: "x"; choose '
            "another name; dockerd's own is moby"
        ),
        flags={"containerd-plugins-namespace": "x"},
    ),
    row(keys.one_namespace_for_both, {"containerd-namespace": "moby"}),
    row(
        keys.both_names_of_the_gateway,
        {"host-gateway-ip": "10.0.0.1", "host-gateway-ips": ["10.0.0.1"]},
        ("config.host-gateway-ip is the old name of host-gateway-ips, which is there too; keep host-gateway-ips"),
        version="28.0.0",
    ),
    row(keys.both_names_of_the_gateway, {"host-gateway-ip": "10.0.0.1"}, version="28.0.0"),
    row(
        keys.both_names_of_the_gateway,
        {"host-gateway-ip": "10.0.0.1", "host-gateway-ips": ["10.0.0.1"]},
        version="27.5.1",
    ),
    row(
        keys.nulls,
        {"debug": None},
        ("config.debug is null: it sets nothing, and dockerd refuses the flag beside it; take it out"),
    ),
    row(keys.nulls, {"debug": False, "zzz": None}),
    row(
        keys.zeros_that_mean_the_default,
        {"mtu": 0, "shutdown-timeout": 0},
        "config.mtu is 0, which dockerd takes for its default; take it out, or write a number",
        ("config.shutdown-timeout is 0 after a reload, and dockerd's default of 15 after a restart; write 1"),
    ),
    row(keys.zeros_that_mean_the_default, {"mtu": 1400, "debug": False, "default-stop-timeout": 0, "labels": []}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
