# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in which flags stand in an init script and in its file of variables."""

from __future__ import annotations

OPTIONS = "\t\t\t\t$DOCKER_OPTS \\\n"
Change = tuple[str, str]

# The file of variables as it is, and as it is to be.
FILES: dict[str, tuple[str, str]] = {
    "short": ('DOCKER_OPTS="-H tcp://10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "short-equals": ('DOCKER_OPTS="-H=10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "short-equals-unix": ('DOCKER_OPTS="-D -H=unix:///var/run/docker.sock"\n', 'DOCKER_OPTS="-D"\n'),
    "short-glued": ('DOCKER_OPTS="-D -H10.0.0.1:2375 --mtu 1400"\n', 'DOCKER_OPTS="-D --mtu 1400"\n'),
    "long": ('DOCKER_OPTS="--host tcp://10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "long-equals": ('DOCKER_OPTS="-D --host=tcp://10.0.0.1:2375"\n', 'DOCKER_OPTS="-D"\n'),
    "empty-path": ('DOCKER_OPTS="-H unix:// -D"\n', 'DOCKER_OPTS="-D"\n'),
    "two-slashes": ('DOCKER_OPTS="-D -H unix://var/run/docker.sock"\n', 'DOCKER_OPTS="-D"\n'),
    "schemeless": ('DOCKER_OPTS="-H :2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "several-scattered": (
        'DOCKER_OPTS="-H unix:// --dns 9.9.9.9 --host=tcp://0.0.0.0:2375 -D -H=fd://"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 -D"\n',
    ),
    "nothing-else": ('DOCKER_OPTS="-H tcp://10.0.0.1:2375"\n', 'DOCKER_OPTS=""\n'),
    "short-flags": (
        "DOCKER_OPTS='-g /srv/docker -s overlay2 -b br0 -D -G wheel -H x'\n",
        "DOCKER_OPTS='-g /srv/docker -s overlay2 -b br0 -D -G wheel'\n",
    ),
    "quotes-double": ('DOCKER_OPTS="-H x --dns 9.9.9.9"\n', 'DOCKER_OPTS="--dns 9.9.9.9"\n'),
    "quotes-single": ("DOCKER_OPTS='-H x --dns 9.9.9.9'\n", "DOCKER_OPTS='--dns 9.9.9.9'\n"),
    "quotes-none": ("DOCKER_OPTS=--host=x\n", "DOCKER_OPTS=\n"),
    "quotes-none-with-escaped-blanks": (
        "DOCKER_OPTS=-D\\ -H\\ x\\ --ipv6\n",
        "DOCKER_OPTS=-D\\ \\ \\ --ipv6\n",
    ),
    "quotes-nested": (
        "DOCKER_OPTS=\"--label 'a' -H 'x' -D\"\n",
        "DOCKER_OPTS=\"--label 'a' -D\"\n",
    ),
    "quotes-mixed": ('DOCKER_OPTS="-D "\'-H x\'" --ipv6"\n', 'DOCKER_OPTS="-D "\'\'" --ipv6"\n'),
    "blanks-around": ('DOCKER_OPTS=" -H x  -D "\n', 'DOCKER_OPTS=" -D "\n'),
    "tabs": ('DOCKER_OPTS="-D\t-H\tx\t--ipv6"\n', 'DOCKER_OPTS="-D\t--ipv6"\n'),
    "multi-line-with-backslash": (
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -H tcp://0.0.0.0:2375 \\\n  -D"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D"\n',
    ),
    "multi-line-first": (
        'DOCKER_OPTS="-H x \\\n  --dns 9.9.9.9 \\\n  -D"\n',
        'DOCKER_OPTS="\\\n  --dns 9.9.9.9 \\\n  -D"\n',
    ),
    "multi-line-last": (
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D \\\n  -H x"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D \\\n"\n',
    ),
    "multi-line-without-backslash": (
        "DOCKER_OPTS='\n -D\n -H x\n --ipv6\n'\n",
        "DOCKER_OPTS='\n -D\n\n --ipv6\n'\n",
    ),
    "flag-and-value-on-two-lines": ('DOCKER_OPTS="-D -H \\\nx --ipv6"\n', 'DOCKER_OPTS="-D --ipv6"\n'),
    "self-append": (
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS -H x"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS"\n',
    ),
    "self-append-in-front": (
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="-H x ${DOCKER_OPTS}"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="${DOCKER_OPTS}"\n',
    ),
    "self-append-of-what-has-it": (
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="$DOCKER_OPTS --ipv6"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS --ipv6"\n',
    ),
    "self-append-in-an-if": (
        'DOCKER_OPTS="-D"\nif [ -d /etc/docker ]; then\n  DOCKER_OPTS="$DOCKER_OPTS -H x"\nfi\n',
        'DOCKER_OPTS="-D"\nif [ -d /etc/docker ]; then\n  DOCKER_OPTS="$DOCKER_OPTS"\nfi\n',
    ),
    "assigned-twice": (
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="-H y --ipv6"\n',
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="--ipv6"\n',
    ),
    "commented-one-beside": (
        '#DOCKER_OPTS="-H commented"\nDOCKER_OPTS="-H x -D" # -H behind\n',
        '#DOCKER_OPTS="-H commented"\nDOCKER_OPTS="-D" # -H behind\n',
    ),
    "exported": ('export DOCKER_OPTS="-H x -D"\n', 'export DOCKER_OPTS="-D"\n'),
    "two-on-a-line": ('DOCKER_OPTS="-H x -D"; export DOCKER_OPTS\n', 'DOCKER_OPTS="-D"; export DOCKER_OPTS\n'),
    "in-a-condition": ('[ -d /nowhere ] || DOCKER_OPTS="-H x -D"\n', '[ -d /nowhere ] || DOCKER_OPTS="-D"\n'),
    "other-variables": (
        'export http_proxy="http://-H:1/"\nexport TMPDIR="/mnt/-H x"\nDOCKER_HOST="-H x"\nDOCKER_OPTS="-H x -D"\n',
        'export http_proxy="http://-H:1/"\nexport TMPDIR="/mnt/-H x"\nDOCKER_HOST="-H x"\nDOCKER_OPTS="-D"\n',
    ),
    "through-a-variable-of-its-own": (
        'WHERE=tcp://10.0.0.1:2375\nDOCKER_OPTS="-D -H $WHERE"\n',
        'WHERE=tcp://10.0.0.1:2375\nDOCKER_OPTS="-D"\n',
    ),
    "through-two-variables": (
        'A="-H x"\nB="$A -D"\nDOCKER_OPTS="$B --ipv6"\n',
        'A=""\nB="$A -D"\nDOCKER_OPTS="$B --ipv6"\n',
    ),
    "value-in-braces": ('IP=10.0.0.1\nDOCKER_OPTS="-H tcp://${IP}:2375 -D"\n', 'IP=10.0.0.1\nDOCKER_OPTS="-D"\n'),
    "address-of-the-machine": (
        'DOCKER_OPTS="-D -H tcp://$(hostname):2375 --ipv6"\n',
        'DOCKER_OPTS="-D --ipv6"\n',
    ),
    "default-of-a-variable": ('DOCKER_OPTS="${MORE:--H x} -D"\n', 'DOCKER_OPTS="${MORE:-} -D"\n'),
    "unless-set": ('DOCKER_OPTS="${DOCKER_OPTS:--H x -D}"\n', 'DOCKER_OPTS="${DOCKER_OPTS:--D}"\n'),
    "colon": (": ${DOCKER_OPTS:='-H x -D'}\n", ": ${DOCKER_OPTS:='-D'}\n"),
    "colon-in-quotes": (': "${DOCKER_OPTS:=-H x -D}"\n', ': "${DOCKER_OPTS:=-D}"\n'),
    "in-both-branches": (
        "if [ -d /etc/docker ]; then\n\tDOCKER_OPTS='-H a -D'\nelse\n\tDOCKER_OPTS='-H b'\nfi\n",
        "if [ -d /etc/docker ]; then\n\tDOCKER_OPTS='-D'\nelse\n\tDOCKER_OPTS=''\nfi\n",
    ),
    "in-a-case": (
        "case $(hostname) in\n  a*) DOCKER_OPTS='-D' ;;\n  *) DOCKER_OPTS='-H x' ;;\nesac\n",
        "case $(hostname) in\n  a*) DOCKER_OPTS='-D' ;;\n  *) DOCKER_OPTS='' ;;\nesac\n",
    ),
    "no-newline-at-the-end": ('DOCKER_OPTS="-D -H x"', 'DOCKER_OPTS="-D"'),
    "no-newline-and-no-quotes": ("DOCKER_OPTS=-Hx", "DOCKER_OPTS="),
    "bytes-that-are-no-text": ('# caf\\351\nDOCKER_OPTS="-H x -D"\n', '# caf\\351\nDOCKER_OPTS="-D"\n'),
    "echoed-behind": (
        'DOCKER_OPTS="-H x -D"\necho "options: $DOCKER_OPTS, not -H y"\n',
        'DOCKER_OPTS="-D"\necho "options: $DOCKER_OPTS, not -H y"\n',
    ),
    "guard-of-what-is-in-it": (
        'DOCKER_OPTS="-H x -D"\nif echo "$DOCKER_OPTS" | grep -q -e \'-H|--host\'; then :; fi\n',
        'DOCKER_OPTS="-D"\nif echo "$DOCKER_OPTS" | grep -q -e \'-H|--host\'; then :; fi\n',
    ),
}

# What differs in the script, and the lines of it that change when the flags go.
SCRIPTS: dict[str, tuple[Change, list[Change]]] = {
    "behind-the-dashes": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H tcp://0.0.0.0:2375 \\\n"),
        [("\t\t\t\t-H tcp://0.0.0.0:2375 \\", "")],
    ),
    "behind-the-dashes-on-one-line": (
        (OPTIONS, "\t\t\t\t-H fd:// $DOCKER_OPTS --host='tcp://0.0.0.0:2375' \\\n"),
        [("\t\t\t\t-H fd:// $DOCKER_OPTS --host='tcp://0.0.0.0:2375' \\", "\t\t\t\t$DOCKER_OPTS \\")],
    ),
    "behind-the-options": (
        (OPTIONS, '\t\t\t\t$DOCKER_OPTS "-H" "fd://" \\\n'),
        [('\t\t\t\t$DOCKER_OPTS "-H" "fd://" \\', "\t\t\t\t$DOCKER_OPTS \\")],
    ),
    "value-on-the-next-line": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H \\\n\t\t\t\tfd:// \\\n"),
        [("\t\t\t\t-H \\\n\t\t\t\tfd:// \\", "")],
    ),
    "through-a-variable": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H $DOCKER_HOST_URL \\\n"),
        [("\t\t\t\t-H $DOCKER_HOST_URL \\", "")],
    ),
    "through-a-quoted-variable": (
        (OPTIONS, OPTIONS + '\t\t\t\t-H "unix://$SOCKET" \\\n'),
        [('\t\t\t\t-H "unix://$SOCKET" \\', "")],
    ),
    "set-in-the-script": (
        ("DOCKER_OPTS=\n", "DOCKER_OPTS='-H fd:// -D'\n"),
        [("DOCKER_OPTS='-H fd:// -D'", "DOCKER_OPTS='-D'")],
    ),
    "default-expansion": (
        ("DOCKER_OPTS=\n", ": ${DOCKER_OPTS:='-H fd:// -D'}\n"),
        [(": ${DOCKER_OPTS:='-H fd:// -D'}", ": ${DOCKER_OPTS:='-D'}")],
    ),
    "default-of-itself": (
        ("DOCKER_OPTS=\n", "DOCKER_OPTS=${DOCKER_OPTS:--H fd:// -D}\n"),
        [("DOCKER_OPTS=${DOCKER_OPTS:--H fd:// -D}", "DOCKER_OPTS=${DOCKER_OPTS:--D}")],
    ),
    "default-expansion-behind-the-file": (
        ("need_root() {\n", 'DOCKER_OPTS="${DOCKER_OPTS:--H fd://}"\n\nneed_root() {\n'),
        [('DOCKER_OPTS="${DOCKER_OPTS:--H fd://}"', 'DOCKER_OPTS="${DOCKER_OPTS:-}"')],
    ),
    "in-a-branch": (
        (
            "need_root() {\n",
            'if [ -d /etc/docker ]; then\n\tDOCKER_OPTS="-H fd:// $DOCKER_OPTS"\nfi\n\nneed_root() {\n',
        ),
        [('\tDOCKER_OPTS="-H fd:// $DOCKER_OPTS"', '\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "in-one-of-two-branches": (
        (
            "need_root() {\n",
            "if [ -S /x ]; then\n\tDOCKER_OPTS='--mtu 1400'\nelse\n\tDOCKER_OPTS='-H fd:// -D'\nfi\n\nneed_root() {\n",
        ),
        [("\tDOCKER_OPTS='-H fd:// -D'", "\tDOCKER_OPTS='-D'")],
    ),
    "appended": (
        ("need_root() {\n", 'DOCKER_OPTS="$DOCKER_OPTS -H fd://"\n\nneed_root() {\n'),
        [('DOCKER_OPTS="$DOCKER_OPTS -H fd://"', 'DOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "in-a-function": (
        ("mount_groups() {\n", 'mount_groups() {\n\tDOCKER_OPTS="$DOCKER_OPTS --host fd://"\n'),
        [('\tDOCKER_OPTS="$DOCKER_OPTS --host fd://"', '\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "echoed": (
        (
            "\t\tulimit -c 0\n",
            '\t\tDOCKER_OPTS="$DOCKER_OPTS -H fd://"\n\t\techo "$DOCKERD $DOCKER_OPTS, once -H x" >> "$LOG"\n',
        ),
        [('\t\tDOCKER_OPTS="$DOCKER_OPTS -H fd://"', '\t\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "local-variable-of-a-function": (
        (
            "need_root() {\n",
            'need_root() {\n\tlocal more="-H fd:// --ipv6"\n\tDOCKER_OPTS="$DOCKER_OPTS $more"\n',
        ),
        [('\tlocal more="-H fd:// --ipv6"', '\tlocal more="--ipv6"')],
    ),
}
