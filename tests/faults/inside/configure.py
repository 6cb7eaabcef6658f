# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on the test host: what the module daemon does, as one process that can be killed, traced and starved."""

from __future__ import annotations

import json
import subprocess
import sys
import typing as t

sys.path.insert(0, "/opt/slipway")

from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Request
from ansible_collections.slipway.docker.plugins.module_utils.daemon.report import diff, report
from ansible_collections.slipway.docker.plugins.module_utils.daemon.run import run
from ansible_collections.slipway.docker.plugins.module_utils.daemon.transaction import TransactionFailed
from ansible_collections.slipway.docker.plugins.module_utils.daemon.variables import Wishes
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner


def run_command(
    argv: list[str], *, data: str | None, environ_update: dict[str, str], **_options: t.Any
) -> tuple[int, str, str]:
    """What AnsibleModule.run_command does, as far as it is used."""
    done = subprocess.run(argv, input=data, env=environ_update, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main() -> int:
    request = json.loads(sys.argv[1])
    check_mode = request.pop("check_mode", False)
    try:
        request["variables"] = Wishes(values=request.get("variables", {}))
        done = run(Host(module_runner(run_command)), Request(**request), check_mode=check_mode, patience=5)
    except TransactionFailed as error:
        print(json.dumps({"failed": True, "msg": str(error), "rolled_back": error.rolled_back}))
        return 1
    except HostError as error:
        print(json.dumps({"failed": True, "msg": str(error), "rolled_back": False}))
        return 1
    result = {**report(done), "warnings": list(done.outcome.warnings), "diff": diff(done.plan)}
    print(json.dumps({"failed": False, **result}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
