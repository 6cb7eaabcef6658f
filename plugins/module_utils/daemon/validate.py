# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd's own opinion of a configuration that is not in place yet, with the real command line."""

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t

from ..host.machine import Completed, Host
from .document import Document, render
from .redact import fit_to_show

# 25.0 and newer look for docker-proxy on PATH while validating.
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NOBODY = 65534


def refusal(host: Host, dockerd: str, document: Document, arguments: t.Sequence[str], path: str) -> str:
    """Why dockerd would refuse this configuration; empty when it would not.

    From engine 23 ``--validate`` says so. 20.10 has no such flag: started by a user who is nobody it reads its
    configuration, then stops for want of root, before it has created anything.

    :param dockerd: the program
    :param arguments: the arguments that the service would pass, without ``--config-file``
    :param path: the file's real path, for the message
    """
    # userns-remap "default" creates a user and group as a side effect of validating (26.0 and newer).
    harmless = {key: value for key, value in document.items() if key != "userns-remap"}
    folder = tempfile.mkdtemp(prefix="slipway-", dir="/run" if os.access("/run", os.W_OK) else None)
    try:
        candidate = os.path.join(folder, "daemon.json")
        _write_private(candidate, render(harmless))
        done = _run(host, [dockerd, "--validate", "--config-file", candidate, *arguments])
        if done.rc != 0 and "unknown flag: --validate" in done.err + done.out:
            done = _as_nobody(host, folder, candidate, [dockerd, "--config-file", candidate, *arguments])
            if "needs to be started with root" in done.err + done.out:
                return ""
        if done.rc == 0:
            return ""
        return str(fit_to_show(_reason(done.last_words.replace(candidate, path))))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(host: Host, argv: t.Sequence[str]) -> Completed:
    return host.run(argv, env={"PATH": _PATH})


def _as_nobody(host: Host, folder: str, candidate: str, argv: t.Sequence[str]) -> Completed:
    os.chown(candidate, _NOBODY, _NOBODY)
    os.chmod(folder, 0o711)  # may be passed through, not listed; the name in it is random
    return _run(host, ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *argv])


def _write_private(path: str, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _reason(text: str) -> str:
    """The sentence that counts: dockerd may warn before, and its logger wraps it."""
    lines = [line for line in text.splitlines() if line.strip()]
    marks = ("unable to configure", "level=error", "level=fatal", "unknown flag", "unknown shorthand flag")
    telling = [line for line in lines if any(mark in line for mark in marks)]
    return (telling or lines or ["no reason given"])[-1].strip()
