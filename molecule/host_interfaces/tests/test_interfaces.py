# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces that a host keeps: by real packets, through drift, refusals, failures, restarts and a reboot."""

from __future__ import annotations

import json
import time
import typing as t
from pathlib import Path

import yaml
from testinfra.host import Host

SCENARIO = Path(__file__).resolve().parents[1]
DECLARED: list[dict[str, t.Any]] = yaml.safe_load((SCENARIO / "vars" / "main.yml").read_text())["interfaces"]
TAKE_OVER = {
    "name": "br3",
    "ports": ["eth3"],
    "take_over": True,
    "addresses": ["10.81.0.5/24"],
    "routes": ["10.82.0.0/16 via 10.81.0.9"],
}
FOLDERS = "/etc/systemd/network /etc/network/interfaces.d"


def declare(host: Host, *interfaces: dict[str, t.Any], check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    arguments = json.dumps({"interfaces": list(interfaces or DECLARED), **options})
    done = host.ansible("slipway.docker.host_interfaces", arguments, check=check, become=True)
    return t.cast("dict[str, t.Any]", done)


def uses_networkd(host: Host) -> bool:
    return str(host.backend.host).endswith("networkd")


def state(host: Host) -> str:
    """Files and interfaces, but for what differs by itself."""
    files = host.check_output(f"find {FOLDERS} -type f -exec sha256sum {{}} + 2>/dev/null | sort; true")
    found = json.loads(host.check_output("ip -json -details address show"))
    links = [
        (
            each["ifname"],
            each.get("master"),
            "UP" in each["flags"],
            each["mtu"],
            each["address"],
            *tuple(one["local"] for one in each["addr_info"] if not one["local"].startswith("fe80")),
        )
        for each in found
    ]
    return f"{files}\n{links}\n{host.check_output('ip -4 route')}"


def answers(host: Host, container: str) -> bool:
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = host.check_output("docker inspect --format %s %s", template, container)
    return bool(address) and host.run("ping -c 1 -W 2 %s", address).rc == 0


def in_time(host: Host, container: str) -> bool:
    end = time.monotonic() + 30
    while not answers(host, container) and time.monotonic() < end:
        time.sleep(0.5)
    return answers(host, container)


def test_containers_are_reached(host: Host) -> None:
    assert host.check_output("docker inspect --format '{{.NetworkSettings.IPAddress}}' inside").startswith("10.77.0.")
    assert answers(host, "inside")
    assert answers(host, "beside")


def test_what_is_reported(host: Host) -> None:
    done = declare(host)
    assert (done["changed"], done["files"], done["drifted"]) == (False, [], [])
    bridge, with_port, macvlan = done["interfaces"]
    assert (bridge["kind"], bridge["addresses"], len(bridge["ports"])) == (
        "bridge",
        ["10.77.0.1/24"],
        1,
    )
    assert (with_port["ports"], with_port["mtu"], with_port["routes"]) == (
        ["eth1"],
        1400,
        ["10.79.0.0/16 via 10.78.0.9"],
    )
    assert (macvlan["parent"], macvlan["mode"], macvlan["routes"]) == ("eth2", "bridge", ["10.80.0.64/26"])
    if uses_networkd(host):
        assert (done["manager"], done["manager_reason"]) == ("networkd", "systemd-networkd.service runs")
    else:
        assert done["manager"] == "ifupdown"
        assert done["manager_reason"].startswith("program ifup and /etc/network/interfaces are there")
    files = host.check_output(f"find {FOLDERS} -type f -exec stat -c '%U %a %n' {{}} + 2>/dev/null; true").splitlines()
    assert files
    assert all(line.startswith("root 644 ") for line in files)


def test_drift_is_put_right_and_containers_stay(host: Host) -> None:
    host.check_output("ip link delete br1 && ip link delete mac0 && ip address delete 10.77.0.1/24 dev br0")
    before = state(host)
    expected = declare(host, check=True)
    assert state(host) == before
    done = declare(host)
    assert done["changed"]
    assert {"br1 is not there", "mac0 is not there", "br0 lacks 10.77.0.1/24", "eth1 is in no bridge"} <= set(
        done["drifted"]
    )
    assert (done["drifted"], done["files"]) == (expected["drifted"], expected["files"])
    assert done["files"] == []
    assert not declare(host)["changed"]
    assert answers(host, "inside")
    assert answers(host, "beside")


def test_a_restart_of_the_manager_leaves_containers_alone(host: Host) -> None:
    host.check_output("systemctl restart systemd-networkd" if uses_networkd(host) else "systemctl restart networking")
    assert in_time(host, "inside")
    assert not declare(host)["changed"]


def test_check_mode_tells_what_then_happens(host: Host) -> None:
    before = state(host)
    wanted = {"name": "br4", "stp": True, "addresses": ["10.84.0.1/24"]}
    expected = declare(host, wanted, check=True)
    assert state(host) == before
    done = declare(host, wanted)
    assert expected["changed"]
    assert (done["files"], done["drifted"]) == (expected["files"], [])
    assert not declare(host, wanted)["changed"]
    assert "stp_state 1" in host.check_output("ip -details link show br4")
    changed = {**wanted, "stp": False, "addresses": ["10.85.0.1/24"]}
    assert declare(host, changed)["interfaces"][0]["addresses"] == ["10.85.0.1/24"]
    assert declare(host, {"name": "br4", "state": "absent"}, check=True)["changed"]
    assert host.interface("br4").exists
    assert declare(host, {"name": "br4", "state": "absent"})["changed"]
    assert not declare(host, {"name": "br4", "state": "absent"})["changed"]
    assert state(host) == before


def test_problems_are_told_all_at_once(host: Host) -> None:
    before = state(host)
    failed = declare(
        host,
        {"name": "br5", "ports": ["eth1", "eth9"], "addresses": ["10.77.0.9/24"]},
        {"name": "mac5", "kind": "macvlan", "parent": "eth8"},
        {"name": "eth3"},
        {"name": "br6", "addresses": ["10.86.0.1/24"], "gateways": ["10.86.0.2"]},
        {"name": "eth0", "state": "absent"},
        {"name": "br0", "state": "absent"},
    )
    # br0 is to go in the same run, so its address is free again.
    for expected in (
        "br5: port eth1 is in br1 already; take it out there first, with: ip link set dev eth1 nomaster",
        "br5: port eth9 is not there; there are: ",
        "mac5: parent eth8 is not there; there are: ",
        "eth3: is there already, a veth that this module has not made; remove it, or choose another name",
        "br6: has a gateway, and the host's default route goes by eth0; leave gateways out, or take that one away",
        "eth0: was not made by this module, which has no file of it, and is not removed",
        "br0: shall be absent, and veth",
    ):
        assert expected in failed["msg"]
    failed = declare(
        host, {"name": "a" * 16}, {"name": "br5", "ports": ["lo", "eth3", "eth3"], "addresses": ["10.0.0.1"]}
    )
    assert failed["msg"].startswith("4 problems: (1) interfaces[0].name must be 1 to 15 letters")
    assert state(host) == before


def test_a_vlan_is_made_or_refused_before_anything_is_touched(host: Host) -> None:
    wanted = {"name": "br7", "ports": ["eth3.20"], "addresses": ["10.87.0.1/24"]}
    before = state(host)
    done = declare(host, wanted)
    if "msg" in done:  # not every kernel has VLANs
        assert done["msg"] == "eth3.20: cannot be made, as the kernel was built without CONFIG_VLAN_8021Q"
    else:
        assert done["interfaces"][1]["ports"] == ["eth3.20"]
        assert not declare(host, wanted)["changed"]
        declare(host, {"name": "br7", "state": "absent"})
    assert state(host) == before


def test_a_port_that_somebody_else_sets_up(host: Host) -> None:
    if uses_networkd(host):
        path, text = "/etc/systemd/network/10-mine.network", "[Match]\nName=eth3\n"
        expected = f"br3: {path} applies to eth3, and no second file can; take eth3 out of its [Match], or remove it"
    else:
        path, text = "/etc/network/interfaces.d/mine", "iface eth3 inet dhcp\n"
        expected = f"br3: {path} sets its port eth3 up; make that `iface eth3 inet manual`"
    host.check_output("printf %s > %s", text, path)
    failed = declare(host, {"name": "br3", "ports": ["eth3"]})["msg"]
    host.check_output("rm %s", path)
    assert failed == expected


def test_a_folder_that_is_not_read(host: Host) -> None:
    if uses_networkd(host):
        return
    host.check_output("sed -i s/^source/#source/ /etc/network/interfaces")
    failed = declare(host)["msg"]
    host.check_output("sed -i s/^#source/source/ /etc/network/interfaces")
    assert failed.endswith("add the line: source /etc/network/interfaces.d/*")


def test_what_fails_is_put_back(host: Host) -> None:
    """The manager itself keeps the bridge from coming up, after everything has moved there."""
    host.check_output(
        "ip address add 10.81.0.5/24 dev eth3 && ip link set eth3 up && ip route add 10.82.0.0/16 via 10.81.0.9"
    )
    if uses_networkd(host):
        path = "/etc/systemd/network/30-slipway-br3.network.d/fault.conf"
        text = "[Link]\nActivationPolicy=always-down\n"
    else:
        path, text = "/etc/network/if-up.d/fault", '#!/bin/sh\n[ "$IFACE" != br3 ]\n'
    host.check_output("mkdir -p $(dirname %s) && printf %s > %s && chmod 755 %s", path, text, path, path)
    before = state(host)
    failed = declare(host, TAKE_OVER, timeout=3)["msg"]
    after = state(host)
    host.check_output("rm %s", path)
    host.run("rmdir /etc/systemd/network/30-slipway-br3.network.d")
    assert failed.endswith("; everything is as it was")
    assert ("br3 is down" if uses_networkd(host) else "ifup --force br3 failed") in failed
    assert after == before


def test_addresses_move_to_a_bridge(host: Host) -> None:
    """The port has its address and route from the test before."""
    failed = declare(host, {"name": "br3", "ports": ["eth3"]})["msg"]
    assert failed == (
        "br3: port eth3 has 10.81.0.5/24, which the bridge has to take over lest the host be cut off; "
        "add take_over: true; addresses: [10.81.0.5/24]; routes: [10.82.0.0/16 via 10.81.0.9]"
    )
    (bridge,) = declare(host, TAKE_OVER)["interfaces"]
    assert (bridge["ports"], bridge["addresses"], bridge["mac"]) == (["eth3"], ["10.81.0.5/24"], "02:00:00:00:01:03")
    assert bridge["routes"] == ["10.82.0.0/16 via 10.81.0.9"]
    assert host.interface("eth3").addresses == []
    assert not declare(host, TAKE_OVER)["changed"]


def test_everything_is_there_after_a_reboot(host: Host, reboot: t.Callable[[], None]) -> None:
    reboot()
    assert in_time(host, "inside")
    assert in_time(host, "beside")
    if uses_networkd(host):
        unit = host.check_output(
            "systemctl show --property=ExecMainStartTimestampMonotonic --property=ExecMainExitTimestampMonotonic "
            "systemd-networkd-wait-online.service"
        )
        first, last = sorted(int(line.partition("=")[2]) for line in unit.splitlines())
        assert 0 < last - first < 10_000_000  # microseconds: an empty bridge does not delay the boot
    assert not declare(host, *DECLARED, TAKE_OVER)["changed"]


def test_away_with_them(host: Host) -> None:
    absent = [{"name": one["name"], "state": "absent"} for one in (*DECLARED, TAKE_OVER)]
    failed = declare(host, *absent)["msg"]
    assert failed.startswith("br0: shall be absent, and veth")
    assert failed.endswith(" is in it, of containers or others; stop what they belong to first")
    host.check_output("docker rm --force inside beside")
    done = declare(host, *absent)
    assert done["changed"]
    assert done["interfaces"] == []
    assert not declare(host, *absent)["changed"]
    assert not any(host.interface(one["name"]).exists for one in absent)
    assert host.check_output(f"find {FOLDERS} -type f 2>/dev/null; true") == ""
    assert "master" not in host.check_output("ip link show eth1")
