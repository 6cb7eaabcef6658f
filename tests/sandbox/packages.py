# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages the sandbox needs on the machine. They stay when the sandbox goes."""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError

from .paths import Paths
from .process import machine as this_machine
from .progress import step

_POLICY = "/usr/sbin/policy-rc.d"
_INSTALL = ["apt-get", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "install"]
_ENV = {"DEBIAN_FRONTEND": "noninteractive"}


def ensure_programs(paths: Paths, wanted: t.Mapping[str, str]) -> list[str]:
    """Install the packages whose program is absent.

    :param wanted: package by program
    :returns: the packages that were installed
    """
    host = this_machine(os.path.join(paths.log, "apt.log"))
    packages = [package for program, package in wanted.items() if not host.find_program(program)]
    if not packages:
        return []
    if not host.find_program("apt-get"):
        raise HostError(f"install {', '.join(packages)} first: this machine has no apt-get to do it with")
    with step(f"install {', '.join(packages)}"), _services_kept_from_starting():
        if host.run([*_INSTALL, *packages], env=_ENV).rc != 0:
            # most often the package lists are absent or old
            host.check(["apt-get", "-o", "DPkg::Lock::Timeout=300", "update"], env=_ENV)
            host.check([*_INSTALL, *packages], env=_ENV)
    return packages


@contextlib.contextmanager
def _services_kept_from_starting() -> t.Iterator[None]:
    """The machine must not get a Docker daemon running because the sandbox needs the program."""
    try:
        handle = os.open(_POLICY, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o755)
    except FileExistsError:
        yield  # the machine has a policy of its own; services are disabled afterwards where they did start
        return
    try:
        os.write(handle, b"#!/bin/sh\nexit 101\n")
        os.fchmod(handle, 0o755)
        os.close(handle)
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_POLICY)
