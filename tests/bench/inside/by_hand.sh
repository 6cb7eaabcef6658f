#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A base image as it is made by hand: by_hand.sh PROGRAM SUITE MIRROR DIRECTORY IMAGE
set -eu
program=$1 suite=$2 mirror=$3 directory=$4 image=$5
trap 'rm -rf "$directory"' EXIT
mkdir -p "$directory"
case $program in
    debootstrap)
        debootstrap --variant=minbase "$suite" "$directory/root" "$mirror"
        tar -C "$directory/root" -c . | docker import - "$image"
        ;;
    mmdebstrap)
        TMPDIR=$directory mmdebstrap --variant=minbase "$suite" - "$mirror" | docker import - "$image"
        ;;
esac
