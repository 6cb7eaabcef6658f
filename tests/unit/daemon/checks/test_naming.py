# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and numbers: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import naming
from unit.verdicts import Row, row, table

ROWS = [
    row(
        naming.dns_servers,
        {"dns": ["9.9.9.9:53", "dns.example.org", "fe80::1%eth0"]},
        'config.dns[0] must be an IP address; got: "9.9.9.9:53"',
        'config.dns[1] must be an IP address; got: "dns.example.org"',
        'config.dns[2] must be an IP address; got: "fe80::1%eth0"',
    ),
    row(
        naming.dns_servers,
        {"dns": [" 9.9.9.9 "]},
        'config.dns[0] must be an IP address; got: " 9.9.9.9 "',
        version="26.0.0",
    ),
    row(naming.dns_servers, {"dns": [" 9.9.9.9 "]}, version="25.0.5"),
    row(naming.dns_servers, {"dns": ["9.9.9.9", "::1"]}),
    row(
        naming.search_domains,
        {"dns-search": ["a..b", "-a.b", "a_b.c", "", "123.456"]},
        'config.dns-search[0] must be a domain; got: "a..b"',
        'config.dns-search[1] must be a domain; got: "-a.b"',
        'config.dns-search[2] must be a domain; got: "a_b.c"',
        'config.dns-search[3] must be a domain; got: ""',
        'config.dns-search[4] must be a domain; got: "123.456"',
    ),
    row(naming.search_domains, {"dns-search": [".", "example.org", "example.org.", "localdomain", "x-1.y"]}),
    row(
        naming.gateways_of_the_host,
        {"host-gateway-ips": ["10.0.0.1", "10.0.0.2", "x"]},
        'config.host-gateway-ips[1] is a second IPv4 address, after 10.0.0.1; got: "10.0.0.2"',
        'config.host-gateway-ips[2] must be an IP address; got: "x"',
    ),
    row(naming.gateways_of_the_host, {"host-gateway-ips": ["10.0.0.1", "fd00::1"]}),
    row(
        naming.labels,
        {"labels": ["a", "b=1", "b=2", "com.docker.x=1"]},
        'config.labels[0] must be of the form key=value; got: "a"',
        'config.labels[2] contradicts b=1; got: "b=2"; keep one of the two',
        ('config.labels[3] must not begin with com.docker., io.docker., org.dockerproject.; got: "com.docker.x=1"'),
    ),
    row(naming.labels, {"labels": ["a=1", "a=1", "=x", "b c=d=e"]}),
    row(
        naming.generic_resources,
        {"node-generic-resources": ["gpu", "x=1", "x=b", "y=1", "y=2", "z="]},
        'config.node-generic-resources[0] must be of the form kind=value; got: "gpu"',
        ('config.node-generic-resources[2] must be the only entry of x, or a name among names; got: "x=b"'),
        ('config.node-generic-resources[4] must be the only entry of y, or a name among names; got: "y=2"'),
        'config.node-generic-resources[5] must be of the form kind=value; got: "z="',
    ),
    row(naming.generic_resources, {"node-generic-resources": ["gpu=a", "gpu=b", "ssd=3"]}),
    row(
        naming.shm_size,
        {"default-shm-size": "lots"},
        'config.default-shm-size must be a size such as "64M"; got: "lots"',
    ),
    row(naming.shm_size, {"default-shm-size": "64M"}),
    row(naming.shm_size, {"default-shm-size": "1 MiB"}),
    row(naming.shm_size, {"default-shm-size": "67108864"}),
    row(naming.shm_size, {"default-shm-size": ""}),
    row(
        naming.counts,
        {"max-concurrent-downloads": -1, "max-download-attempts": -2},
        "config.max-concurrent-downloads must not be negative; got: -1",
        "config.max-download-attempts must not be negative; got: -2",
    ),
    row(naming.counts, {"max-concurrent-downloads": 0, "max-concurrent-uploads": 9}),
    row(
        naming.attempts,
        {"max-download-attempts": 0},
        "config.max-download-attempts must be at least 1; got: 0",
        version="20.10.24",
    ),
    row(naming.attempts, {"max-download-attempts": 0}, version="23.0.0"),
    row(naming.attempts, {"max-download-attempts": 1}, version="20.10.24"),
    row(
        naming.diagnostic_port,
        {"network-diagnostic-port": 65536},
        "config.network-diagnostic-port must be from 0 to 65535; got: 65536",
        version="23.0.0",
    ),
    row(naming.diagnostic_port, {"network-diagnostic-port": 2000}, version="23.0.0"),
    row(naming.diagnostic_port, {"network-diagnostic-port": 65536}, version="20.10.24"),
    row(
        naming.oldest_api,
        {"min-api-version": "v1.44"},
        'config.min-api-version should be a version of the API such as 1.44; got: "v1.44"',
    ),
    row(naming.oldest_api, {"min-api-version": "1.44"}),
    row(
        naming.firewall_mark,
        {"bridge-accept-fwmark": "one"},
        ('config.bridge-accept-fwmark must be a mark such as 0x1, or a mark and a mask such as 0x1/0xff; got: "one"'),
        version="29.0.0",
    ),
    row(naming.firewall_mark, {"bridge-accept-fwmark": "0x1/0xff"}, version="29.0.0"),
    row(naming.firewall_mark, {"bridge-accept-fwmark": "one"}, version="28.5.2"),
    row(
        naming.folders_of_the_daemon,
        {"data-root": "srv/docker", "exec-root": "x"},
        'config.data-root must be an absolute path: no container would start; got: "srv/docker"',
        'config.exec-root must be an absolute path: no container would start; got: "x"',
    ),
    row(naming.folders_of_the_daemon, {"data-root": "/srv/docker", "exec-root": ""}),
    row(
        naming.folders_that_are_files,
        {"data-root": "/etc/hostname"},
        'config.data-root is not a folder; got: "/etc/hostname"; choose another path',
        files={"/etc/hostname": "file"},
    ),
    row(
        naming.folders_that_are_files,
        {"data-root": "/srv", "exec-root": "/x"},
        files={"/srv": "folder", "/x": "missing"},
    ),
    row(naming.folders_that_are_files, {"data-root": "/etc/hostname"}),
    row(
        naming.containerd_is_there,
        {"containerd": "/x.sock"},
        ('config.containerd is not there: the daemon will wait for it, and end without it; got: "/x.sock"'),
        files={"/x.sock": "missing"},
    ),
    row(naming.containerd_is_there, {"containerd": "/x.sock"}, files={"/x.sock": "socket"}),
    row(
        naming.rootless_by_hand,
        {"rootless": True},
        "config.rootless is for a daemon that RootlessKit starts; got: true; take it out",
    ),
    row(naming.rootless_by_hand, {"rootless": False}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
