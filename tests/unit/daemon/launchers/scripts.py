# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts as init systems have them, written for tests: the ways of doing things are real, the texts are not."""

from __future__ import annotations

DEBIAN = "/etc/init.d/docker"
RED_HAT = "/etc/rc.d/init.d/docker"
OPENRC = "/etc/init.d/docker"
UPSTART = "/etc/init/docker.conf"
RUNIT = "/etc/sv/docker/run"
DEFAULTS = "/etc/default/docker"
SYSCONFIG = "/etc/sysconfig/docker"
CONF_D = "/etc/conf.d/docker"

DEBIAN_SCRIPT = """\
#!/bin/sh
set -e

### BEGIN INIT INFO
# Provides:          docker
# Required-Start:    $syslog $remote_fs
# Default-Start:     2 3 4 5
# Short-Description: containers, -H is set in /etc/default/docker
### END INIT INFO

export PATH=$PATH:/opt/bin

BASE=docker
# more in /etc/default/$BASE
DOCKERD=/usr/bin/dockerd
PID_OF_DAEMON=/var/run/$BASE.pid
PID_OF_SSD=/var/run/$BASE-ssd.pid
LOG=/var/log/$BASE.log
DOCKER_OPTS=
DESC="Docker"

. /lib/lsb/init-functions

if [ -f /etc/default/$BASE ]; then
	. /etc/default/$BASE
fi

need_root() {
	if [ "$(id -u)" != '0' ]; then
		log_failure_msg "$DESC must be run as root"
		exit 1
	fi
}

mount_groups() {
	if grep -v '^#' /etc/fstab 2>/dev/null | grep -q cgroup || [ ! -e /proc/cgroups ]; then
		return
	fi
	for group in $(awk '!/^#/ { if ($4 == 1) print $1 }' /proc/cgroups); do
		mountpoint -q /sys/fs/cgroup/$group || mount -n -t cgroup -o $group cgroup /sys/fs/cgroup/$group || true
	done
}

case "$1" in
	start)
		need_root
		mount_groups

		touch "$LOG"
		chgrp docker "$LOG"

		ulimit -c 0

		log_begin_msg "Starting $DESC: $BASE"
		start-stop-daemon --start --background \\
			--no-close \\
			--exec "$DOCKERD" \\
			--pidfile "$PID_OF_SSD" \\
			--make-pidfile \\
			-- \\
				-p "$PID_OF_DAEMON" \\
				$DOCKER_OPTS \\
				>> "$LOG" 2>&1
		log_end_msg $?
		;;

	stop)
		need_root
		start-stop-daemon --stop --pidfile "$PID_OF_SSD" --retry 10
		log_end_msg $?
		;;

	restart)
		$0 stop
		$0 start
		;;

	*)
		echo "Usage: service docker {start|stop|restart}"
		exit 1
		;;
esac
"""

RED_HAT_SCRIPT = """\
#!/bin/sh
# chkconfig: 2345 95 95
# description: containers

. /etc/rc.d/init.d/functions

prog="docker"
unshare=/usr/bin/unshare
exec="/usr/bin/dockerd"
pidfile="/var/run/$prog.pid"
lockfile="/var/lock/subsys/$prog"
logfile="/var/log/$prog"

[ -e /etc/sysconfig/$prog ] && . /etc/sysconfig/$prog

prestart() {
    [ -x $exec ] || exit 5
}

start() {
    [ -x $exec ] || exit 5
    if ! [ -f $pidfile ]; then
        prestart
        printf "Starting $prog:\\t"
        echo "\\n$(date)\\n" >> $logfile
        "$unshare" -m -- $exec $other_args >> $logfile 2>&1 &
        pid=$!
        touch $lockfile
        success
        echo
    else
        failure
        echo
        exit 7
    fi
}

stop() {
    killproc -p $pidfile -d 300 $prog
    rm -f $lockfile
}

case "$1" in
    start)
        start
        ;;
    stop)
        stop
        ;;
    restart)
        stop
        start
        ;;
    *)
        echo $"Usage: $0 {start|stop|restart}"
        exit 2
esac
"""

OPENRC_SCRIPT = """\
#!/sbin/openrc-run
# containers for OpenRC

command="${DOCKERD_BINARY:-/usr/bin/dockerd}"
pidfile="${DOCKER_PIDFILE:-/run/${RC_SVCNAME}.pid}"
command_args="-p ${pidfile} ${DOCKER_OPTS}"
DOCKER_LOGFILE="${DOCKER_LOGFILE:-/var/log/${RC_SVCNAME}.log}"
start_stop_daemon_args="--background --stderr \\"${DOCKER_LOGFILE}\\" --stdout \\"${DOCKER_LOGFILE}\\""
rc_ulimit="${DOCKER_ULIMIT:--c unlimited -n 1048576 -u unlimited}"
retry="${DOCKER_RETRY:-TERM/60/KILL/10}"

depend() {
    need sysfs cgroups
    after iptables ip6tables
}

start_pre() {
    checkpath -f -m 0644 -o root:docker "$DOCKER_LOGFILE"
}

reload() {
    ebegin "Reloading ${RC_SVCNAME}"
    start-stop-daemon --signal HUP --pidfile "${pidfile}"
    eend $?
}
"""

UPSTART_JOB = """\
description "containers"

start on (filesystem and net-device-up IFACE!=lo)
stop on runlevel [!2345]

limit nofile 524288 1048576
respawn
kill timeout 20

pre-start script
	# as -H in DOCKER_OPTS asks for it
	if grep -v '^#' /etc/fstab 2>/dev/null | grep -q cgroup; then
		exit 0
	fi
	mount -t tmpfs -o uid=0 cgroup /sys/fs/cgroup
end script

script
	# more in /etc/default/$UPSTART_JOB
	DOCKERD=/usr/bin/dockerd
	DOCKER_OPTS=
	if [ -f /etc/default/$UPSTART_JOB ]; then
		. /etc/default/$UPSTART_JOB
	fi
	exec "$DOCKERD" $DOCKER_OPTS --raw-logs
end script

# Whether somebody listens tells whether it has come up.
post-start script
	DOCKER_OPTS=
	DOCKER_SOCKET=
	if [ -f /etc/default/$UPSTART_JOB ]; then
		. /etc/default/$UPSTART_JOB
	fi
	if ! printf "%s" "$DOCKER_OPTS" | grep -qE -e '-H|--host'; then
		DOCKER_SOCKET=/var/run/docker.sock
	fi
	initctl status $UPSTART_JOB | grep -qE "(stop|respawn)/" && exit 1
	docker -H unix://$DOCKER_SOCKET version > /dev/null
end script
"""

RUNIT_SCRIPT = """\
#!/bin/sh
exec 2>&1
. /etc/default/docker
exec chpst -o 1048576 dockerd $DOCKER_OPTS
"""
