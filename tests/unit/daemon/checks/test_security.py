# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seccomp and user namespaces: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import security
from unit.verdicts import Row, accounts, row, table

ROWS = [
    row(
        security.profile_is_there,
        {"seccomp-profile": "/x.json"},
        'config.seccomp-profile is not there; got: "/x.json"; put the profile there first',
        files={"/x.json": "missing"},
    ),
    row(
        security.profile_is_there,
        {"seccomp-profile": "/etc"},
        'config.seccomp-profile is a folder; got: "/etc"; put the profile there first',
        files={"/etc": "folder"},
    ),
    row(
        security.profile_is_there,
        {"seccomp-profile": "default"},
        ('config.seccomp-profile must be an absolute path, or one of builtin, unconfined; got: "default"'),
    ),
    row(
        security.profile_is_there,
        {"seccomp-profile": "unconfined"},
        (
            'config.seccomp-profile is taken for a file by engine 20.10.24; got: "unconfined"; write '
            "a profile that allows all, and name its path"
        ),
        version="20.10.24",
    ),
    row(
        security.profile_is_there,
        {"seccomp-profile": "builtin"},
        ('config.seccomp-profile is taken for a file by engine 20.10.24; got: "builtin"; take it out'),
        version="20.10.24",
    ),
    row(security.profile_is_there, {"seccomp-profile": "unconfined"}, version="23.0.0"),
    row(security.profile_is_there, {"seccomp-profile": "builtin"}),
    row(security.profile_is_there, {"seccomp-profile": "/x.json"}, files={"/x.json": "file"}),
    row(
        security.profile_can_be_read,
        {"seccomp-profile": "/x.json"},
        'config.seccomp-profile is no JSON object: no container would start; got: "/x.json"',
        contents={"/x.json": "[]"},
    ),
    row(security.profile_can_be_read, {"seccomp-profile": "/x.json"}, contents={"/x.json": "{}"}),
    row(
        security.no_profile,
        {"seccomp-profile": "unconfined"},
        'config.seccomp-profile lets containers make every system call; got: "unconfined"',
        version="23.0.0",
    ),
    row(security.no_profile, {"seccomp-profile": "unconfined"}, version="20.10.24"),
    row(security.no_profile, {"seccomp-profile": "builtin"}),
    row(
        security.user_for_remapping,
        {"userns-remap": "a:b:c"},
        'config.userns-remap must be default, user or user:group; got: "a:b:c"',
    ),
    row(
        security.user_for_remapping,
        {"userns-remap": "nobody-here"},
        (
            "config.userns-remap names the user nobody-here, which this host does not have; got: "
            '"nobody-here"; make the user first'
        ),
        accounts=accounts(users={"nobody-here": False}),
    ),
    row(
        security.user_for_remapping,
        {"userns-remap": "x:nogroup-here"},
        (
            "config.userns-remap names the group nogroup-here, which this host does not have; got: "
            '"x:nogroup-here"; make the group first'
        ),
        accounts=accounts(users={"x": True}, groups={"nogroup-here": False}),
    ),
    row(
        security.user_for_remapping,
        {"userns-remap": "default"},
        (
            "config.userns-remap needs the user dockremap, which dockerd cannot make without useradd "
            'or adduser; got: "default"; install one of them, or make the user'
        ),
        accounts=accounts(users={"dockremap": False}),
        programs={"useradd": False, "adduser": False},
    ),
    row(
        security.user_for_remapping,
        {"userns-remap": "default"},
        accounts=accounts(users={"dockremap": False}),
        programs={"useradd": True, "adduser": False},
    ),
    row(security.user_for_remapping, {"userns-remap": "x:y"}, accounts=accounts(users={"x": True}, groups={"y": True})),
    row(security.user_for_remapping, {"userns-remap": "ldap"}, accounts=accounts(users={"ldap": None})),
    row(
        security.subordinate_numbers,
        {"userns-remap": "x"},
        (
            'config.userns-remap names the user x, who has no range in /etc/subuid; got: "x"; add a '
            "line such as x:100000:65536 to it"
        ),
        (
            'config.userns-remap names the user x, who has no range in /etc/subgid; got: "x"; add a '
            "line such as x:100000:65536 to it"
        ),
        accounts=accounts(users={"x": True}, subuids=frozenset(), subgids=frozenset({"y"})),
    ),
    row(
        security.subordinate_numbers,
        {"userns-remap": "x"},
        accounts=accounts(users={"x": True}, subuids=frozenset({"x"}), subgids=frozenset({"ALL"})),
    ),
    row(security.subordinate_numbers, {"userns-remap": "x"}, accounts=accounts(users={"x": True})),
    row(
        security.subordinate_numbers,
        {"userns-remap": "default"},
        accounts=accounts(users={"dockremap": True}, subuids=frozenset(), subgids=frozenset()),
    ),
    row(
        security.remapping_beside_snapshots,
        {"userns-remap": "default", "features": {"containerd-snapshotter": True}},
        ('config.userns-remap cannot be set together with features.containerd-snapshotter; got: "default"'),
        version="29.0.0",
    ),
    row(
        security.remapping_beside_snapshots,
        {"userns-remap": "default", "features": {"containerd-snapshotter": True}},
        version="28.5.2",
    ),
    row(security.remapping_beside_snapshots, {"userns-remap": "default"}, version="29.0.0"),
    row(
        security.remapping_moves_data,
        {"userns-remap": "default"},
        (
            "config.userns-remap moves the data root into a folder of its own: images and containers "
            'of now will not be seen; got: "default"'
        ),
        before={},
    ),
    row(security.remapping_moves_data, {"userns-remap": "default"}, before={"userns-remap": "default"}),
    row(
        security.remapping_root_to_itself,
        {"userns-remap": "root:root"},
        'config.userns-remap maps root to itself, which dockerd takes for off; got: "root:root"',
    ),
    row(security.remapping_root_to_itself, {"userns-remap": "x"}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
