# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, with no ignore file, in a copy of the working tree.

It needs a copy because it refuses a checkout that does not lie under ansible_collections/. `import` and `compile` run
on every Python 3.9 to 3.13 that is installed, all other tests on the controller's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

BASE = Path(".cache/sanity").absolute()
COPY = BASE / "ansible_collections" / "slipway" / "docker"
HOME = BASE / "home"
LOG = BASE / "log"
ANSIBLE_TEST = Path(".venv/bin/ansible-test").absolute()

# Worth a line on the screen; the rest, pip's most of it, is in the log only.
TELLING = re.compile(r"(Running sanity test|ERROR|FATAL|WARNING: (?!Location|Using locale|Reviewing))")

# The pip that ansible-test of our pinned ansible-core puts into its environments.
PIP = "24.2"
GET_PIP = f"https://ci-files.testing.ansible.com/ansible-test/get-pip-{PIP}.py"
STAND_IN = f'''"""Stand-in for get-pip.py: the interpreter's own ensurepip, then pip {PIP} from the index."""
import subprocess
import sys

for arguments in (["ensurepip"], ["pip", "install", "--quiet", "--disable-pip-version-check", "pip=={PIP}"]):
    subprocess.check_call([sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL)
'''


def wanted_files() -> list[Path]:
    """What is committed or about to be: the working tree less what git ignores."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in listed if name and os.path.lexists(name)]


def unchanged(source: Path, target: Path) -> bool:
    if not os.path.lexists(target):
        return False
    here, there = source.lstat(), target.lstat()
    return (here.st_mode, here.st_size, here.st_mtime_ns) == (there.st_mode, there.st_size, there.st_mtime_ns)


def copy_tree() -> None:
    """Bring the copy up to date. It is a repository as well, so that ansible-test does not ask ours what is ignored."""
    subprocess.run(["git", "init", "--quiet", COPY], check=True)
    wanted = set(wanted_files())
    for target in COPY.rglob("*"):
        name = target.relative_to(COPY)
        if name.parts[0] != ".git" and name not in wanted and (target.is_symlink() or target.is_file()):
            target.unlink()
    for source in wanted:
        target = COPY / source
        if not unchanged(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def make_home() -> None:
    """A home of its own for what ansible-test leaves there; only pip's settings are shared with the user's."""
    cached = HOME / ".ansible" / "test" / "cache" / f"get_pip_{PIP.replace('.', '_')}.py"
    cached.parent.mkdir(parents=True, exist_ok=True)
    settings, link = Path.home() / ".config" / "pip", HOME / ".config" / "pip"
    if settings.is_dir() and not link.exists():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(settings)
    if cached.exists():
        return
    try:
        with urllib.request.urlopen(GET_PIP, timeout=5) as answer:
            cached.write_bytes(answer.read())
    except (urllib.error.URLError, TimeoutError):
        cached.write_text(STAND_IN)


def search_path() -> str:
    """Where interpreters are: PATH without shims, which answer to every version, and what pyenv has built."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    directories = [part for part in os.environ["PATH"].split(":") if not part.endswith("/shims")]
    for minor in range(9, 14):
        directories += [str(path) for path in sorted(pyenv.glob(f"versions/3.{minor}.*/bin"))]
    return ":".join([str(ANSIBLE_TEST.parent), *dict.fromkeys(directories)])


def sanity(*arguments: str) -> list[str]:
    """Run ansible-test, and return what it complains of."""
    environment = {**os.environ, "HOME": str(HOME), "PATH": search_path()}
    argv = [str(ANSIBLE_TEST), "sanity", "--local", "--color=no", *arguments]
    complaints = []
    output, both = subprocess.PIPE, subprocess.STDOUT
    with (
        LOG.open("a") as log,
        subprocess.Popen(argv, cwd=COPY, env=environment, stdout=output, stderr=both, text=True) as process,
    ):
        for line in process.stdout or ():
            log.write(line)
            if TELLING.match(line):
                print(line, end="", flush=True)
            if line.startswith("ERROR: ") and not line.startswith("ERROR: Found "):
                complaints.append(line.removeprefix("ERROR: "))
    if process.returncode != 0 and not complaints:
        complaints.append(f"ansible-test ended with {process.returncode}\n")
    return complaints


def main() -> int:
    copy_tree()
    make_home()
    LOG.unlink(missing_ok=True)
    on_all = ("import", "compile")
    complaints = sanity(*(f"--test={test}" for test in on_all))
    complaints += sanity("--python=default", *(f"--skip-test={test}" for test in on_all))
    for complaint in complaints:
        print(f"  {complaint}", end="")
    print(f"sanity: {len(complaints)} complaints, all output in {LOG.relative_to(Path.cwd())}")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
