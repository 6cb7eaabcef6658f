# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts as init systems have them, written for tests: the ways of doing things are real, the texts are not."""

from __future__ import annotations

from pathlib import Path

DEBIAN = "/etc/init.d/docker"
RED_HAT = "/etc/rc.d/init.d/docker"
OPENRC = "/etc/init.d/docker"
UPSTART = "/etc/init/docker.conf"
RUNIT = "/etc/sv/docker/run"
DEFAULTS = "/etc/default/docker"
SYSCONFIG = "/etc/sysconfig/docker"
CONF_D = "/etc/conf.d/docker"


def _read(name: str) -> str:
    """The text of a script without its first line, by which other tools would take it for a program of ours."""
    return (Path(__file__).parent / "fixtures" / name).read_text(encoding="utf-8")


DEBIAN_SCRIPT = "#!/bin/sh\n" + _read("debian.init")

RED_HAT_SCRIPT = "#!/bin/sh\n" + _read("red_hat.init")

OPENRC_SCRIPT = "#!/sbin/openrc-run\n" + _read("openrc.init")

UPSTART_JOB = _read("upstart.conf")

RUNIT_SCRIPT = "#!/bin/sh\n" + _read("runit.run")
