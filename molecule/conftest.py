# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of all scenarios share: the test host from outside, through the sandbox's command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.backend.ansible import AnsibleBackend
from testinfra.host import Host
from testinfra.modules.ansible import AnsibleException

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.append(str(CHECKOUT / ".cache"))  # so that a test can import the collection


def sandbox(*arguments: str) -> str:
    """Run a command of the sandbox; what it says besides its answer goes to the test's output."""
    argv = [sys.executable, "tests/sandbox", *arguments]
    return subprocess.run(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True).stdout


def name_of(host: Host) -> str:
    return str(t.cast(AnsibleBackend, host.backend).host)


def pytest_configure() -> None:
    # testinfra enters a container with `docker exec`, and can be told in no other way at which engine.
    os.environ["DOCKER_HOST"] = sandbox("engine").split()[-1]


@pytest.fixture
def reboot(host: Host) -> t.Callable[[], None]:
    """Shuts the host down and boots it again; it keeps its address."""

    def shut_down_and_boot() -> None:
        sandbox("reboot", name_of(host))

    return shut_down_and_boot


@pytest.fixture
def address(host: Host) -> t.Callable[[], str]:
    """The host's address as it is now, for connections from outside."""

    def look_up() -> str:
        inventory = yaml.safe_load((CHECKOUT / ".sandbox" / "inventory.yml").read_text())
        return str(inventory["docker_hosts"]["hosts"][name_of(host)]["sandbox_address"])

    return look_up


class Configure(t.Protocol):
    """Runs the module daemon on the host; what it fails with is testinfra's AnsibleException."""

    def __call__(self, config: dict[str, t.Any], *, check: bool = False, **options: t.Any) -> dict[str, t.Any]: ...


@pytest.fixture(scope="module")
def configure(host: Host) -> Configure:
    """The daemon configured in one transaction, without waiting to see whether it stays."""

    def run(config: dict[str, t.Any], *, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        arguments = json.dumps({"config": config, "settle": 0, **options})
        done = t.cast("dict[str, t.Any]", host.ansible("slipway.docker.daemon", arguments, check=check, diff=True))
        if done.get("failed") or "activation" not in done:  # testinfra hands a failure over like any other result
            raise AnsibleException(done)
        return done

    return run
