# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of an inventory as sources of a rule: the first place that says an address counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.slipway.docker.plugins.filter.host_addresses import FilterModule

CHECKOUT = Path(__file__).resolve().parents[3]
FACTS = {"default_ipv4": {"address": "192.0.2.4"}, "default_ipv6": {"address": "2001:db8::4"}}


def addresses(names: t.Any, hostvars: t.Any) -> t.Any:
    return FilterModule().filters()["host_addresses"](names, hostvars)


@pytest.mark.parametrize(
    ("name", "variables", "expected"),
    [
        pytest.param(
            "web",
            {"network_addresses": ["2001:db8::7", "10.7.0.0/16"], "ansible_host": "192.0.2.1", "ansible_facts": FACTS},
            ["10.7.0.0/16", "2001:db8::7"],
            id="declared",
        ),
        pytest.param("web", {"ansible_host": "192.0.2.1", "ansible_facts": FACTS}, ["192.0.2.1"], id="connected-to"),
        pytest.param(
            "web",
            {"ansible_host": "web.example.com", "ansible_facts": FACTS},
            ["192.0.2.4", "2001:db8::4"],
            id="gathered",
        ),
        pytest.param("web", {"ansible_host": "127.0.0.1", "ansible_facts": FACTS}, ["192.0.2.4", "2001:db8::4"]),
        pytest.param("web", {"ansible_facts": {"default_ipv6": {}, **FACTS}}, ["192.0.2.4", "2001:db8::4"]),
        pytest.param("192.0.2.9", {"ansible_facts": {"default_ipv4": {}}}, ["192.0.2.9"], id="its-name"),
        pytest.param("2001:DB8:0::9", {}, ["2001:db8::9"], id="short"),
    ],
)
def test_of_one_host(name: str, variables: dict[str, t.Any], expected: list[str]) -> None:
    assert addresses([name], {name: variables}) == expected


def test_in_order_and_each_once() -> None:
    hosts: dict[str, t.Any] = {f"web{number}": {"ansible_host": f"10.0.0.{number}"} for number in (10, 9, 2)}
    hosts["twin"] = {"network_addresses": ["10.0.0.9", "fd00::1"]}
    assert addresses([*hosts, "web9"], hosts) == ["10.0.0.2", "10.0.0.9", "10.0.0.10", "fd00::1"]
    assert addresses([], hosts) == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    hosts: dict[str, t.Any] = {
        "a": {},
        "b": {"ansible_host": "b.example.com"},
        "c": {"network_addresses": ["10.0.0.1", "x"]},
        "d": {"network_addresses": []},
        "e": {"network_addresses": "10.0.0.1"},
    }
    with pytest.raises(AnsibleFilterError) as caught:
        addresses([*hosts, "gone"], hosts)
    assert str(caught.value) == (
        "host_addresses: network_addresses of c has what is no address or network: 'x'; "
        "network_addresses of d must be a list of addresses; got: []; "
        "network_addresses of e must be a list of addresses; got: '10.0.0.1'; "
        "hosts that are not in the inventory: gone; "
        "hosts without an address: a, b; set network_addresses for them, or gather their facts"
    )


@pytest.mark.parametrize(("names", "hostvars"), [("web", {}), (None, {}), ({"web": 1}, {}), (["web"], ["web"])])
def test_what_is_no_list_of_hosts(names: t.Any, hostvars: t.Any) -> None:
    with pytest.raises(AnsibleFilterError):
        addresses(names, hostvars)


INVENTORY = """
web:
  vars: {prefix: 192.0.2}
  hosts:
    web1: {ansible_host: "{{ prefix }}.1"}
    web2: {network_addresses: ["{{ prefix }}.2", "2001:db8::2"]}
"""
PLAY = """
- hosts: web2
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "{{ groups['web'] | slipway.docker.host_addresses(hostvars) }}"
"""


def test_as_ansible_hands_its_variables_over(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text(INVENTORY, encoding="utf-8")
    (tmp_path / "play.yml").write_text(PLAY, encoding="utf-8")
    environment = {**os.environ, "ANSIBLE_CONFIG": "ansible.cfg", "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
    argv = [f"{sys.prefix}/bin/ansible-playbook", "-i", str(tmp_path / "hosts.yml"), str(tmp_path / "play.yml")]
    done = subprocess.run(argv, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (task,) = json.loads(done.stdout)["plays"][0]["tasks"]
    assert task["hosts"]["web2"]["msg"] == ["192.0.2.1", "192.0.2.2", "2001:db8::2"]
