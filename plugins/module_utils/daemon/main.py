# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the modules that run the transaction have in common: from parameters to a result."""

from __future__ import annotations

import typing as t

from ..host.errors import HostError
from ..host.machine import Host, module_runner
from .plan import Request
from .redact import fit_to_show
from .report import diff, report
from .run import run
from .transaction import TransactionFailed


def conclude(
    module: t.Any, request: t.Callable[[dict[str, t.Any]], Request], results: t.Collection[str] | None = None
) -> None:
    """Run the transaction, and end the module with what came of it.

    :param module: an AnsibleModule
    :param request: makes the request of its parameters
    :param results: names of those that the module returns, None for all
    """
    host = Host(module_runner(module.run_command))
    try:
        done = run(host, request(module.params), check_mode=module.check_mode)
    except TransactionFailed as error:
        module.fail_json(msg=fit_to_show(str(error)), rolled_back=error.rolled_back, journal=error.journal)
    except (HostError, OSError) as error:
        module.fail_json(msg=fit_to_show(str(error)), rolled_back=False)
    for warning in (*done.plan.warnings, *done.outcome.warnings):
        module.warn(fit_to_show(warning))
    result = {name: value for name, value in report(done).items() if results is None or name in results}
    if module._diff:
        result["diff"] = diff(done.plan)
    module.exit_json(**result)
