# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Seccomp, user namespaces and security modules."""

from __future__ import annotations

import json
import typing as t

from ..accounts import REMAP_USER
from .base import Context, Problem, refuses, warns

# Words instead of a path, from 23.0 on.
_PROFILES = ("builtin", "unconfined")


@refuses("seccomp-profile")
def profile_is_there(context: Context) -> t.Iterator[Problem]:
    """dockerd reads it when it starts (setupSeccompProfile); 20.10 takes every word for a path."""
    text = context.text("seccomp-profile")
    if not text or (text in _PROFILES and not context.before("23.0")):
        return
    if text in _PROFILES:
        remedy = "take it out" if text == "builtin" else "write a profile that allows all, and name its path"
        yield Problem("seccomp-profile", f"is taken for a file by engine {context.engine}", text, remedy)
    elif not text.startswith("/"):
        yield Problem("seccomp-profile", f"must be an absolute path, or one of {', '.join(_PROFILES)}", text)
    elif context.facts.files.get(text) in ("missing", "folder"):
        what = "is not there" if context.facts.files[text] == "missing" else "is a folder"
        yield Problem("seccomp-profile", what, text, "put the profile there first")


@refuses("seccomp-profile")
def profile_can_be_read(context: Context) -> t.Iterator[Problem]:
    """It is read again for each container, and with one that is no JSON object none starts (all versions)."""
    text = context.text("seccomp-profile")
    content = context.facts.contents.get(text)
    if content is None:
        return
    try:
        found = json.loads(content)
    except ValueError as error:
        yield Problem("seccomp-profile", f"is no JSON ({error}): no container would start", text)
        return
    if not isinstance(found, dict):
        yield Problem("seccomp-profile", "is no JSON object: no container would start", text)


@warns("seccomp-profile")
def no_profile(context: Context) -> t.Iterator[Problem]:
    if context.text("seccomp-profile") == "unconfined" and not context.before("23.0"):
        yield Problem("seccomp-profile", "lets containers make every system call", "unconfined")


@refuses("userns-remap")
def user_for_remapping(context: Context) -> t.Iterator[Problem]:
    """A user, and a group behind a colon; both have to be there (parseRemappedRoot, all versions)."""
    text, accounts = context.text("userns-remap"), context.facts.accounts
    user, _colon, group = text.partition(":")
    if text.count(":") > 1 or (text and not user):
        yield Problem("userns-remap", "must be default, user or user:group", text)
    elif accounts is None or not text:
        return
    elif user == "default" and accounts.users.get(REMAP_USER) is False and _nobody_adds_users(context):
        reason = f"needs the user {REMAP_USER}, which dockerd cannot make without useradd or adduser"
        yield Problem("userns-remap", reason, text, "install one of them, or make the user")
    elif user != "default" and accounts.users.get(user) is False:
        yield Problem(
            "userns-remap", f"names the user {user}, which this host does not have", text, "make the user first"
        )
    elif group and accounts.groups.get(group) is False:
        yield Problem(
            "userns-remap", f"names the group {group}, which this host does not have", text, "make the group first"
        )


def _nobody_adds_users(context: Context) -> bool:
    return context.facts.programs.get("useradd") is False and context.facts.programs.get("adduser") is False


@refuses("userns-remap")
def subordinate_numbers(context: Context) -> t.Iterator[Problem]:
    """What the users inside of containers are mapped to (LoadIdentityMapping). dockerd makes its own for dockremap."""
    text, accounts = context.text("userns-remap"), context.facts.accounts
    user = text.partition(":")[0]
    if not user or user in ("default", "root", "0") or accounts is None or not accounts.users.get(user):
        return
    if user.isdigit():
        return  # found under the name, which is not looked up here
    for path, known in (("/etc/subuid", accounts.subuids), ("/etc/subgid", accounts.subgids)):
        if known is not None and user not in known and "ALL" not in known:
            remedy = f"add a line such as {user}:100000:65536 to it"
            yield Problem("userns-remap", f"names the user {user}, who has no range in {path}", text, remedy)


@refuses("userns-remap", since="29.0")
def remapping_beside_snapshots(context: Context) -> t.Iterator[Problem]:
    """29.0 and newer refuse a file with both."""
    if context.text("userns-remap") and context.has("containerd-snapshotter"):
        reason = "cannot be set together with features.containerd-snapshotter"
        yield Problem("userns-remap", reason, context.text("userns-remap"), also=("features",))


@warns("userns-remap")
def remapping_moves_data(context: Context) -> t.Iterator[Problem]:
    """Images and containers of the data root are out of sight, in both directions (<data-root>/UID.GID)."""
    before = context.facts.before
    if before is not None and (before.get("userns-remap") or "") != context.text("userns-remap"):
        reason = "moves the data root into a folder of its own: images and containers of now will not be seen"
        yield Problem("userns-remap", reason, context.text("userns-remap"))


@warns("userns-remap")
def remapping_root_to_itself(context: Context) -> t.Iterator[Problem]:
    if context.text("userns-remap").partition(":")[0] in ("root", "0"):
        yield Problem("userns-remap", "maps root to itself, which dockerd takes for off", context.text("userns-remap"))
