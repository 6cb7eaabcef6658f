# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make demo: one throw-away Docker host, provisioned and explained. Started again it changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / ".cache")]

from demo.play import CHECKOUT, PlayFailed, play  # noqa: E402
from demo.summary import summary  # noqa: E402

from sandbox.progress import say  # noqa: E402

NAME = "demo"
HERE = Path(__file__).resolve().parent


def main() -> int:
    say("A test host")
    started = subprocess.run(
        [sys.executable, "tests/sandbox", "up", "--name", NAME, "--suite", "bookworm"], cwd=CHECKOUT, check=False
    )
    if started.returncode != 0:
        return started.returncode
    say("Provisioning")
    with tempfile.TemporaryDirectory(prefix="slipway-demo-") as folder:
        facts = Path(folder, "facts.json")
        try:
            run = play(
                HERE / "demo.yml", "--limit", NAME, "-e", f"@{HERE}/vars/main.yml", "-e", f"summary_path={facts}"
            )
        except PlayFailed as error:
            say(str(error))
            return 1
        print(summary(NAME, json.loads(facts.read_text()), run.changed, run.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
