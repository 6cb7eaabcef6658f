# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image does without: documentation, manual pages, translations. Licences stay."""

from __future__ import annotations

# dpkg's patterns: an asterisk matches slashes too. The directories of manual pages stay, as some packages' scripts
# make links in them.
EXCLUDED = (
    "/usr/share/doc/*",
    "/usr/share/groff/*",
    "/usr/share/info/*",
    "/usr/share/linda/*",
    "/usr/share/lintian/overrides/*",
    "/usr/share/locale/*",
    "/usr/share/man/*/*",
)
KEPT = ("/usr/share/doc/*/copyright", "/usr/share/locale/locale.alias")


def dpkg_lines() -> tuple[str, ...]:
    """The choice as lines of dpkg.cfg, for what is installed from then on; the last line that matches counts."""
    return (*(f"path-exclude={pattern}" for pattern in EXCLUDED), *(f"path-include={pattern}" for pattern in KEPT))


def prune_command() -> tuple[str, ...]:
    """The same for what is installed already. Links to directories stay: a package's licence may be behind one."""
    argv = ["find", "/usr/share", "("]
    for index, pattern in enumerate(EXCLUDED):
        argv += [*(["-o"] if index else []), "-path", pattern]
    argv.append(")")
    for pattern in KEPT:
        argv += ["!", "-path", pattern]
    links = ["-type", "l", "!", "-xtype", "d"]
    argv += ["(", "!", "-type", "d", "!", "-type", "l", "-o", *links, "-o", "-type", "d", "-empty", ")"]
    return (*argv, "-delete")
