# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the backend that unpacks itself cannot do is left to mmdebstrap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import Recipe
from ansible_collections.slipway.docker.plugins.module_utils.image.root import backends, bootstrap
from ansible_collections.slipway.docker.plugins.module_utils.image.root.fetched import Fetched
from ansible_collections.slipway.docker.plugins.module_utils.image.root.tree_writer import NotProven
from unit.image.doubles import Commands, host_of, with_programs
from unit.trees import Tree

RECIPE = Recipe("trixie", ("deb http://m.invalid/debian trixie main",), architecture="amd64")


def refuse(_host: Any, _recipe: Any, root: str, _keyring: str, **_options: Any) -> Fetched | None:
    Path(root).mkdir()
    (Path(root) / "half-done").write_text("x")
    raise NotProven("/usr/bin/x is there already")


def fill(_host: Any, _recipe: Any, root: str, _keyring: str, **_options: Any) -> Fetched | None:
    (Path(root) / "etc").mkdir(parents=True)
    return None


def make(tree: Tree, root: Path, monkeypatch: pytest.MonkeyPatch) -> bootstrap.Built:
    made_by: dict[str, Any] = {**backends.UNPACK, "direct": refuse, "mmdebstrap": fill}
    monkeypatch.setattr(bootstrap, "UNPACK", made_by)
    host = host_of(tree, Commands({"dpkg --print-architecture": (0, "amd64\n", "")}))
    return bootstrap.make_root(host, RECIPE, str(root), keyring="")


def test_mmdebstrap_makes_it_and_a_note_says_so(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_programs(tree, "/usr/bin/apt-get", "/usr/bin/mmdebstrap")
    built = make(tree, tmp_path / "new", monkeypatch)
    assert built.backend == "mmdebstrap"
    assert built.notes == ("made with mmdebstrap, as backend direct cannot: /usr/bin/x is there already",)
    assert not (tmp_path / "new/half-done").exists()


def test_without_mmdebstrap_the_error_tells_the_remedy(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_programs(tree, "/usr/bin/apt-get")
    with pytest.raises(HostError, match=r"direct cannot make this image: /usr/bin/x is there already\. Install mmdeb"):
        make(tree, tmp_path / "new", monkeypatch)
