# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's images have the module's options, all of them and as the module has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.slipway.docker.plugins.modules.base_image import ARGUMENTS

ROLE = Path(__file__).parents[3] / "roles" / "base_image"


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text())


def shape(options: dict[str, Any]) -> dict[str, Any]:
    """What is accepted, without what is said about it; a default is the module's to know."""
    kept = ("type", "elements", "choices", "required", "no_log")
    return {
        name: {
            **{key: option[key] for key in kept if key in option},
            **({"options": shape(option["options"])} if option.get("options") else {}),
        }
        for name, option in options.items()
    }


def test_options_of_an_image_are_those_of_the_module() -> None:
    documented = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]["base_images"]["options"]
    assert shape(documented) == shape(ARGUMENTS)
    assert not [name for name, option in documented.items() if "default" in option]


def test_every_option_of_an_image_reaches_the_module() -> None:
    (task,) = read("tasks/images.yml")
    handed_over = task["slipway.docker.base_image"]
    assert set(handed_over) == set(ARGUMENTS)
    assert handed_over.pop("name") == "{{ item.name }}"
    assert handed_over == {name: f"{{{{ item.{name} | default(omit) }}}}" for name in handed_over}
