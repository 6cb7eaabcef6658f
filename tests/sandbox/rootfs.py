# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The root filesystems of test hosts: bootstrapped by the collection's own code, kept as images by recipe."""

from __future__ import annotations

import functools
import os
import re
import shutil
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import (
    SuiteSources,
    find_archive,
    probe,
    sources_for,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.sources import AptSource
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import Recipe, RootFile
from ansible_collections.slipway.docker.plugins.module_utils.image.root.bootstrap import architecture, bootstrap

from . import packages
from .detect import Machine
from .engine import Engine
from .paths import Paths, locked
from .process import machine as this_machine
from .progress import say, step

# The init systems a suite's host can boot with. sid moves: it is there to look ahead with, not to rely on.
SUPPORTED: t.Final[dict[str, tuple[str, ...]]] = {
    "bullseye": ("systemd",),
    "bookworm": ("systemd", "sysvinit"),
    "trixie": ("systemd", "openrc", "runit"),
    "sid": ("systemd",),
}
# What a machine that Ansible manages has, and nothing of Docker. mount: nothing else pulls it in on sid.
_PACKAGES = (
    "ca-certificates curl iproute2 iputils-ping kmod mount netbase procps python3 python3-apt python3-debian sudo"
    " util-linux"
).split()
_INIT_PACKAGES = {
    "systemd": ("systemd", "systemd-sysv", "dbus"),
    "sysvinit": ("sysvinit-core", "sysv-rc", "initscripts"),
    "openrc": ("sysvinit-core", "openrc", "initscripts"),
    "runit": ("runit-init", "runit", "initscripts"),
}
_FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Units of no use in a container: one fails there, the others take apt's lock when a test needs it.
_MASKED = ("systemd-modules-load.service", "apt-daily.timer", "apt-daily-upgrade.timer")


def check_pair(suite: str, init: str) -> None:
    """:raises InvalidInput: naming what there is"""
    if init not in SUPPORTED.get(suite, ()):
        pairs = ", ".join(f"{name} with {' or '.join(inits)}" for name, inits in SUPPORTED.items())
        raise InvalidInput([f"no test host of suite {suite} with init system {init}; there are: {pairs}"])


def ensure_image(paths: Paths, engine: Engine, detected: Machine, suite: str, init: str) -> str:
    """Tag of the image, which is built when this recipe has none yet."""
    check_pair(suite, init)
    kind = f"{suite}-{init}"
    with locked(paths, f"image-{kind}"):
        host = this_machine(os.path.join(paths.log, f"image-{kind}.log"))
        mirror = find_archive(host)

        def prepare(available: t.Callable[[str, str], bool]) -> tuple[Recipe, SuiteSources, str]:
            sources = sources_for(mirror, suite, available)
            recipe = make_recipe(host, detected, sources, init)
            return recipe, sources, f"slipway-sandbox/{kind}:{recipe.digest()[:12]}-{paths.ident}"

        old = _images(paths, engine, kind)
        for image, held in old.items():
            # what the mirror held when the image was made is good enough to use it, also without a network
            if suite in held and prepare(functools.partial(_holds, held))[2] == image:
                return image
        recipe, sources, tag = prepare(probe(host))
        if tag not in old:
            _build(paths, engine, host, recipe, sources, tag)
        for image in old:
            if image != tag:
                engine.docker("rmi", image)  # refused for one in use
        return tag


def _holds(suites: t.Collection[str], _uri: str, suite: str) -> bool:
    return suite in suites


def _images(paths: Paths, engine: Engine, kind: str) -> dict[str, list[str]]:
    """The images of a kind of host, the newest first, with the suites each was made from."""
    argv = ["images", "--filter", f"label={paths.label}", "--format", "{{.Repository}}:{{.Tag}}"]
    tags = engine.check(*argv, f"slipway-sandbox/{kind}").split()
    label = '{{index .Config.Labels "slipway.suites"}}'
    return {tag: engine.docker("image", "inspect", "--format", label, tag).out.split() for tag in tags}


def _build(paths: Paths, engine: Engine, host: Host, recipe: Recipe, sources: SuiteSources, tag: str) -> None:
    if os.geteuid() != 0:
        raise HostError("building a test host's root filesystem needs root: use sudo")
    packages.ensure_programs(paths, {"mmdebstrap": "mmdebstrap"})
    for note in sources.notes:
        say(f"    {note}")
    workdir = os.path.join(paths.data, "build") if engine.own else os.path.join(paths.work, "build")
    os.makedirs(workdir, mode=0o700, exist_ok=True)
    name = tag.partition("/")[2]
    tarball = os.path.join(workdir, re.sub(r"[^a-z0-9-]", "-", name) + ".tar")
    try:
        with step(f"bootstrap {name.partition(':')[0]} from the machine's Debian mirror"):
            bootstrap(host, recipe, tarball, keyring=sources.keyring, workdir=workdir)
        with step("import it as an image"):
            suites = " ".join(suite for entry in sources.entries for suite in entry.suites)
            changes = [f"LABEL {paths.label}", f'LABEL slipway.suites="{suites}"', "ENV container=docker"]
            changes += ['ENTRYPOINT ["/cg-init"]', 'CMD ["/sbin/init"]']
            argv = [word for change in changes for word in ("--change", change)]
            engine.check("import", *argv, tarball, tag)
    finally:
        if os.path.exists(tarball):
            os.unlink(tarball)
        if not os.listdir(workdir):
            shutil.rmtree(workdir)


def make_recipe(host: Host, detected: Machine, sources: SuiteSources, init: str) -> Recipe:
    """All that decides what the image is; its digest is the image's tag."""
    options = ('Acquire::Check-Valid-Until "false"', 'Acquire::Languages "none"', *_machine_apt_options(host))
    sources_file = "\n".join(_stanza(entry) for entry in sources.entries)
    files = [
        RootFile("/cg-init", _file("cg-init"), 0o755),
        RootFile("/etc/apt/sources.list", ""),
        RootFile("/etc/apt/sources.list.d/debian.sources", sources_file),
    ]
    # no package lists are in the image; a time of today would tell Ansible that they are fresh
    commands: list[tuple[str, ...]] = [("touch", "--date=@0", "/var/lib/apt/lists")]
    if init == "systemd":
        commands.append(("systemctl", "mask", *_MASKED))
    else:
        if init != "runit":
            files.append(RootFile("/etc/inittab", _file("inittab")))
        if not detected.may_raise_limits:
            files.append(RootFile("/usr/lib/lsb/init-functions.d/10-slipway-limits", _file("init-limits")))
    return Recipe(
        suite=sources.suite,
        sources=sources.one_line(),
        variant="apt",
        architecture=architecture(host),
        packages=(*_PACKAGES, *_INIT_PACKAGES[init]),
        apt_options=options,
        dpkg_options=("force-unsafe-io",),
        files=tuple(files),
        commands=tuple(commands),
    )


def _stanza(entry: AptSource) -> str:
    fields = {
        "Types": "deb",
        "URIs": " ".join(entry.uris),
        "Suites": " ".join(entry.suites),
        "Components": " ".join(entry.components),
        **{name.title(): value for name, value in entry.options},
        "Signed-By": _KEYRING,  # where the image has it
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _machine_apt_options(host: Host) -> tuple[str, ...]:
    """Settings of the machine's apt without which its mirror could not be used; a proxy on its loopback cannot be."""
    wanted = re.compile(r"Acquire::(?:(?:http|https)::Proxy|Check-Date|Max-FutureTime) ", re.IGNORECASE)
    lines = host.check(["apt-config", "dump"]).out.splitlines()
    kept = [line.rstrip(";") for line in lines if wanted.match(line) and not line.endswith('"";')]
    return tuple(line for line in kept if not re.search(r"//(?:localhost|127\.|\[::1\])", line))


def _file(name: str) -> str:
    with open(os.path.join(_FILES, name), encoding="utf-8") as opened:
        return opened.read()
