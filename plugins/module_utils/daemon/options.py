# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The catalogue: every option of dockerd on Linux, one row each.

Computed over the release tags of moby from 17.03 to 29.7.2 (JSON tags of the configuration and flag definitions).
"""

from __future__ import annotations

import difflib
import functools
import typing as t
from dataclasses import dataclass

Kind = t.Literal["bool", "int", "string", "list", "map", "object", "objects"]
Reload = t.Literal["no", "set-only", "yes"]


@dataclass(frozen=True)
class Option:
    """One option of dockerd.

    :param key: name in daemon.json; a dot leads into a group (``proxies.http-proxy``)
    :param flag: long flag without dashes, None for options of the file alone
    :param kind: type of the value in daemon.json
    :param reloadable: whether SIGHUP applies it: ``yes`` also its removal, ``set-only`` only a value that is present
    :param reloadable_until: last series of the engine in which it is reloadable
    :param since: engine version that introduced it, empty before 1.13
    :param flag_since: engine version that introduced its flag, where that came later
    :param removed: engine version whose command line no longer knows it
    """

    key: str
    flag: str | None
    kind: Kind
    short: str | None = None
    choices: tuple[str, ...] = ()
    repeatable: bool = False
    reloadable: Reload = "no"
    reloadable_until: str = ""
    since: str = ""
    flag_since: str = ""
    removed: str = ""


OPTIONS: tuple[Option, ...] = (
    Option("allow-direct-routing", "allow-direct-routing", "bool", since="28.2.0"),
    Option(
        "allow-nondistributable-artifacts",
        "allow-nondistributable-artifacts",
        "list",
        repeatable=True,
        reloadable="set-only",
        reloadable_until="27.5",
        since="17.06",
        removed="29.0.0",
    ),
    Option("api-cors-header", "api-cors-header", "string", removed="29.0.0"),
    Option("authorization-plugins", "authorization-plugin", "list", repeatable=True, reloadable="yes"),
    Option("bip", "bip", "string"),
    Option("bip6", "bip6", "string", since="28.0.0"),
    Option("bridge", "bridge", "string", short="b"),
    Option("bridge-accept-fwmark", "bridge-accept-fwmark", "string", since="29.0.0"),
    Option("builder", None, "object", since="18.09"),
    Option("cdi-spec-dirs", "cdi-spec-dir", "list", repeatable=True, since="25.0.0"),
    Option("cgroup-parent", "cgroup-parent", "string"),
    Option(
        "cluster-advertise", "cluster-advertise", "string", reloadable="yes", reloadable_until="20.10", removed="24.0.0"
    ),
    Option("cluster-store", "cluster-store", "string", reloadable="yes", reloadable_until="20.10", removed="24.0.0"),
    Option(
        "cluster-store-opts",
        "cluster-store-opt",
        "map",
        repeatable=True,
        reloadable="yes",
        reloadable_until="20.10",
        removed="24.0.0",
    ),
    Option("containerd", "containerd", "string"),
    Option("containerd-namespace", "containerd-namespace", "string", since="19.03.3"),
    Option("containerd-plugins-namespace", "containerd-plugins-namespace", "string", since="19.03.3"),
    Option("cpu-rt-period", "cpu-rt-period", "int", since="1.13"),
    Option("cpu-rt-runtime", "cpu-rt-runtime", "int", since="1.13"),
    Option("cri-containerd", "cri-containerd", "bool", since="18.09"),
    Option("data-root", "data-root", "string", since="17.05"),
    Option("debug", "debug", "bool", short="D", reloadable="set-only"),
    Option("default-address-pools", "default-address-pool", "objects", repeatable=True, since="18.06"),
    Option(
        "default-cgroupns-mode",
        "default-cgroupns-mode",
        "string",
        choices=("host", "private"),
        reloadable="set-only",
        since="20.10.0",
    ),
    Option("default-gateway", "default-gateway", "string"),
    Option("default-gateway-v6", "default-gateway-v6", "string"),
    Option(
        "default-ipc-mode",
        "default-ipc-mode",
        "string",
        choices=("private", "shareable"),
        reloadable="set-only",
        since="17.09",
    ),
    Option("default-network-opts", "default-network-opt", "map", repeatable=True, since="24.0.0"),
    Option("default-runtime", "default-runtime", "string", reloadable="set-only"),
    Option("default-shm-size", "default-shm-size", "string", reloadable="set-only", since="17.04"),
    Option("default-stop-timeout", "default-stop-timeout", "int", reloadable="set-only", since="29.7.0"),
    Option("default-ulimits", "default-ulimit", "map", repeatable=True),
    Option("deprecated-key-path", "deprecated-key-path", "string", since="17.06", removed="19.03"),
    Option("disable-legacy-registry", "disable-legacy-registry", "bool", removed="19.03"),
    Option("dns", "dns", "list", repeatable=True),
    Option("dns-opts", "dns-opt", "list", repeatable=True),
    Option("dns-search", "dns-search", "list", repeatable=True),
    Option("exec-opts", "exec-opt", "list", repeatable=True),
    Option("exec-root", "exec-root", "string"),
    Option("experimental", "experimental", "bool", since="1.13"),
    Option("features", "feature", "map", repeatable=True, reloadable="yes", since="18.09", flag_since="27.3.0"),
    Option("firewall-backend", "firewall-backend", "string", choices=("", "iptables", "nftables"), since="29.0.0"),
    Option("fixed-cidr", "fixed-cidr", "string"),
    Option("fixed-cidr-v6", "fixed-cidr-v6", "string"),
    Option("graph", "graph", "string", short="g", removed="24.0.0"),
    Option("group", "group", "string", short="G"),
    Option("host-gateway-ip", "host-gateway-ip", "string", since="20.10.0"),
    Option("host-gateway-ips", "host-gateway-ip", "list", repeatable=True, since="28.0.0"),
    Option("hosts", "host", "list", short="H", repeatable=True),
    Option("icc", "icc", "bool"),
    Option("init", "init", "bool", since="1.13"),
    Option("init-path", "init-path", "string", since="1.13"),
    Option("insecure-registries", "insecure-registry", "list", repeatable=True, reloadable="set-only"),
    Option("ip", "ip", "string"),
    Option("ip-forward", "ip-forward", "bool"),
    Option("ip-forward-no-drop", "ip-forward-no-drop", "bool", since="28.0.0"),
    Option("ip-masq", "ip-masq", "bool"),
    Option("ip6tables", "ip6tables", "bool", since="20.10.0"),
    Option("iptables", "iptables", "bool"),
    Option("ipv6", "ipv6", "bool"),
    Option("labels", "label", "list", repeatable=True, reloadable="set-only"),
    Option("live-restore", "live-restore", "bool", reloadable="set-only"),
    Option("log-driver", "log-driver", "string"),
    Option("log-format", "log-format", "string", choices=("text", "json"), since="25.0.0"),
    Option(
        "log-level",
        "log-level",
        "string",
        short="l",
        choices=("debug", "info", "warn", "warning", "error", "fatal", "panic", "trace"),
    ),
    Option("log-opts", "log-opt", "map", repeatable=True),
    Option("max-concurrent-downloads", "max-concurrent-downloads", "int", reloadable="yes"),
    Option("max-concurrent-uploads", "max-concurrent-uploads", "int", reloadable="yes"),
    Option("max-download-attempts", "max-download-attempts", "int", reloadable="yes", since="20.10.0"),
    Option("metrics-addr", "metrics-addr", "string", since="1.13"),
    Option("min-api-version", None, "string", since="29.0.0"),
    Option("mtu", "mtu", "int"),
    Option("network-control-plane-mtu", "network-control-plane-mtu", "int", since="17.09"),
    Option("network-diagnostic-port", "network-diagnostic-port", "int", reloadable="yes", since="17.12"),
    Option("no-new-privileges", "no-new-privileges", "bool", since="17.06"),
    Option("node-generic-resources", "node-generic-resource", "list", repeatable=True, since="17.12.1"),
    Option("nri-opts", "nri-opts", "object", reloadable="yes", since="29.2.0"),
    Option("oom-score-adjust", "oom-score-adjust", "int", removed="26.0.0"),
    Option("pidfile", "pidfile", "string", short="p"),
    Option("proxies", None, "object", since="23.0.0"),
    Option("proxies.http-proxy", "http-proxy", "string", since="23.0.0"),
    Option("proxies.https-proxy", "https-proxy", "string", since="23.0.0"),
    Option("proxies.no-proxy", "no-proxy", "string", since="23.0.0"),
    Option("raw-logs", "raw-logs", "bool"),
    Option("registry-mirrors", "registry-mirror", "list", repeatable=True, reloadable="set-only"),
    Option("restart", "restart", "bool", short="r"),
    Option("rootless", "rootless", "bool", since="19.03"),
    Option("runtimes", "add-runtime", "map", repeatable=True, reloadable="set-only"),
    Option("seccomp-profile", "seccomp-profile", "string", since="1.13"),
    Option("selinux-enabled", "selinux-enabled", "bool"),
    Option("shutdown-timeout", "shutdown-timeout", "int", reloadable="set-only", since="1.13"),
    Option("storage-driver", "storage-driver", "string", short="s"),
    Option("storage-opts", "storage-opt", "list", repeatable=True),
    Option("swarm-default-advertise-addr", "swarm-default-advertise-addr", "string"),
    Option("tls", "tls", "bool"),
    Option("tlscacert", "tlscacert", "string"),
    Option("tlscert", "tlscert", "string"),
    Option("tlskey", "tlskey", "string"),
    Option("tlsverify", "tlsverify", "bool"),
    Option("userland-proxy", "userland-proxy", "bool"),
    Option("userland-proxy-path", "userland-proxy-path", "string", since="1.13"),
    Option("userns-remap", "userns-remap", "string"),
)

# Flags that stand for no key: they say how dockerd is called, not how it is configured.
CALL_FLAGS: tuple[Option, ...] = (
    Option("", "config-file", "string"),
    Option("", "validate", "bool", since="23.0.0"),
    Option("", "help", "bool"),
    Option("", "version", "bool", short="v"),
)

# dockerd merges this one by name instead of refusing it on both sides (findConfigurationConflicts, skipDuplicates).
MERGED_BY_DOCKERD = frozenset({"runtimes"})


@functools.cache
def by_key() -> dict[str, Option]:
    """Options by their key in daemon.json."""
    return {option.key: option for option in OPTIONS}


@functools.cache
def by_flag() -> dict[str, Option]:
    """Options by long flag; the plural key wins where two keys share a flag (host-gateway-ip)."""
    return {option.flag: option for option in (*OPTIONS, *CALL_FLAGS) if option.flag}


@functools.cache
def by_short() -> dict[str, Option]:
    """Options by their one-letter flag."""
    return {option.short: option for option in (*OPTIONS, *CALL_FLAGS) if option.short}


def known_keys() -> list[str]:
    """Keys that may stand at the top level of daemon.json."""
    return [option.key for option in OPTIONS if "." not in option.key]


def nearest_key(name: str) -> str | None:
    """The known key that a wrong one was most likely meant to be.

    The singular flag name of a repeatable option comes first: dockerd accepts it in the file and ignores it.
    """
    option = by_flag().get(name)
    if option is not None and option.key and option.key != name:
        return option.key
    found = difflib.get_close_matches(name.lower().replace("_", "-"), known_keys(), n=1, cutoff=0.6)
    return found[0] if found else None
