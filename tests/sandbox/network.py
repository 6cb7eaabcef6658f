# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bridges and address ranges that nothing else on the machine uses."""

from __future__ import annotations

import ipaddress
import itertools
import json
import os
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host

from .paths import Paths, machine_locked
from .process import machine as this_machine

if t.TYPE_CHECKING:
    from .engine import Engine

Network = ipaddress.IPv4Network

# Outside of what dockerd takes for its own networks (172.17.0.0/12, 192.168.0.0/16): the daemons in the test hosts
# must find their defaults free.
_RANGES = (Network("10.213.0.0/16"), Network("10.87.0.0/16"), Network("198.18.0.0/15"))


def choose_subnet(taken: t.Iterable[Network], ranges: t.Sequence[Network] = _RANGES) -> Network:
    """The first /24 that overlaps with nothing.

    :raises HostError: when there is none
    """
    used = [network for network in taken if network.prefixlen > 0]
    for candidate in itertools.chain.from_iterable(one.subnets(new_prefix=24) for one in ranges):
        if not any(candidate.overlaps(network) for network in used):
            return candidate
    raise HostError(f"no free network for the test hosts in {', '.join(str(one) for one in ranges)}")


def networks_in(routes: str, addresses: str, resolv_conf: str) -> list[Network]:
    """What is taken according to ``ip -j route``, ``ip -j addr`` and the name servers."""
    texts = [str(route.get("dst", "")) for route in json.loads(routes or "[]")]
    for link in json.loads(addresses or "[]"):
        texts += [f"{one['local']}/{one['prefixlen']}" for one in link.get("addr_info", []) if "local" in one]
    words = (line.split() for line in resolv_conf.splitlines())
    texts += [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]
    return _parsed(texts)


def _parsed(texts: t.Iterable[str]) -> list[Network]:
    found = []
    for text in texts:
        try:
            found.append(Network(text, strict=False))
        except ValueError:
            continue  # "default", IPv6
    return found


def _taken(host: Host, engine: Engine | None) -> list[Network]:
    try:
        with open("/etc/resolv.conf", encoding="utf-8") as opened:
            resolv_conf = opened.read()
    except OSError:
        resolv_conf = ""
    routes = host.check(["ip", "-j", "-4", "route", "show", "table", "all"]).out
    found = networks_in(routes, host.check(["ip", "-j", "-4", "addr"]).out, resolv_conf)
    # a network of an engine has no route while no container is on it
    urls = {"unix:///var/run/docker.sock", *([engine.url] if engine else [])}
    for url in urls:
        found += _engine_networks(host, url)
    return found


def _engine_networks(host: Host, url: str) -> list[Network]:
    docker = ["docker", "--host", url, "network"]
    names = host.run([*docker, "ls", "--quiet"]).out.split()
    if not names:
        return []
    listing = host.run([*docker, "inspect", "--format", "{{range .IPAM.Config}}{{.Subnet}} {{end}}", *names])
    return _parsed(listing.out.split())


def ensure_bridge(paths: Paths) -> None:
    """The bridge for the default network of the sandbox's own engine."""
    host = this_machine()
    with machine_locked():
        if not os.path.exists(f"/sys/class/net/{paths.engine_bridge}"):
            subnet = choose_subnet(_taken(host, None))
            host.check(["ip", "link", "add", "name", paths.engine_bridge, "type", "bridge"])
            host.check(["ip", "addr", "add", f"{subnet[1]}/{subnet.prefixlen}", "dev", paths.engine_bridge])
    host.check(["ip", "link", "set", "dev", paths.engine_bridge, "up"])


def ensure_network(paths: Paths, engine: Engine) -> None:
    """The network the test hosts are on. Never the engine's default one, which has no names."""
    if engine.docker("network", "inspect", paths.network).rc == 0:
        return
    options = {
        "com.docker.network.bridge.name": paths.host_bridge,
        "com.docker.network.driver.mtu": str(_mtu(engine.host)),
    }
    argv = ["network", "create", "--label", paths.label]
    for name, value in options.items():
        argv += ["--opt", f"{name}={value}"]
    with machine_locked():  # or two sandboxes find the same range free
        engine.check(*argv, "--subnet", str(choose_subnet(_taken(engine.host, engine))), paths.network)


def _mtu(host: Host) -> int:
    """Of the way out: packets that are larger get lost where no one answers that they are."""
    for route in json.loads(host.run(["ip", "-j", "-4", "route", "show", "default"]).out or "[]"):
        try:
            with open(f"/sys/class/net/{route.get('dev')}/mtu", encoding="ascii") as opened:
                return min(1500, int(opened.read()))
        except OSError:
            continue
    return 1500
