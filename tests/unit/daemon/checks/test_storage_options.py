# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of storage drivers: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import storage_options
from ansible_collections.slipway.docker.plugins.module_utils.host.mounts import Mount
from unit.verdicts import Row, row, table

ROWS = [
    row(
        storage_options.form,
        {"storage-opts": ["overlay2.size"]},
        'config.storage-opts[0] must be of the form key=value; got: "overlay2.size"',
    ),
    row(storage_options.form, {"storage-opts": ["overlay2.size=1G"]}),
    row(
        storage_options.names,
        {
            "storage-driver": "overlay2",
            "storage-opts": ["overlay2.nosuch=1", "dm.basesize=1", "size=1G", "zfs.fsname=x"],
        },
        (
            "config.storage-opts[0] is no option that is known, and the storage driver is overlay2; "
            'got: "overlay2.nosuch=1"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
        (
            "config.storage-opts[1] is no option that is known, and the storage driver is overlay2; "
            'got: "dm.basesize=1"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
        (
            "config.storage-opts[2] is an option of vfs, and the storage driver is overlay2; got: "
            '"size=1G"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
        (
            "config.storage-opts[3] is an option of zfs, and the storage driver is overlay2; got: "
            '"zfs.fsname=x"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
    ),
    row(
        storage_options.names,
        {"storage-opts": ["btrfs.min_space=1G"]},
        (
            "config.storage-opts[0] is an option of btrfs, and the storage driver is overlay2; got: "
            '"btrfs.min_space=1G"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
        traces=("overlay2",),
    ),
    row(
        storage_options.names,
        {"storage-driver": "fuse-overlayfs", "storage-opts": ["x=1"]},
        (
            "config.storage-opts[0] is no option that is known, and the storage driver is "
            'fuse-overlayfs; got: "x=1"; fuse-overlayfs has no options'
        ),
    ),
    row(
        storage_options.names,
        {"storage-driver": "overlay2", "storage-opts": ["OVERLAY2.override_kernel_check=true"]},
        (
            "config.storage-opts[0] was removed with engine 24.0; got: "
            '"OVERLAY2.override_kernel_check=true"; take it out'
        ),
        version="24.0.0",
    ),
    row(
        storage_options.names,
        {"storage-driver": "overlay2", "storage-opts": ["overlay2.override_kernel_check=true"]},
        version="23.0.0",
    ),
    row(
        storage_options.names,
        {"storage-driver": "vfs", "storage-opts": ["vfs.xattrs=x"]},
        ('config.storage-opts[0] came with a later engine than 20.10.24; got: "vfs.xattrs=x"; take it out'),
        version="20.10.24",
    ),
    row(
        storage_options.names, {"storage-driver": "vfs", "storage-opts": ["vfs.xattrs=x", "size=1G"]}, version="25.0.0"
    ),
    row(
        storage_options.names,
        {"storage-driver": "overlay2", "storage-opts": ["overlay2.nosuch=1"]},
        (
            "config.storage-opts[0] is no option that is known, and the storage driver is overlay2; "
            'got: "overlay2.nosuch=1"; overlay2 has overlay2.override_kernel_check, overlay2.size'
        ),
        version="29.0.0",
    ),
    row(
        storage_options.names,
        {"storage-driver": "zfs", "storage-opts": ["overlay2.nosuch=1"]},
        (
            "config.storage-opts[0] is no option that is known, and the storage driver is zfs; got: "
            '"overlay2.nosuch=1"; zfs has zfs.fsname'
        ),
        version="29.0.1",
    ),
    row(storage_options.names, {"storage-driver": "zfs", "storage-opts": ["overlay2.nosuch=1"]}, version="29.0.0"),
    row(storage_options.names, {"storage-opts": ["overlay2.nosuch=1"]}),
    row(
        storage_options.names,
        {
            "storage-driver": "overlayfs",
            "storage-opts": ["overlay2.nosuch=1"],
            "features": {"containerd-snapshotter": True},
        },
        version="26.1.5",
    ),
    row(
        storage_options.quotas,
        {"storage-driver": "overlay2", "storage-opts": ["overlay2.size=1G"]},
        (
            "config.storage-opts[0] needs XFS below the data root, which lies on ext4; got: "
            '"overlay2.size=1G"; take it out'
        ),
        ground=Mount("/", "ext4", "/dev/vda"),
    ),
    row(
        storage_options.quotas,
        {"storage-driver": "overlay2", "storage-opts": ["overlay2.size=1G"]},
        (
            "config.storage-opts[0] needs project quotas on the filesystem of the data root; got: "
            '"overlay2.size=1G"; mount /srv with pquota'
        ),
        ground=Mount("/srv", "xfs", "/dev/vdb", ("rw", "noquota")),
    ),
    row(
        storage_options.quotas,
        {"storage-driver": "overlay2", "storage-opts": ["overlay2.size=1G"]},
        ground=Mount("/srv", "xfs", "/dev/vdb", ("rw", "prjquota")),
    ),
    row(storage_options.quotas, {"storage-driver": "overlay2", "storage-opts": ["overlay2.size=1G"]}),
    row(
        storage_options.options_for_nothing,
        {"storage-opts": ["overlay2.size=1G"], "features": {"containerd-snapshotter": True}},
        "config.storage-opts does nothing with features.containerd-snapshotter",
        version="24.0.0",
    ),
    row(
        storage_options.options_for_nothing,
        {"storage-opts": ["overlay2.size=1G"], "features": {"containerd-snapshotter": True}},
        version="23.0.0",
    ),
    row(storage_options.options_for_nothing, {"storage-opts": ["overlay2.size=1G"]}, version="26.1.5"),
    row(
        storage_options.option_on_its_way_out,
        {"storage-opts": ["overlay2.override_kernel_check=true"]},
        (
            "config.storage-opts[0] does nothing any more, and engine 24.0 does not start with it; "
            'got: "overlay2.override_kernel_check=true"; take it out'
        ),
        version="23.0.0",
    ),
    row(
        storage_options.option_on_its_way_out,
        {"storage-opts": ["overlay2.override_kernel_check=true"]},
        version="20.10.24",
    ),
    row(
        storage_options.option_on_its_way_out,
        {"storage-opts": ["overlay2.override_kernel_check=true"]},
        version="24.0.0",
    ),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
