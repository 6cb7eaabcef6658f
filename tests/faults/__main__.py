# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make faults: a matrix of faults on a real host; what must never be lost is looked at after each."""

from __future__ import annotations

import collections
import json
import re
import subprocess
import sys
import time
import typing as t
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *(entry for entry in sys.path if Path(entry).resolve() != HERE)]

from faults.kinds import BIP, NEW, OLD, Fault, kills, others  # noqa: E402
from faults.predictions import predictions  # noqa: E402
from faults.target import CHECKOUT, Target  # noqa: E402

CALLS = ("rename", "unlink", "vfork", "connect")


def main() -> int:
    suite = sys.argv[1] if len(sys.argv) > 1 else "bookworm"
    name = f"faults-{suite}"
    subprocess.run([sys.executable, "tests/sandbox", "up", "--name", name, "--suite", suite], cwd=CHECKOUT, check=True)
    try:
        playbook = [f"{sys.prefix}/bin/ansible-playbook", "-i", ".sandbox/inventory.yml", "-l", name]
        scene = subprocess.run(
            [*playbook, str(HERE / "scene.yml")], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        if scene.returncode != 0:
            print(scene.stdout + scene.stderr)
            return 1
        target = Target(name)
        target.put(CHECKOUT / "plugins", "/opt/slipway/ansible_collections/slipway/docker/plugins")
        return matrix(target)
    finally:
        subprocess.run([sys.executable, "tests/sandbox", "rm", name], cwd=CHECKOUT, check=False)


def matrix(target: Target) -> int:
    """Meet each fault in turn, going to and fro between two configurations."""
    need(target.configure(OLD))
    counts = {call: max(calls(target, NEW)[call], calls(target, OLD)[call]) for call in CALLS}
    faults, lost, passed = [*kills(counts), *others()], 0, 0
    here, there = OLD, NEW
    for fault in faults:
        if fault.writes_units and there is not OLD:
            need(target.configure(there))
            here, there = there, here
        began = time.monotonic()
        losses, converged = meet(target, fault, here, there)
        verdict = "; ".join(losses) if losses else "nothing lost"
        print(f"{fault.name:32} {verdict:60} {time.monotonic() - began:5.1f} s", flush=True)
        lost, passed = lost + bool(losses), passed + (not losses)
        if converged:
            here, there = there, here
    came_true, kinds = predictions(target)
    print(f"{came_true} predictions of check mode came true: {kinds}")
    print(f"{passed + came_true} passed, {lost} failed")
    return 1 if lost else 0


def need(answer: dict[str, t.Any]) -> dict[str, t.Any]:
    if answer.get("failed", True):
        raise SystemExit(f"the scene itself does not work: {answer}")
    return answer


def calls(target: Target, request: dict[str, t.Any]) -> collections.Counter[str]:
    """How often a whole run makes each system call."""
    need(target.configure(request, "strace", "-qq", "-o", "/run/calls", "-e", f"trace={','.join(CALLS)}"))
    return collections.Counter(re.findall(r"^(\w+)\(", target.sh("cat /run/calls").out, re.MULTILINE))


def meet(target: Target, fault: Fault, here: dict[str, t.Any], there: dict[str, t.Any]) -> tuple[list[str], bool]:
    """Let a run towards one configuration meet a fault.

    :returns: what was lost, and whether the next run came through
    """
    before, docker0 = target.files(), target.docker0()
    wanted = {**there["config"], "labels": [*there["config"]["labels"], *fault.labels]}
    request = {**there, "config": wanted, **fault.settings}
    arranged = target.sh(fault.arrange)
    try:
        answer = target.configure(request, *fault.tracer)
    finally:
        target.wait_for_systemd()
        cleared = target.sh(fault.clear)
    losses = [f"cannot arrange or clear the fault: {done.err}" for done in (arranged, cleared) if done.rc]
    losses += said_wrong(fault, answer)
    losses += [] if target.daemon_answers() else ["the daemon is down"]
    losses += [] if target.serves("always") else ["the container with a restart policy is gone"]
    during = target.files()
    if fault.says and target.docker0() != docker0:
        losses.append(f"docker0 had {docker0}, and has {target.docker0()}")
    again = target.configure(there)
    if again.get("failed", True):
        return [*losses, f"the next run fails: {again.get('msg', again)}"], False
    after = target.files()
    if (target.docker0() == BIP) != ("bip" in there["config"]):
        losses.append(f"docker0 has {target.docker0()}")
    edited = fault.name.startswith("somebody")
    losses += [] if edited else mixture(before, during, after, killed=not fault.says)
    if fault.outage:  # it ended before the run, so nobody can know that it is wanted
        target.sh("docker start plain")
    losses += [] if target.serves("plain") else ["the container without a restart policy is gone"]
    second = target.configure(there)
    losses += [] if not second.get("failed", True) and not second["changed"] else [f"not settled: {second}"]
    return losses, True


def said_wrong(fault: Fault, answer: dict[str, t.Any]) -> list[str]:
    """Whether the run ended as this fault must end it."""
    if answer.get("killed"):
        return [] if fault.tracer else [f"the run ended without a word: {answer}"]
    if fault.outage or fault.tracer:  # a kill may not have come: on this way there are fewer such calls
        return [f"failed: {answer['msg']}"] if answer["failed"] else []
    if not answer["failed"]:
        return ["the fault was not noticed"]
    return [] if fault.says in answer["msg"] else [f"said: {answer['msg']}"]


def mixture(
    before: tuple[str | None, ...], during: tuple[str | None, ...], after: tuple[str | None, ...], *, killed: bool
) -> list[str]:
    """Each file is the old one or the new one; unless the run was killed, all of them are the same."""
    strange = [
        found
        for found, old, new in zip(during, before, after, strict=True)
        if found not in (old, new) and not (killed and settled(found) in (settled(old), settled(new)))
    ]
    if strange:
        return [f"a file is neither old nor new: {strange}"]
    return [] if killed or during == before else ["the files were not put back"]


def settled(content: str | None) -> t.Any:
    """daemon.json without what stands in it for a moment, so that docker0 follows."""
    try:
        document = json.loads(content or "")
    except ValueError:
        return content
    return {key: value for key, value in document.items() if key not in ("default-address-pools", "bip")}


if __name__ == "__main__":
    sys.exit(main())
