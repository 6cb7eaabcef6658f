# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's last words: what is there now, what was changed and why, and how to go on. Pure text."""

from __future__ import annotations

import typing as t

_WHY = {
    "service": "so that dockerd is started without the flags named above; the packaged unit is untouched",
    "socket": "so that docker.socket keeps off the path that dockerd opens itself",
}


def summary(name: str, facts: dict[str, t.Any], changed: int, seconds: float) -> str:
    """The summary of one provisioned host.

    :param facts: results of the daemon module and the image module, output of the container, the engine's info
    :param changed: how many tasks changed something
    """
    engine, info = facts["engine"], facts["info"]
    lines = [
        "",
        f"{name} is a Docker host ({changed} tasks changed something, {seconds:.1f} s).",
        "",
        f"  engine      {info['ServerVersion']} on {info['OperatingSystem']}, storage driver {info['Driver']}",
        *_rows("sockets", engine["sockets"]),
        *_images(facts["image"]),
        *_rows("container", [line for line in facts["container"] if line.startswith("PRETTY_NAME=")]),
        "",
        "What was in the way, and what was done about it",
        *_conflicts(engine),
        "",
        *_files(engine),
        "",
        f"Log in      python3 tests/sandbox exec {name} -- bash",
        "Change it   tests/demo/vars/main.yml says what it is; make demo brings it about",
        "Clean up    make clean",
    ]
    return "\n".join(lines)


def _rows(title: str, values: t.Sequence[str]) -> list[str]:
    return [f"  {title if index == 0 else '':11} {value}" for index, value in enumerate(values)]


def _images(images: t.Sequence[dict[str, t.Any]]) -> list[str]:
    return _rows(
        "base image", [f"{image['name']} {image['image_id'][:19]} {image['size'] / 1e6:.0f} MB" for image in images]
    )


def _conflicts(engine: dict[str, t.Any]) -> list[str]:
    if not engine["conflicts"]:
        return ["  nothing"]
    lines = []
    for conflict in engine["conflicts"]:
        clash = f"{conflict['option']} stands in daemon.json, and dockerd starts with one of them only"
        lines += [
            f"  {conflict['flag']} in {conflict['file']}:{conflict['line']}",
            f"    {clash}; {conflict['resolution']}",
        ]
    return lines


def _files(engine: dict[str, t.Any]) -> list[str]:
    """The files written in this run; on a run with nothing to do, that."""
    if not engine["files"]:
        return ["Files written in this run: none, the host is as it was declared."]
    lines = ["Files written in this run"]
    for path in engine["files"]:
        reason = next((why for unit, why in _WHY.items() if f"docker.{unit}.d" in path), "the configuration itself")
        lines += [f"  {path}", f"    {reason}"]
    return lines
