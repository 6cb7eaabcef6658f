# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A policy as a chain of iptables: what is written, and what the kernel holds, line by line. Pure.

The chain is ours alone, and DOCKER-USER jumps to it first. Docker makes DOCKER-USER, puts it at the head of FORWARD at
each start, and never flushes it (setupUserChain); all rules of others in it stay.
"""

from __future__ import annotations

import re
import typing as t

from .policy import SECONDS, Family, Network, Policy, Rule

CHAIN = "SLIPWAY-DOCKER"
USER_CHAIN = "DOCKER-USER"
_UNITS = {"second": "sec", "minute": "min", "hour": "hour", "day": "day"}
_STEPS = 10000  # in a second (XT_LIMIT_SCALE)

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\S)|(\S+)')
_QUOTES = re.compile(r'["\\]')
_TEXTS = ("--comment", "--log-prefix")
_ESCAPED = re.compile(r"\\(.)")


def chain(policy: Policy, family: Family) -> list[str]:
    """The rules of the chain, in the words and the order in which iptables-save prints them."""
    found = ["-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN"]
    found += [f"-i {_interface(name)} -j RETURN" for name in policy.trusted]
    for rule in policy.rules:
        if rule.holds_for(family):
            found += _of_rule(policy, rule, family)
    if not policy.allow:
        for name in policy.containers:
            goes = f"-o {_interface(name)}"
            found += [f"{goes} {_log(policy)}"] if policy.log else []
            found.append(f"{goes} -j DROP")
    return found


def restore(rules: t.Sequence[str] | None, has_user_chain: bool, jumps: t.Sequence[int]) -> str:
    """What ``iptables-restore --noflush`` brings about in one step.

    :param rules: of our chain, None to take it away
    :param has_user_chain: whether DOCKER-USER is there; Docker takes over one that it did not make
    :param jumps: positions in DOCKER-USER of the jumps that there are, from 1
    """
    lines = ["*filter"]
    if rules is not None:
        lines += [f":{CHAIN} - [0:0]"]  # without --noflush's mercy for it: ours is emptied and filled in one step
        lines += [] if has_user_chain else [f":{USER_CHAIN} - [0:0]"]
    wanted = [1] if rules is not None else []
    if list(jumps) != wanted:
        lines += [f"-D {USER_CHAIN} -j {CHAIN}"] * len(jumps)
        lines += [f"-I {USER_CHAIN} 1 -j {CHAIN}"] * len(wanted)
    if rules is not None:
        lines += [f"-A {CHAIN} {rule}" for rule in rules]
    else:
        lines += [f"-F {CHAIN}", f"-X {CHAIN}"]
    return "\n".join([*lines, "COMMIT", ""])


def at_boot(rules: t.Sequence[str]) -> str:
    """The chain alone; the jump to it is made when DOCKER-USER is there, of which nothing may be flushed."""
    return "\n".join(["*filter", f":{CHAIN} - [0:0]", *(f"-A {CHAIN} {rule}" for rule in rules), "COMMIT", ""])


def held(saved: str) -> tuple[list[str] | None, list[int], bool]:
    """What ``iptables-save -t filter`` says the kernel holds.

    :returns: our chain's rules (None where it is not there), the positions of jumps to it, whether DOCKER-USER is there
    """
    rules: list[str] | None = None
    jumps: list[int] = []
    position, user = 0, False
    for line in saved.splitlines():
        if line.startswith(f":{CHAIN} "):
            rules = []
        elif line.startswith(f":{USER_CHAIN} "):
            user = True
        elif line.startswith(f"-A {CHAIN} ") and rules is not None:
            rules.append(_canonical(line[len(CHAIN) + 4 :]))
        elif line.startswith(f"-A {USER_CHAIN} "):
            position += 1
            if line.rstrip().endswith(f"-j {CHAIN}"):
                jumps.append(position)
    return rules, jumps, user


def _canonical(rule: str) -> str:
    """One spelling for what iptables prints in two: texts are quoted, and nothing else is.

    Whatever stands in the kernel is taken as it is: somebody may have put it there who is not us.
    """
    words = list(_words(rule))
    return " ".join(_quoted(word) if before in _TEXTS else word for before, word in zip(["", *words], words))


def _words(rule: str) -> t.Iterator[str]:
    """The words of a line of iptables-save, which puts a backslash before quotes and backslashes in a quoted one."""
    for quoted, plain in _WORD.findall(rule):
        yield plain or _ESCAPED.sub(r"\1", quoted)


def _quoted(word: str) -> str:
    """A word as iptables-restore reads it, whatever it begins with; it knows no quotes but the double ones."""
    return '"' + _QUOTES.sub(r"\\\g<0>", word) + '"'


def _of_rule(policy: Policy, rule: Rule, family: Family) -> t.Iterator[str]:
    """A rule for each source, protocol and range of ports: iptables has no lists of published ports."""
    targets = policy.containers if rule.is_for_containers else (rule.bridge,)
    verdict = "-j RETURN" if rule.allow else "-j DROP"
    comment = f"-m comment --comment {_quoted(rule.comment)} " if rule.comment else ""
    for source in rule.sources_of(family) or (None,):
        for target in targets:
            for ports in _ports(rule):
                head = f"{_source(source)}{_by('-i', rule.interface)}{_by('-o', target)}{ports}{comment}"
                if rule.log:
                    yield f"{head}{_log(policy)}"
                yield f"{head}{verdict}"


def _ports(rule: Rule) -> t.Iterator[str]:
    if not rule.ports:
        yield ""
        return
    for protocol in rule.protocols:
        for first, last in rule.ports:
            ports = str(first) if first == last else f"{first}:{last}"
            yield f"-p {protocol} -m conntrack --ctstate DNAT --ctorigdstport {ports} --ctdir ORIGINAL "


def _source(source: Network | None) -> str:
    # iptables does not print what matches everything
    return f"-s {source} " if source is not None and source.prefixlen else ""


def _by(option: str, name: str) -> str:
    return f"{option} {_interface(name)} " if name else ""


def _interface(name: str) -> str:
    return f"{name[:-1]}+" if name.endswith("*") else name


def _log(policy: Policy) -> str:
    prefix = f" --log-prefix {_quoted(policy.prefix)}" if policy.prefix else ""
    return f"-m limit --limit {_rate(*policy.rate)} -j LOG{prefix}"


def _rate(number: int, per: str) -> str:
    """A rate as iptables prints it: it keeps the time between two in whole steps, and then looks for a unit.

    What it prints is read in again, by which the steps can become others (parse_rate, print_rate in libxt_limit.c).
    """
    steps = _STEPS * SECONDS[per] // number
    unit = "day"
    for smaller in ("hour", "minute", "second"):
        whole = _STEPS * SECONDS[smaller]
        if steps > whole or whole // steps < whole % steps:
            break
        unit = smaller
    found = (_STEPS * SECONDS[unit] // steps, unit)
    return f"{found[0]}/{_UNITS[unit]}" if found == (number, per) else _rate(*found)
