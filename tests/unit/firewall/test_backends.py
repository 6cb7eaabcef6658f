# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backend is taken, what the others have left, and a run that fails: on a host whose kernel is played."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.firewall.choice import choose
from ansible_collections.slipway.docker.plugins.module_utils.firewall.run import Engine, Result, run
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.firewall.kernel import DOCKER, EMPTY, NAME, Kernel, has, host, iptables
from unit.trees import Tree

DECLARED: dict[str, t.Any] = {
    "state": "present",
    "default": "deny",
    "rules": [{"ports": ["80"]}],
    "container_interfaces": ["docker0", "br-*"],
    "backend": "auto",
    "docker_host": "unix:///nowhere.sock",
}
OLD_ENGINE = [*EMPTY, ":DOCKER -"]


def declare(tree: Tree, kernel: Kernel, *, check: bool = False, **others: t.Any) -> Result:
    return run(host(tree, kernel), {**DECLARED, **others}, check_mode=check)


def kernel_of(*, nft: str = "", ip6: list[str] | None = None) -> Kernel:
    """A kernel with Docker's chains in the tables of iptables."""
    kernel = Kernel(tables={"iptables-nft": list(DOCKER), "ip6tables-nft": list(ip6 or DOCKER)})
    kernel.broken.update(nft.split())
    return kernel


def ours(kernel: Kernel) -> list[str]:
    """Where something of ours is."""
    found = [name for name, table in sorted(kernel.tables.items()) if any("SLIPWAY" in line for line in table)]
    return found + (["nft"] if kernel.nft else [])


def everything(tree: Tree) -> None:
    has(tree, "nft", "update-rc.d")
    iptables(tree)
    iptables(tree, suffix="-nft")
    iptables(tree, suffix="-legacy")


@pytest.mark.parametrize(("first", "second"), [("iptables", "nftables"), ("nftables", "iptables")])
def test_one_backend_takes_the_place_of_the_other(tree: Tree, first: str, second: str) -> None:
    everything(tree)
    kernel = kernel_of()
    held = {"iptables": ["ip6tables-nft", "iptables-nft"], "nftables": ["nft"]}
    for backend in (first, second):
        assert declare(tree, kernel, backend=backend, check=True).changed
        assert declare(tree, kernel, backend=backend).changed
        assert ours(kernel) == held[backend]
        assert not declare(tree, kernel, backend=backend).changed


def test_a_chain_that_no_policy_could_use_any_more_goes(tree: Tree) -> None:
    everything(tree)
    kernel = kernel_of()
    declare(tree, kernel, backend="iptables")
    kernel.tables["ip6tables-nft"] = list(OLD_ENGINE)
    assert declare(tree, kernel, backend="nftables").changed
    assert ours(kernel) == ["nft"]


@pytest.mark.parametrize("asked", ["auto", "nftables", "iptables"])
@pytest.mark.parametrize("ip6", [DOCKER, OLD_ENGINE])
def test_what_all_have_left_goes_whichever_is_asked_for(tree: Tree, asked: str, ip6: list[str]) -> None:
    everything(tree)
    kernel = kernel_of(ip6=ip6)
    declare(tree, kernel, backend="nftables")
    kernel.tables["iptables-nft"] += [":SLIPWAY-DOCKER -", "-A SLIPWAY-DOCKER -j RETURN"]
    kernel.tables["ip6tables-legacy"] = [*EMPTY, ":SLIPWAY-DOCKER -"]
    tree.write("/proc/net/ip6_tables_names", "filter\n")
    done = declare(tree, kernel, state="absent", backend=asked)
    assert (done.changed, done.after, ours(kernel)) == (True, None, [])
    assert not declare(tree, kernel, state="absent", backend=asked).changed
    assert kernel.starts == []
    assert not [path for path in tree.files() if "slipway-docker" in path or path.startswith("/etc/slipway")]


@pytest.mark.parametrize("programs", [(), ("nft",), ("iptables-save", "iptables-restore", "iptables")])
def test_absent_needs_no_program(tree: Tree, programs: tuple[str, ...]) -> None:
    has(tree, *programs)
    for backend in ("auto", "nftables", "iptables"):
        assert not declare(tree, Kernel(), state="absent", backend=backend).changed


def test_absent_where_programs_do_not_work(tree: Tree) -> None:
    everything(tree)
    assert not declare(tree, Kernel(broken={"nft", "iptables-save", "ip6tables-save"}), state="absent").changed


def test_tables_of_the_older_set_are_not_made_by_looking(tree: Tree) -> None:
    everything(tree)
    kernel = kernel_of()
    declare(tree, kernel)
    declare(tree, kernel, state="absent")
    assert not [name for name in kernel.tables if name.endswith("legacy")]


def test_each_table_is_tried_once(tree: Tree) -> None:
    everything(tree)
    kernel = kernel_of()
    declare(tree, kernel, backend="iptables")
    kernel.asked.clear()
    declare(tree, kernel, backend="iptables")
    assert kernel.asked.count("ip6tables-save -t filter") <= 3


@pytest.mark.parametrize(
    ("programs", "asked", "engine", "expected"),
    [
        pytest.param("nft iptables", "auto", "", ("nftables", ""), id="nftables-first"),
        pytest.param("iptables", "auto", "", ("iptables", "program nft is not installed"), id="no-nft"),
        pytest.param(
            "iptables",
            "auto",
            "nftables",
            "program nft is not installed, and the engine uses nftables and has no DOCKER-USER; "
            "install the package nftables",
            id="engine-of-29",
        ),
        pytest.param(
            "nft iptables",
            "iptables",
            "nftables",
            "backend iptables cannot be used: the engine uses nftables and has no DOCKER-USER; take the other backend",
            id="asked-in-vain",
        ),
        pytest.param(
            "nft",
            "iptables",
            "",
            "backend iptables cannot be used: program iptables is not installed; install its package",
            id="no-iptables",
        ),
        pytest.param(
            "nft iptables firewalld",
            "iptables",
            "",
            "backend iptables cannot be used: firewalld takes chains of iptables away with each reload; "
            "take the other backend",
            id="firewalld",
        ),
        pytest.param("nft iptables firewalld", "auto", "", ("nftables", ""), id="firewalld-auto"),
    ],
)
def test_the_choice(tree: Tree, programs: str, asked: str, engine: str, expected: tuple[str, str] | str) -> None:
    if "iptables" in programs:
        iptables(tree)
    has(tree, *[{"firewalld": "firewall-cmd"}.get(one, one) for one in programs.split() if one != "iptables"])
    if isinstance(expected, str):
        with pytest.raises(HostError) as caught:
            choose(host(tree, kernel_of()), asked, engine, engine_runs=True)
        assert str(caught.value) == expected
    else:
        backend, reason = choose(host(tree, kernel_of()), asked, engine, engine_runs=True)
        assert (backend.name, expected[1] in reason) == (expected[0], True)


def test_firewalld_that_does_not_run_is_no_matter(tree: Tree) -> None:
    iptables(tree)
    has(tree, "firewall-cmd")
    kernel = kernel_of()
    kernel.broken.add("firewall-cmd")
    assert choose(host(tree, kernel), "iptables", "", engine_runs=True)[0].name == "iptables"


@pytest.mark.parametrize(
    ("nft", "legacy", "expected"),
    [
        (DOCKER, EMPTY, ""),
        (DOCKER, DOCKER, ""),
        (
            EMPTY,
            DOCKER,
            "Docker's rules are in the tables of iptables (legacy), and program iptables works on those of",
        ),
        (EMPTY, EMPTY, "nothing in FORWARD leads to DOCKER-USER"),
    ],
)
def test_where_docker_has_its_rules(tree: Tree, nft: list[str], legacy: list[str], expected: str) -> None:
    everything(tree)
    tree.write("/proc/net/ip_tables_names", "filter\n")
    kernel = Kernel(tables={"iptables-nft": list(nft), "iptables-legacy": list(legacy)})
    if not expected:
        assert choose(host(tree, kernel), "iptables", "", engine_runs=True)[0].name == "iptables"
        return
    with pytest.raises(HostError, match="backend iptables cannot be used") as caught:
        choose(host(tree, kernel), "iptables", "", engine_runs=True)
    assert expected in str(caught.value)
    assert choose(host(tree, kernel), "iptables", "", engine_runs=False)[0].name == "iptables"


def test_a_chain_in_the_tables_that_the_link_no_longer_leads_to_goes(tree: Tree) -> None:
    everything(tree)
    kernel = Kernel(link="legacy")
    assert declare(tree, kernel, backend="iptables").variant == "legacy"
    tree.write("/proc/net/ip_tables_names", "filter\n")
    kernel.link = "nft"
    assert declare(tree, kernel, backend="iptables").variant == "nf_tables"
    assert ours(kernel) == ["ip6tables-nft", "iptables-nft"]


def test_a_fault_of_ours_leaves_no_rules(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    has(tree, "nft", "update-rc.d")
    kernel = Kernel()

    def stumble(*_arguments: object) -> None:
        raise ValueError("not foreseen")

    monkeypatch.setattr("ansible_collections.slipway.docker.plugins.module_utils.firewall.persist.learn", stumble)
    with pytest.raises(HostError, match="ValueError: not foreseen; the old ones are back"):
        declare(tree, kernel)
    assert (ours(kernel), kernel.starts) == ([], [])
    assert not [path for path in tree.files() if path.startswith("/etc/slipway")]


def test_bridges_stay_in_the_rules_while_no_engine_answers(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    has(tree, "nft", "update-rc.d")
    kernel = Kernel()
    run_py = "ansible_collections.slipway.docker.plugins.module_utils.firewall.run.read_engine"
    monkeypatch.setattr(run_py, lambda _address: Engine(True, {"front": "web0", "back": "br-12", "app": "app.0"}))
    assert declare(tree, kernel).changed
    before = {path: tree.read(path) for path in tree.files()}
    assert b"web0" in before["/etc/slipway/docker-firewall.nft.json"]
    monkeypatch.setattr(run_py, lambda _address: Engine())
    assert not declare(tree, kernel).changed
    assert declare(tree, kernel, default="allow").changed
    assert b'"web0"' in tree.read("/etc/slipway/docker-firewall.nft.json")
    monkeypatch.setattr(run_py, lambda _address: Engine(True, {"app": "app.0"}))
    assert declare(tree, kernel).changed
    loader = tree.read("/etc/slipway/docker-firewall.sh")
    assert (b"web0" in loader, b"beside those that are declared: app.0\n" in loader) == (False, True)


def test_files_that_others_could_read_are_closed_again(tree: Tree) -> None:
    has(tree, "nft", "update-rc.d")
    kernel = Kernel()
    declare(tree, kernel)
    rules = tree.at("/etc/slipway/docker-firewall.nft.json")
    rules.chmod(0o644)
    assert declare(tree, kernel, check=True).files == ("/etc/slipway/docker-firewall.nft.json",)
    assert declare(tree, kernel).changed
    assert rules.stat().st_mode & 0o777 == 0o600
    assert not declare(tree, kernel).changed


def test_absent_takes_away_what_nobody_can_read(tree: Tree) -> None:
    everything(tree)
    kernel = kernel_of()
    kernel.tables["iptables-nft"] += [":SLIPWAY-DOCKER -", "-A SLIPWAY-DOCKER -i a'b -j RETURN"]
    assert declare(tree, kernel, state="absent").changed
    assert ours(kernel) == []


@pytest.mark.parametrize("program", ["update-rc.d", "rc-update"])
def test_a_failed_run_leaves_nothing_to_start_at_boot(tree: Tree, program: str) -> None:
    has(tree, "nft", program)
    kernel = Kernel(broken={program})
    with pytest.raises(HostError, match=f"{program} .*{program} is broken; the old ones are back"):
        declare(tree, kernel)
    assert (ours(kernel), kernel.starts) == ([], [])
    assert "/etc/init.d/slipway-docker-firewall" not in tree.files()


def test_a_failed_removal_leaves_everything_in_place(tree: Tree) -> None:
    has(tree, "nft", "rc-update")
    kernel = Kernel()
    declare(tree, kernel)
    before = {path: tree.read(path) for path in tree.files() if path.startswith("/etc/slipway")}
    kernel.broken.add("rc-update")
    with pytest.raises(HostError, match=f"rc-update del {NAME} default failed: .*; the old ones are back"):
        declare(tree, kernel, state="absent")
    assert ours(kernel) == ["nft"]
    assert {path: tree.read(path) for path in tree.files() if path.startswith("/etc/slipway")} == before


def test_a_removal_that_fails_later_is_taken_back(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    has(tree, "nft", "update-rc.d")
    kernel = Kernel()
    declare(tree, kernel)

    def refuse(*_arguments: object) -> None:
        raise HostError("the disk is full")

    monkeypatch.setattr("ansible_collections.slipway.docker.plugins.module_utils.firewall.run.write_change", refuse)
    with pytest.raises(HostError, match="the disk is full; the old ones are back"):
        declare(tree, kernel, state="absent")
    assert (ours(kernel), kernel.starts) == (["nft"], [f"S01{NAME}"])


def test_openrc_forgets_what_is_away(tree: Tree) -> None:
    has(tree, "nft", "rc-update")
    kernel = Kernel()
    declare(tree, kernel)
    assert kernel.starts == [NAME]
    assert not declare(tree, kernel).changed
    declare(tree, kernel, state="absent")
    assert kernel.starts == []


def test_a_service_that_somebody_has_switched_off_is_switched_on(tree: Tree) -> None:
    has(tree, "nft", "update-rc.d")
    kernel = Kernel()
    declare(tree, kernel)
    tree.at(f"/etc/rc2.d/S01{NAME}").rename(tree.at(f"/etc/rc2.d/K01{NAME}"))
    assert declare(tree, kernel).changed
    assert f"S01{NAME}" in kernel.starts
    assert not declare(tree, kernel).changed
