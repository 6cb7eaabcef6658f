# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a script has but one way to go, the words that are found are those that a shell gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import Trace, trace
from unit.host.shell.running import DAEMONS, run

# Each line is run, and has to give the same.
SAME = r"""
dockerd a\ b 'c d' "e f" g"h i"'j' \k "\l\$\"\\" '' "" x'' ''y
X='a  b'; dockerd $X "$X" x$X"$X"y ${X} "${X}z" $NONE "$NONE" a$NONE
X=' a '; dockerd x$X $X'y' "$X"
dockerd ${NONE:-a b} "${NONE-c d}" ${NONE:+e} ${NONE+f} "${NONE:-}"
X=; dockerd ${X:-a} ${X-b} "${X:+c}" "${X+d}"
X=1; dockerd ${X:-a} ${X:+b c} "${X:+"d e"}" ${X:+'f g'} ${NONE:-"h i"} ${NONE:-${X:-j}${NONE-k}} "${NONE:-'l'}"
dockerd ${X:=a} $X; X=; dockerd ${X:=b c} "$X" ${X:?no}
: ${X:='-H a' -D} "${Y:=b  c}"; dockerd $X $Y
X=/a/b.c.d; dockerd ${X##*/} ${X#*/} ${X%/*} ${X%%.*} ${X%.*} "${X##/a/}" ${X%q}
X=/a/b.sh; dockerd $(basename $X) `basename "$X" .sh` "$(dirname $X)" $(basename ${X%.sh})
set -- a 'b c' ''; dockerd "$@" $@ "$*" $1 "$2" x"$@"y; shift; dockerd "$@"; shift 2; dockerd "$@" z
set -- -H; set -- "$@" a; dockerd "$@"
f() { X=$1; }; f a; dockerd $X
f() { X=a; return; X=b; }; f; dockerd $X
f() { if true; then return; fi; dockerd no; }; f; dockerd yes
f () ( X=a; dockerd $X ); X=b; f; dockerd $X
X=a; (X=b; dockerd $X); dockerd $X
X=a; { X=b; }; dockerd $X
X=a; echo | X=b; dockerd $X
X=a; X=b dockerd $X; dockerd $X
X=a Y=b; dockerd $X$Y
export X=a Y; Y=b; readonly Z=c; dockerd $X $Y $Z
X=a; unset X; dockerd ${X-none}
X=a; Y='$X'; dockerd "$Y" "\$X" '$X'
dockerd a#b '#' "#" # comment 'x
dockerd a>out b 2>&1 c </dev/null d>>out
>out dockerd a
if [ -n "$NONE" ]; then dockerd a; elif [ -z "$NONE" ]; then dockerd b; else dockerd c; fi
X=a; if [ "$X" = a ]; then dockerd a; fi; [ "$X" != a ] || dockerd b
X=a; test "$X" = b || dockerd c; [ ! "$X" ] || dockerd d
if true; then dockerd a; else dockerd b; fi
if false; then dockerd c; else dockerd d; fi; if ! false; then dockerd e; fi
case a in a) dockerd a ;; esac
case a in (a|b) dockerd a;; esac
eval X=a; dockerd b
for X in a; do dockerd $X; done
dockerd if then { } ! in "case"
echo if; if true; then { dockerd a; }; fi
dockerd $ "$" $% "a$"
exit; dockerd a
exec dockerd a
f() { dockerd "$1" "$@"; }; f a 'b c'
dockerd a; dockerd b & wait; dockerd c || true; ! dockerd d
dockerd [a] a? *q
"""
# These belong together up to an empty line.
SAME_BLOCKS = r"""
dockerd a \
  b\
c "d\
e"

X="a
b@TAB@c"; dockerd $X

X=a; case $X in
  # comment
  a | b )
    dockerd a
esac

cat >/dev/null <<E; dockerd a
dockerd b 'c
E

cat >/dev/null <<-'E F'
@TAB@dockerd $( "
@TAB@E F
dockerd a

cat <<A >/dev/null && cat <<"B" >/dev/null
x
A
y
B
dockerd a

X=$(cat <<E
x)
E
); dockerd a
"""
BASH = r"""
A=(a "b c"); dockerd "${A[@]}" "${A[*]}" ${A[@]} "$A" ${A}
A=(a); A+=(b 'c d'); A+=x; dockerd "${A[@]}"
X=a; X+=b; dockerd $X
declare -a A=(a b); local_() { local X=a Y; dockerd $X; }; local_; dockerd "${A[@]}"
[[ -n a && ( a == a || b ) ]] && dockerd a
if [[ ! -n "" ]]; then dockerd a; fi
((1 < 2)) && dockerd a; for ((i = 0; i < 1; i++)); do dockerd b; done
dockerd $'a\tb\x41\'\u00e9' $"c d"
function f { dockerd "$@"; }; f a
function f() { dockerd "$@"; }; f a
dockerd a &>out b {fd}>out 2>&1; dockerd c &>>out |& cat
cat <<<"a b" >/dev/null; dockerd a
cat <(dockerd b) >/dev/null
select X in a; do dockerd a; break; done <<<1
. /dev/null; source /dev/null; dockerd a
"""


def daemons(script: Trace) -> list[list[str]]:
    """The likeliest words of the commands that start the daemon."""
    return [
        [word.text for word in command.ways[0] if word.text != "exec"]
        for command in script.commands
        if any(word.text in DAEMONS for word in command.ways[0][:2])
    ]


SCRIPTS = [*SAME.strip().split("\n"), *SAME_BLOCKS.replace("@TAB@", "\t").strip().split("\n\n")]


@pytest.mark.parametrize(
    ("shell", "script"),
    [(shell, script) for shell in ("sh", "bash") for script in SCRIPTS]
    + [("bash", script) for script in BASH.strip().split("\n")],
)
def test_words_are_those_that_a_shell_gives(tmp_path: Path, shell: str, script: str) -> None:
    files = {"script": f"{script}\n".encode()}
    assert sorted(daemons(trace(files.get, "script"))) == sorted(run(tmp_path, files, shell))
