# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What ought to be known of an inspected host before somebody finds out."""

from __future__ import annotations

import os
import typing as t

from ..host.peek import text
from . import info_daemon, info_kernel, info_network
from .inspection import Inspection
from .kernel_needs import findings, options

# Each container takes keys of root's; the kernel's own default of 200 is soon used up.
_ENOUGH_KEYS = 10000


def of_engine(inspection: Inspection) -> list[str]:
    """The engine's own, and why it does not answer."""
    found = [" ".join(str(warning).split()) for warning in inspection.answers.info.get("Warnings") or ()]
    if inspection.answers.problem:
        found.append(f"the engine runs and does not answer: {inspection.answers.problem}")
    return found


def of_launch(inspection: Inspection) -> list[str]:
    state, problem = inspection.state, inspection.problem("launch")
    found = [f"the command line cannot be known: {problem}"] if problem else []
    if state.launch is not None and not state.acts:
        found.append(_without_init(inspection))
    found += [
        f"files of {status.name} have changed and systemd has not read them: run systemctl daemon-reload"
        for status in (state.service, state.socket)
        if status.stale
    ]
    if state.service.has_failed:
        found.append(f"{state.service.name} has failed ({state.service.result})")
    return found


def _without_init(inspection: Inspection) -> str:
    name = inspection.state.launcher.name
    if inspection.launch is None:
        return f"{name} is not running here, so that nobody knows where the flags of the running daemon come from"
    return f"{name} is not running here; the flags are those that it would start the daemon with"


def of_configuration(inspection: Inspection) -> list[str]:
    found = info_daemon.problems(inspection)
    found += [
        f"{clash['option']} stands in {inspection.path} and as {clash['flag']} in {clash['file']}:{clash['line']}: "
        "dockerd does not start with both"
        for clash in info_daemon.conflicts(inspection)
    ]
    return found


def of_kernel(inspection: Inspection) -> list[str]:
    kernel, groups = inspection.kernel, inspection.cgroups
    found = [
        f"{feature.name}: the kernel lacks {', '.join(finding.missing)}"
        for feature, finding in findings(kernel).items()
        if feature.necessary and finding.missing
    ]
    if groups.missing:
        found.append(f"control groups ({groups.layout}) lack {', '.join(groups.missing)}")
    if _modules_are_gone(inspection):
        found.append(f"no modules of the running kernel {kernel.release} are installed: it was upgraded; reboot")
    if info_kernel.security(inspection.host)["apparmor"] and inspection.host.find_program("apparmor_parser") is None:
        found.append("AppArmor is on and program apparmor_parser is not installed, so that containers do not start")
    keys = text(inspection.host, "/proc/sys/kernel/keys/root_maxkeys")
    if keys.isdigit() and int(keys) <= _ENOUGH_KEYS:
        found.append(f"kernel.keys.root_maxkeys is {keys}, too few for many containers")
    return found


def _modules_are_gone(inspection: Inspection) -> bool:
    """In a container modules are the outer machine's affair."""
    kernel = inspection.kernel
    inside = bool(text(inspection.host, "/run/systemd/container")) or inspection.host.exists("/.dockerenv")
    return not inside and not kernel.modules.folder and "module" in options(kernel).values()


def of_storage(inspection: Inspection) -> list[str]:
    section = info_kernel.storage(inspection)
    reason = section["drivers"].get(section["configured"], {}).get("reason", "")
    return [f"storage-driver is {section['configured']}, which cannot be used here: {reason}"] if reason else []


def of_network(inspection: Inspection) -> list[str]:
    reason = info_network.drivers(inspection)["bridge"]["reason"]
    found = [f"the bridge network cannot be used: {reason}"] if reason else []
    rules = info_network.rules(inspection)
    if rules["at_boot"] and rules["backend"] == "" and os.geteuid() == 0:
        found.append("rules for containers are loaded at boot, and the kernel holds none: somebody has flushed them")
    return found + info_network.of_docker0(inspection)


CONCERNS: dict[str, t.Callable[[Inspection], list[str]]] = {
    "engine": of_engine,
    "launch": of_launch,
    "configuration": of_configuration,
    "kernel": of_kernel,
    "storage": of_storage,
    "network": of_network,
}
