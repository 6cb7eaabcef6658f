# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What every module says about itself; a module adds ``support`` to check_mode, diff_mode and idempotent."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/slipway.docker.all) in C(module_defaults) to set defaults for all of this collection.
    support: full
    membership:
      - slipway.docker.all
  check_mode:
    description: Tells in check mode what would change, from the plan that a real run follows, and changes nothing.
  diff_mode:
    description: Shows in diff mode what changes, as text before and after.
  idempotent:
    description: A second run with the same arguments finds nothing to do, and says so.
  platform:
    description: Systems whose hosts can be managed.
    support: full
    platforms: linux
"""

    # For modules that only look.
    INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/slipway.docker.all) in C(module_defaults) to set defaults for all of this collection.
    support: full
    membership:
      - slipway.docker.all
  check_mode:
    description: Looks and changes nothing, in check mode as in any other.
    support: full
  diff_mode:
    description: Has no difference to show, as nothing changes.
    support: N/A
  idempotent:
    description: Changes nothing, however often it runs.
    support: full
  platform:
    description: Systems whose hosts can be managed.
    support: full
    platforms: linux
"""
