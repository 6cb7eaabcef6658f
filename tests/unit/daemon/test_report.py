# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook gets to see of a run."""

from __future__ import annotations

import json

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    SOCKET_DROP_IN,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.report import diff, report
from ansible_collections.slipway.docker.plugins.module_utils.daemon.run import Run
from ansible_collections.slipway.docker.plugins.module_utils.daemon.transaction import Outcome
from unit.states import decide, installed, remember, running
from unit.trees import DAEMON_JSON, SERVICE, Tree


def test_report(tree: Tree) -> None:
    remember(installed(tree, {"mtu": 1400, "debug": False}), {"debug": True})
    plan = decide(running(tree), {"hosts": ["unix:///run/x.sock"], "debug": True})
    found = report(Run(plan, Outcome(1.25, ("web",), ("a warning",)), ("web",)))
    assert json.loads(json.dumps(found)) == found
    assert found == {
        "changed": True,
        "changed_keys": ["debug", "hosts"],
        "drifted_keys": ["debug"],
        "conflicts": [
            {
                "option": "hosts",
                "flag": "-H fd://",
                "file": SERVICE,
                "line": 8,
                "variable": "",
                "resolution": "taken out by a drop-in",
            }
        ],
        "changed_variables": [],
        "environment_path": "/etc/default/docker",
        "files": [DAEMON_JSON, SERVICE_DROP_IN, SOCKET_DROP_IN],
        "activation": "restart",
        "activation_reasons": list(plan.reasons),
        "pending": [],
        "sockets": ["unix:///run/x.sock"],
        "downtime": 1.25,
        "containers_stopped": ["web"],
        "containers_restarted": ["web"],
        "rolled_back": False,
    }


def test_nothing_to_tell(tree: Tree) -> None:
    plan = decide(running(installed(tree)), {})
    found = report(Run(plan, Outcome(), ()))
    assert (found["changed"], found["files"], found["activation"], found["pending"]) == (False, [], "none", [])
    assert diff(plan) == []


def test_a_diff_without_passwords(tree: Tree) -> None:
    installed(tree, {"proxies": {"http-proxy": "http://user:old@proxy.example.org"}})
    plan = decide(running(tree), {"proxies": {"http-proxy": "http://user:new@proxy.example.org"}})
    assert diff(plan) == [
        {
            "before_header": DAEMON_JSON,
            "after_header": DAEMON_JSON,
            "before": '{\n  "proxies": {\n    "http-proxy": "http://***@proxy.example.org"\n  }\n}\n',
            "after": '{\n  "proxies": {\n    "http-proxy": "http://***@proxy.example.org"\n  }\n}\n',
        }
    ]


def test_a_diff_of_a_file_that_comes(tree: Tree) -> None:
    (found,) = diff(decide(running(installed(tree)), {"debug": True}))
    assert (found["before"], found["after"]) == ("", '{\n  "debug": true\n}\n')
