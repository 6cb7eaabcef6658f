# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A room of apt's own: the host's programs with other sources, keys and lists, which touch nothing of the host's."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
import typing as t

from ...host.machine import Completed, Host
from ..root.failure import BootstrapFailed, reason
from .archive import without_credentials
from .packages import Candidate, parse_policy, parse_uris
from .resolve import Stage, resolve_stages, stages_of, stages_text
from .sources import AptSource, parse_list
from .store import Store, sweep_old

_ENV = {"DEBIAN_FRONTEND": "noninteractive", "DEBCONF_NONINTERACTIVE_SEEN": "true"}
_DIRECTORIES = (
    "etc/apt/apt.conf.d",
    "etc/apt/preferences.d",
    "etc/apt/sources.list.d",
    "etc/apt/trusted.gpg.d",
    "tmp",
    "var/cache/apt/archives/partial",
    "var/lib/apt/lists/partial",
    "var/lib/dpkg",
    "var/log/apt",
)
# What apt writes as a percent sign and two digits in the names of lists (URItoFileName in its strutl.cc).
_QUOTED = re.compile(r"[^!-~]|[\\|{}\[\]<>\"^~_=!@#$%&*]")
# apt counts itself as essential unless it is told otherwise, which only the variant of its name does not want. The
# answer is part of what apt remembers of the lists.
_WITH_APT = (
    "pkgCacheGen::ForceEssential=apt",
    "Dir::Cache::srcpkgcache=with-apt.bin",
    "Dir::Cache::pkgcache=with-apt-all.bin",
)
# As mmdebstrap has it, so that both take the same packages.
_FIRST_LINES = ("APT::Install-Recommends false", 'Acquire::Languages "none"')
# No index of the lists is made before it is needed: who asks only whether they have changed does not need it.
_OPTIONS_OF_UPDATE = ("-o", "APT::Update::Error-Mode=any", "-o", "pkgCacheFile::Generate=false")
# With a delay in between, apt 2.6 waits for ever when a mirror goes away while it hands out a list.
_AGAIN = ("-o", "Acquire::Retries=2", "-o", "Acquire::Retries::Delay=false")
_SHOWN = 4000
# What is kept in the cache beside packages: the lists of some sources, and what apt has said of them.
_LISTS = re.compile(r"[0-9a-f]{16}\Z")
_ANSWER = re.compile(r"[0-9a-f]{64}\.json\Z")


class AptRoom:
    """What apt knows of some sources.

    :ivar suite: of the first source, which is the release itself
    :ivar architecture: of the packages
    :ivar fetched: keys of those that the last download did not find in the cache
    """

    def __init__(
        self, host: Host, directory: str, shared: str, sources: t.Sequence[AptSource], architecture: str, store: Store
    ) -> None:
        self.suite = sources[0].suites[0]
        self.architecture = architecture
        self._releases = sorted({(uri, suite) for one in sources for uri in one.uris for suite in one.suites})
        self._lists = os.path.join(shared, lists_below(shared == directory))
        self._host = host
        self._directory = directory
        self._options: list[str] = []
        self.fetched: frozenset[str] = frozenset()
        self._shared = shared
        self._store = store

    def update(self) -> None:
        """Fetch the lists, as far as they have changed.

        :raises BootstrapFailed: also for a signature that is missing, bad or too old
        """
        options = [*_OPTIONS_OF_UPDATE, *_AGAIN]
        self.run("apt-get", "update", "--error-on=any", *options)

    def releases(self) -> dict[str, str]:
        """For each ``URI suite`` the SHA-256 of its Release file, whose signature apt has verified."""
        found = {}
        for uri, suite in self._releases:
            for name in ("InRelease", "Release"):
                path = os.path.join(self._lists, list_name(uri, suite, name))
                if os.path.exists(path):
                    with open(path, "rb") as file:
                        told = f"{without_credentials(uri).rstrip('/')} {suite}"
                        found[told] = hashlib.sha256(file.read()).hexdigest()
                    break
        return found

    def offered(self, names: t.Iterable[str]) -> dict[str, str]:
        """The version apt would install of each of some packages; without those that it has none of."""
        return parse_policy(self.run("apt-cache", "policy", *names))

    def resolve(self, variant: str, packages: t.Sequence[str]) -> tuple[Candidate, ...]:
        """All packages that an image of this recipe holds."""
        found = {one.key: one for stage in self.stages(variant, packages) for one in stage.packages}
        return tuple(found.values())

    def stages(self, variant: str, packages: t.Sequence[str]) -> tuple[Stage, ...]:
        """The same, in the order in which mmdebstrap installs them; what apt has said of the same lists is kept."""
        self._options = [word for option in _WITH_APT if variant == "apt" for word in ("-o", option)]
        kept = self._answer_to(variant, packages)
        if kept:
            with contextlib.suppress(OSError, ValueError), open(kept, encoding="utf-8") as file:
                return stages_of(file.read())
        stages = resolve_stages(self, variant, packages)
        if kept:
            os.makedirs(os.path.dirname(kept), mode=0o700, exist_ok=True)
            descriptor, part = tempfile.mkstemp(dir=os.path.dirname(kept), prefix=".part-")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(stages_text(stages))
            os.replace(part, kept)
        return stages

    def _answer_to(self, variant: str, packages: t.Sequence[str]) -> str:
        """Where apt's answer is kept; empty where it is not: all the lists have to be told by their signed Release."""
        releases = self.releases()
        if self._shared == self._directory or len(releases) < len(self._releases):
            return ""
        asked = [self.ask("apt-get", "--version").out, sorted(releases.items()), variant, list(packages)]
        return os.path.join(self._shared, "answers", f"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()}.json")

    def download(self, wanted: t.Sequence[Candidate], into: str) -> tuple[str, ...]:
        """Files of packages, from the cache where it has them; the sums have been verified.

        :raises BootstrapFailed: when one cannot be had
        """
        have = {one.key: self._store.find(one) for one in wanted}
        lacking = [one for one in wanted if not have[one.key]]
        self.fetched = frozenset(one.key for one in lacking)
        if lacking:
            self._store.sweep()
            exact = [f"{one.name}:{one.architecture}={one.version}" for one in lacking]
            self.run("apt-get", "download", *_AGAIN, *exact, directory=into)
            for one in lacking:
                have[one.key] = self._store.keep(one, os.path.join(into, one.file_name))
        return tuple(have[one.key] for one in wanted)

    def uris(self, exact: t.Sequence[str]) -> dict[str, str]:
        """Where packages, told as ``name:architecture=version``, are to be had, by the name that apt gives a file."""
        return parse_uris(self.run("apt-get", "download", "--print-uris", *exact))

    def install_status(self, text: str) -> None:
        """Make apt believe that some packages are installed."""
        with open(os.path.join(self._directory, "var/lib/dpkg/status"), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, *argv: str, directory: str = "") -> str:
        """What an apt program prints.

        :raises BootstrapFailed: when it fails
        """
        done = self.ask(*argv, directory=directory)
        if done.rc != 0:
            output = without_credentials("\n".join(line for line in (done.out, done.err) if line.strip()))
            raise BootstrapFailed(f"{' '.join(argv[:2])} failed: {reason(output)}", output[-_SHOWN:])
        return done.out

    def ask(self, *argv: str, directory: str = "") -> Completed:
        """Run an apt program, whose failure is an answer too; one at a time where lists are shared."""
        environment = {
            **_ENV,
            "APT_CONFIG": os.path.join(self._directory, "apt.conf"),
            "TMPDIR": os.path.join(self._directory, "tmp"),
        }
        where = ["env", f"--chdir={directory}"] if directory else []
        with _locked(os.path.join(self._shared, "in-use")):
            return self._host.run([*where, *argv, *self._options], env=environment)


@contextlib.contextmanager
def apt_room(
    host: Host,
    *,
    sources: t.Sequence[str],
    keyring: str,
    architecture: str,
    apt_options: t.Sequence[str] = (),
    cache: str | None = None,
    parent: str | None = None,
    keep: bool = True,
) -> t.Iterator[AptRoom]:
    """A room that is gone afterwards.

    :param sources: lines in the one-line format, the release's own first
    :param keyring: file with the keys that have to have signed them; empty where the sources themselves tell
    :param apt_options: lines of apt.conf
    :param cache: directory in which lists and packages are kept for the next time
    :param parent: directory for what is temporary
    :param keep: whether the lists are; otherwise those that were kept before are used and left as they are
    """
    with tempfile.TemporaryDirectory(prefix="slipway-apt-", dir=parent) as directory:
        for name in _DIRECTORIES:
            os.makedirs(os.path.join(directory, name))
        shared = directory
        if cache is not None and not keep:
            shared = _lent(os.path.join(cache, "lists", _key(sources, keyring, architecture, apt_options)), directory)
        elif cache is not None and _usable(cache):
            shared = os.path.join(cache, "lists", _key(sources, keyring, architecture, apt_options))
            os.makedirs(os.path.join(shared, "lists", "partial"), mode=0o700, exist_ok=True)
            os.utime(shared)
            sweep_old(os.path.dirname(shared), _LISTS)
            sweep_old(os.path.join(shared, "answers"), _ANSWER)
        else:
            cache = None
        _write(directory, "etc/apt/sources.list", sources, "\n")
        _write(directory, "etc/apt/apt.conf.d/00first", _FIRST_LINES, ";\n")
        _write(directory, "etc/apt/apt.conf.d/99options", apt_options, ";\n")
        _write(directory, "var/lib/dpkg/status", (), "")
        _write(directory, "apt.conf", _configuration(directory, shared, keyring, architecture), ";\n")
        entries = parse_list("\n".join(sources), "sources")
        yield AptRoom(host, directory, shared, entries, architecture, Store(cache))


def lists_below(alone: bool) -> str:
    """Where the lists are, in a room's own directory or in one that is kept."""
    return "var/lib/apt/lists" if alone else "lists"


def list_name(uri: str, suite: str, name: str) -> str:
    """What apt calls a suite's Release file among its lists."""
    base = without_credentials(uri).partition("://")[2].rstrip("/")
    place = suite.rstrip("/") if suite.endswith("/") else f"dists/{suite}"
    quoted = _QUOTED.sub(lambda match: f"%{ord(match.group(0)):02x}", f"{base}/{place}/{name}")
    return quoted.replace("/", "_")


def _lent(kept: str, directory: str) -> str:
    """A copy of lists that were kept, for a room that may not change them; none where there are none."""
    if not os.path.isdir(kept) or os.stat(kept).st_uid != os.geteuid():
        return directory
    copy = os.path.join(directory, "lent")
    with _locked(os.path.join(kept, "in-use")):
        shutil.copytree(kept, copy)
    return copy


def _configuration(directory: str, shared: str, keyring: str, architecture: str) -> list[str]:
    return [
        f'Dir "{directory}/"',
        f'Dir::State::status "{directory}/var/lib/dpkg/status"',
        f'Dir::State::lists "{shared}/{lists_below(shared == directory)}/"',
        'Dir::Cache::srcpkgcache "exact.bin"',
        'Dir::Cache::pkgcache "pkgcache.bin"',
        'pkgCacheGen::ForceEssential ","',
        f'Dir::Etc::trusted "{keyring or os.devnull}"',
        f'Dir::Etc::trustedparts "{directory}/etc/apt/trusted.gpg.d/"',
        f'APT::Architecture "{architecture}"',
        f'APT::Architectures "{architecture}"',
        # the user _apt may not look into private directories; mmdebstrap does the same where it cannot
        'APT::Sandbox::User "root"',
        'Acquire::GzipIndexes "false"',
    ]


def _key(sources: t.Sequence[str], keyring: str, architecture: str, apt_options: t.Sequence[str]) -> str:
    """Lists are shared only between rooms that would verify and fetch the same."""
    with open(keyring or os.devnull, "rb") as file:
        keys = hashlib.sha256(file.read()).hexdigest()
    told = json.dumps([list(sources), keys, architecture, sorted(apt_options)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _usable(path: str) -> bool:
    """Make a directory that only its owner looks into. One that is there is used as it is, if it is like that already:
    a directory that serves others too is not closed to them."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)
        info = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not info.st_mode & 0o022


def _write(directory: str, name: str, lines: t.Sequence[str], end: str) -> None:
    descriptor = os.open(os.path.join(directory, name), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(line + end for line in lines))


@contextlib.contextmanager
def _locked(path: str) -> t.Iterator[None]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
