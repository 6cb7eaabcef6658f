# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook and the filter, as a user starts them: by ansible-playbook, with an inventory and no hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.docker.plugins.filter.address_problems import FilterModule

CHECKOUT = Path(__file__).resolve().parents[3]

CLEAN = """
docker_hosts:
  vars:
    lan: 192.168.1.0/24
    network_routed: [{network: "{{ lan }}", name: LAN}]
  hosts:
    web1:
      engine_config: {bip: 10.200.0.1/24}
      network_networks:
        - {name: lan, driver: macvlan, ipam_config: [{subnet: "{{ lan }}", iprange: 192.168.1.64/26}]}
    web2:
      ansible_host: 192.0.2.1
      network_networks:
        - {name: lan, driver: macvlan, ipam_config: [{subnet: "{{ lan }}", iprange: 192.168.1.128/26}]}
"""
BROKEN = CLEAN.replace("10.200.0.1/24", "192.168.0.1/16").replace("192.168.1.128", "192.168.1.64")


def lint(folder: Path, inventory: str) -> subprocess.CompletedProcess[str]:
    path = folder / "inventory.yml"
    path.write_text(inventory, encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_CONFIG": "ansible.cfg", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    argv = [f"{sys.prefix}/bin/ansible-playbook", "-i", str(path), "playbooks/lint.yml"]
    return subprocess.run(argv, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_a_clean_inventory(tmp_path: Path) -> None:
    done = lint(tmp_path, CLEAN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Hosts: 2, problems: 0" in done.stdout


def test_a_broken_inventory(tmp_path: Path) -> None:
    done = lint(tmp_path, BROKEN)
    assert done.returncode == 2
    for told in (
        "web1: bip 192.168.0.0/16 overlaps LAN 192.168.1.0/24; choose another network",
        "web1: network lan 192.168.1.0/24 overlaps bip 192.168.0.0/16; choose another network",
        "web1, web2: 192.168.1.64/26 is handed out on one LAN by web1 and web2; give each host an iprange of its own",
    ):
        assert done.stdout.count(told) == 1, done.stdout
    assert "Problems: 3, on or between hosts: 2" in done.stdout + done.stderr


def test_an_inventory_without_docker_hosts(tmp_path: Path) -> None:
    done = lint(tmp_path, "all: {hosts: {other: }}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Hosts: 0, problems: 0" in done.stdout


def test_the_documentation_says_what_it_says(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "addresses.md").read_text(encoding="utf-8")
    inventory, console = (text.split(f"```{language}\n")[1].split("```")[0] for language in ("yaml", "console"))
    done = lint(tmp_path, inventory)
    shown = [json.loads(line.strip()[len('"msg": ') :]) for line in done.stdout.splitlines() if '"msg": ' in line]
    assert shown == console.splitlines()[1:]


def address_problems(inventory: t.Any) -> t.Any:
    return FilterModule().filters()["address_problems"](inventory)


def test_the_filter_gives_plain_types() -> None:
    routed = [{"network": "10.8.0.0/16", "name": "VPN"}]
    assert address_problems({"web1": {"engine_config": {"bip": "10.8.0.1/24"}, "network_routed": routed}}) == [
        {
            "hosts": ["web1"],
            "what": "overlap",
            "where": "engine_config.bip, network_routed[0].network",
            "message": "bip 10.8.0.0/24 overlaps VPN 10.8.0.0/16",
            "remedy": "choose another network",
        }
    ]


def test_the_filter_wants_a_map() -> None:
    with pytest.raises(AnsibleFilterError, match="needs a map of hosts"):
        address_problems(["web1"])
