# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: what a converge costs on one host, beside a play with a single ping in the same run."""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import images
from bench.host import CHECKOUT, HERE, NAME, Run, run, sandbox

ROUNDS = 5


def main() -> None:
    measure_addresses()
    print("A fresh host", flush=True)
    sandbox("up", "--name", NAME, "--suite", "bookworm")
    try:
        measure()
    finally:
        sandbox("rm", NAME)


def measure() -> None:
    site = (CHECKOUT / "playbooks" / "site.yml", "-e", f"@{HERE}/vars/main.yml")
    first = run(*site)
    counted = run(*site, "-vvv")
    rounds = [
        (run(HERE / "ping.yml"), run(*site), run(HERE / "daemon.yml", "-e", f"@{HERE}/vars/main.yml"))
        for _round in range(ROUNDS)
    ]
    pings, no_ops, daemons = zip(*rounds, strict=True)
    ping = statistics.median(one.seconds for one in pings)
    print(f"first converge                {first.seconds:6.2f} s")
    row("play with one ping", pings, ping)
    row("play with one daemon module", daemons, ping)
    row("no-op converge of site.yml", no_ops, ping)
    print(f"  module executions           {counted.modules:6d}")
    print(f"  tasks that changed          {counted.changed + sum(one.changed for one in no_ops):6d}")
    measure_networks(ping)
    measure_firewall(ping)
    images.measure(ping)


def measure_networks(ping: float) -> None:
    """The role network with the engine, five networks and rules: made, and found as they are."""
    arguments = (HERE / "network.yml", "-e", f"@{HERE}/vars/main.yml")
    first, again, counted = run(*arguments), run(*arguments), run(*arguments, "-vvv")
    if again.changed:
        sys.exit(f"role network is not idempotent: {again.changed} changes")
    print(
        f"role network, five networks   {first.seconds / ping:5.2f} pings to make, "
        f"{again.seconds / ping:5.2f} pings to find as they are, {counted.modules} module executions"
    )


def measure_firewall(ping: float) -> None:
    """The whole policy rewritten, and found as it is, by the number of its rules."""
    sandbox("exec", NAME, "--", "apt-get", "install", "-qy", "--no-install-recommends", "nftables")
    for count in (10, 1_000, 10_000):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            found = [
                {"ports": [str(1024 + number % 60_000)], "sources": [f"10.{number >> 8}.{number & 255}.0/24"]}
                for number in range(count)
            ]
            json.dump({"rules": found}, file)
            file.flush()
            first, again = (run(HERE / "firewall.yml", "-e", f"@{file.name}") for _turn in range(2))
        if (first.changed, again.changed) != (1, 0):
            sys.exit(f"firewall with {count} rules: {first.changed} and {again.changed} changes")
        print(
            f"firewall, {count:6d} rules        {first.seconds / ping:5.2f} pings to write, "
            f"{again.seconds / ping:5.2f} pings to find as they are"
        )


def declared(number: int) -> dict[str, object]:
    """A host of a domain with a bip, a pool, ten networks and two routes; none overlaps another's."""
    subnets = [f"10.{block >> 8}.{block & 255}" for block in range(16 * number, 16 * number + 12)]
    return {
        "engine_config": {
            "bip": f"{subnets[10]}.1/24",
            "default-address-pools": [{"base": f"{subnets[11]}.0/24", "size": 28}],
        },
        "network_networks": [
            {"name": f"n{index}", "ipam_config": [{"subnet": f"{subnet}.0/24", "gateway": f"{subnet}.1"}]}
            for index, subnet in enumerate(subnets[:10])
        ],
        "network_routed": ["192.168.0.0/16", {"network": "172.16.0.0/12", "name": "VPN"}],
        "network_domain": "bench",
    }


def measure_addresses(count: int = 1_000) -> None:
    """The check of addresses needs no host: the filter alone, and its playbook by one that only reads the inventory."""
    sys.path.insert(0, str(CHECKOUT / ".cache"))
    found = importlib.import_module("ansible_collections.slipway.docker.plugins.filter.address_problems")
    hosts = {f"h{number:04}": declared(number) for number in range(count)}
    seconds = statistics.median(timed(lambda: found.to_dicts(hosts)) for _round in range(ROUNDS))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"docker_hosts": {"hosts": hosts}}, file)
        file.flush()
        nothing = timed(lambda: local("ansible", file.name, "localhost", "-m", "ansible.builtin.debug"))
        lint = timed(lambda: local("ansible-playbook", file.name, "playbooks/lint.yml"))
    print(
        f"addresses, {count:6d} hosts       {seconds:6.2f} s in the filter; "
        f"lint.yml {lint:5.2f} s, {lint / nothing:4.2f} times a task that does nothing"
    )


def local(program: str, inventory: str, *arguments: str) -> None:
    """Run Ansible on the controller; a failure ends the benchmark."""
    argv = [f"{sys.prefix}/bin/{program}", "-i", inventory, *arguments]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg")}
    subprocess.run(argv, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL, check=True)


def timed(work: t.Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def row(title: str, runs: tuple[Run, ...], ping: float) -> None:
    seconds = statistics.median(one.seconds for one in runs)
    cpu = statistics.median(one.cpu for one in runs)
    started = statistics.median(one.started for one in runs)
    print(
        f"{title:29} {seconds:6.2f} s  {seconds / ping:5.2f} pings  {cpu:5.2f} s CPU here  "
        f"{started:4.0f} processes and threads on the host  (median of {len(runs)})"
    )


if __name__ == "__main__":
    main()
