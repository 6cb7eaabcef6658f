# SPDX-License-Identifier: GPL-3.0-or-later
"""With an init script: nothing gets through while the host boots either. And by which port Ansible comes in."""

from __future__ import annotations

import typing as t

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://without_systemd"]
ASKING = """
rm -f /tmp/enough
until [ -e /tmp/enough ]; do curl --silent --max-time 0.3 "http://$1:8081/"; sleep 0.05; done
"""
BASTION = "docker run --detach --rm --publish 2222:22 --stop-signal SIGKILL local/busybox /bin/busybox"
COMES = "for turn in 1 2 3 4 5 6 7 8 9; do grep -q dport=2222 /proc/net/nf_conntrack && exit; sleep 0.3; done; exit 1"


@pytest.mark.parametrize("backend", ["iptables", "nftables"])
def test_it_outlives(
    host: Host,
    declare: t.Any,
    holds: t.Callable[[], None],
    reboot: t.Callable[[], None],
    address: t.Callable[[], str],
    client: t.Any,
    backend: str,
) -> None:
    declare(backend=backend)
    where = address()
    with client.start("sh", "-c", ASKING, "sh", where) as asking:
        host.check_output("service docker restart")
        reboot()
        holds()
        client.start("touch", "/tmp/enough").wait()
        assert asking.communicate()[0] == ""
    assert address() == where
    assert declare(backend=backend)["changed"] is False


def test_the_way_by_which_ansible_comes_in(
    host: Host, declare: t.Any, address: t.Callable[[], str], client: t.Any
) -> None:
    """Through a published port, to a container that passes Ansible on to this host, in the words of sshd."""
    bastion = host.check_output(f"{BASTION} nc -ll -p 22 -e /bin/busybox sleep 60")
    container = host.check_output("docker inspect --format %s %s", "{{.NetworkSettings.IPAddress}}", bastion)
    declare(rules=[{"ports": [2222], "sources": [client.address]}])
    came = f"export SSH_CONNECTION='{container} 40000 {address()} 22'"
    with client.start("bash", "-c", 'exec 3<> "/dev/tcp/$1/2222" && sleep 20', "bash", address()) as connected:
        host.check_output(COMES)
        failed = declare(prelude=came)
        who = f"{client.address} to published port 2222/tcp (container {container})"
        assert failed["msg"].startswith(f"the default would cut the way by which Ansible comes in: {who}")
        assert "msg" not in declare(prelude=came, rules=[{"ports": [2222], "sources": [client.address]}])
        assert "msg" not in declare(prelude=came, allow_lockout=True)
        connected.terminate()
    host.check_output("docker rm --force %s", bastion)


def test_away_with_it(away: t.Callable[[], None]) -> None:
    away()
