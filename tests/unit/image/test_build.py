# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a root filesystem to a named image: the engine gets all of it at once, and what fails leaves nothing."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.build import apply, interruptible
from ansible_collections.slipway.docker.plugins.module_utils.image.compose import nominal_sources
from ansible_collections.slipway.docker.plugins.module_utils.image.engine import replacing
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Image
from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State
from ansible_collections.slipway.docker.plugins.module_utils.image.outcome import Outcome
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import plan
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import read_provenance
from unit.image.doubles import NO_IMAGE, Answer, Commands, host_of, image_json, with_programs
from unit.image.wishes import KEYRING, ORIGIN, provenance_of, request, state, with_image
from unit.trees import Tree

NAME = "local/base:1"
STATUS = b"Package: apt\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0\n"


class Workshop:
    """A host on which bootstrapping and importing is pretended."""

    def __init__(self, tree: Tree, workdir: Path) -> None:
        self.tree, self.workdir = tree, workdir
        self.loaded = tree.at("/loaded")
        self.manifest: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.diff_id = ""
        with_programs(tree, "/usr/bin/docker", "/usr/bin/mmdebstrap")
        self.docker(f"cat > {self.loaded}")
        tree.write(KEYRING, b"keys")
        self.commands = Commands(
            {
                "mmdebstrap": self.mmdebstrap,
                "chroot": (0, "", ""),
                "docker context inspect": (0, "unix:///var/run/docker.sock\n", ""),
                "docker info": (0, "/var/lib/docker\n", ""),
                "docker image rm": (0, "", ""),
                f"docker image inspect {NAME}": self.inspect,
                "docker image inspect sha256:old": NO_IMAGE,
            }
        )
        self.host = host_of(tree, self.commands)

    def mmdebstrap(self, argv: Sequence[str]) -> Answer:
        root = next(word for word in argv if word.startswith(str(self.workdir)))
        os.makedirs(os.path.join(root, "etc"))
        os.makedirs(os.path.join(root, "var/lib/dpkg"))
        Path(root, "var/lib/dpkg/status").write_bytes(STATUS)
        return 0, "", ""

    def docker(self, script: str) -> None:
        """What it does with an image to load."""
        self.tree.write("/usr/bin/docker", f"#!/bin/sh\n{script}\n")

    def read_loaded(self) -> None:
        with tarfile.open(self.loaded) as archive:
            held = {member.name: file.read() for member in archive if (file := archive.extractfile(member))}
        (self.manifest,) = json.loads(held["manifest.json"])
        self.config = json.loads(held[self.manifest["Config"]])
        self.diff_id = f"sha256:{hashlib.sha256(held['layer.tar']).hexdigest()}"

    def inspect(self, _argv: Sequence[str]) -> Answer:
        self.read_loaded()
        return 0, image_json("sha256:new", [NAME], None, [self.diff_id]), ""

    def build(self, before: State, **options: Any) -> Outcome:
        wanted = request(work_dir=str(self.workdir), **options)
        return apply(self.host, before, plan(before, wanted), wanted, nominal_sources(wanted, ORIGIN))

    def asked(self, *starts: str) -> list[str]:
        return [line for line in self.commands.asked if line.startswith(starts)]


@pytest.fixture
def workshop(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    workdir = tmp_path / "work"
    workdir.mkdir()
    monkeypatch.setattr(replacing, "PATIENCE", 2)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    yield Workshop(tree, workdir)
    assert list(workdir.iterdir()) == []


def test_the_engine_gets_all_of_it_at_once(workshop: Workshop) -> None:
    outcome = workshop.build(state(), env={"A": "$b"})
    assert outcome.image == Image("sha256:new", (NAME,), (), 42, (workshop.diff_id,))
    assert workshop.manifest["RepoTags"] == [NAME]
    assert workshop.config["config"]["Env"] == ["A=$b"]
    assert workshop.config["rootfs"]["diff_ids"] == [workshop.diff_id]
    assert (workshop.config["os"], workshop.config["architecture"]) == ("linux", "amd64")
    assert set(outcome.seconds) == {"bootstrap", "finish", "pack", "load"}


def test_its_date_is_that_of_the_newest_package(workshop: Workshop) -> None:
    def with_package(argv: Sequence[str]) -> Answer:
        answer = workshop.mmdebstrap(argv)
        root = next(word for word in argv if word.startswith(str(workshop.workdir)))
        sums = Path(root) / "var/lib/dpkg/info/apt.md5sums"
        sums.parent.mkdir()
        sums.touch()
        os.utime(sums, (1_700_000_000, 1_700_000_000))
        return answer

    workshop.commands.answers["mmdebstrap"] = with_package
    workshop.build(state())
    assert workshop.config["created"] == "2023-11-14T22:13:20Z"


def test_the_labels_tell_what_it_was_made_from(workshop: Workshop) -> None:
    outcome = workshop.build(state())
    assert outcome.provenance is not None
    assert outcome.provenance == replace(
        provenance_of(request()),
        packages=(Package("apt", "amd64", "3.0"),),
        suites=("trixie", "trixie-updates", "trixie-security"),
        backend="mmdebstrap",
    )
    assert read_provenance(workshop.config["config"]["Labels"]) == replace(outcome.provenance, backend="")


def test_what_the_engine_refuses_leaves_no_image(workshop: Workshop) -> None:
    workshop.docker("cat > /dev/null; echo no space left on device >&2; exit 1")
    with pytest.raises(HostError, match="the engine refuses the image: no space left on device"):
        workshop.build(state())
    assert workshop.asked("docker image rm") == []


INTERRUPTED = "cat > /dev/null; kill -TERM $PPID; exec sleep 60"


def test_an_engine_goes_on_without_its_client(workshop: Workshop) -> None:
    workshop.docker(INTERRUPTED)
    workshop.commands.answers[f"docker image inspect {NAME}"] = (0, image_json("sha256:new", [NAME]), "")
    workshop.commands.answers["docker image inspect sha256:old"] = (0, image_json("sha256:old"), "")
    with pytest.raises(SystemExit):
        workshop.build(with_image(request()), force=True)
    assert workshop.asked("docker image rm") == ["docker image rm sha256:old"]


def test_an_engine_that_did_not_get_all_of_it_keeps_what_it_had(workshop: Workshop) -> None:
    workshop.docker(INTERRUPTED)
    workshop.commands.answers[f"docker image inspect {NAME}"] = (0, image_json("sha256:old", [NAME]), "")
    with pytest.raises(SystemExit):
        workshop.build(with_image(request()), force=True)
    assert workshop.asked("docker image rm") == []
    assert len(workshop.asked("docker image inspect")) == 2


def test_an_engine_that_has_something_else(workshop: Workshop) -> None:
    workshop.commands.answers[f"docker image inspect {NAME}"] = (0, image_json("sha256:other", [NAME]), "")
    with pytest.raises(HostError, match="but the engine has sha256:other instead"):
        workshop.build(state())


def test_a_failed_bootstrap_does_not_reach_the_engine(workshop: Workshop) -> None:
    workshop.commands.answers["mmdebstrap"] = (25, "", "E: Unable to locate package x\n")
    with pytest.raises(HostError, match="mmdebstrap failed: Unable to locate package x"):
        workshop.build(state())
    assert workshop.asked("docker image") == []
    assert not workshop.loaded.exists()


def in_memory(workshop: Workshop, mount: Answer = (0, "", "")) -> None:
    workshop.tree.write("/proc/meminfo", "MemAvailable: 8388608 kB\n")
    workshop.commands.answers["mount -t tmpfs"] = mount


def test_in_memory_where_there_is_room(workshop: Workshop) -> None:
    in_memory(workshop)
    assert workshop.build(state()).in_memory
    (asked,) = workshop.asked("mount")
    assert "mode=0700,size=4160749568,dev,exec,suid" in asked
    assert not workshop.build(state(), in_memory="never").in_memory


def test_larger_than_was_thought(workshop: Workshop) -> None:
    in_memory(workshop)
    tried: list[str] = []

    def full_at_first(argv: Sequence[str]) -> Answer:
        tried.append(argv[0])
        return workshop.mmdebstrap(argv) if len(tried) > 1 else (25, "", "tar: No space left on device\n")

    workshop.commands.answers["mmdebstrap"] = full_at_first
    with pytest.raises(HostError, match=r"the memory at .* is full: use in_memory: never. mmdebstrap failed: tar"):
        workshop.build(state(), in_memory="always")
    tried.clear()
    outcome = workshop.build(state())
    assert (len(tried), outcome.in_memory, outcome.image is not None) == (2, False, True)


def test_memory_that_cannot_be_had(workshop: Workshop) -> None:
    in_memory(workshop, (32, "", "mount: permission denied\n"))
    with pytest.raises(HostError, match="no filesystem of 3968 MiB in memory can be had: mount: permission denied"):
        workshop.build(state(), in_memory="always")
    assert not workshop.build(state()).in_memory


def test_the_image_that_had_the_name_goes(workshop: Workshop) -> None:
    workshop.commands.answers["docker image inspect sha256:old"] = (0, image_json("sha256:old"), "")
    assert workshop.build(with_image(request()), force=True).remarks == ()
    assert workshop.asked("docker image rm") == ["docker image rm sha256:old"]


def test_it_stays_while_something_needs_it(workshop: Workshop) -> None:
    workshop.commands.answers["docker image inspect sha256:old"] = (0, image_json("sha256:old"), "")
    workshop.commands.answers["docker image rm"] = (1, "", "conflict: used by container 1\n")
    (remark,) = workshop.build(with_image(request()), force=True).remarks
    assert remark == "the image that had the name stays without one: conflict: used by container 1"


def test_it_stays_when_it_has_another_name(workshop: Workshop) -> None:
    workshop.commands.answers["docker image inspect sha256:old"] = (0, image_json("sha256:old", ["keep:1"]), "")
    workshop.build(with_image(request()), force=True)
    assert workshop.asked("docker image rm") == []


def test_somebody_elses_image_stays(workshop: Workshop) -> None:
    workshop.commands.answers["docker image inspect sha256:old"] = (0, image_json("sha256:old"), "")
    (remark,) = workshop.build(state(image=Image("sha256:old", (NAME,)))).remarks
    assert "sha256:old, was not made by this module and stays" in remark
    assert workshop.asked("docker image rm") == []


def test_remove(workshop: Workshop) -> None:
    wanted = request(state="absent")
    before = State(state().engine, Image("sha256:old", (NAME,)))
    apply(workshop.host, before, plan(before, wanted), wanted, None)
    assert workshop.commands.asked == [f"docker image rm {NAME}"]
    workshop.commands.answers["docker image rm"] = (1, "", "conflict\n")
    with pytest.raises(HostError, match="local/base:1 is not removed: conflict"):
        apply(workshop.host, before, plan(before, wanted), wanted, None)


def test_nothing_to_do_runs_nothing(workshop: Workshop) -> None:
    before = with_image(request())
    assert apply(workshop.host, before, plan(before, request()), request(), None).image == before.image
    assert workshop.commands.asked == []


def interrupted_twice(cleaned: list[str]) -> None:
    with interruptible():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            cleaned.append("all")


def test_a_second_signal_waits_for_the_cleaning() -> None:
    before = signal.getsignal(signal.SIGTERM)
    cleaned: list[str] = []
    with pytest.raises(SystemExit) as caught:
        interrupted_twice(cleaned)
    assert cleaned == ["all"]
    assert caught.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before
