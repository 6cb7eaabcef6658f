# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What shall be: which files change, and the least that makes them effective. Pure: nothing is read or run here."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError, InvalidInput
from ..host.files import FileChange
from . import default_bridge, originals
from .activation import ORDER, Activation
from .arguments import Flag, parse_flags
from .checks import every as checks
from .checks.base import Context
from .conflicts import Conflict, Strategy, clashing, clashing_flags, describe
from .default_bridge import BridgeChange
from .document import Document, render
from .drop_ins import socket_drop_in
from .facts import Facts, known
from .launch import Edits, Launch
from .launchers.systemd_launch import SERVICE_DROP_IN, SystemdLaunch
from .merge import Owned, drift, merge
from .merge import replace as replace_document
from .need import Need, needed, unprovable
from .observe import State, with_socket_unit
from .record import Record, digest
from .redact import fit_to_show
from .semantics import changed_keys
from .sockets import Address, addresses
from .stages import Stage, keeps_containers, stages, with_bridge
from .variables import Settled, Wishes

Disruption = t.Literal["restart", "reload", "none"]
_RESTORE_IS_A_FLAG = (
    "docker0 would go on with {}, as live-restore stands on the command line, with which the daemon never chooses "
    "another address; set it in daemon.json in its place"
)
Look = t.Callable[[Document], Facts]


class TooDisruptive(InvalidInput):
    """What is wanted needs more than the caller allows to be done to the daemon.

    :param stops: whether running containers would stop
    """

    def __init__(self, problem: str, *, stops: bool) -> None:
        self.stops = stops
        super().__init__([problem])


@dataclass(frozen=True)
class Request:
    """What the caller wants.

    :param config: keys of daemon.json, None to leave the file alone
    :param variables: those of the file that the service reads, None to leave that alone
    :param conflicts: what to do about a flag that clashes with a key
    :param disruption: the most that may be done to a running daemon
    :param follow: whether daemon.json may be a symbolic link
    :param replace_unreadable: whether a file that cannot be understood is replaced, and kept as a backup
    :param defer: write the files although that is not enough, and leave the rest for later
    :param timeout: seconds that the daemon may take to answer
    :param settle: seconds that a daemon must stay after it was started
    """

    config: Document | None
    path: str = "/etc/docker/daemon.json"
    follow: bool = True
    replace_unreadable: bool = False
    merge: t.Literal["owned", "replace"] = "owned"
    conflicts: Strategy = "resolve"
    disruption: Disruption = "restart"
    defer: bool = False
    allow_unknown: bool = False
    allow_insecure_tcp: bool = False
    variables: Wishes | None = None
    enabled: bool = True
    timeout: float = 60.0
    settle: float = 3.0


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    :param files: the changes of daemon.json and drop-ins, only real ones
    :param record: what to remember; the running process is filled in when it has been seen
    :param changed_variables: names of those that change in the file that the service reads
    :param options_file: that file
    :param arguments: what dockerd will be started with
    :param environment: what it will find in its environment
    :param launch_digest: fingerprint of the command line, as recorded after activation
    :param steps: contents of daemon.json on the way and how each is made effective; the last one is what stays
    :param bridge: what becomes of docker0
    :param keeps_containers: whether containers run on through all steps
    :param flags_return: whether the command line gets back a flag whose key stands in daemon.json until now
    :param moves_socket: whether docker.socket has to be restarted as well, because it listens elsewhere or may do so
    :param listens: where the daemon must answer afterwards
    :param pending: why something written is not effective after this run
    """

    document: Document
    files: tuple[FileChange, ...]
    record: Record
    changed_keys: tuple[str, ...]
    drifted_keys: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    changed_variables: tuple[str, ...]
    options_file: str
    arguments: tuple[str, ...]
    environment: t.Mapping[str, str]
    launch_digest: str
    steps: tuple[Stage, ...]
    reasons: tuple[str, ...]
    bridge: BridgeChange
    keeps_containers: bool
    moves_socket: bool
    flags_return: bool
    enable: bool
    listens: tuple[Address, ...]
    pending: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def activation(self) -> Activation:
        """The most that is done to the daemon."""
        kinds = [step.how for step in self.steps]
        return "start" if "start" in kinds else max(kinds, key=ORDER.index)

    @property
    def changes(self) -> bool:
        return bool(self.files) or self.activation != "none" or self.enable

    def put_off(self, pending: str) -> Plan:
        """The files alone, and what is left for later."""
        return replace(self, steps=(Stage(self.document, "none"),), reasons=(), pending=(*self.pending, pending))


def plan(state: State, request: Request, look: Look | None = None) -> Plan:
    """Decide.

    :param look: how to find out what checks have to know of the host, asked where daemon.json is to change
    :raises InvalidInput: with all problems of the wanted configuration
    """
    settled = _settle_variables(state, request)
    state = replace(state, launch=settled.launch)
    config, kept, warnings = _settle_keys(state, request)
    if state.unreadable and state.backup:
        warnings.append(f"{state.unreadable}; the file is replaced, and kept as {state.backup.path}")
    document, owned = _join(state, request, config)
    taken = clashing_flags(state.launch, document)
    context = _context(state, request, config, document, look)
    edits, stuck = _edits(state.launch, taken, request)
    problems = [*checks.problems(context), *_conflict_problems(state, taken, request), *stuck]
    problems += [*_contradictions(state.launch, taken, request), *_unknown_words(state, document)]
    if problems:
        raise InvalidInput(problems)
    warnings += checks.warnings(context) if document != state.document else []
    warnings += _readable_secrets(state, request)
    warnings += originals.changed_since(state.record.edits, state.unedited)

    socket = socket_drop_in(document, state.socket_unit is not None)
    launch_files, digests = _launch_changes(state, settled, edits)
    created = state.record.created or not state.file.exists
    record = Record(owned, created, state.record.loaded, digests, settled.owned, state.record.bridge, state.file.path)
    files = (
        *_backup(state),
        _document_change(state, document, record),
        *launch_files,
        FileChange(state.socket_drop_in, socket),
    )
    arguments = state.launch.arguments_without(taken) if state.launch else []
    environment = dict(state.launch.environment) if state.launch else {}
    launch_digest = digest([arguments, (socket or b"").decode(), *([environment] if environment else [])])
    listens = _listens(state, document, arguments)
    need, pending = _need(state, document, arguments, environment, launch_digest)
    flags = parse_flags(arguments)
    flagged = {flag.key for flag in flags}
    need = replace(need, harm=need.harm or unprovable(listens, document, flagged))
    bridge = _bridge(state, need, default_bridge.settings(document, flags))
    if bridge.rebuilds and default_bridge.RESTORE in flagged:
        raise InvalidInput([_RESTORE_IS_A_FLAG.format(bridge.left)])
    if need.activation == "start" and document.get(default_bridge.RESTORE) and state.on_docker0:
        bridge, pending = _left_alone(bridge, state, pending)
    steps = stages(need, state.document, document, state.version)
    draft = Plan(
        document=document,
        files=tuple(change for change in files if change.changes),
        record=record,
        changed_keys=tuple(changed_keys(state.document, document)),
        drifted_keys=tuple(drift(state.document, state.record.owned.config)),
        conflicts=(*describe(state.launch, taken, edits.places), *kept),
        changed_variables=settled.changed,
        options_file=state.options_file,
        arguments=tuple(arguments),
        environment=environment,
        launch_digest=launch_digest,
        steps=with_bridge(steps, bridge, document, flagged, need),
        reasons=need.reasons,
        bridge=bridge,
        keeps_containers=True,
        moves_socket=state.socket_unit is not None and (files[-1].changes or need.relaunch),
        flags_return=bool(clashing(parse_flags(arguments), state.document)),
        enable=request.enabled and state.service.enabled == "disabled",
        listens=tuple(listens),
        pending=tuple(pending),
        warnings=tuple(warnings),
    )
    always = default_bridge.RESTORE in flagged and bridge.kept
    return _within_limits(replace(draft, keeps_containers=always or keeps_containers(need, draft.steps)), request)


def _context(state: State, request: Request, config: Document, document: Document, look: Look | None) -> Context:
    facts = look(document) if look is not None and document != state.document else known(state)
    version = facts.version or state.version
    return Context(config, document, version, facts, request.allow_unknown, request.allow_insecure_tcp)


def _settle_keys(state: State, request: Request) -> tuple[Document, list[Conflict], list[str]]:
    """The keys to write: with ``conflicts=keep`` a key whose flag is there is left out, and said so."""
    config = {key: value for key, value in (request.config or {}).items() if value is not None}
    if request.conflicts != "keep":
        return config, [], []
    flags = clashing_flags(state.launch, config)
    conflicts = describe(state.launch, flags, dict.fromkeys(flags, "flag kept, key not written"))
    kept = {flag.key.partition(".")[0] for flag in flags}
    warnings = [f"{conflict.option} is not written, because the flag stays: {conflict}" for conflict in conflicts]
    return {key: value for key, value in config.items() if key not in kept}, conflicts, warnings


def _settle_variables(state: State, request: Request) -> Settled:
    """The file of variables as it is wanted; where nothing is, it stays."""
    owned = state.record.variables
    if request.variables is None or not (request.variables.asks or owned.values):
        return Settled(owned=owned, launch=state.launch)
    from .settle import settle  # most runs do without

    paths = [path for path in dict.fromkeys([state.options_file, owned.path]) if path]
    contents = {path: state.unedited.get(path, state.files[path].content) for path in paths}
    readers: list[t.Literal["shell", "systemd"]] = [state.launcher.reader]
    if state.has_script and "shell" not in readers:
        readers.append("shell")
    return settle(request.variables, state.options_file, contents, owned, state.launch, readers)


def _readable_secrets(state: State, request: Request) -> list[str]:
    """Passwords that everybody on the host could read."""
    wishes, file = request.variables, state.files.get(state.options_file)
    if wishes is None or file is None or not file.mode & 0o044:
        return []
    return [
        f"{file.path} can be read by every user of the host, and {name} holds a password"
        for name, value in wishes.values.items()
        if fit_to_show(f"{name}={value}") != f"{name}={value}"
    ]


def _join(state: State, request: Request, config: Document) -> tuple[Document, Owned]:
    if request.config is None:
        return state.document, state.record.owned
    join = merge if request.merge == "owned" else replace_document
    return join(state.document, state.record.owned, config)


def _contradictions(launch: Launch | None, taken: list[Flag], request: Request) -> list[str]:
    """Flags that the caller wants in a variable, and whose keys he wants in the file."""
    if launch is None or request.variables is None:
        return []
    return [
        f"{launch.variable_of(flag)} shall have {flag.name}, and daemon.json {flag.key}: dockerd does not start with "
        "both; keep the one in daemon.json"
        for flag in taken
        if launch.variable_of(flag) in request.variables.values
    ]


def _unknown_words(state: State, document: Document) -> list[str]:
    """Words that only exist at run time and may be flags: the running daemon tells whether one of them clashes."""
    launch = state.launch
    if launch is None or not launch.unknown or not document:
        return []
    places = ", ".join(str(place) for place in launch.unknown)
    if state.process is None:
        said = "what stands here is put together at run time, so nobody can know whether it holds a flag that clashes"
        return [f"{places}: {said} with daemon.json; write the flags out, or move them into daemon.json"]
    known = {(flag.key, flag.value) for flag in launch.flags}
    clashes = [
        flag
        for flag in clashing(parse_flags(list(state.process.argv[1:])), document)
        if (flag.key, flag.value) not in known
    ]
    return [
        f"{places}: {flag.name} of the running daemon comes from here, where it is put together at run time; take it "
        f"out by hand, as {flag.key} stands in daemon.json"
        for flag in clashes
    ]


def _edits(launch: Launch | None, taken: list[Flag], request: Request) -> tuple[Edits, list[str]]:
    """What takes the flags out, or why that cannot be done."""
    if launch is None or not taken or request.conflicts == "fail":
        return Edits(), []
    try:
        return launch.without(taken), []
    except HostError as error:
        return Edits(), [str(error)]


def _launch_changes(state: State, settled: Settled, edits: Edits) -> tuple[list[FileChange], dict[str, str]]:
    """The files that launch dockerd: our drop-ins, and files of others that flags are taken out of."""
    edited = {path: content for path, content in edits.files.items() if path != SERVICE_DROP_IN}
    found, digests = originals.changes(state.files, {**state.unedited, **settled.contents}, edited)
    return [*found, FileChange(state.service_drop_in, edits.files.get(SERVICE_DROP_IN))], digests


def _conflict_problems(state: State, taken: list[Flag], request: Request) -> list[str]:
    launch = state.launch
    if launch is None:
        return []
    problems = []
    if request.conflicts != "resolve":
        problems += [
            f"{conflict.option} stands in {request.path} and also as {conflict}; dockerd refuses to start with both: "
            "take one out, or set conflicts to resolve"
            for conflict in describe(launch, taken, {})
        ]
    if taken and isinstance(launch, SystemdLaunch) and launch.comes_last:
        problems.append(
            f"{launch.source.path} sets ExecStart and comes after {SERVICE_DROP_IN}, so flags cannot be taken out of "
            "it; give it a name that sorts before"
        )
    problems += [
        f"the service reads {flag.value} (--config-file in {launch.source_of(flag)}), not {request.path}; "
        f"set path to {flag.value}"
        for flag in launch.flags
        if flag.name == "--config-file" and flag.value != request.path
    ]
    return problems


def _document_change(state: State, document: Document, record: Record) -> FileChange:
    """The file is written anew only when it says something else; its layout alone is no reason.

    A file that was not there before us goes when nothing is left in it.
    """
    named = state.launch is not None and any(flag.name == "--config-file" for flag in state.launch.flags)
    if not document and record.created and not named:  # a file that is named has to be there
        return FileChange(state.file, None)
    if render(document) == render(state.document) and state.file.exists and not state.unreadable:
        return FileChange(state.file, state.file.content)
    text = render(document)
    secret = not state.file.exists and fit_to_show(text.decode()) != text.decode()
    return FileChange(replace(state.file, mode=0o600) if secret else state.file, text)


def _backup(state: State) -> tuple[FileChange, ...]:
    return (FileChange(state.backup, state.file.content),) if state.backup else ()


def _need(
    state: State, document: Document, arguments: list[str], environment: t.Mapping[str, str], launch_digest: str
) -> tuple[Need, list[str]]:
    if state.dockerd is None:
        return Need("none"), ["the engine is not installed: its first start will read the configuration"]
    if state.launch is None:
        return Need("none"), [
            f"there is no {state.launcher.service} to start: the next start of the daemon will read the configuration"
        ]
    if not state.acts:
        return Need("none"), [
            f"{state.launcher.name} is not running here: the next start of the daemon will read the configuration"
        ]
    if not state.service.is_running:
        return Need("start", ("the daemon is not running",), relaunch=True), []
    return needed(state, document, arguments, environment, launch_digest), []


def _bridge(state: State, need: Need, wanted: Document) -> BridgeChange:
    """What becomes of docker0, against what the running daemon has loaded."""
    flags = parse_flags(list(state.process.argv[1:] if state.process else ()))
    loaded = default_bridge.settings(need.loaded, flags) if need.loaded is not None else None
    in_force = loaded if loaded is not None else default_bridge.settings(state.document, flags)
    kept = bool(in_force.get(default_bridge.RESTORE)) and state.process is not None
    return default_bridge.change(loaded, wanted, state.docker0, state.record.bridge, kept)


def _left_alone(bridge: BridgeChange, state: State, pending: list[str]) -> tuple[BridgeChange, list[str]]:
    """A daemon that starts and takes containers over leaves docker0 as it is; nothing else would keep them."""
    if not bridge.rebuilds and (not bridge.address or default_bridge.has(state.docker0, bridge.address)):
        return bridge, pending
    hanging = ", ".join(state.on_docker0)
    why = f"docker0 keeps {state.docker0}, as containers that live-restore has kept hang on it ({hanging})"
    return BridgeChange(), [*pending, f"{why}; stop them and run again"]


def _within_limits(draft: Plan, request: Request) -> Plan:
    """Hold a plan against what the caller allows.

    :raises TooDisruptive: where it needs more, and is not to be put off
    """
    needs = draft.activation
    if needs == "start" or ORDER.index(needs) <= ORDER.index(request.disruption):
        return draft
    why = "; ".join(draft.reasons)
    if not request.defer:
        allowed = "nothing" if request.disruption == "none" else f"a {request.disruption}"
        problem = (
            f"this needs a {needs} of the daemon ({why}), and disruption allows {allowed} at most; nothing was touched"
        )
        remedy = (
            f"allow it with disruption={needs}, or write the files now and leave the {needs} for later with defer=true"
        )
        raise TooDisruptive(f"{problem}: {remedy}", stops=needs == "restart" and not draft.keeps_containers)
    return draft.put_off(f"the daemon needs a {needs}: {why}")


def _listens(state: State, document: Document, arguments: list[str]) -> list[Address]:
    flags = [flag.value for flag in state.launch.flags if flag.key == "hosts"] if state.launch else []
    found = addresses(document, flags if "hosts" not in document else [])
    return with_socket_unit(found, state.socket_paths())
