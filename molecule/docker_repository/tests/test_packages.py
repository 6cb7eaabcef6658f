# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages come from the repository that was named, in the version that was named, and stay there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

testinfra_hosts = ["docker_hosts"]

VARS = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())
PINNED, NEWER = VARS["releases"]


def version(host: Host, package: str) -> str:
    return str(host.check_output("dpkg-query --show --showformat '${Version}' %s", package))


@pytest.mark.parametrize("package", ["docker-ce", "docker-ce-cli"])
def test_pinned_version_is_installed_though_a_newer_one_is_there(host: Host, package: str) -> None:
    assert version(host, package) == PINNED
    assert f"Candidate: {NEWER}" in host.check_output("apt-cache policy %s", package)


def test_all_packages_of_the_engine_are_held(host: Host) -> None:
    assert host.check_output("apt-mark showhold").split() == ["containerd.io", "docker-ce", "docker-ce-cli"]


def test_upgrade_leaves_them_alone(host: Host) -> None:
    simulated = host.check_output("apt-get --simulate upgrade")
    assert re.search(r"have been kept back:\s+docker-ce docker-ce-cli\n", simulated)
    assert not re.search(r"^Inst (docker|containerd)", simulated, re.MULTILINE)


def test_repository_is_trusted_for_its_own_key_alone(host: Host) -> None:
    lines = host.file("/etc/apt/sources.list.d/docker.sources").content_string.splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert (fields["Types"], fields["URIs"]) == ("deb", VARS["engine_repository_url"])
    assert (fields["Suites"], fields["Components"]) == ("bookworm", "stable")
    assert fields["Signed-By"] == "/etc/apt/keyrings/docker.asc"
    assert not host.run("grep -rl Stand-in /etc/apt/trusted.gpg.d /etc/apt/trusted.gpg").stdout


def test_key_can_be_read_by_apts_own_user_and_written_by_root(host: Host) -> None:
    key = host.file("/etc/apt/keyrings/docker.asc")
    assert (key.user, key.group, key.mode) == ("root", "root", 0o644)
    assert key.content_string.startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----")


def test_packaged_files_are_untouched(host: Host) -> None:
    verified = host.run("dpkg --verify docker-ce docker-ce-cli containerd.io")
    assert (verified.rc, verified.stdout) == (0, "")


def test_nothing_of_the_distributions_engine_is_there(host: Host) -> None:
    for package in ("docker.io", "containerd", "runc"):
        assert not host.package(package).is_installed
