# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine of the sandbox changes outside its own directories, remembered so that it can be undone."""

from __future__ import annotations

import contextlib
import json
import os
import shlex

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host

from .detect import INOTIFY
from .paths import Paths, machine_locked
from .process import machine as this_machine
from .progress import say

# 128, the kernel's default, is used up by some twenty-five hosts with an init system and a daemon each.
_INSTANCES = 1024
_SYSCTLS = {"inotify": INOTIFY, "forward4": "/proc/sys/net/ipv4/ip_forward"}
_PROGRAMS = ("iptables", "ip6tables")
_TABLES = ("filter", "nat", "mangle", "raw")


def _record(paths: Paths) -> str:
    return f"{paths.machine_data}/machine.json"


def remember(paths: Paths) -> None:
    """Before the first engine starts: note what is, and raise the limit many hosts need."""
    host = this_machine()
    with machine_locked():
        if not os.path.exists(_record(paths)):
            was: dict[str, object] = {name: _read(path) for name, path in _SYSCTLS.items()}
            was["policy"] = {program: _policy(host, program) for program in _PROGRAMS}
            was["docker_chains"] = {program: _docker_chains(host, program) for program in _PROGRAMS}
            with open(_record(paths), "w", encoding="utf-8") as opened:
                json.dump(was, opened)
        if int(_read(INOTIFY) or _INSTANCES) < _INSTANCES and not _write(INOTIFY, str(_INSTANCES)):
            say(f"    {INOTIFY} is {_read(INOTIFY)} and cannot be raised: no more than about twenty hosts at a time")


def forget(paths: Paths) -> None:
    """After this checkout's engine: take out its rules and bridges; after the last engine, what they all left."""
    host = this_machine()
    with machine_locked():
        for bridge in (paths.engine_bridge, paths.host_bridge):
            for program in _PROGRAMS:
                _delete_rules(host, program, bridge)
            if os.path.exists(f"/sys/class/net/{bridge}"):
                host.run(["ip", "link", "delete", "dev", bridge])
        if not os.path.exists(_record(paths)) or _others(paths):
            return
        with open(_record(paths), encoding="utf-8") as opened:
            was = json.load(opened)
        if not _daemon_runs():
            for program in _PROGRAMS:
                if not was["docker_chains"][program]:
                    _remove_docker_chains(host, program)
                    if was["policy"][program]:
                        host.run([program, "-w", "-P", "FORWARD", was["policy"][program]])
            _write(_SYSCTLS["forward4"], was["forward4"])
        _write(INOTIFY, was["inotify"])
        os.unlink(_record(paths))
        with contextlib.suppress(OSError):
            os.rmdir(paths.machine_data)


def _others(paths: Paths) -> bool:
    """Whether the sandbox of another checkout has an engine on this machine."""
    with os.scandir(paths.machine_data) as entries:
        return any(entry.is_dir() and entry.name != paths.ident for entry in entries)


def _daemon_runs() -> bool:
    """Whether any Docker daemon runs here: the rules at the top are then its own, too."""
    for name in os.listdir("/proc"):
        if name.isdigit() and _read(f"/proc/{name}/comm") == "dockerd" and _same_network(name):
            return True
    return False


def _same_network(pid: str) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net")
    except OSError:
        return False


def _rules(host: Host, program: str, table: str) -> list[list[str]]:
    done = host.run([program, "-w", "-t", table, "-S"])
    return [shlex.split(line) for line in done.out.splitlines()] if done.rc == 0 else []


def _policy(host: Host, program: str) -> str:
    rules = _rules(host, program, "filter")
    return next((rule[2] for rule in rules if rule[:2] == ["-P", "FORWARD"]), "")


def _is_docker_chain(name: str) -> bool:
    return name == "DOCKER" or name.startswith("DOCKER-")


def _docker_chains(host: Host, program: str) -> bool:
    return any(
        rule[0] == "-N" and _is_docker_chain(rule[1]) for table in _TABLES for rule in _rules(host, program, table)
    )


def _delete_rules(host: Host, program: str, bridge: str) -> None:
    for table in _TABLES:
        for rule in _rules(host, program, table):
            if rule[0] == "-A" and bridge in rule:
                host.run([program, "-w", "-t", table, "-D", *rule[1:]])


def _remove_docker_chains(host: Host, program: str) -> None:
    for table in _TABLES:
        rules = _rules(host, program, table)
        for rule in rules:
            if rule[0] == "-A" and any(_is_docker_chain(word) for word in rule):
                host.run([program, "-w", "-t", table, "-D", *rule[1:]])
        for rule in rules:
            if rule[0] == "-N" and _is_docker_chain(rule[1]):
                host.run([program, "-w", "-t", table, "-F", rule[1]])
                host.run([program, "-w", "-t", table, "-X", rule[1]])


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as opened:
            return opened.read().strip()
    except OSError:
        return ""


def _write(path: str, value: str) -> bool:
    try:
        with open(path, "w", encoding="utf-8") as opened:
            opened.write(value)
    except OSError:
        return False
    return True
