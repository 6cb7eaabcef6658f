# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The engine's networks and the containers on them, asked for and changed over its socket."""

from __future__ import annotations

import json
import typing as t
import urllib.parse

from ..daemon.engine_api import get, may_connect, request
from ..daemon.sockets import parse_address
from ..daemon.version import Version, parse_version
from ..host.errors import HostError
from .endpoints import Attachment, attachment, endpoint_of

Json = dict[str, t.Any]

# Seconds; a container with many published ports takes its time.
_PATIENCE = 120.0


class Engine:
    """One engine; what it says is asked for once, as long as nothing is changed.

    :raises HostError: where the address cannot be one
    """

    def __init__(self, docker_host: str) -> None:
        try:
            self.address = parse_address(docker_host)
        except ValueError as error:
            raise HostError(f"docker_host is no address of an engine: {error}") from error
        if not may_connect(self.address):
            raise HostError(f"this user may not connect to {docker_host}; run as root, with become: true")
        self._info: Json | None = None
        self._containers: list[Json] | None = None

    @property
    def info(self) -> Json:
        if self._info is None:
            self._info = t.cast(Json, get(self.address, "/info"))
        return self._info

    @property
    def id(self) -> str:
        """What tells it from others; 20.10 has it in ``/etc/docker/key.json``, one for all engines of a host."""
        return str(self.info.get("ID") or "")

    @property
    def root(self) -> str:
        return str(self.info.get("DockerRootDir") or "")

    @property
    def version(self) -> Version | None:
        return parse_version(str(self.info.get("ServerVersion") or ""))

    def api(self) -> Version:
        """The newest version of the API that it speaks."""
        return parse_version(str(get(self.address, "/version").get("ApiVersion") or "")) or ()

    def networks(self) -> list[Json]:
        return t.cast("list[Json]", get(self.address, "/networks"))

    def network(self, name: str) -> Json | None:
        """The network of that very name.

        :raises HostError: where there are several
        """
        found = [network for network in self.networks() if network["Name"] == name]
        if len(found) > 1:
            ids = ", ".join(network["Id"][:12] for network in found)
            raise HostError(f"this engine has {len(found)} networks named {name} ({ids}); remove all but one by its id")
        return found[0] if found else None

    def services(self) -> list[Json]:
        """The services of the swarm; a manager knows them."""
        return t.cast("list[Json]", get(self.address, "/services"))

    def verbose(self, network_id: str) -> Json:
        """A network of the swarm with what is known of other nodes."""
        return t.cast(Json, get(self.address, f"/networks/{network_id}?verbose=true"))

    def containers(self) -> list[Json]:
        """All containers in short, stopped ones as well."""
        if self._containers is None:
            self._containers = t.cast("list[Json]", get(self.address, "/containers/json?all=1"))
        return self._containers

    def container(self, container_id: str) -> Json | None:
        status, body = request(self.address, f"/containers/{container_id}/json")
        if status == 404:
            return None
        self._expect(status, body, f"the engine does not tell of container {container_id[:12]}")
        return t.cast(Json, json.loads(body))

    def attachments(self, network: Json) -> list[Attachment]:
        """The containers on a network, running or not."""
        found = []
        for short in self.containers():
            if endpoint_of(short, network) is not None:
                inspected = self.container(short["Id"])
                on_it = attachment(inspected, network, self.version) if inspected else None
                if on_it is not None:
                    found.append(on_it)
        return sorted(found, key=lambda one: one.name)

    def connect(self, network: str, container_id: str, config: Json) -> str:
        """Connect a container; the engine's reason where it refuses."""
        body = {"Container": container_id, "EndpointConfig": config}
        status, answer = self._post(f"/networks/{_quoted(network)}/connect", body)
        return "" if status == 200 else message(answer)

    def disconnect(self, network: str, container_id: str) -> str:
        """Take a container off a network; the engine's reason where it refuses. One that is gone is off."""
        body = {"Container": container_id, "Force": False}
        status, answer = self._post(f"/networks/{_quoted(network)}/disconnect", body)
        return "" if status in (200, 404) else message(answer)

    def create(self, body: Json) -> None:
        """Make a network.

        :raises HostError: with the engine's reason
        """
        status, answer = self._post("/networks/create", body)
        self._expect(status, answer, f"network {body['Name']} could not be made again", 201)

    def _post(self, path: str, body: Json) -> tuple[int, bytes]:
        self._containers = None
        return request(self.address, path, method="POST", body=body, timeout=_PATIENCE)

    def _expect(self, status: int, body: bytes, failed: str, wanted: int = 200) -> None:
        if status != wanted:
            raise HostError(f"{failed}: {message(body)}")


def _quoted(name: str) -> str:
    return urllib.parse.quote(name, safe="")


def message(body: bytes) -> str:
    """The words of an error."""
    try:
        return str(json.loads(body)["message"]).strip()
    except (ValueError, KeyError, TypeError):
        return body[:300].decode("utf-8", "replace").strip()
