# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which backend keeps what a policy promises on a host, and which others may hold something of ours."""

from __future__ import annotations

from ..host import systemd
from ..host.errors import InvalidInput
from ..host.machine import Host
from . import iptables
from .backends import Backend, Iptables, Nftables

_FIREWALLD = "firewalld.service"
_JUMP = f"-A FORWARD -j {iptables.USER_CHAIN}"


def choose(host: Host, asked: str, engines: str, *, engine_runs: bool) -> tuple[Backend, str]:
    """The backend for a policy that is wanted, and why it is this one.

    :param asked: by the user: ``auto`` or a name
    :param engines: firewall backend of the engine, empty where it is not known
    :raises InvalidInput: where none can be used
    """
    if asked == "nftables":
        return _fit(Nftables(host), "it was asked for", "")
    if asked == "iptables":
        ipt = Iptables(host)
        return _fit(ipt, "it was asked for", ipt.works or _unfit(ipt, engines, engine_runs))
    nft = Nftables(host)
    if not nft.works:
        return nft, "a table of our own outlives restarts of Docker and reloads of firewalld and ufw"
    ipt = Iptables(host)
    why_not = ipt.works or _unfit(ipt, engines, engine_runs)
    if why_not:
        raise InvalidInput([f"{nft.works}, and {why_not}; install the package nftables"])
    return ipt, nft.works


def _fit(backend: Backend, why: str, why_not: str) -> tuple[Backend, str]:
    why_not = backend.works or why_not
    if why_not:
        remedy = "install its package" if "not installed" in why_not else "take the other backend"
        raise InvalidInput([f"backend {backend.name} cannot be used: {why_not}; {remedy}"])
    return backend, why


def _unfit(backend: Iptables, engines: str, engine_runs: bool) -> str:
    """Why a chain behind DOCKER-USER would not keep what it promises here; empty where it would."""
    if engines == "nftables":
        return f"the engine uses nftables and has no {iptables.USER_CHAIN}"
    if _has_firewalld(backend.host):
        return "firewalld takes chains of iptables away with each reload"
    return _elsewhere(backend, engine_runs) or _unheard(backend)


def _has_firewalld(host: Host) -> bool:
    """firewalld flushes all tables of iptables when it reloads; Docker then makes an empty DOCKER-USER (1.3, 20.10)."""
    if host.find_program("firewall-cmd") is None:
        return False
    if host.run(["firewall-cmd", "--state"]).rc == 0:
        return True
    status = systemd.status(host, _FIREWALLD) if systemd.is_running(host) else {}
    return _FIREWALLD in status and status[_FIREWALLD].enabled == "enabled"


def _elsewhere(backend: Iptables, engine_runs: bool) -> str:
    """Whether packets come by DOCKER-USER in the tables that we would write to; a drop in either set is final."""
    if _JUMP in (backend.saved("ip") or "").splitlines() or not engine_runs:
        return ""
    twin = backend.twin
    if not twin.is_idle and not twin.works and _JUMP in (twin.saved("ip") or "").splitlines():
        return (
            f"Docker's rules are in the tables of iptables ({twin.variant}), and program iptables works on those of "
            f"({backend.variant}), as Docker will after its next start, which cures it"
        )
    return (
        f"nothing in FORWARD leads to {iptables.USER_CHAIN} although the engine runs (iptables is off, or was flushed)"
    )


def _unheard(backend: Iptables) -> str:
    """20.10 fills ip6tables without a DOCKER-USER, and puts its own rules above whatever else stands in FORWARD."""
    saved = (backend.saved("ip6") or "").splitlines() if "ip6" in backend.families else []
    fills = any(line.startswith(":DOCKER ") for line in saved)
    return f"this engine fills ip6tables and has no {iptables.USER_CHAIN} there" if fills and _JUMP not in saved else ""


def others(host: Host, backend: Backend | None) -> list[Backend]:
    """Those that are not used and work here, of which nothing may be left; all of them where none is used."""
    ipt = Iptables(host)
    found: list[Backend] = [Nftables(host), ipt, *([ipt.twin] if host.find_program("iptables") else [])]
    return [one for one in found if not _is_same(one, backend) and not one.is_idle and not one.works]


def _is_same(one: Backend, other: Backend | None) -> bool:
    if isinstance(one, Iptables) and isinstance(other, Iptables):
        return one.variant == other.variant
    return other is not None and one.name == other.name
