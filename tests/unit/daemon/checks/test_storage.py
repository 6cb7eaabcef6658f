# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage drivers: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import storage
from unit.verdicts import Row, row, table

ROWS = [
    row(
        storage.drivers_that_exist,
        {"storage-driver": "overlay3"},
        'config.storage-driver is no storage driver; got: "overlay3"; did you mean overlay2?',
    ),
    row(
        storage.drivers_that_exist,
        {"storage-driver": "nosuch"},
        (
            'config.storage-driver is no storage driver; got: "nosuch"; choose one of btrfs, '
            "fuse-overlayfs, overlay2, vfs, zfs"
        ),
        version="26.1.5",
    ),
    row(
        storage.drivers_that_exist,
        {"storage-driver": "overlayfs"},
        (
            "config.storage-driver is a snapshotter of containerd, which this engine uses only with "
            'features.containerd-snapshotter; got: "overlayfs"; choose one of btrfs, fuse-overlayfs, '
            "overlay2, vfs, zfs"
        ),
        version="28.5.2",
    ),
    row(
        storage.drivers_that_exist,
        {"storage-driver": "native", "features": {"containerd-snapshotter": True}},
        (
            "config.storage-driver is a snapshotter of containerd, which this engine uses only with "
            'features.containerd-snapshotter; got: "native"; choose one of aufs, btrfs, '
            "devicemapper, fuse-overlayfs, overlay, overlay2, vfs, zfs"
        ),
        version="23.0.0",
    ),
    row(
        storage.drivers_that_exist,
        {"storage-driver": "native", "features": {"containerd-snapshotter": True}},
        version="24.0.0",
    ),
    row(storage.drivers_that_exist, {"storage-driver": "overlayfs"}, version="29.0.0"),
    row(storage.drivers_that_exist, {"storage-driver": "overlay2"}),
    row(storage.drivers_that_exist, {"storage-driver": "acme/driver", "experimental": True}, version="20.10.24"),
    row(
        storage.drivers_that_are_gone,
        {"storage-driver": "aufs"},
        (
            'config.storage-driver was removed with engine 24.0; got: "aufs"; choose one of btrfs, '
            "devicemapper, fuse-overlayfs, overlay2, vfs, zfs"
        ),
        version="24.0.0",
    ),
    row(storage.drivers_that_are_gone, {"storage-driver": "aufs"}, version="23.0.0"),
    row(
        storage.drivers_that_are_gone,
        {"storage-driver": "devicemapper"},
        (
            'config.storage-driver was removed with engine 25.0; got: "devicemapper"; choose one of '
            "btrfs, fuse-overlayfs, overlay2, vfs, zfs"
        ),
        version="25.0.0",
    ),
    row(storage.drivers_that_are_gone, {"storage-driver": "devicemapper"}, version="24.0.9"),
    row(storage.drivers_that_are_gone, {"storage-driver": "aufs"}),
    row(
        storage.drivers_that_the_host_carries,
        {"storage-driver": "btrfs"},
        (
            "config.storage-driver cannot be used on this host: /var/lib/docker lies on ext4, not on "
            'btrfs; got: "btrfs"; choose one of overlay2, vfs, or take it out so that dockerd chooses'
        ),
        version="26.1.5",
        storage={
            "btrfs": "/var/lib/docker lies on ext4, not on btrfs",
            "overlay2": "",
            "vfs": "",
            "zfs": "x",
            "fuse-overlayfs": "x",
        },
    ),
    row(
        storage.drivers_that_the_host_carries,
        {"storage-driver": "overlay2"},
        version="26.1.5",
        storage={"btrfs": "x", "overlay2": ""},
    ),
    row(
        storage.drivers_that_the_host_carries,
        {"storage-driver": "aufs"},
        version="26.1.5",
        storage={"aufs": "engine 24.0 removed it"},
    ),
    row(storage.drivers_that_the_host_carries, {"storage-driver": "btrfs"}, version="26.1.5"),
    row(
        storage.drivers_of_the_other_store,
        {"storage-driver": "overlay2", "features": {"containerd-snapshotter": True}},
        (
            "config.storage-driver is no snapshotter, and features.containerd-snapshotter is on: no "
            'image could be unpacked; got: "overlay2"; write overlayfs, or switch the feature off'
        ),
        version="24.0.0",
    ),
    row(
        storage.drivers_of_the_other_store,
        {"storage-driver": "overlay2", "features": {"containerd-snapshotter": True}},
        version="23.0.0",
    ),
    row(
        storage.drivers_of_the_other_store,
        {"storage-driver": "overlayfs", "features": {"containerd-snapshotter": True}},
        version="26.1.5",
    ),
    row(storage.drivers_of_the_other_store, {"storage-driver": "overlay2"}, version="26.1.5"),
    row(
        storage.names_of_either_kind,
        {"storage-driver": "ovrlay"},
        ('config.storage-driver is no storage driver that is known; containerd may have it as a plugin; got: "ovrlay"'),
        version="29.0.0",
    ),
    row(storage.names_of_either_kind, {"storage-driver": "stargz"}, version="29.0.0"),
    row(storage.names_of_either_kind, {"storage-driver": "ovrlay"}, version="28.5.2"),
    row(
        storage.data_of_several_drivers,
        {"debug": True},
        (
            "the data root has data of several storage drivers (btrfs, overlay2), and storage-driver "
            "does not say which to use; set storage-driver, or remove the folders of the others"
        ),
        traces=("btrfs", "overlay2"),
    ),
    row(storage.data_of_several_drivers, {"storage-driver": "overlay2"}, traces=("btrfs", "overlay2")),
    row(storage.data_of_several_drivers, {"debug": True}, traces=("overlay2",)),
    row(storage.data_of_several_drivers, {"debug": True}, version="26.1.5", traces=("aufs", "overlay2")),
    row(
        storage.data_of_several_drivers,
        {"debug": True},
        traces=("btrfs", "overlay2"),
        environment={"DOCKER_DRIVER": "overlay2"},
    ),
    row(storage.data_of_several_drivers, {"debug": True}, traces=("overlay2", "zfs")),
    row(
        storage.data_of_a_driver_that_may_be_left_out,
        {"debug": True},
        (
            "the data root has data of several storage drivers (overlay2, zfs), and no choice is "
            "made; set storage-driver, such as to overlay2"
        ),
        traces=("overlay2", "zfs"),
    ),
    row(storage.data_of_a_driver_that_may_be_left_out, {"debug": True}, traces=("btrfs", "overlay2", "zfs")),
    row(storage.data_of_a_driver_that_may_be_left_out, {"debug": True}, traces=("zfs",)),
    row(storage.data_of_a_driver_that_may_be_left_out, {"storage-driver": "zfs"}, traces=("overlay2", "zfs")),
    row(
        storage.data_of_a_deprecated_driver,
        {"debug": True},
        (
            "the data root has data of storage driver aufs, deprecated, which engine 23.0 uses only "
            "when told to; set storage-driver to aufs"
        ),
        version="23.0.0",
        traces=("aufs",),
    ),
    row(storage.data_of_a_deprecated_driver, {"storage-driver": "aufs"}, version="23.0.0", traces=("aufs",)),
    row(storage.data_of_a_deprecated_driver, {"debug": True}, version="20.10.24", traces=("aufs",)),
    row(storage.data_of_a_deprecated_driver, {"debug": True}, version="24.0.0", traces=("aufs",)),
    row(
        storage.data_of_a_driver_that_is_gone,
        {"debug": True},
        (
            "the data root has data of storage driver aufs, which engine 24.0 removed: its images "
            "and containers are out of sight"
        ),
        version="24.0.0",
        traces=("aufs",),
    ),
    row(storage.data_of_a_driver_that_is_gone, {"debug": True}, version="23.0.0", traces=("aufs",)),
    row(
        storage.other_data_out_of_sight,
        {"storage-driver": "vfs"},
        (
            "config.storage-driver leaves images and containers of overlay2 out of sight, which the "
            'data root has as well; got: "vfs"'
        ),
        traces=("overlay2",),
    ),
    row(storage.other_data_out_of_sight, {"storage-driver": "overlay2"}, traces=("overlay2",)),
    row(
        storage.overruled_by_the_environment,
        {"storage-driver": "overlay2"},
        (
            "config.storage-driver is overruled by DOCKER_DRIVER=vfs in the environment of the "
            'service; got: "overlay2"; take the variable out'
        ),
        environment={"DOCKER_DRIVER": "vfs"},
    ),
    row(storage.overruled_by_the_environment, {"storage-driver": "vfs"}, environment={"DOCKER_DRIVER": "vfs"}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
