# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that has nothing to do costs four module executions: packages, key, repository, daemon."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from testinfra.host import Host

testinfra_hosts = ["docker_hosts"]

PLAYBOOK = Path(__file__).parents[1] / "converge.yml"


def test_nothing_to_do(host: Host) -> None:
    before = host.check_output("pidof dockerd; stat --format %%Y /var/lib/apt/lists")
    inventory = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"], "inventory")
    argv = ["ansible-playbook", "-i", str(inventory), "-vvv", str(PLAYBOOK)]
    said = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert len(re.findall(r"Using module file ", said)) <= 4
    assert re.search(r"\bchanged=0\b", said)
    assert host.check_output("pidof dockerd; stat --format %%Y /var/lib/apt/lists") == before
