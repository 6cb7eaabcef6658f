# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is declared, a file has the lines that are ours."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.interfaces import ifupdown, networkd
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import Interface, Route
from unit.interfaces.things import address, declare, route

GOOD: dict[str, list[str]] = {
    "name": ["br0"],
    "parent": ["eth0"],
    "ports": ["eth1"],
    "addresses": ["10.0.0.1/24", "fd00::5/64", "fe80::5/64"],
    "gateways": ["10.0.0.9", "fe80::1"],
    "routes": ["10.9.0.0/16", "2001:db8::/32 via fe80::1"],
}
RUBBISH = st.text(st.sampled_from("\n\r\t %;$()[]=#`'\"\\\0\x0b\u2028az019:./"), max_size=6)


@st.composite
def hostile(draw: st.DrawFn) -> dict[str, t.Any]:
    """A good declaration, one value of which has something put into it."""
    key = draw(st.sampled_from(sorted(GOOD)))
    value = draw(st.sampled_from(GOOD[key]))
    at = draw(st.integers(0, len(value)))
    value = value[:at] + draw(RUBBISH) + value[at:]
    found: dict[str, t.Any] = {"name": "br0", "addresses": ["10.0.0.1/24"]}
    found.update({key: value if key in ("name", "parent") else [value]})
    return {**found, "kind": "macvlan"} if key == "parent" else found


def lines(one: Interface) -> list[int]:
    texts = [*networkd.texts(one, {}).values(), ifupdown.text(one)]
    return [len(text.splitlines()) for text in texts]


def plain(one: Interface) -> Interface:
    """The same with values that are known."""
    routes = [dataclasses.replace(each, network=_known(each), via=each.via and _router(each)) for each in one.routes]
    return dataclasses.replace(
        one,
        name="x",
        owner="x",
        ports=tuple(f"p{number}" for number, _port in enumerate(one.ports)),
        parent="y" if one.parent else "",
        addresses=tuple(address("10.0.0.1/24" if own.version == 4 else "fd00::1/64") for own in one.addresses),
        routes=tuple(routes),
    )


def _known(each: Route) -> t.Any:
    if each.is_default:
        return each.network
    return route("10.8.0.0/16" if each.network.version == 4 else "2001:db8::/48").network


def _router(each: Route) -> t.Any:
    return address("10.0.0.9/24" if each.network.version == 4 else "fd00::9/64").ip


@given(declared=hostile())
@example(declared={"name": "br0", "addresses": ["fe80::5%$(reboot)/64"]})
@example(declared={"name": "br0", "gateways": ["fe80::1%;id\n[Match]\nName=*"]})
@example(declared={"name": "br0\n"})
def test_no_value_brings_a_line_into_a_file(declared: dict[str, t.Any]) -> None:
    try:
        (one,) = declare(declared)
    except InvalidInput:
        return
    assert lines(one) == lines(plain(one))
    values = [one.name, one.parent, *one.ports, *map(str, one.addresses), *(each.words for each in one.routes)]
    assert [value for value in values if re.search(r"[^A-Za-z0-9_.:/ -]", value)] == []
