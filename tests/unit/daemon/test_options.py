# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of options is sound, and finds what a wrong name was meant to be."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import NESTED
from ansible_collections.slipway.docker.plugins.module_utils.daemon.options import (
    CALL_FLAGS,
    MERGED_BY_DOCKERD,
    OPTIONS,
    Option,
    by_flag,
    by_key,
    by_short,
    known_keys,
    nearest_key,
)


def repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_keys_flags_and_letters_are_unique() -> None:
    everything = (*OPTIONS, *CALL_FLAGS)
    assert repeated([option.key for option in OPTIONS]) == []
    assert repeated([option.short for option in everything if option.short]) == []
    assert repeated([option.flag for option in everything if option.flag]) == ["host-gateway-ip"]


def test_rows_are_in_order() -> None:
    keys = [option.key for option in OPTIONS]
    assert keys == sorted(keys)


def test_a_row_says_nothing_that_cannot_be() -> None:
    for option in (*OPTIONS, *CALL_FLAGS):
        check_row(option)


def check_row(option: Option) -> None:
    assert re.fullmatch(r"([a-z][a-z0-9-]*(\.[a-z-]+)?)?", option.key)
    assert option.flag is None or re.fullmatch(r"[a-z][a-z0-9-]+", option.flag)
    assert option.short is None or (re.fullmatch("[A-Za-z]", option.short) and option.flag)
    assert not option.choices or option.kind == "string"
    assert not option.repeatable or option.kind in ("list", "map", "objects")
    assert not option.reloadable_until or option.reloadable != "no"
    for version in (option.since, option.removed, option.reloadable_until):
        assert re.fullmatch(r"(\d+\.\d+(\.\d+)?)?", version)


def test_a_list_on_the_command_line_is_a_flag_that_may_be_repeated() -> None:
    for option in OPTIONS:
        assert option.repeatable is (option.flag is not None and option.kind in ("list", "map", "objects"))


@pytest.mark.parametrize(
    ("letter", "key"),
    [
        ("H", "hosts"),
        ("D", "debug"),
        ("G", "group"),
        ("b", "bridge"),
        ("g", "graph"),
        ("l", "log-level"),
        ("p", "pidfile"),
        ("s", "storage-driver"),
        ("r", "restart"),
        ("v", ""),
    ],
)
def test_letters(letter: str, key: str) -> None:
    assert by_short()[letter].key == key
    assert len(by_short()) == 10


def test_lookups_agree() -> None:
    assert all(by_key()[option.key] is option for option in OPTIONS)
    assert all(by_flag()[option.flag].flag == option.flag for option in OPTIONS if option.flag)
    assert by_flag()["host-gateway-ip"].key == "host-gateway-ips"
    assert by_flag()["host"] is by_short()["H"] is by_key()["hosts"]


def test_groups_are_no_keys_of_the_top_level() -> None:
    assert "proxies" in known_keys()
    assert not [key for key in known_keys() if "." in key]


def test_keys_named_elsewhere_are_in_the_catalogue() -> None:
    assert by_key().keys() >= NESTED
    assert by_key().keys() >= MERGED_BY_DOCKERD
    assert all(by_key()[key].kind == "map" for key in NESTED)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("host", "hosts"),
        ("label", "labels"),
        ("add-runtime", "runtimes"),
        ("insecure-registry", "insecure-registries"),
        ("http-proxy", "proxies.http-proxy"),
        ("log_driver", "log-driver"),
        ("LogDriver", "log-driver"),
        ("log-drivers", "log-driver"),
        ("storage_opts", "storage-opts"),
        ("live_restore", "live-restore"),
        ("registry-mirror", "registry-mirrors"),
        ("default-adress-pools", "default-address-pools"),
        ("DNS", "dns"),
        ("data_root", "data-root"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest_key(name: str, expected: str | None) -> None:
    assert nearest_key(name) == expected


def test_underscores_and_singular_flags_lead_back_to_their_key() -> None:
    for option in OPTIONS:
        if "." not in option.key:
            assert nearest_key(option.key.replace("-", "_")) == option.key
        if option.flag and option.flag != option.key:
            assert nearest_key(option.flag) == by_flag()[option.flag].key
