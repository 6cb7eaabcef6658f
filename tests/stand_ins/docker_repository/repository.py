# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signed apt repository in a folder, laid out as Docker's: the key beside dists/, the pool below the suite."""

from __future__ import annotations

import hashlib
import subprocess
import typing as t
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

_COMPONENT = "stable"
_KEYS = Path("/root/stand-in-keys")


@dataclass(frozen=True)
class Repository:
    """A repository with one suite, one component and one architecture."""

    root: Path
    suite: str
    architecture: str

    @property
    def _dists(self) -> Path:
        return self.root / "dists" / self.suite

    @property
    def pool(self) -> Path:
        return self._dists / "pool" / _COMPONENT / self.architecture

    def publish(self, valid: timedelta | None = None) -> None:
        """Index what is in the pool, and sign the index; the key is made at the first time.

        :param valid: for how long from now on the index is, None for ever
        """
        index = self._dists / _COMPONENT / f"binary-{self.architecture}" / "Packages"
        index.parent.mkdir(parents=True, exist_ok=True)
        index.write_text("\n".join(self._entry(archive) for archive in sorted(self.pool.glob("*.deb"))))
        (self._dists / "Release").write_text(self._release([index], valid))
        for output, way in (("Release.gpg", ["--armor", "--detach-sign"]), ("InRelease", ["--clearsign"])):
            _gpg("--yes", "--output", self._dists / output, *way, self._dists / "Release")
        (self.root / "gpg").write_text(_gpg("--armor", "--export"))

    def _entry(self, archive: Path) -> str:
        control = subprocess.check_output(["dpkg-deb", "--field", archive], text=True)
        content = archive.read_bytes()
        return (
            f"{control}Filename: {archive.relative_to(self.root)}\nSize: {len(content)}\n"
            f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
        )

    def _release(self, indexes: t.Sequence[Path], valid: timedelta | None) -> str:
        """The file that is signed (wiki.debian.org/DebianRepository/Format)."""
        now = datetime.now(UTC)
        until = {} if valid is None else {"Valid-Until": format_datetime(now + valid, usegmt=True)}
        fields = {
            "Origin": "Stand-in",
            "Label": "Stand-in",
            "Suite": self.suite,
            "Codename": self.suite,
            "Date": format_datetime(now, usegmt=True),
            "Architectures": self.architecture,
            "Components": _COMPONENT,
            **until,
        }
        lines = [f"{field}: {value}" for field, value in fields.items()]
        lines.append("SHA256:")
        for index in indexes:
            content = index.read_bytes()
            lines.append(f" {hashlib.sha256(content).hexdigest()} {len(content)} {index.relative_to(self._dists)}")
        return "\n".join(lines) + "\n"


def _gpg(*arguments: str | Path) -> str:
    """Run gpg with keys of its own; one is made where there is none."""
    if not _KEYS.exists():
        _KEYS.mkdir(mode=0o700)
        _gpg("--quick-generate-key", "Stand-in <stand-in@example.org>", "ed25519", "sign")
    call: list[str | Path] = ["gpg", "--homedir", _KEYS, "--batch", "--quiet", "--passphrase", "", *arguments]
    return subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout
