# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What makes a configuration effective in the daemon that runs: nothing, a reload (SIGHUP), or a restart.

Which keys a reload reaches, and what it does to the others: daemon/reload.go, 20.10 to 29.7.
"""

from __future__ import annotations

import typing as t

from .document import Document
from .options import Option, by_key
from .semantics import changed_keys
from .version import Version, before, within

Activation = t.Literal["none", "reload", "restart", "start"]
ORDER: tuple[Activation, ...] = ("none", "reload", "restart")

# Set by flag, these are reset to dockerd's defaults by any SIGHUP, since the file does not have them.
_RESET_BY_RELOAD = frozenset(
    {
        "authorization-plugins",
        "features",
        "max-concurrent-downloads",
        "max-concurrent-uploads",
        "max-download-attempts",
        "nri-opts",
    }
)
# A reload takes these in, but the daemon looks at most of their entries only while it starts.
_READ_AT_START = frozenset({"features"})
# 29.0.0 to 29.2.x: any SIGHUP damages these in memory, and new containers get an invalid resolv.conf (moby#52060).
_DAMAGED_BY_RELOAD = ("dns", "host-gateway-ip", "host-gateway-ips")


def for_document(loaded: Document, document: Document, version: Version | None) -> tuple[Activation, list[str]]:
    """What a change of daemon.json needs, and why.

    :param loaded: what the running daemon has loaded
    :param version: of the running daemon; unknown means restart
    """
    needs: Activation = "none"
    reasons: list[str] = []
    for key in changed_keys(loaded, document):
        how = _for_key(key, document, version)
        if ORDER.index(how) > ORDER.index(needs):
            needs = how
        reasons.append(f"{key} {'changes' if key in document else 'goes'}")
    return needs, reasons


def left_by_reload(loaded: Document, document: Document, version: Version | None) -> Document:
    """What a daemon still has of a document after a reload to another one: keys that only a restart takes away."""
    gone = [key for key in changed_keys(loaded, document) if key not in document]
    return {key: loaded[key] for key in gone if _for_key(key, document, version) == "restart"}


def reload_does_harm(document: Document, flagged: t.Collection[str], version: Version | None) -> str:
    """Why a SIGHUP would break something that has nothing to do with the change; empty when it would not.

    :param flagged: keys that are set by flags of the running daemon
    """
    reset = sorted(_RESET_BY_RELOAD.intersection(flagged))
    if reset:
        return f"a reload would reset {', '.join(reset)}, given on the command line"
    if version and not before(version, "29.0") and before(version, "29.3"):
        damaged = [key for key in _DAMAGED_BY_RELOAD if key in document or key in flagged]
        if damaged:
            return f"a reload damages {', '.join(damaged)} in engine {'.'.join(map(str, version))}"
    return ""


def _for_key(key: str, document: Document, version: Version | None) -> Activation:
    option = by_key().get(key)
    if version is None or option is None or key in _READ_AT_START or not _reloadable_in(option, version):
        return "restart"
    if key not in document:
        return "reload" if option.reloadable == "yes" else "restart"
    # A zero counts as unset when the daemon starts, and as itself on a reload (mergo, configValuesSet).
    return "reload" if document[key] or document[key] is False else "restart"


def _reloadable_in(option: Option, version: Version) -> bool:
    if option.reloadable == "no":
        return False
    return not option.reloadable_until or within(version, option.reloadable_until)
