# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside ufw, which loads rules of its own and leaves those of others: with both backends."""

from __future__ import annotations

import typing as t

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://with_ufw"]


@pytest.mark.parametrize("backend", ["iptables", "nftables"])
def test_it_outlives(host: Host, declare: t.Any, holds: t.Callable[[], None], backend: str) -> None:
    assert declare(backend=backend)["backend"] == backend
    for happens in ("ufw reload", "ufw --force disable && ufw --force enable", "systemctl restart ufw docker"):
        host.check_output(happens)
        holds()
    assert declare(backend=backend)["changed"] is False


def test_it_outlives_a_reboot(declare: t.Any, holds: t.Callable[[], None], reboot: t.Callable[[], None]) -> None:
    declare(backend="iptables")
    reboot()
    holds()
    assert declare(backend="iptables")["changed"] is False


def test_away_with_it(away: t.Callable[[], None]) -> None:
    away()
