# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""File capabilities, as a task writes them and as the kernel keeps them (capabilities(7))."""

from __future__ import annotations

import re
import struct

ATTRIBUTE = "security.capability"
_NAMES = """
chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override
mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore
""".split()
_CLAUSE = re.compile(r"((?:cap_[a-z_]+,)*cap_[a-z_]+)[=+]([eip]+)\Z")
_REVISION = 0x02000000
_EFFECTIVE = 1


def parse_capabilities(text: str) -> bytes:
    """The attribute's value for a clause such as ``cap_net_raw,cap_net_admin=ep``; empty where none is asked for.

    :raises ValueError: says what it must be
    """
    if not text:
        return b""
    match = _CLAUSE.match(text)
    if match is None:
        raise ValueError("must be names and flags, such as cap_net_bind_service=ep")
    names, flags = match.group(1).split(","), match.group(2)
    unknown = [name for name in names if name[len("cap_") :] not in _NAMES]
    if unknown:
        raise ValueError(f"has no name that the kernel knows in {', '.join(unknown)}")
    bits = 0
    for name in names:
        bits |= 1 << _NAMES.index(name[len("cap_") :])
    permitted, inheritable = (bits if flag in flags else 0 for flag in "pi")
    magic = _REVISION | (_EFFECTIVE if "e" in flags else 0)
    low = 0xFFFFFFFF
    return struct.pack("<5I", magic, permitted & low, inheritable & low, permitted >> 32, inheritable >> 32)
