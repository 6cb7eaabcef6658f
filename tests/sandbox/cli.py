# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's commands."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError

from . import hosts, inventory
from .clean import clean
from .detect import detect
from .engine import Engine, ensure, existing
from .paths import Paths
from .progress import say
from .rootfs import SUPPORTED, check_pair, ensure_image


def main(argv: t.Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is under way is cleaned up
    options = _parser().parse_args(argv)
    try:
        return int(options.run(Paths(), options) or 0)
    except HostError as exc:
        say(f"sandbox: {exc}")
        return 1
    except KeyboardInterrupt:
        say("sandbox: interrupted")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="Docker hosts to test on, in containers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: t.Callable[..., int | None], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    def kind(added: argparse.ArgumentParser) -> None:
        added.add_argument("--suite", default="bookworm", help=f"one of {', '.join(SUPPORTED)}")
        added.add_argument("--init", default="systemd", help="systemd, sysvinit, openrc or runit")

    one = command("up", _up, "start hosts and write them into the inventory")
    one.add_argument("--name", action="append", default=[], help="of the host")
    kind(one)
    one.add_argument("names", nargs="*", metavar="NAME", help="of further hosts")
    command("list", _list, "list the hosts")
    command("rm", _rm, "remove hosts").add_argument("names", nargs="+", metavar="NAME")
    command("reboot", _reboot, "shut a host down and boot it again").add_argument("name", metavar="NAME")
    inside = command("exec", _exec, "run a command in a host")
    inside.add_argument("name", metavar="NAME")
    inside.add_argument("words", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    kind(command("image", _image, "build the image of a kind of host, print its name"))
    command("engine", _engine, "start the engine if need be, print its address for docker --host")
    command("clean", _clean, "remove all that the sandbox made")
    return parser


def _up(paths: Paths, options: argparse.Namespace) -> None:
    names = [*options.name, *options.names]
    if not names:
        raise HostError("name the host: --name NAME")
    check_pair(options.suite, options.init)
    for name in names:
        hosts.check_name(name)
    detected = detect()
    say(f"  machine: {detected.describe()}")
    engine = ensure(paths, detected)
    try:
        for name in names:
            host = hosts.up(paths, engine, detected, name, options.suite, options.init)
            say(f"  {host.name}: {host.suite}, {host.init}, {host.address}")
    finally:
        inventory.write(paths, engine)


def _running_engine(paths: Paths) -> Engine | None:
    return None if existing(paths) is None else ensure(paths, detect())


def _need_engine(paths: Paths) -> Engine:
    engine = _running_engine(paths)
    if engine is None:
        raise HostError("there is no sandbox yet: start a host first")
    return engine


def _list(paths: Paths, _options: argparse.Namespace) -> None:
    engine = _running_engine(paths)
    rows = inventory.write(paths, engine) if engine else []
    width = max((len(host.name) for host in rows), default=0)
    for host in rows:
        print(f"{host.name:{width}}  {host.suite:10} {host.init:9} {host.state:9} {host.address}")
    if not rows:
        say("no hosts")


def _rm(paths: Paths, options: argparse.Namespace) -> None:
    engine = _need_engine(paths)
    try:
        for name in options.names:
            hosts.remove(paths, engine, name)
    finally:
        inventory.write(paths, engine)


def _reboot(paths: Paths, options: argparse.Namespace) -> None:
    engine = _need_engine(paths)
    try:
        hosts.reboot(paths, engine, options.name)
    finally:
        inventory.write(paths, engine)


def _exec(paths: Paths, options: argparse.Namespace) -> None:
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    if not words:
        raise HostError("name the command: exec NAME -- COMMAND")
    engine = _need_engine(paths)
    host = hosts.get(paths, engine, options.name)
    flags = ["--interactive", *(["--tty"] if sys.stdin.isatty() and sys.stdout.isatty() else [])]
    argv = ["docker", "--host", engine.url, "exec", *flags, host.container, *words]
    os.execvp(argv[0], argv)


def _image(paths: Paths, options: argparse.Namespace) -> None:
    check_pair(options.suite, options.init)
    detected = detect()
    print(ensure_image(paths, ensure(paths, detected), detected, options.suite, options.init))


def _engine(paths: Paths, _options: argparse.Namespace) -> None:
    print(ensure(paths, detect()).url)


def _clean(paths: Paths, _options: argparse.Namespace) -> None:
    clean(paths)
