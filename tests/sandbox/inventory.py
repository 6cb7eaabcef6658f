# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts as an Ansible inventory. Made anew from what runs, so that it cannot drift from it."""

from __future__ import annotations

import json
import os
import tempfile
import typing as t

from .engine import Engine
from .hosts import Guest, listing
from .paths import Paths, locked

_HEAD = """\
# Made by tests/sandbox from the hosts that run; changed by each of its commands.
---
"""


def render(hosts: t.Sequence[Guest], url: str) -> str:
    """YAML text. A JSON string is a YAML string, which is all the quoting there is."""
    lines = ["docker_hosts:", "  vars:"]
    lines += ["    ansible_connection: community.docker.docker"]
    lines += [f"    ansible_docker_extra_args: {_quoted('--host=' + url)}"]
    lines += ["    ansible_pipelining: true", "    ansible_python_interpreter: /usr/bin/python3"]
    lines += ["  hosts:" if hosts else "  hosts: {}"]
    for host in hosts:
        lines += [f"    {host.name}:"]
        lines += [f"      ansible_host: {_quoted(host.container)}"]
        lines += [f"      sandbox_address: {_quoted(host.address)}"]
        lines += [f"      sandbox_suite: {_quoted(host.suite)}", f"      sandbox_init: {_quoted(host.init)}"]
    return _HEAD + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return json.dumps(value)


def write(paths: Paths, engine: Engine) -> list[Guest]:
    """Bring the file up to date; only hosts that run are in it."""
    with locked(paths, "inventory"):
        hosts = listing(paths, engine)
        text = render([host for host in hosts if host.state == "running"], engine.url)
        handle, temporary = tempfile.mkstemp(dir=paths.work, prefix="inventory-")
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, paths.inventory)
    return hosts
