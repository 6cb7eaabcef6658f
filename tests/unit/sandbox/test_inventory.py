# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory file, read back as Ansible reads it."""

from __future__ import annotations

import yaml

from sandbox.hosts import Guest
from sandbox.inventory import render

URL = "unix:///run/slipway-sandbox/0123/docker.sock"
HOSTS = [
    Guest("h1", "slipway-0123-h1", "bookworm", "systemd", "running", "10.213.1.2"),
    Guest("0e1", "slipway-0123-0e1", "trixie", "openrc", "running", "10.213.1.3"),
]


def test_hosts_with_what_ansible_needs_to_reach_them() -> None:
    group = yaml.safe_load(render(HOSTS, URL))["docker_hosts"]
    assert group["vars"] == {
        "ansible_connection": "community.docker.docker",
        "ansible_docker_extra_args": f"--host={URL}",
        "ansible_pipelining": True,
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    assert group["hosts"]["h1"] == {
        "ansible_host": "slipway-0123-h1",
        "sandbox_address": "10.213.1.2",
        "sandbox_suite": "bookworm",
        "sandbox_init": "systemd",
    }


def test_name_that_looks_like_a_number_stays_a_name() -> None:
    assert list(yaml.safe_load(render(HOSTS, URL))["docker_hosts"]["hosts"]) == ["h1", "0e1"]


def test_group_is_there_without_hosts() -> None:
    assert yaml.safe_load(render([], URL))["docker_hosts"]["hosts"] == {}


def test_same_hosts_same_file() -> None:
    assert render(HOSTS, URL) == render(list(HOSTS), URL)
