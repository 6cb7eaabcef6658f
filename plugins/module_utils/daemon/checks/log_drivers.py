# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Log drivers and the names of their options. dockerd checks names when it starts, never when it validates a file."""

from __future__ import annotations

import difflib
import typing as t
from dataclasses import dataclass, field

from .base import Context, Problem, refuses, warns

DEFAULT = "json-file"

_EXTRA = frozenset("env env-regex labels labels-regex tag".split())
# Taken with every driver (logger.builtInLogOpts, loggerutils/cache).
_COMMON = frozenset(
    "mode max-buffer-size cache-disabled cache-max-size cache-max-file cache-compress".split(),
)


# What people call them.
_SHORT = {"json": "json-file", "jsonfile": "json-file", "file": "local", "journal": "journald", "systemd": "journald"}


@dataclass(frozen=True)
class Driver:
    """A log driver that comes with the engine.

    :param options: names of its options; None where it takes any
    :param later: options that came with an engine
    :param gone: options that an engine no longer has
    :param needs: options without which dockerd does not start
    """

    options: frozenset[str] | None = frozenset()
    later: t.Mapping[str, str] = field(default_factory=dict)
    gone: t.Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    since: str = ""
    removed: str = ""


def _of(prefix: str, names: str, more: t.AbstractSet[str] = _EXTRA) -> frozenset[str]:
    return frozenset(f"{prefix}-{name}" for name in names.split()) | more


DRIVERS: dict[str, Driver] = {
    "awslogs": Driver(
        _of(
            "awslogs",
            "region endpoint group stream create-group datetime-format multiline-pattern credentials-endpoint "
            "force-flush-interval-seconds max-buffered-events format",
            frozenset({"tag"}),
        ),
        later={"awslogs-format": "23.0"},
        needs=("awslogs-group",),
    ),
    "fluentd": Driver(
        _of(
            "fluentd",
            "address async async-connect async-reconnect-interval buffer-limit max-retries request-ack retry-wait "
            "sub-second-precision write-timeout",
        ),
        later={"fluentd-async-reconnect-interval": "23.0", "fluentd-write-timeout": "28.0"},
        gone={"fluentd-async-connect": "28.0"},
    ),
    "gcplogs": Driver(
        _of(
            "gcp", "project log-cmd meta-zone meta-name meta-id", frozenset("env env-regex labels labels-regex".split())
        )
    ),
    "gelf": Driver(
        _of("gelf", "address compression-type compression-level tcp-max-reconnect tcp-reconnect-delay"),
        needs=("gelf-address",),
    ),
    "journald": Driver(_EXTRA),
    "json-file": Driver(frozenset("max-file max-size compress".split()) | _EXTRA),
    "local": Driver(frozenset("max-file max-size compress".split())),
    "logentries": Driver(None, needs=("logentries-token",), removed="25.0"),
    "none": Driver(None),
    "splunk": Driver(
        _of(
            "splunk",
            "url token source sourcetype index capath caname insecureskipverify format verify-connection gzip "
            "gzip-level index-acknowledgment",
        )
    ),
    "syslog": Driver(_of("syslog", "address facility tls-ca-cert tls-cert tls-key tls-skip-verify format")),
}


def driver_of(context: Context) -> str:
    return context.text("log-driver") or DEFAULT


def options_of(context: Context) -> dict[str, str]:
    return {name: value for name, value in context.table("log-opts").items() if isinstance(value, str)}


@refuses("log-driver")
def drivers_that_are_gone(context: Context) -> t.Iterator[Problem]:
    """The daemon starts, and no container does that is to use it."""
    name = driver_of(context)
    known = DRIVERS.get(name)
    if known and known.removed and context.since(known.removed) and not _is_plugin(name, context):
        yield Problem(
            "log-driver", f"was removed with engine {known.removed}", name, f"choose another, such as {DEFAULT}"
        )


@refuses("log-driver")
def slips_of_the_pen(context: Context) -> t.Iterator[Problem]:
    """A name that is nearly one of the engine's own: the daemon starts, and no container does."""
    name = driver_of(context)
    near = _nearest(name)
    if name not in DRIVERS and near and not _is_plugin(name, context):
        yield Problem("log-driver", "is no log driver: no container would start", name, f"did you mean {near}?")


@refuses("log-opts")
def plugins_with_options(context: Context) -> t.Iterator[Problem]:
    """With options dockerd looks for the plugin for 15 seconds, and does not start without it (all versions)."""
    if context.table("log-opts"):
        yield from _no_plugin(context)


@warns("log-driver")
def plugins_that_are_not_there(context: Context) -> t.Iterator[Problem]:
    """Without options it starts; the plugin may be installed later on."""
    if not context.table("log-opts"):
        yield from _no_plugin(context)


def _no_plugin(context: Context) -> t.Iterator[Problem]:
    name = driver_of(context)
    if name in DRIVERS or _nearest(name) or context.facts.plugins is None or _is_plugin(name, context):
        return
    remedy = f"choose one of {', '.join(sorted(DRIVERS))}, or install the plugin first"
    reason = "is no log driver of the engine and no plugin on this host"
    yield Problem("log-driver", reason, name, remedy, also=("log-opts",))


def _nearest(name: str) -> str:
    plain = name.lower().replace("_", "-")
    if plain in _SHORT:
        return _SHORT[plain]
    found = difflib.get_close_matches(plain, DRIVERS, n=1, cutoff=0.8)
    return found[0] if found else ""


def _is_plugin(name: str, context: Context) -> bool:
    return name in (context.facts.plugins or ())


@refuses("log-opts")
def names_of_options(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start with an option that its driver does not have (ValidateLogOpt of each driver)."""
    name = driver_of(context)
    driver = DRIVERS.get(name)
    if driver is None or driver.options is None:
        return
    for option in context.table("log-opts"):
        if option in _COMMON:
            continue
        path = f"log-opts.{option}"
        since, until = driver.later.get(option, ""), driver.gone.get(option, "")
        if option not in driver.options:
            near = difflib.get_close_matches(option, driver.options | _COMMON, n=1, cutoff=0.75)
            known = f"it has {', '.join(sorted(driver.options))}"
            remedy = f"did you mean {near[0]}?" if near else known
            yield Problem(path, f"is no option of log driver {name}", remedy=remedy, also=("log-driver",))
        elif since and context.before(since) and context.before("23.0"):
            yield Problem(path, f"came with a later engine than {context.engine}", remedy="take it out")
        elif until and context.since(until):
            yield Problem(path, f"was removed before engine {context.engine}", remedy="take it out")


@refuses("log-opts")
def options_that_are_needed(context: Context) -> t.Iterator[Problem]:
    """Drivers that do not know where to send anything otherwise; dockerd does not start with other options alone."""
    if context.table("log-opts"):
        yield from _missing(context)


@warns("log-driver")
def options_that_containers_need(context: Context) -> t.Iterator[Problem]:
    """Without any option dockerd starts, and containers have to bring theirs."""
    if not context.table("log-opts"):
        yield from _missing(context)


def _missing(context: Context) -> t.Iterator[Problem]:
    name = driver_of(context)
    driver = DRIVERS.get(name)
    for option in driver.needs if driver else ():
        if not context.table("log-opts").get(option):
            remedy = f"set log-opts.{option}"
            yield Problem("log-driver", f"needs option {option}", name, remedy, also=("log-opts",))


@warns("log-opts")
def options_for_nothing(context: Context) -> t.Iterator[Problem]:
    """The driver none looks at no option."""
    if context.text("log-driver") == "none" and context.table("log-opts"):
        yield Problem("log-opts", "does nothing with log-driver none", also=("log-driver",))


@warns("log-driver")
def nothing_is_kept(context: Context) -> t.Iterator[Problem]:
    """docker logs has nothing to show either."""
    if context.text("log-driver") == "none":
        yield Problem("log-driver", "throws away what containers write", "none")
