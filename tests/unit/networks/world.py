# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real engines said, and an engine in memory that hands out addresses and can break down at any of its calls."""

from __future__ import annotations

import copy
import ipaddress
import itertools
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import parse_address
from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import Version
from ansible_collections.slipway.docker.plugins.module_utils.networks.engine import Engine

Json = dict[str, t.Any]

VERSIONS = ("20.10", "26.1")
each_version = pytest.mark.parametrize("version", VERSIONS)


class Killed(BaseException):
    """What a kill looks like from inside: nobody catches it."""


def captured(version: str) -> Json:
    """Networks and containers of a test host."""
    path = Path(__file__).parent / "fixtures" / f"engine_{version}.json"
    return t.cast(Json, json.loads(path.read_text(encoding="utf-8")))


def network(version: str, name: str) -> Json:
    return next(network for network in captured(version)["networks"] if network["Name"] == name)


class World(Engine):
    """An engine in memory.

    :ivar calls: changes that were made, and reads
    :ivar dies_at: the number of the change at which whoever asks is killed
    """

    def __init__(
        self,
        subnet: str = "172.20.0.0/24",
        version: Version = (20, 10, 24),
        engine: str = "ONE",
        root: str = "/var/lib/docker",
    ) -> None:
        self.address = parse_address(f"unix:///run/{engine}.sock")
        self._info = {"ID": engine, "DockerRootDir": root}
        self._numbers = itertools.count(1)
        self._version = version
        self.nets: dict[str, Json] = {}
        self.all: dict[str, Json] = {}
        self.changes = 0
        self.dies_at = 0
        self.refuses: dict[str, str] = {}
        self.make("front", subnet)

    @property
    def version(self) -> Version:
        return self._version

    def make(self, name: str, subnet: str) -> None:
        self.nets[name] = {
            "Name": name,
            "Id": f"{next(self._numbers):064x}",
            "Driver": "bridge",
            "Scope": "local",
            "IPAM": {"Driver": "default", "Options": {}, "Config": [{"Subnet": subnet}]},
            "ConfigFrom": {"Network": ""},
            "Options": {},
            "Labels": {},
        }

    def run(self, name: str, *, running: bool = True, address: str = "", mac: str = "", **endpoint: t.Any) -> str:
        """Start a container on the network; its id."""
        container_id = f"{next(self._numbers):064x}"
        self.all[container_id] = {
            "Id": container_id,
            "Name": f"/{name}",
            "Names": [f"/{name}"],
            "State": {"Running": running},
            "Config": {"MacAddress": mac} if mac else {},
            "HostConfig": {"NetworkMode": "front"},
            "NetworkSettings": {"Networks": {}},
        }
        config = {"IPAMConfig": {"IPv4Address": address} if address else None, **endpoint}
        assert self._join(container_id, "front", config) == ""
        return container_id

    def remove(self, name: str) -> None:
        """What docker_network does: containers that do not run keep what they had."""
        gone = self.nets.pop(name)
        for container in self.all.values():
            if container["State"]["Running"]:
                container["NetworkSettings"]["Networks"].pop(name, None)
        assert gone

    def addresses(self) -> dict[str, str]:
        return {
            container["Name"][1:]: endpoint["IPAddress"]
            for container in self.all.values()
            for endpoint in container["NetworkSettings"]["Networks"].values()
        }

    # What the real one asks its socket.
    def networks(self) -> list[Json]:
        return copy.deepcopy(list(self.nets.values()))

    def containers(self) -> list[Json]:
        return copy.deepcopy(list(self.all.values()))

    def container(self, container_id: str) -> Json | None:
        return copy.deepcopy(self.all.get(container_id))

    def connect(self, network: str, container_id: str, config: Json) -> str:
        self._change()
        return self.refuses.get(f"connect {container_id}") or self._join(container_id, network, config)

    def disconnect(self, network: str, container_id: str) -> str:
        self._change()
        refused = self.refuses.get(f"disconnect {container_id}", "")
        if not refused and container_id in self.all:
            self.all[container_id]["NetworkSettings"]["Networks"].pop(network, None)
        return refused

    def create(self, body: Json) -> None:
        self._change()
        self.make(body["Name"], body["IPAM"]["Config"][0]["Subnet"])

    def _change(self) -> None:
        self.changes += 1
        if self.changes == self.dies_at:
            raise Killed

    def _join(self, container_id: str, name: str, config: Json) -> str:
        container = self.all[container_id]
        pool = ipaddress.ip_network(self.nets[name]["IPAM"]["Config"][0]["Subnet"])
        asked = (config.get("IPAMConfig") or {}).get("IPv4Address", "")
        if name in container["NetworkSettings"]["Networks"]:
            return "endpoint already exists"
        taken = {str(pool[1]), *self.addresses().values()}
        if asked and container["State"]["Running"] and asked in taken:
            return "Address already in use"
        free = (str(host) for host in pool.hosts() if str(host) not in taken)
        given = (asked or next(free)) if container["State"]["Running"] else ""
        endpoint = {
            "IPAMConfig": config.get("IPAMConfig"),
            "Aliases": [*(config.get("Aliases") or ()), container_id[:12]],
            "Links": config.get("Links"),
            "MacAddress": config.get("MacAddress") or "",
            "NetworkID": self.nets[name]["Id"],
            "IPAddress": given,
        }
        container["NetworkSettings"]["Networks"][name] = endpoint
        return ""
