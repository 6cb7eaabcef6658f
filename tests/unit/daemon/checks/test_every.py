# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All checks together: whose keys, in which order, in what words; and that each is held against its own table."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.base import Check, Context, Problem
from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.every import (
    about_file,
    every_check,
    problems,
    warnings,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.facts import Facts
from ansible_collections.slipway.docker.plugins.module_utils.daemon.options import OPTIONS
from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import parse_version
from unit.daemon.checks import (
    test_builder,
    test_cgroups,
    test_features,
    test_host_network,
    test_hosts,
    test_keys,
    test_live_restore,
    test_log_drivers,
    test_log_values,
    test_naming,
    test_network,
    test_plugins,
    test_pools,
    test_ports,
    test_registries,
    test_runtimes,
    test_security,
    test_shapes,
    test_storage,
    test_storage_options,
    test_tls,
    test_ulimits,
    test_versions,
)
from unit.verdicts import Doc, Row

TABLES = (
    *(test_builder, test_cgroups, test_features, test_host_network, test_hosts, test_keys, test_live_restore),
    *(test_log_drivers, test_log_values, test_naming, test_network, test_plugins, test_pools, test_ports),
    *(test_registries, test_runtimes, test_security, test_shapes, test_storage, test_storage_options, test_tls),
    *(test_ulimits, test_versions),
)
ROWS: list[Row] = [row for table in TABLES for row in table.ROWS]
EVERY = pytest.mark.parametrize("check", every_check(), ids=lambda check: f"{check.look.__module__[-12:]}-{check.name}")


def rows_of(check: Check) -> list[Row]:
    return [row for row in ROWS if row.look is check.look]


@EVERY
def test_a_check_says_something_and_not_always(check: Check) -> None:
    assert any(row.said for row in rows_of(check))
    assert any(not row.said for row in rows_of(check))


@EVERY
def test_a_check_says_where_its_fact_comes_from(check: Check) -> None:
    """A word or two of documentation, unless its name says all."""
    assert (
        check.look.__doc__ or len(check.name.split("_")) > 1 or check.name in ("mirrors", "labels", "counts", "sizes")
    )


@pytest.mark.parametrize("check", [c for c in every_check() if c.since or c.before], ids=lambda check: check.name)
def test_engines_on_both_sides_of_the_boundary(check: Check) -> None:
    """A check for some engines is tried at the first it holds for, and at others that it must leave alone."""
    silent = [parse_version(row.version) for row in rows_of(check) if not row.said and row.version]
    speaks = [parse_version(row.version) for row in rows_of(check) if row.said]
    if check.since:
        assert any(v is not None and v[:2] == (parse_version(check.since) or ())[:2] for v in speaks)
        assert any(not check.applies(_context(row)) for row in rows_of(check) if row.version and not row.said)
    if check.before:
        limit = parse_version(check.before) or ()
        assert any(v is not None and v >= limit for v in silent)


def _context(row: Row) -> Context:
    return Context(row.config, row.config, parse_version(row.version), row.facts)


def test_a_check_for_some_engines_holds_back_where_the_engine_is_not_known() -> None:
    for row in ROWS:
        if (row.check.since or row.check.before) and row.said:
            assert not row.check.applies(Context(row.config, row.config, None, row.facts))


def test_names_are_unique() -> None:
    names = [(check.look.__module__, check.name) for check in every_check()]
    assert len(set(names)) == len(names)


# --- Whose keys.


def test_what_others_wrote_is_a_warning() -> None:
    """The file has worked so far, or somebody else has broken it."""
    context = Context({"debug": True}, {"debug": True, "zzz": 1, "mtu": 5})
    unknown = "zzz is no option of dockerd; set allow_unknown for an engine newer than this collection"
    assert problems(context) == []
    assert warnings(context) == [
        f"daemon.json, by others: {unknown}",
        "daemon.json, by others: mtu must be from 68 to 65535; got: 5",
    ]
    assert about_file(context) == [unknown, "mtu must be from 68 to 65535; got: 5"]


def test_a_clash_with_what_others_wrote_is_ours() -> None:
    context = Context({"bip": "10.0.0.1/24"}, {"bip": "10.0.0.1/24", "bridge": "br0"})
    assert len(problems(context)) == 1
    assert problems(Context({"bridge": "br0"}, {"bip": "10.0.0.1/24", "bridge": "br0"})) == problems(context)
    assert problems(Context({"debug": True}, {"bip": "10.0.0.1/24", "bridge": "br0", "debug": True})) == []


@pytest.mark.parametrize("hosts", ["fd://", ["npipe://x"], 3, [3]])
def test_hosts_that_nobody_can_read_are_refused_whoever_wrote_them(hosts: t.Any) -> None:
    """There is no telling where the daemon listens, so nothing can be proved."""
    (problem,) = problems(Context({"debug": True}, {"debug": True, "hosts": hosts}))
    assert problem.startswith("daemon.json, by others: hosts")
    assert warnings(Context({"debug": True}, {"debug": True, "hosts": hosts})) == []


def test_what_is_wrong_with_the_host_is_nobodys_key() -> None:
    facts = Facts(traces=("btrfs", "overlay2"))
    (problem,) = problems(Context({}, {}, None, facts))
    assert problem.startswith("the data root has data of several storage drivers (btrfs, overlay2)")


# --- In which order, in what words.


def test_all_problems_come_at_once() -> None:
    config = {
        "log_driver": "x",
        "mtu": "x",
        "hosts": ["npipe://x", "tcp://0.0.0.0"],
        "dns": ["x"],
        "bip": "10.0.0.0/24",
        "insecure-registries": ["x/y"],
    }
    assert [problem.split(" ")[0] for problem in problems(Context(config, config))] == [
        "config.log_driver",
        "config.mtu",
        "config.dns[0]",
        "config.hosts[0]:",
        "config.hosts[1]:",
        "config.bip",
        "config.insecure-registries[0]",
    ]


def test_each_is_told_once() -> None:
    config = {"data-root": "x", "default-ulimits": {"nofile": None}}
    assert len(problems(Context(config, config))) == 2


@pytest.mark.parametrize(
    ("config", "secret"),
    [
        ({"registry-mirrors": ["https://user:secret@mirror.example.org/?x"]}, "secret"),
        ({"proxies": "http://user:secret@proxy.example.org"}, "secret"),
        ({"log-driver": "splunk", "log-opts": {"splunk-token": 4711}}, "4711"),
        ({"log-driver": "splunk", "log-opts": {"splunk-tokens": {"splunk-token": "secret"}}}, "secret"),
        ({"zzz": {"password": "secret"}}, "secret"),
        ({"hosts": ["tcp://user:secret@0.0.0.0:1"]}, "secret"),
    ],
)
def test_secrets_are_not_told(config: Doc, secret: str) -> None:
    context = Context(config, config)
    assert problems(context)
    assert not any(secret in sentence for sentence in (*problems(context), *warnings(context), *about_file(context)))


def test_a_long_value_is_cut() -> None:
    said = Problem("labels", "must be short", ["x" * 500]).sentence("config.")
    assert said.startswith('config.labels must be short; got: ["xxx')
    assert said.endswith("xxx...")
    assert len(said) < 220


def test_the_keys_of_a_problem() -> None:
    assert Problem("default-address-pools[1].base", "x", also=("bip",)).keys == ("default-address-pools", "bip")
    assert Problem("features.cdi", "x").keys == ("features",)


# --- Whatever is in a file, the checks have an answer.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([option.key for option in OPTIONS]) | st.text(max_size=10)
VERSIONS = st.sampled_from(["", "20.10.24", "23.0.18", "24.0.9", "25.0.5", "26.1.5", "27.5.1", "28.5.2", "29.7.2"])
FULL = Facts(
    systemd=True,
    cgroups="v2",
    traces=("overlay2",),
    activated=(),
    interfaces={"eth0": False},
    swarm=True,
    plugins=frozenset(),
    storage={"btrfs": "no"},
    before={},
    addresses=frozenset(),
    routes=(),
    listeners=(),
)


@given(st.dictionaries(KEYS, JSON, max_size=4), VERSIONS, st.sampled_from([Facts(), FULL]))
def test_every_document_gets_an_answer(document: Doc, version: str, facts: Facts) -> None:
    context = Context(document, document, parse_version(version), facts)
    for sentence in (*problems(context), *warnings(context), *about_file(context)):
        assert sentence


WORDS = st.sampled_from(
    "x unix:///x tcp://[ 10.0.0.0/8 10.0.0.1/33 fd00::/200 a=b a=1 https://[x :: 1.2.3.4:99999999 {{.X}} 5m".split()
)
ENTRIES = st.lists(WORDS | st.text(max_size=5), max_size=3)
TYPED: dict[str, st.SearchStrategy[t.Any]] = {
    "bool": st.booleans(),
    "int": st.integers(-5, 70000),
    "string": WORDS | st.text(max_size=5),
    "list": ENTRIES,
    "map": st.dictionaries(WORDS, JSON, max_size=2),
    "object": st.dictionaries(st.sampled_from(["gc", "history", "http-proxy"]), JSON, max_size=2),
    "objects": st.lists(st.fixed_dictionaries({"base": WORDS, "size": st.integers(-1, 200)}), max_size=3),
}


@given(st.data(), VERSIONS)
def test_every_option_gets_an_answer(data: st.DataObject, version: str) -> None:
    options = data.draw(st.lists(st.sampled_from([o for o in OPTIONS if "." not in o.key]), max_size=6))
    document = {option.key: data.draw(TYPED[option.kind]) for option in options}
    context = Context(document, document, parse_version(version), FULL)
    for sentence in itertools.chain(problems(context), warnings(context)):
        assert "config." in sentence or "the data root" in sentence or "iptables" in sentence
