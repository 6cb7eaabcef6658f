# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A policy as a table of nftables: what is written, and what the kernel holds, in one form that can be compared. Pure.

The table is ours alone and hooks in before Docker's chains. Whatever drops there is dropped; whatever passes goes on to
Docker's own rules.
"""

from __future__ import annotations

import json
import re
import typing as t

from ..host.network import IPAddress
from .policy import FAMILIES, Family, Network, Policy, Rule

TABLE = "slipway_docker"
_CHAIN = "forward"
# Before the chains of iptables and of Docker's own tables, which stand at 0 (filter).
_PRIORITY = -5

_UNNAMED = re.compile(r"0x([0-9a-f]+) \[invalid type\]")

Expression = t.Dict[str, t.Any]  # noqa: UP006 - at run time, on Python 3.9
Json = t.Any


def ruleset(policy: Policy) -> list[Json]:
    """The objects of the table in the order in which the kernel lists them, as ``nft -j`` has them."""
    table = {"table": {"family": "inet", "name": TABLE}}
    chain = {
        "chain": {
            "family": "inet",
            "table": TABLE,
            "name": _CHAIN,
            "type": "filter",
            "hook": "forward",
            "prio": _PRIORITY,
            "policy": "accept",
        }
    }
    return [table, chain, *(_object(expressions, comment) for expressions, comment in _rules(policy))]


def script(objects: t.Sequence[Json]) -> str:
    """What brings the table about in one step: the old one goes and the new one comes (``nft -j -f``)."""
    reset = [{"add": objects[0]}, {"delete": objects[0]}]
    return json.dumps({"nftables": [*reset, *({"add": one} for one in objects)]}, separators=(",", ":"))


def removal() -> str:
    table = {"table": {"family": "inet", "name": TABLE}}
    return json.dumps({"nftables": [{"add": table}, {"delete": table}]})


def held(listing: str) -> list[Json]:
    """What ``nft -j list table`` says the kernel holds, without numbers that only the kernel knows."""
    found = []
    for one in json.loads(listing)["nftables"]:
        kind, body = next(iter(one.items()))
        if kind == "metainfo":
            continue
        found.append({kind: {name: _plain(value) for name, value in body.items() if name not in ("handle", "index")}})
    return found


def _plain(value: Json) -> Json:
    """Ports as numbers: beside a set nft does not know what to call them (``0x1bb [invalid type]``, 1.0.6)."""
    if isinstance(value, str):
        match = _UNNAMED.fullmatch(value)
        return int(match.group(1), 16) if match else value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def in_words(one: Json) -> str:
    """One object as a line for people."""
    kind, body = next(iter(one.items()))
    if kind == "table":
        return f"table {body['family']} {body['name']}"
    if kind == "chain":
        return f"chain {body['name']}: {body.get('type')} {body.get('hook')} {body.get('prio')}, {body.get('policy')}"
    if kind != "rule":
        return f"{kind} {body.get('name', '')}"
    said = " ".join(_said(expression) for expression in body["expr"])
    return f"{said}  # {body['comment']}" if body.get("comment") else said


def _said(expression: Expression) -> str:
    kind, body = next(iter(expression.items()))
    if kind == "match":
        return f"{_name(body['left'])} {_value(body['right'])}"
    if kind == "limit":
        return f"limit {body['rate']}/{body['per']}"
    if kind == "log":
        return f"log {(body or {}).get('prefix', '')!r}"
    return str(kind)


def _name(left: Json) -> str:
    if "meta" in left:
        return str(left["meta"]["key"])
    if "ct" in left:
        key = str(left["ct"]["key"])
        return "published port" if key == "proto-dst" else f"connection {key}"
    if "payload" in left:
        return f"{left['payload']['protocol']} {left['payload']['field']}"
    return json.dumps(left)


def _value(right: Json) -> str:
    if isinstance(right, dict) and "prefix" in right:
        return f"{right['prefix']['addr']}/{right['prefix']['len']}"
    if isinstance(right, dict) and "range" in right:
        return f"{right['range'][0]}-{right['range'][1]}"
    if isinstance(right, dict) and "set" in right:
        return "{" + ", ".join(_value(one) for one in right["set"]) + "}"
    return str(right)


def _object(expressions: list[Expression], comment: str) -> Json:
    body: dict[str, t.Any] = {"family": "inet", "table": TABLE, "chain": _CHAIN}
    if comment:
        body["comment"] = comment
    return {"rule": {**body, "expr": expressions}}


def _rules(policy: Policy) -> t.Iterator[tuple[list[Expression], str]]:
    yield [_match({"ct": {"key": "state"}}, {"set": ["established", "related"]}), {"accept": None}], "known connections"
    for name in policy.trusted:
        yield [_interface("iifname", name), {"accept": None}], "from containers"
    for rule in policy.rules:
        for family in FAMILIES:
            if rule.holds_for(family) and (rule.sources or family == "ip"):
                yield from _of_rule(policy, rule, family)
    if not policy.allow:
        for name in policy.containers:
            goes = _interface("oifname", name)
            if policy.log:
                yield [goes, *_log(policy)], "default"
            yield [goes, {"drop": None}], "default"


def _of_rule(policy: Policy, rule: Rule, family: Family) -> t.Iterator[tuple[list[Expression], str]]:
    """A rule without sources holds for both families at once."""
    found: list[Expression] = []
    if rule.interface:
        found.append(_interface("iifname", rule.interface))
    if rule.bridge:
        found.append(_interface("oifname", rule.bridge))
    if rule.ports:
        found.append(_match({"meta": {"key": "l4proto"}}, _one_or_set(list(rule.protocols))))
        found.append(_match({"ct": {"key": "status"}}, "dnat", op="in"))
        ports = [first if first == last else {"range": [first, last]} for first, last in rule.ports]
        found.append(_match({"ct": {"key": "proto-dst", "dir": "original"}}, _one_or_set(ports)))
    sources = rule.sources_of(family)
    if sources:
        left = {"payload": {"protocol": family, "field": "saddr"}}
        found.append(_match(left, _one_or_set(_addresses(sources))))
    targets = [[_interface("oifname", name)] for name in policy.containers] if rule.is_for_containers else [[]]
    for target in targets:
        if rule.log:
            yield [*found, *target, *_log(policy)], rule.comment
        yield [*found, *target, {"accept" if rule.allow else "drop": None}], rule.comment


def _log(policy: Policy) -> list[Expression]:
    rate, per = policy.rate
    log = {"prefix": policy.prefix} if policy.prefix else None  # nft takes no empty one
    return [{"limit": {"rate": rate, "burst": 5, "per": per}}, {"log": log}]


def _match(left: Json, right: Json, op: str = "==") -> Expression:
    return {"match": {"op": op, "left": left, "right": right}}


def _interface(key: str, name: str) -> Expression:
    return _match({"meta": {"key": key}}, name)


def _one_or_set(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 else {"set": values}


def _addresses(networks: t.Sequence[Network]) -> list[Json]:
    """Addresses as nft prints them: those that touch are one range, which is a prefix where it can be (1.0.6, 1.1.3).

    A set of nothing but single addresses would be printed as it is; joined, it means and reads the same.
    """
    spans: list[tuple[int, int]] = []
    for network in sorted(networks, key=lambda one: int(one.network_address)):
        first, last = int(network.network_address), int(network.broadcast_address)
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return [_span(type(networks[0].network_address), first, last) for first, last in spans]


def _span(of: t.Callable[[int], IPAddress], first: int, last: int) -> Json:
    """Two addresses and what lies between them; a whole address comes without a length."""
    start, end = of(first), of(last)
    if first == last:
        return str(start)
    size = last - first + 1
    if size & (size - 1) or first % size:
        return {"range": [str(start), str(end)]}
    return {"prefix": {"addr": str(start), "len": start.max_prefixlen - size.bit_length() + 1}}
