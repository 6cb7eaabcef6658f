# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log drivers and names of their options: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import log_drivers
from unit.verdicts import Row, row, table

ROWS = [
    row(
        log_drivers.drivers_that_are_gone,
        {"log-driver": "logentries"},
        ('config.log-driver was removed with engine 25.0; got: "logentries"; choose another, such as json-file'),
        version="25.0.0",
    ),
    row(log_drivers.drivers_that_are_gone, {"log-driver": "logentries"}, version="24.0.9"),
    row(
        log_drivers.drivers_that_are_gone,
        {"log-driver": "logentries"},
        version="25.0.0",
        plugins=frozenset({"logentries"}),
    ),
    row(
        log_drivers.slips_of_the_pen,
        {"log-driver": "jsonfile"},
        ('config.log-driver is no log driver: no container would start; got: "jsonfile"; did you mean json-file?'),
    ),
    row(
        log_drivers.slips_of_the_pen,
        {"log-driver": "json"},
        ('config.log-driver is no log driver: no container would start; got: "json"; did you mean json-file?'),
    ),
    row(
        log_drivers.slips_of_the_pen,
        {"log-driver": "journal"},
        ('config.log-driver is no log driver: no container would start; got: "journal"; did you mean journald?'),
    ),
    row(
        log_drivers.slips_of_the_pen,
        {"log-driver": "sylog"},
        ('config.log-driver is no log driver: no container would start; got: "sylog"; did you mean syslog?'),
    ),
    row(log_drivers.slips_of_the_pen, {"log-driver": "json-file"}),
    row(log_drivers.slips_of_the_pen, {"log-driver": "loki"}),
    row(log_drivers.slips_of_the_pen, {"log-driver": "sylog"}, plugins=frozenset({"sylog"})),
    row(
        log_drivers.plugins_with_options,
        {"log-driver": "loki", "log-opts": {"loki-url": "x"}},
        (
            "config.log-driver is no log driver of the engine and no plugin on this host; got: "
            '"loki"; choose one of awslogs, fluentd, gcplogs, gelf, journald, json-file, local, '
            "logentries, none, splunk, syslog, or install the plugin first"
        ),
        plugins=frozenset(),
    ),
    row(
        log_drivers.plugins_with_options,
        {"log-driver": "loki", "log-opts": {"loki-url": "x"}},
        plugins=frozenset({"loki"}),
    ),
    row(log_drivers.plugins_with_options, {"log-driver": "loki", "log-opts": {"loki-url": "x"}}),
    row(
        log_drivers.plugins_that_are_not_there,
        {"log-driver": "loki"},
        (
            "config.log-driver is no log driver of the engine and no plugin on this host; got: "
            '"loki"; choose one of awslogs, fluentd, gcplogs, gelf, journald, json-file, local, '
            "logentries, none, splunk, syslog, or install the plugin first"
        ),
        plugins=frozenset(),
    ),
    row(log_drivers.plugins_that_are_not_there, {"log-driver": "local"}, plugins=frozenset()),
    row(log_drivers.plugins_that_are_not_there, {"log-driver": "loki"}),
    row(
        log_drivers.names_of_options,
        {"log-opts": {"max-sizes": "10m", "bogus": "1"}},
        "config.log-opts.max-sizes is no option of log driver json-file; did you mean max-size?",
        (
            "config.log-opts.bogus is no option of log driver json-file; it has compress, env, "
            "env-regex, labels, labels-regex, max-file, max-size, tag"
        ),
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "local", "log-opts": {"labels": "x"}},
        ("config.log-opts.labels is no option of log driver local; it has compress, max-file, max-size"),
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "journald", "log-opts": {"max-size": "10m"}},
        (
            "config.log-opts.max-size is no option of log driver journald; it has env, env-regex, "
            "labels, labels-regex, tag"
        ),
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "awslogs", "log-opts": {"awslogs-group": "g", "awslogs-create-stream": "true"}},
        ("config.log-opts.awslogs-create-stream is no option of log driver awslogs; did you mean awslogs-stream?"),
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "awslogs", "log-opts": {"awslogs-group": "g", "awslogs-format": "x"}},
        "config.log-opts.awslogs-format came with a later engine than 20.10.24; take it out",
        version="20.10.24",
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "awslogs", "log-opts": {"awslogs-group": "g", "awslogs-format": "x"}},
        version="23.0.0",
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "fluentd", "log-opts": {"fluentd-async-connect": "true"}},
        "config.log-opts.fluentd-async-connect was removed before engine 28.0.0; take it out",
        version="28.0.0",
    ),
    row(
        log_drivers.names_of_options,
        {"log-driver": "fluentd", "log-opts": {"fluentd-async-connect": "true"}},
        version="27.5.1",
    ),
    row(
        log_drivers.names_of_options,
        {
            "log-opts": {
                "max-size": "10m",
                "max-file": "3",
                "mode": "non-blocking",
                "cache-disabled": "true",
                "tag": "x",
            }
        },
    ),
    row(log_drivers.names_of_options, {"log-driver": "loki", "log-opts": {"anything": "x"}}),
    row(log_drivers.names_of_options, {"log-driver": "none", "log-opts": {"anything": "x"}}),
    row(
        log_drivers.options_that_are_needed,
        {"log-driver": "gelf", "log-opts": {"tag": "x"}},
        'config.log-driver needs option gelf-address; got: "gelf"; set log-opts.gelf-address',
    ),
    row(
        log_drivers.options_that_are_needed,
        {"log-driver": "awslogs", "log-opts": {"awslogs-region": "x"}},
        'config.log-driver needs option awslogs-group; got: "awslogs"; set log-opts.awslogs-group',
    ),
    row(log_drivers.options_that_are_needed, {"log-driver": "gelf", "log-opts": {"gelf-address": "udp://x:1"}}),
    row(log_drivers.options_that_are_needed, {"log-driver": "splunk", "log-opts": {"splunk-source": "x"}}),
    row(
        log_drivers.options_that_containers_need,
        {"log-driver": "gelf"},
        'config.log-driver needs option gelf-address; got: "gelf"; set log-opts.gelf-address',
    ),
    row(log_drivers.options_that_containers_need, {"log-driver": "journald"}),
    row(
        log_drivers.options_for_nothing,
        {"log-driver": "none", "log-opts": {"max-size": "10m"}},
        "config.log-opts does nothing with log-driver none",
    ),
    row(log_drivers.options_for_nothing, {"log-driver": "local", "log-opts": {"max-size": "10m"}}),
    row(
        log_drivers.nothing_is_kept,
        {"log-driver": "none"},
        'config.log-driver throws away what containers write; got: "none"',
    ),
    row(log_drivers.nothing_is_kept, {"log-driver": "local"}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
