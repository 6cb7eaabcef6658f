# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How an inspected host's engine is launched and configured, as a module's result."""

from __future__ import annotations

import typing as t

from ..host.assignments import read_assignments
from ..host.environment import Assignment
from ..host.errors import HostError
from ..host.files import as_text, content_of
from ..host.systemd import UnitStatus
from ..host.systemd_files import Unit
from ..host.undo import UNDO_PATH
from .arguments import Flag
from .checks.base import Context
from .checks.every import about_file
from .conflicts import clashing_flags, describe
from .facts import known
from .inspection import Inspection
from .launch import Launch
from .launchers.systemd_launch import SERVICE_DROP_IN, SOCKET_DROP_IN, read_environment
from .merge import NESTED, drift
from .proof import disagreements
from .record import Record

_OURS = frozenset({SERVICE_DROP_IN, SOCKET_DROP_IN})

# Variables that change what dockerd does; others may hold what is nobody's business.
_TELLING = ("DOCKER", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NOTIFY_SOCKET")

Section = dict[str, t.Any]


def engine(inspection: Inspection) -> Section:
    """Which engine there is, and what it says of itself."""
    versions, info = inspection.versions, inspection.answers.info
    return {
        "installed": inspection.state.dockerd is not None,
        "program": inspection.state.dockerd or "",
        "running": inspection.running,
        "answers_on": inspection.answers.address,
        "version": versions.engine,
        "api_version": versions.api,
        "containerd": versions.containerd,
        "runc": versions.runc,
        "versions_from": versions.source,
        "storage_driver": info.get("Driver", ""),
        "cgroup_driver": info.get("CgroupDriver", ""),
        "data_root": info.get("DockerRootDir", ""),
        "containers_running": info.get("ContainersRunning", 0),
        "live_restore": bool(info.get("LiveRestoreEnabled")),
        "swarm": (info.get("Swarm") or {}).get("LocalNodeState", ""),
        "security_options": list(info.get("SecurityOptions") or ()),
    }


def launch(inspection: Inspection) -> Section:
    """How the service's files launch the engine, and what runs."""
    state = inspection.state
    unit, built, process = inspection.unit, inspection.launch, state.process
    return {
        "init": state.launcher.name,
        "init_runs": state.acts,
        "systemd": state.systemd,
        "service": _unit(state.service),
        "socket": _unit(state.socket),
        "files": [{"path": path, "ours": path in _OURS} for path in _files(unit, built)],
        "argv": built.argv if built else [],
        "flags": [_flag(built, flag) for flag in built.flags] if built else [],
        "environment": _environment(inspection, unit, built),
        "problem": inspection.problem("launch"),
        "pid": process.pid if process else None,
        "running_argv": list(process.argv) if process else [],
        "upgraded_since": bool(process and process.outdated),
    }


def configuration(inspection: Inspection) -> Section:
    """What the files come to, and whether the running engine does as they say."""
    state = inspection.state
    return {
        "path": inspection.path,
        "exists": state.file.exists,
        "document": state.document,
        "problems": problems(inspection),
        "effective": {
            key: {"value": setting.value, "origin": setting.origin, "places": list(setting.places)}
            for key, setting in inspection.settings.items()
        },
        "conflicts": conflicts(inspection),
        "owned_keys": _owned(state.record),
        "drifted_keys": drift(state.document, state.record.owned.config),
        "disagreements": disagreements(inspection.answers.info, state.document),
        "interrupted": inspection.host.exists(UNDO_PATH),
        **_outlook(inspection),
    }


def problems(inspection: Inspection) -> list[str]:
    """What is wrong with daemon.json."""
    unread = inspection.problem("file") or inspection.problem("document")
    if unread:
        return [unread]
    document = inspection.state.document
    facts = known(inspection.state)
    found = about_file(Context(document, document, inspection.versions.number, facts))
    return [f"{inspection.path}: {problem}" for problem in found]


def conflicts(inspection: Inspection) -> list[Section]:
    """Directives that stand in the file and on the command line as it is now."""
    built = inspection.launch
    found = describe(built, clashing_flags(built, inspection.state.document), {})
    return [{name: value for name, value in c.to_result().items() if name != "resolution"} for c in found]


def _outlook(inspection: Inspection) -> Section:
    found = inspection.outlook
    if isinstance(found, str):
        return {"activation": "unknown", "activation_reasons": [found], "pending": []}
    return {"activation": found.activation, "activation_reasons": list(found.reasons), "pending": list(found.pending)}


def _unit(status: UnitStatus) -> Section:
    return {
        "load": status.load,
        "active": status.active,
        "sub": status.sub,
        "result": status.result,
        "enabled": status.enabled,
        "needs_daemon_reload": status.stale,
    }


def _files(unit: Unit | None, built: Launch | None) -> tuple[str, ...]:
    if unit is not None:
        return (unit.fragment, *unit.drop_ins)
    return built.editable if built else ()


def _flag(built: Launch, flag: Flag) -> Section:
    source = built.source_of(flag)
    return {
        "flag": flag.name,
        "value": flag.value,
        "key": flag.key,
        "file": source.path,
        "line": source.line,
        "variable": built.variable_of(flag),
        "ours": source.path in _OURS,
    }


def _environment(inspection: Inspection, unit: Unit | None, built: Launch | None) -> list[Section]:
    try:
        found = _assignments(inspection, unit, built)
    except HostError:
        return []  # reported as the launch's problem
    return [
        {"name": a.name, "value": a.value, "file": a.path, "line": a.line}
        for a in found
        if a.name.upper().startswith(_TELLING)
    ]


def _assignments(inspection: Inspection, unit: Unit | None, built: Launch | None) -> list[Assignment]:
    if unit is not None:
        return list(read_environment(inspection.host, unit).values())
    return [
        Assignment(each.name, each.value, path, each.line)
        for path in (built.environment_files if built else ())
        for each in read_assignments(as_text(content_of(inspection.host, path)), path, "shell")
        if each.value is not None
    ]


def _owned(record: Record) -> list[str]:
    """Keys that we have set; of maps whose entries have owners of their own, the entries."""
    found = []
    for key, value in record.owned.config.items():
        found += [f"{key}.{name}" for name in value] if key in NESTED and isinstance(value, dict) else [key]
    return sorted(found)
