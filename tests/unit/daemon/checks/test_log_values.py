# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of log options: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import log_values
from unit.verdicts import Row, row, table

ROWS = [
    row(
        log_values.sizes,
        {"log-opts": {"max-size": "abc"}},
        ('config.log-opts.max-size must be a size such as "10m": no container would start; got: "abc"'),
    ),
    row(
        log_values.sizes,
        {"log-opts": {"max-size": ""}},
        'config.log-opts.max-size must be a size such as "10m": no container would start; got: ""',
    ),
    row(
        log_values.sizes,
        {"log-opts": {"max-size": "0"}},
        'config.log-opts.max-size must be more than nothing: no container would start; got: "0"',
    ),
    row(
        log_values.sizes,
        {"log-driver": "local", "log-opts": {"max-size": "-1"}},
        ('config.log-opts.max-size must be a size such as "10m": no container would start; got: "-1"'),
    ),
    row(log_values.sizes, {"log-opts": {"max-size": "10 m"}}),
    row(log_values.sizes, {"log-opts": {"max-size": "1.5g"}}),
    row(log_values.sizes, {"log-driver": "local", "log-opts": {"max-size": "0"}}),
    row(log_values.sizes, {"log-driver": "loki", "log-opts": {"max-size": "abc"}}),
    row(
        log_values.numbers_of_files,
        {"log-opts": {"max-file": "0"}},
        ('config.log-opts.max-file must be a number from 1, such as "3": no container would start; got: "0"'),
    ),
    row(
        log_values.numbers_of_files,
        {"log-driver": "local", "log-opts": {"max-file": "x"}},
        ('config.log-opts.max-file must be a number from 1, such as "3": no container would start; got: "x"'),
    ),
    row(log_values.numbers_of_files, {"log-opts": {"max-file": "3"}}),
    row(log_values.numbers_of_files, {"log-opts": {"max-file": "+2"}}),
    row(
        log_values.compression,
        {"log-opts": {"compress": "maybe", "max-file": "2", "max-size": "1m"}},
        ('config.log-opts.compress must be "true" or "false": no container would start; got: "maybe"'),
    ),
    row(
        log_values.compression,
        {"log-opts": {"compress": "true", "max-file": "1", "max-size": "1m"}},
        ('config.log-opts.compress needs max-size, and max-file of at least 2: no container would start; got: "true"'),
    ),
    row(
        log_values.compression,
        {"log-opts": {"compress": "true", "max-file": "2"}},
        ('config.log-opts.compress needs max-size, and max-file of at least 2: no container would start; got: "true"'),
    ),
    row(
        log_values.compression,
        {"log-driver": "local", "log-opts": {"max-file": "1"}},
        (
            "config.log-opts.max-file leaves nothing to compress: no container would start; got: "
            '"1"; set log-opts.compress to "false", or max-file to "2"'
        ),
    ),
    row(log_values.compression, {"log-driver": "local", "log-opts": {"max-file": "1", "compress": "false"}}),
    row(log_values.compression, {"log-opts": {"compress": "true", "max-file": "2", "max-size": "1m"}}),
    row(log_values.compression, {"log-opts": {"compress": "false"}}),
    row(
        log_values.modes,
        {"log-opts": {"mode": "sometimes"}},
        'config.log-opts.mode must be blocking or non-blocking; got: "sometimes"',
    ),
    row(
        log_values.modes,
        {"log-opts": {"max-buffer-size": "4m", "cache-disabled": "maybe"}},
        'config.log-opts.max-buffer-size needs mode non-blocking; got: "4m"; set log-opts.mode',
        'config.log-opts.cache-disabled must be "true" or "false"; got: "maybe"',
    ),
    row(
        log_values.modes,
        {"log-opts": {"mode": "non-blocking", "max-buffer-size": "4q"}},
        'config.log-opts.max-buffer-size must be a size such as "4m"; got: "4q"',
    ),
    row(log_values.modes, {"log-opts": {"mode": "non-blocking", "max-buffer-size": "4m"}}),
    row(log_values.modes, {"log-driver": "none", "log-opts": {"mode": "sometimes"}}),
    row(
        log_values.syslog,
        {
            "log-driver": "syslog",
            "log-opts": {"syslog-address": "host:514", "syslog-facility": "nosuch", "syslog-format": "x"},
        },
        (
            "config.log-opts.syslog-address must be of the form udp://host:port, tcp://host:port, "
            'tcp+tls://host:port or unix:///path; got: "host:514"'
        ),
        (
            "config.log-opts.syslog-facility must be one of kern, user, mail, daemon, auth, syslog, "
            "lpr, news, uucp, cron, authpriv, ftp, local0, local1, local2, local3, local4, local5, "
            'local6, local7; got: "nosuch"'
        ),
        'config.log-opts.syslog-format must be one of rfc3164, rfc5424, rfc5424micro; got: "x"',
    ),
    row(
        log_values.syslog,
        {"log-driver": "syslog", "log-opts": {"syslog-address": "unix:///dev/nolog"}},
        'config.log-opts.syslog-address is no socket of this host; got: "unix:///dev/nolog"',
        files={"/dev/nolog": "missing"},
    ),
    row(
        log_values.syslog,
        {
            "log-driver": "syslog",
            "log-opts": {"syslog-address": "tcp+tls://h", "syslog-facility": "local7", "syslog-format": "rfc5424"},
        },
    ),
    row(log_values.syslog, {"log-driver": "syslog", "log-opts": {"syslog-facility": "23"}}),
    row(
        log_values.gelf,
        {"log-driver": "gelf", "log-opts": {"gelf-address": "host:1"}},
        ('config.log-opts.gelf-address must be of the form udp://host:port or tcp://host:port; got: "host:1"'),
    ),
    row(
        log_values.gelf,
        {"log-driver": "gelf", "log-opts": {"gelf-address": "udp://h"}},
        ('config.log-opts.gelf-address must be of the form udp://host:port or tcp://host:port; got: "udp://h"'),
    ),
    row(
        log_values.gelf,
        {
            "log-driver": "gelf",
            "log-opts": {"gelf-address": "udp://h:1", "gelf-tcp-max-reconnect": "1", "gelf-compression-type": "lz4"},
        },
        'config.log-opts.gelf-tcp-max-reconnect does not go with udp; got: "1"; take it out',
        'config.log-opts.gelf-compression-type must be one of gzip, zlib, none; got: "lz4"',
    ),
    row(
        log_values.gelf,
        {"log-driver": "gelf", "log-opts": {"gelf-address": "tcp://h:1", "gelf-compression-type": "gzip"}},
        'config.log-opts.gelf-compression-type does not go with tcp; got: "gzip"; take it out',
    ),
    row(
        log_values.gelf,
        {"log-driver": "gelf", "log-opts": {"gelf-address": "udp://[::1]:12201", "gelf-compression-type": "none"}},
    ),
    row(
        log_values.awslogs,
        {"log-driver": "awslogs", "log-opts": {"awslogs-datetime-format": "x", "awslogs-multiline-pattern": "y"}},
        (
            "config.log-opts.awslogs-datetime-format cannot be set together with "
            "awslogs-multiline-pattern; keep one of the two"
        ),
    ),
    row(log_values.awslogs, {"log-driver": "awslogs", "log-opts": {"awslogs-multiline-pattern": "y"}}),
    row(
        log_values.tags,
        {"log-opts": {"tag": "{{.Name"}},
        ('config.log-opts.tag opens an action that it does not close: no container would start; got: "{{.Name"'),
    ),
    row(
        log_values.tags,
        {"log-opts": {"tag": "{{.Nope}}"}},
        ('config.log-opts.tag has .Nope, which no container has: none would start; got: "{{.Nope}}"'),
    ),
    row(log_values.tags, {"log-opts": {"tag": "{{.ID}}/{{ .Name }}/{{.ImageName}}/{{.DaemonName}}"}}),
    row(log_values.tags, {"log-opts": {"tag": "{{ if .Name }}x{{ end }}"}}),
    row(log_values.tags, {"log-opts": {"tag": "a}}b"}}),
    row(log_values.tags, {"log-driver": "none", "log-opts": {"tag": "{{.Name"}}),
    row(
        log_values.empty_tags,
        {"log-opts": {"tag": "/"}},
        ('config.log-opts.tag is empty; got: "/"; to get braces past Ansible, write !unsafe before the value'),
    ),
    row(log_values.empty_tags, {"log-opts": {"tag": "x"}}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
