# SPDX-License-Identifier: GPL-3.0-or-later
"""Where iptables is the older program: the chain is in the tables that Docker fills, and follows it to the others."""

from __future__ import annotations

import typing as t

from testinfra.host import Host

testinfra_hosts = ["ansible://with_legacy"]


def choose(host: Host, variant: str) -> None:
    for name in ("iptables", "ip6tables"):
        host.check_output("update-alternatives --set %s /usr/sbin/%s-%s", name, name, variant)


def restart_docker(host: Host, left: str) -> None:
    """Docker leaves its rules in the other tables, where they would send packets to addresses of containers of old."""
    host.check_output("systemctl stop docker && iptables-%s -t nat -F && systemctl start docker", left)


def test_the_chain_is_where_docker_has_its_rules(host: Host, declare: t.Any, holds: t.Callable[[], None]) -> None:
    assert "-A FORWARD -j DOCKER-USER" in host.check_output("iptables-legacy-save")
    done = declare(backend="iptables")
    assert (done["backend"], done["iptables_variant"]) == ("iptables", "legacy")
    assert "SLIPWAY-DOCKER" in host.check_output("iptables-legacy-save")
    assert "SLIPWAY-DOCKER" not in host.check_output("iptables-nft-save")
    holds()


def test_it_outlives_a_reboot(declare: t.Any, holds: t.Callable[[], None], reboot: t.Callable[[], None]) -> None:
    reboot()
    holds()
    assert declare(backend="iptables")["changed"] is False


def test_nftables_works_beside_it(declare: t.Any, holds: t.Callable[[], None]) -> None:
    assert declare()["backend"] == "nftables"
    holds()


def test_the_link_is_changed(host: Host, declare: t.Any, holds: t.Callable[[], None]) -> None:
    """Docker goes on in the old tables until it is started again, and a DOCKER-USER elsewhere would do nothing."""
    declare(backend="iptables")
    choose(host, "nft")
    refused = declare(backend="iptables")["msg"]
    assert "Docker's rules are in the tables of iptables (legacy)" in refused
    assert declare(backend="nftables")["changed"] is True
    assert "SLIPWAY-DOCKER" not in host.check_output("iptables-legacy-save")
    holds()
    restart_docker(host, "legacy")
    assert declare(backend="iptables")["iptables_variant"] == "nf_tables"
    holds()
    choose(host, "legacy")
    restart_docker(host, "nft")
    assert declare(backend="iptables")["iptables_variant"] == "legacy"
    assert "SLIPWAY-DOCKER" not in host.check_output("iptables-nft-save")
    holds()


def test_away_with_it(away: t.Callable[[], None]) -> None:
    away()
