# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image says about running it: command, environment, user, ports, labels."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ..files.paths import path_trouble

# Labels that this collection gives an image itself.
RESERVED = "org.slipway."
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z")
_ACCOUNT = r"(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})"
_USER = re.compile(rf"{_ACCOUNT}(?::{_ACCOUNT})?\Z")
_SIGNAL = re.compile(r"(?:SIG[A-Z][A-Z0-9]*(?:[+-][0-9]{1,2})?|[1-9]|[1-5][0-9]|6[0-4])\Z")
_PORT = re.compile(r"([0-9]{1,5})/(?:tcp|udp|sctp)\Z")


@dataclass(frozen=True)
class ImageConfig:
    """The image's configuration, as far as it can be chosen.

    :ivar ports: with their protocols, such as ``80/tcp``
    """

    cmd: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    entrypoint: tuple[str, ...] = ()
    workdir: str = ""
    user: str = ""
    stop_signal: str = ""
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def problems(self) -> list[str]:
        """What Docker would refuse, or would read as something else."""
        found = []
        for kind, pairs, pattern in (("env", self.env, _VARIABLE), ("labels", self.labels, _LABEL)):
            for name, value in pairs:
                if not pattern.match(name):
                    found.append(f"{kind}: {name!r} is no name for one")
                if re.search(r"[\n\r\0]", value):
                    found.append(f"{kind}.{name} must be a single line")
        found += [
            f"labels.{name}: labels below {RESERVED} are the collection's own"
            for name, _value in self.labels
            if name.startswith(RESERVED)
        ]
        for kind, words in (("cmd", self.cmd), ("entrypoint", self.entrypoint)):
            found += [f"{kind}[{index}] holds a null byte" for index, word in enumerate(words) if "\0" in word]
        return [*found, *self._problems_of_running()]

    def _problems_of_running(self) -> t.Iterator[str]:
        if self.workdir and (wrong := path_trouble(self.workdir, root=True)):
            yield f"workdir {wrong}; got: {self.workdir}"
        if self.user and not _USER.match(self.user):
            yield f"user must be a name or number, or two of them with a colon between; got: {self.user}"
        if self.stop_signal and not _SIGNAL.match(self.stop_signal):
            yield f"stop_signal must be a signal's name such as SIGINT, or its number; got: {self.stop_signal}"
        for index, port in enumerate(self.ports):
            match = _PORT.match(port)
            if not match or not 0 < int(match.group(1)) < 65536:
                yield f"ports[{index}] must be a port with tcp, udp or sctp, such as 80/tcp; got: {port}"
        for index, volume in enumerate(self.volumes):
            if wrong := path_trouble(volume):
                yield f"volumes[{index}] {wrong}; got: {volume}"

    def members(self) -> dict[str, t.Any]:
        """The same as the member ``config`` of an image's configuration; what is empty is left out."""
        members = {
            "Cmd": list(self.cmd),
            "Entrypoint": list(self.entrypoint),
            "Env": [f"{name}={value}" for name, value in self.env],
            "ExposedPorts": {port: {} for port in self.ports},
            "Labels": dict(self.labels),
            "StopSignal": self.stop_signal,
            "User": self.user,
            "Volumes": {volume: {} for volume in self.volumes},
            "WorkingDir": self.workdir,
        }
        return {name: value for name, value in members.items() if value}

    def fields(self) -> dict[str, t.Any]:
        """The wishes by the names of their options; what is not asked for is left out."""
        fields = {
            "cmd": list(self.cmd),
            "entrypoint": list(self.entrypoint),
            "env": dict(self.env),
            "labels": dict(self.labels),
            "ports": list(self.ports),
            "stop_signal": self.stop_signal,
            "user": self.user,
            "volumes": list(self.volumes),
            "workdir": self.workdir,
        }
        return {name: value for name, value in fields.items() if value}


def read_config(params: t.Mapping[str, t.Any], default_cmd: t.Sequence[str] = ()) -> ImageConfig:
    """The options that make a configuration.

    :param default_cmd: where neither a command nor an entry point is asked for
    """

    def pairs(option: str) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((str(name), _text(value)) for name, value in (params.get(option) or {}).items()))

    entrypoint = tuple(params.get("entrypoint") or ())
    cmd = params.get("cmd")
    return ImageConfig(
        cmd=tuple(cmd if cmd is not None else () if entrypoint else default_cmd),
        env=pairs("env"),
        labels=pairs("labels"),
        entrypoint=entrypoint,
        workdir=params.get("workdir") or "",
        user=params.get("user") or "",
        stop_signal=params.get("stop_signal") or "",
        ports=tuple(sorted({port if "/" in port else f"{port}/tcp" for port in params.get("ports") or ()})),
        volumes=tuple(sorted(set(params.get("volumes") or ()))),
    )


def _text(value: t.Any) -> str:
    """YAML's booleans and null, written as one would in a shell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
