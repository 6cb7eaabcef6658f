# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of variable assignments in the shapes that hosts have, and what sh makes of such a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

DEBIAN = """\
# Options of the Docker daemon. Read by the init script; systemd passes over what is no assignment.

# Where to find the program:
#DOCKERD="/usr/local/bin/dockerd"

# Options for the daemon:
#DOCKER_OPTS="--dns 192.0.2.1 --dns 192.0.2.2"

# Behind a proxy:
#export http_proxy="http://127.0.0.1:3128/"

# Where temporary files go:
#export DOCKER_TMPDIR="/mnt/big/docker-tmp"
"""

RED_HAT = """\
# /etc/sysconfig/docker

OPTIONS='--selinux-enabled --log-driver=journald --label "a b"'
if [ -z "${DOCKER_CERT_PATH}" ]; then
    DOCKER_CERT_PATH=/etc/docker
fi

# ADD_REGISTRY='--add-registry registry.example.test'
ADD_REGISTRY=
INSECURE_REGISTRY="--insecure-registry=10.0.0.0/8"
DOCKER_TMPDIR=/var/tmp   # big enough
"""

FILES = {
    "empty": "",
    "blank": "\n",
    "debian": DEBIAN,
    "red-hat": RED_HAT,
    "openrc": "# /etc/conf.d/docker\n\n# other options\nDOCKER_OPTS=\"--debug\"\nDOCKER_ULIMIT='-n 1048576'\n",
    "no-final-newline": "A=1\nDOCKER_OPTS=--debug",
    "comment-without-newline": "A=1\n# DOCKER_OPTS=",
    "double": 'DOCKER_OPTS="-H unix:// --debug"\nB=2\n',
    "single": "DOCKER_OPTS='--debug --label x=\"y z\"'\nB=2\n",
    "no-quotes-with-blanks": "DOCKER_OPTS=--debug --ipv6\nB=2\n",
    "nested": "DOCKER_OPTS=\"--label='a b' --exec-opt \\\"c\\\"\"\nB='it'\\''s'\n",
    "concatenated": 'DOCKER_OPTS="-H "\'unix://\'" --debug"\\ x\n',
    "multi-line": 'A=1\nDOCKER_OPTS="--debug \\\n  --ipv6 \\\n  --label x"\nB=2\n',
    "multi-line-in-quotes": "DOCKER_OPTS='--debug\n  --ipv6'\nB=2\n",
    "continued": "DOCKER_OPTS=--debug\\\n--ipv6\nB=2\n",
    "blanks-around": '  DOCKER_OPTS=" --debug "  \n\tB=2\n',
    "blanks-at-equals": "DOCKER_OPTS = --debug\nB=2\n",
    "comment-behind": 'DOCKER_OPTS="--debug" # why not\nB=2\n',
    "semicolon": 'DOCKER_OPTS="--debug";\nB=2; C=3\n',
    "self-append": 'DOCKER_OPTS="--debug"\nDOCKER_OPTS="$DOCKER_OPTS --ipv6"\nDOCKER_OPTS="${DOCKER_OPTS} --label x"\n',
    "plus": "DOCKER_OPTS=--debug\nDOCKER_OPTS+=' --ipv6'\nB=2\n",
    "if": 'if [ -z "$DOCKER_OPTS" ]; then\n  DOCKER_OPTS="--debug"\nelse\n  B=2\nfi\nC=3\n',
    "default": ': "${DOCKER_OPTS:=--debug}"\nB="${DOCKER_OPTS:-}"\n',
    "case": 'case "$B" in\n  (a|b) DOCKER_OPTS=--debug ;;\n  *) B=$(case x in x) echo y;; esac) ;;\nesac\nC=3\n',
    "loops": "for B in 1 2; do DOCKER_OPTS=$B; done\nwhile false; do C=3; done\nuntil true; do\n  C=4\ndone\nD=5\n",
    "function": "add() {\n  DOCKER_OPTS=--debug\n}\nfunction_like=1\n( C=3 )\n{ D=4; }\n",
    "conditions": "test -n x && DOCKER_OPTS=--debug\nfalse ||\nB=2\nC=3 && D=4\n! E=5\n",
    "for-one-command": "DOCKER_OPTS=--debug true\nB=2 C=3\n",
    "source": "[ -r /nonexistent ] && . /nonexistent\nDOCKER_OPTS=--debug\n",
    "here-document": "cat <<EOF >/dev/null\nDOCKER_OPTS=--debug\nEOF\ncat <<-'END'\n\tB=\"\n\tEND\nC=3\n",
    "commands": "DOCKER_OPTS=\"--label host=$(hostname -s) --mtu `echo 1400`\"\nB=$((1 << 2))\nC='$(id)'\n",
    "expansions": 'B=${X:-\'a b\'}\nC="${X:-"a }"}"\nD=${#X}\nE="a$ b"\nF=$\nG=~/x\nDOCKER_OPTS=$B\n',
    "export": "export http_proxy=http://127.0.0.1:3128/ # proxy\nexport B=2 C='3 4'\n"
    "export DOCKER_TMPDIR\nDOCKER_TMPDIR=/tmp\n",
    "export-behind": 'DOCKER_OPTS="--debug"\nexport DOCKER_OPTS\nB=2\n',
    "export-of-two": "export DOCKER_OPTS B\nDOCKER_OPTS=--debug\n",
    "unset": "DOCKER_OPTS=--debug\nexport DOCKER_OPTS\nunset DOCKER_OPTS\nB=2\n",
    "read-only": "readonly B=2\nDOCKER_OPTS=--debug\n",
    "left-early": "DOCKER_OPTS=--debug\nreturn 0\n",
    "example-continued": '#DOCKER_OPTS="--debug \\\n#  --ipv6"\nB=2\n',
    "example-exported": '# export DOCKER_OPTS="--debug"\nexport DOCKER_OPTS\nB=2\n',
    "example-in-quotes": "B='\n#DOCKER_OPTS=--debug\n'\nC=3\n",
    "carriage-returns": '# DOCKER_OPTS=\r\nA=1\r\nDOCKER_OPTS="--debug"\r\nB=2\r\n',
    "not-ascii": "# Gr\u00fc\u00dfe \udcff\nDOCKER_OPTS='--label gr\u00fc\u00df=\u4f60'\n",
    "continued-in-name": "DOCKER_\\\nOPTS=--debug\nex\\\nport B\\\nB=2\n",
    "unfinished-export": "B=2\nexport \\",
    "unfinished-line": "B=2\nC=3 \\",
    "unfinished-quote": 'B=2\nDOCKER_OPTS="--debug\nC=3\n',
    "byte-order-mark": "\ufeffDOCKER_OPTS=--debug\nB=2\n",
}


def source(text: str, name: str, folder: Path, shell: str = "sh") -> tuple[str | None, str | None]:
    """The variable after sh has read the file, and as processes see it that sh starts."""
    path = folder / "assignments"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    own_value = f'[ -z "${{{name}+x}}" ] || printf "%s" "=${name}"'
    script = f'. ./assignments >&2; {own_value}; printf "\\0"; exec /usr/bin/env -0'
    done = subprocess.run(
        [shell, "-c", script],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if b"\0" not in done.stdout:
        raise AssertionError(f"{shell} does not come to the end of the file: {done.stderr!r}")
    own, *exported = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    seen = dict(entry.split("=", 1) for entry in exported if "=" in entry)
    return (own[1:] if own else None), seen.get(name)
