#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: base_image
short_description: Bootstrap a distribution and import it as a base image
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Bootstraps a Debian or Ubuntu suite on a Docker host and loads it into the engine as an image with a single layer.
    Mirror, keyring and proxy are those of the host's own apt unless others are given. Signatures are always verified.
  - The image carries in its labels a digest of all that decides what it is. When the image of that name has the digest
    of what is asked for, nothing is done, and the mirror is not even asked.
  - The same recipe and the same packages give the same layer and the same image ID, whenever and on whatever host or
    engine it is built. The image's date is that of its newest package.
  - The name is given once the new image is complete. Until then, and when the build fails, it is what it was before. A
    build that fails or is interrupted leaves no files, mounts or images.
  - The image that had the name before is removed when it was made by this module and no container, image or further
    name needs it.
  - In the image apt installs no recommended packages, fetches no translations and keeps no downloaded packages,
    services are not started, and the package sources are the suite, its updates and its security updates, as far as
    the mirror has them. Where the host's apt does not insist on the age of the mirror's data, the image's does not
    either.
options:
  name:
    description:
      - The image's name, C([registry/]repository[:tag]). Without a tag it is C(latest).
    type: str
    required: true
  state:
    description:
      - V(present) sees to it that the image is there and is what the other options ask for.
      - V(latest) sees to it too that it has the packages that its sources have now. It is built anew when they have a
        newer version of any package in it, and only then; see RV(package_changes). The sources are asked each time, by
        the host's apt, with the keys that the image was made with. Where their signature is missing, wrong or too old,
        or they cannot be reached, the task fails and the image stays as it is.
      - A source that has nothing but older versions, or has lost a package, is no reason to build; RV(remarks) names
        that. With O(source=files) V(latest) is the same as V(present).
      - V(absent) takes the name away, and the image itself when this was its last one. This is refused while a
        container uses it.
    type: str
    choices: [present, latest, absent]
    default: present
  source:
    description:
      - What the image is made of.
      - V(bootstrap) is a distribution, to which O(files) and O(commands) may add.
      - V(files) are the O(files) and nothing else, such as a static program. This needs neither a bootstrap program nor
        apt on the host. Options that say how to bootstrap are then refused.
    type: str
    choices: [bootstrap, files]
    default: bootstrap
  tags:
    description:
      - Further names for the same image, as O(name) takes them. They move together with O(name), and one that is
        missing is put back without a build.
      - With O(state=absent) they are taken away too.
    type: list
    elements: str
    default: []
  suite:
    description:
      - The release, such as V(trixie). By default the host's own.
    type: str
  variant:
    description:
      - What is there before O(packages) are added.
      - V(minbase) are all packages that the distribution calls essential or required, and apt.
      - V(apt) are the essential ones and apt, V(essential) are only those, so that nothing can be installed later.
        These two cannot be had from debootstrap.
    type: str
    choices: [minbase, apt, essential]
    default: minbase
  packages:
    description:
      - Packages to install besides, as apt would take them, for example V(ca-certificates).
    type: list
    elements: str
    default: []
  components:
    description:
      - Components of the archive to use, for example V(main) and V(non-free-firmware), or Ubuntu's V(universe).
    type: list
    elements: str
    default: [main]
  architecture:
    description:
      - Architecture of the packages, as Debian names it. By default the host's own.
      - The host must be able to run its programs. mmdebstrap finds that out with the package arch-test.
    type: str
  mirror:
    description:
      - Address of the archive, C(http) or C(https), without credentials.
      - By default the one that the host's own apt uses for the suite's distribution.
    type: str
  security_mirror:
    description:
      - Address of the archive that has the suite's security updates.
      - By default the one that the host's own apt uses, or else O(mirror).
    type: str
  keyring:
    description:
      - File on the host with the keys that sign the archive.
      - By default what the host's own apt uses for the archive, or the one from the distribution's package. The keys of
        any other file are put into the image.
    type: path
  sources:
    description:
      - Further package sources, in use while the image is built and kept in it, as are their keys.
    type: list
    elements: dict
    default: []
    suboptions:
      uri:
        description:
          - Address, C(http) or C(https), without credentials.
        type: str
        required: true
      suites:
        description:
          - Suites to use. One that ends in a slash is a path below O(sources[].uri), and has no components.
        type: list
        elements: str
        required: true
      components:
        description:
          - Components to use.
        type: list
        elements: str
        default: []
      keyring:
        description:
          - File on the host with the keys that sign it. By default those of the suite's own archive.
        type: path
      allow_unsigned:
        description:
          - Take what it has without verifying any signature, while building and in the image.
        type: bool
        default: false
  allow_unsigned:
    description:
      - Take the suite's own archive without verifying any signature, while building and in the image.
      - Whoever can answer in the mirror's place then decides what is in the image. RV(remarks) reminds of it.
    type: bool
    default: false
  backend:
    description:
      - What does the bootstrap. A program has to be installed.
      - V(direct) needs nothing but the host's apt. The module itself unpacks the packages, which the new root's dpkg
        then configures. The image is the same as mmdebstrap's, byte for byte. What it cannot do, such as packages that
        replace each other's files, it leaves to mmdebstrap, which has to be installed then.
      - V(auto) takes V(direct) for the suites of which this was seen (C(bookworm), C(trixie), C(sid)) and the host's
        own architecture, otherwise mmdebstrap, and debootstrap where that is not installed.
      - It is not part of what decides whether an image is what was asked for.
    type: str
    choices: [auto, direct, mmdebstrap, debootstrap]
    default: auto
  slim:
    description:
      - Leave out documentation, manual pages and translations, also of what is installed in containers later. Licences
        (C(copyright) files) stay.
    type: bool
    default: false
  files:
    description:
      - Files to put into the image. Where a path is there already, the file replaces it; directories above it are made
        with the mode C(0755) where they are missing.
      - What a file holds is part of what decides whether an image is what was asked for. Neither it nor the diff shows
        more of it than its digest.
      - Use the task's C(no_log) when O(files[].content) is secret. All who have the image can read it.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Where it is in the image, an absolute path.
        type: str
        required: true
      content:
        description:
          - Text of the file. Exactly one of this, O(files[].src), O(files[].link) and O(files[].directory) is needed.
        type: str
      src:
        description:
          - File on the host, or a directory with all that is in it, which may also be put at C(/). A symbolic link in a
            directory stays one.
        type: path
      link:
        description:
          - Make a symbolic link with this target.
        type: str
      directory:
        description:
          - Make a directory.
        type: bool
        default: false
      mode:
        description:
          - Mode in octal digits, in quotes, such as V('0644').
          - By default V('0755') for a directory and for a O(files[].src) that its owner may execute, and V('0644') for
            any other file. The rest of the mode on the host does not matter.
          - For a O(files[].src) that is a directory it is that of the files in it. Directories may then be searched by
            whoever may read them.
        type: raw
      owner:
        description:
          - User, by number, or by name as the image's own C(/etc/passwd) has it.
        type: str
        default: '0'
      group:
        description:
          - Group, by number, or by name as the image's own C(/etc/group) has it.
        type: str
        default: '0'
      capabilities:
        description:
          - What a program may do although it does not run as root, such as V(cap_net_bind_service=ep). The
            manual page C(capabilities) has the names.
        type: str
  commands:
    description:
      - Commands to run in the root filesystem, each a list of a program and its arguments, when all packages and
        O(files) are in it. There is no shell, unless one is named.
      - They have the image's O(env), but no network, and what they leave running is ended. Services are not started.
      - When one fails, so does the build. What they do should be the same each time, or the image will not be.
    type: list
    elements: list
    default: []
  date:
    description:
      - Date of the image and of all files in it with O(source=files), in seconds since 1970, or such as
        V(2026-01-31T12:00:00Z). By default the beginning of 1970. An image that is bootstrapped has the date of its
        newest package.
    type: str
  libraries:
    description:
      - With O(source=files), add the shared libraries and the loader that programs among O(files) need, from the host,
        at the path where they are there.
    type: bool
    default: false
  cmd:
    description:
      - What a container runs by default, or the arguments of O(entrypoint). An empty list is none.
      - By default C(bash) where something is bootstrapped and there is no O(entrypoint), else none.
    type: list
    elements: str
  entrypoint:
    description:
      - The program that containers start, with its first arguments.
    type: list
    elements: str
  workdir:
    description:
      - Directory in which containers start.
    type: str
  user:
    description:
      - User as whom containers run, by name or number, or user and group such as V(www-data:www-data).
    type: str
  stop_signal:
    description:
      - Signal that asks a container to stop, such as V(SIGINT).
    type: str
  ports:
    description:
      - Ports that containers listen at, such as V(80) or V(53/udp).
    type: list
    elements: str
    default: []
  volumes:
    description:
      - Directories whose content outlives a container.
    type: list
    elements: str
    default: []
  env:
    description:
      - Environment variables of containers. A value is a single line.
    type: dict
    default: {}
  labels:
    description:
      - Labels of the image. Those that begin with C(org.slipway.) are the module's own.
    type: dict
    default: {}
  force:
    description:
      - Build the image again although it is what is asked for, so that it has the newest packages.
    type: bool
    default: false
  in_memory:
    description:
      - Whether to make the root filesystem in memory.
      - V(auto) does when the host, and the control group of the connection to it, have twice the memory that it is
        likely to need, and goes over to O(work_dir) when it proves to be larger.
      - V(always) fails where there is not enough memory, V(never) works in O(work_dir).
    type: str
    choices: [auto, always, never]
    default: auto
  cache:
    description:
      - Whether the backend V(direct) keeps packages and package lists for the next build. A package is used only when
        it is what the signed index of the day names.
    type: bool
    default: true
  cache_dir:
    description:
      - Directory on the host in which they are kept. It is readable by root only, and may be removed at any time.
    type: path
    default: /var/cache/slipway/packages
  work_dir:
    description:
      - Directory on the host in which to make what is not made in memory. It must allow device nodes and programs.
        What is made there is private, and removed in any case.
      - Before anything is done, the room in it and in the engine's data directory is compared with what the image is
        likely to need.
    type: path
    default: /var/tmp
  package_list:
    description:
      - File on the host that lists the image's packages as a software bill of materials.
      - The same image gives the same file, as its date is the image's. It is written when it is not what it shall be,
        also when the image was there already. With O(state=absent) it is left as it is.
    type: dict
    suboptions:
      path:
        description: The file. Its directory is made when it is not there.
        type: path
        required: true
      format:
        description: V(spdx) is SPDX 2.3, V(cyclonedx) is CycloneDX 1.5; both as JSON.
        type: str
        choices: [spdx, cyclonedx]
        default: spdx
extends_documentation_fragment:
  - slipway.docker.attributes
attributes:
  check_mode:
    support: full
    details:
      - Works before Docker or the bootstrap program is installed, and says in RV(pending) what is missing.
      - When an image would be built, the mirror is asked whether it has the suite.
      - With O(state=latest) the image's sources are asked for newer packages, without keeping anything on the host.
  diff_mode:
    support: full
    details:
      - Shows what the image is made from, not its files, and packages of which it has another version than before.
  idempotent:
    support: partial
    details:
      - With O(force=true) an image is built each time.
  platform:
    platforms: linux
requirements:
  - apt (for O(backend=direct)), mmdebstrap or debootstrap; none of them with O(source=files)
  - the docker command
notes:
  - A build needs for a small image some 400 MB of memory or in O(work_dir), and 300 MB in the engine's data directory,
    of which it keeps 75 MB to 150 MB. With O(backend=direct) some 100 MB of packages and lists stay in O(cache_dir).
  - A build needs root. A user who may talk to the engine builds the same image with mmdebstrap in a user namespace
    where the kernel and the distribution allow that, which takes the package uidmap and subordinate IDs
    (C(/etc/subuid) and C(/etc/subgid)). Such a build does not tell its phase while it runs.
  - Another engine than the host's own is reached by setting C(DOCKER_HOST) with the task's C(environment).
seealso:
  - module: slipway.docker.daemon
  - module: community.docker.docker_image_push
"""

EXAMPLES = r"""
- name: A base image of the host's own release
  slipway.docker.base_image:
    name: local/base:latest

- name: A small trixie with certificates, whatever the host's release is
  slipway.docker.base_image:
    name: local/debian:trixie-slim
    suite: trixie
    slim: true
    packages: [ca-certificates]
    env:
      LANG: C.UTF-8
    labels:
      org.opencontainers.image.vendor: Example Ltd.

- name: The same with the newest packages, which are listed in a file
  slipway.docker.base_image:
    name: local/debian:trixie-slim
    state: latest
    suite: trixie
    slim: true
    package_list:
      path: /var/lib/images/trixie-slim.spdx.json

- name: What would change, and why
  slipway.docker.base_image:
    name: local/debian:trixie-slim
    suite: trixie
    slim: true
  check_mode: true
  diff: true
  register: preview

- name: From a mirror of one's own, signed with one's own key
  slipway.docker.base_image:
    name: local/debian:bookworm
    suite: bookworm
    mirror: https://mirror.example.org/debian
    security_mirror: https://mirror.example.org/debian-security
    keyring: /etc/apt/keyrings/example.gpg

- name: With files and commands of one's own, and another package source
  slipway.docker.base_image:
    name: local/app:1
    suite: trixie
    slim: true
    packages: [passwd]
    sources:
      - uri: https://packages.example.org/debian
        suites: [stable]
        components: [main]
        keyring: /etc/apt/keyrings/example.gpg
    files:
      - path: /etc/app/config.yml
        content: "listen: 8080\n"
        mode: '0640'
        group: www-data
      - path: /srv/app
        src: /root/app
      - path: /usr/local/bin/app
        link: /srv/app/bin/app
    commands:
      - [useradd, --system, --uid, '990', app]
    user: app
    workdir: /srv/app
    entrypoint: [/usr/local/bin/app]
    ports: [8080]
    stop_signal: SIGINT

- name: Of a static program alone, under two names
  slipway.docker.base_image:
    name: local/tool:1.2
    tags: [local/tool:latest]
    source: files
    files:
      - path: /bin/busybox
        src: /usr/bin/busybox
      - path: /bin/sh
        link: busybox
      - path: /tmp
        directory: true
        mode: '1777'
    cmd: [/bin/sh]

- name: Of a program with the libraries that it needs
  slipway.docker.base_image:
    name: local/hello:1
    source: files
    libraries: true
    files:
      - path: /usr/bin/env
        src: /usr/bin/env
    entrypoint: [/usr/bin/env]

- name: The name is given up
  slipway.docker.base_image:
    name: local/debian:bookworm
    state: absent
"""

RETURN = r"""
action:
  description:
    - What was done, or in check mode would be. With V(tag), an image that is what was asked for gets names it lacks.
  returned: success
  type: str
  choices: [none, build, tag, remove]
  sample: build
backend:
  description:
    - The program that bootstrapped the image, or in check mode would; empty when nothing was built, as the image does
      not tell.
  returned: success
  type: str
  sample: direct
cache:
  description:
    - The packages that the image was made of, and how many of them, and of their bytes, came from the host's cache.
      Empty when nothing was built, and where the backend does not tell.
  returned: success
  type: dict
  sample: {"packages": 83, "cached": 81, "bytes": 40217432, "cached_bytes": 38810048}
diff_id:
  description:
    - ID of the image's layer, the digest of the root filesystem's tar file; empty when RV(image_id) is.
  returned: success
  type: str
  sample: sha256:4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce
in_memory:
  description:
    - Whether the image was built in memory.
  returned: success
  type: bool
  sample: true
image_id:
  description:
    - ID of the image that has the name now; empty without one, and in check mode before a build.
  returned: success
  type: str
  sample: sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b
name:
  description:
    - The image's name as Docker shows it, with its tag.
  returned: success
  type: str
  sample: local/debian:trixie-slim
output:
  description:
    - The end of what the bootstrap program said.
  returned: when it failed
  type: list
  elements: str
package_count:
  description:
    - How many packages are installed in the image.
  returned: success
  type: int
  sample: 83
package_changes:
  description:
    - The packages of which the image has another version than the one that had the name before; in check mode those
      that it would have, as far as O(state=latest) tells. C(before) is empty for a package that is new in it, C(after)
      for one that is no longer in it.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "libssl3t64", "before": "3.5.1-1", "after": "3.5.1-1+deb13u1"}]
package_list:
  description:
    - The file that lists the packages, empty where none was asked for.
  returned: success
  type: str
  sample: /var/lib/images/trixie.spdx.json
package_list_written:
  description:
    - Whether that file was written, or in check mode would be. It is also when the image is left as it is.
  returned: success
  type: bool
  sample: true
packages:
  description:
    - The packages that are installed in the image, in check mode before a build none. The image's label
      C(org.slipway.base-image.packages) has them too, as C(name=version), or C(name:architecture=version) where the
      package's architecture is not the image's.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "apt", "version": "2.6.1", "architecture": "amd64"}]
  contains:
    name:
      description: Name of the package.
      type: str
    version:
      description: Its version.
      type: str
    architecture:
      description: Its architecture, C(all) where it fits every one.
      type: str
pending:
  description:
    - In check mode, what is missing on the host before RV(action) can be done.
  returned: success
  type: list
  elements: str
  sample: ["the docker command is not installed: package docker.io, or Docker's docker-ce-cli"]
reasons:
  description:
    - Why RV(action) is needed.
  returned: success
  type: list
  elements: str
  sample: ["what is asked for has changed: packages, slim"]
platform:
  description:
    - The platform of the image that is asked for, as Docker writes it; empty when it shall go.
  returned: success
  type: str
  sample: linux/amd64
recipe_digest:
  description:
    - Digest of all that decides what the image is; also in its label C(org.slipway.base-image.recipe).
  returned: success
  type: str
  sample: d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35
remarks:
  description:
    - What is worth knowing though nothing went wrong, such as that the mirror has no security updates of the suite.
  returned: success
  type: list
  elements: str
  sample: []
seconds:
  description:
    - How long each phase of the build took; empty when nothing was built.
    - The phases are, in this order, C(look) (at the host and the mirror), C(resolve), C(download), C(bootstrap),
      C(unpack), C(configure), C(finish) (what tells when and where it was made is removed), C(pack) (the layer's digest
      is taken) and C(load) (into the engine). A backend has some of those between C(look) and C(finish).
    - While the module runs, the phase it is in is told by the file
      C(/run/slipway/base_image/DIGEST.json) on the host, DIGEST being the first 16 digits of the SHA-256 digest of
      RV(name).
  returned: success
  type: dict
  sample: {"look": 0.41, "bootstrap": 13.24, "finish": 0.22, "pack": 0.51, "load": 1.11}
size:
  description:
    - Size of the image in bytes, as the engine tells it.
  returned: success
  type: int
  sample: 78012416
tags:
  description:
    - The further names, as Docker shows them.
  returned: success
  type: list
  elements: str
  sample: [local/debian:latest]
to_remember:
  description:
    - In check mode with O(state=latest), whether the packages were compared because the sources' Release files are new,
      and a run that is no check mode would remember that these were found to have nothing newer. Otherwise V(false).
  returned: success
  type: bool
  sample: false
suites:
  description:
    - The suites that the image's packages were taken from.
  returned: success
  type: list
  elements: str
  sample: ["trixie", "trixie-updates", "trixie-security"]
"""

import typing as t
from dataclasses import replace

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import observe
from ansible_collections.slipway.docker.plugins.module_utils.image.outcome import Outcome
from ansible_collections.slipway.docker.plugins.module_utils.image.place.workplace import temporary_files
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import Plan, plan, refuse_unready
from ansible_collections.slipway.docker.plugins.module_utils.image.progress import Phases
from ansible_collections.slipway.docker.plugins.module_utils.image.report import diff, report
from ansible_collections.slipway.docker.plugins.module_utils.image.request import Request, read_request
from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed

ARGUMENTS: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "latest", "absent"], "default": "present"},
    "source": {"type": "str", "choices": ["bootstrap", "files"], "default": "bootstrap"},
    "tags": {"type": "list", "elements": "str", "default": []},
    "suite": {"type": "str"},
    "variant": {"type": "str", "choices": ["minbase", "apt", "essential"], "default": "minbase"},
    "packages": {"type": "list", "elements": "str", "default": []},
    "components": {"type": "list", "elements": "str", "default": ["main"]},
    "architecture": {"type": "str"},
    "mirror": {"type": "str"},
    "security_mirror": {"type": "str"},
    "keyring": {"type": "path"},
    "sources": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "uri": {"type": "str", "required": True},
            "suites": {"type": "list", "elements": "str", "required": True},
            "components": {"type": "list", "elements": "str", "default": []},
            "keyring": {"type": "path", "no_log": False},
            "allow_unsigned": {"type": "bool", "default": False},
        },
    },
    "allow_unsigned": {"type": "bool", "default": False},
    "backend": {"type": "str", "choices": ["auto", "direct", "mmdebstrap", "debootstrap"], "default": "auto"},
    "slim": {"type": "bool", "default": False},
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {"type": "str", "required": True},
            "content": {"type": "str"},
            "src": {"type": "path"},
            "link": {"type": "str"},
            "directory": {"type": "bool", "default": False},
            "mode": {"type": "raw"},
            "owner": {"type": "str", "default": "0"},
            "group": {"type": "str", "default": "0"},
            "capabilities": {"type": "str"},
        },
    },
    "commands": {"type": "list", "elements": "list", "default": []},
    "date": {"type": "str"},
    "libraries": {"type": "bool", "default": False},
    "cmd": {"type": "list", "elements": "str"},
    "entrypoint": {"type": "list", "elements": "str"},
    "workdir": {"type": "str"},
    "user": {"type": "str"},
    "stop_signal": {"type": "str"},
    "ports": {"type": "list", "elements": "str", "default": []},
    "volumes": {"type": "list", "elements": "str", "default": []},
    "env": {"type": "dict", "default": {}},
    "labels": {"type": "dict", "default": {}},
    "force": {"type": "bool", "default": False},
    "in_memory": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto"},
    "cache": {"type": "bool", "default": True},
    "cache_dir": {"type": "path", "default": "/var/cache/slipway/packages"},
    "work_dir": {"type": "path", "default": "/var/tmp"},
    "package_list": {
        "type": "dict",
        "options": {
            "path": {"type": "path", "required": True},
            "format": {"type": "str", "choices": ["spdx", "cyclonedx"], "default": "spdx"},
        },
    },
}


def run(host: Host, request: Request, check_mode: bool) -> tuple[Plan, Outcome]:
    """Observe, plan, and unless in check mode apply.

    :raises HostError: with the image as it was before
    """
    phases = Phases("" if check_mode else request.familiar_name)
    with temporary_files(host, phases.file), phases:
        return _run(host, request, check_mode, phases)


def _run(host: Host, request: Request, check_mode: bool, phases: Phases) -> tuple[Plan, Outcome]:
    phases.enter("look")
    state = observe(host, request)
    wanted = plan(state, request)
    if request.state == "latest" and wanted.image is not None and wanted.action != "build":
        from ansible_collections.slipway.docker.plugins.module_utils.image.current.renew import renew

        wanted = renew(host, state, wanted, request, phases, keep=not check_mode)
    if not check_mode:
        refuse_unready(wanted, request)
    sources = None
    if wanted.action == "build" and state.origin is not None:
        from ansible_collections.slipway.docker.plugins.module_utils.image.apt.mirror import find_sources

        sources = find_sources(host, state.origin, request.components, state.architecture, state.apt)
    if check_mode or wanted.action == "none":
        kept = wanted.action in ("none", "tag")
        outcome = Outcome(wanted.image if kept else None, wanted.provenance if kept else None)
    else:
        # most runs find nothing to do, and are spared all that builds
        from ansible_collections.slipway.docker.plugins.module_utils.image.build import apply

        outcome = apply(host, state, wanted, request, sources, phases)
    if request.package_list and outcome.image is not None and outcome.provenance is not None:
        from ansible_collections.slipway.docker.plugins.module_utils.image.listing.package_list import list_packages

        distribution = state.origin.distribution.id if state.origin else ""
        listed = list_packages(host, request, outcome.image, outcome.provenance, distribution, write=not check_mode)
        outcome = replace(outcome, listed=listed)
    return wanted, outcome


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    request = read_request(module.params)
    try:
        wanted, outcome = run(Host(module_runner(module.run_command)), request, module.check_mode)
    except BootstrapFailed as error:
        module.fail_json(msg=str(error), output=error.output.splitlines(), exception=error)
    except HostError as error:
        module.fail_json(msg=str(error), exception=error)
    result = report(wanted, outcome, request)
    if module._diff:
        result["diff"] = diff(wanted, outcome, request)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
