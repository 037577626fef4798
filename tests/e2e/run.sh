#!/bin/sh
# SPDX-License-Identifier: ISC
# make run, as in the README, under each supervisor that httpd-run supports: the sample site arrives byte for byte.
# On a BSD there is only its inetd: scripts in the place of uname and inetd show what that is told. share.py tests the
# messages of httpd-run and how it ends.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
port=18080
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

answers() { curl -so /dev/null -m "$HANG" "http://127.0.0.1:$port/"; }

# Serves the sample site on the next free port, and waits until it answers or ends. $pid is the supervisor.
serve() {
	port=$((port + 1)) tries=0
	while answers; do port=$((port + 1)); done
	SUPERVISOR=$1 HTTPD=build/httpd sh src/tools/httpd-run www $port >"$work/said" 2>&1 &
	pid=$!
	until answers || ! kill -0 $pid 2>/dev/null || [ $tries -ge $((10 * HANG)) ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

try() {
	serve "$1"
	for file in index.html style.css picture.jpg icon.svg 404.html; do
		if curl -sS -m "$HANG" "http://127.0.0.1:$port/$file" | cmp - "www/$file"; then passed=$((passed + 1)); else
			echo "not ok $1: $file; it said: $(cat "$work/said")"
			failed=$((failed + 1))
		fi
	done
	missing=$(curl -s -m "$HANG" -o "$work/body" -w '%{http_code} %{content_type}' "http://127.0.0.1:$port/no/such/page")
	if [ "$missing" = '404 text/html; charset=utf-8' ] && cmp "$work/body" www/404.html; then
		passed=$((passed + 1))
	else
		echo "not ok $1: a missing page gets '$missing'; it said: $(cat "$work/said")"
		failed=$((failed + 1))
	fi
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

# A directory with the tools of a BSD, whose inetd ends at once and leaves its line and its options in $work/told.
make_bsd() {
	mkdir "$work/bsd"
	for tool in sh awk cat cut dirname grep id kill mkfifo mktemp ps rm sed sleep tr; do
		ln -s "$(command -v $tool)" "$work/bsd/$tool"
	done
	# shellcheck disable=SC2016 # that script's own
	printf '#!/bin/sh\necho "$SYSTEM"\n' >"$work/bsd/uname"
	cat >"$work/bsd/inetd" <<-END
		#!/bin/sh
		for file; do :; done
		{ cat "\$file" && echo "\$*"; } >"$work/told"
	END
	chmod +x "$work/bsd/uname" "$work/bsd/inetd"
}

# told SYSTEM PORT LINE OPTIONS: on that system, inetd gets a line that begins so, and these options before the name of
# its file.
told() {
	rm -f "$work/told"
	SYSTEM=$1 HTTPD=build/httpd PATH=$work/bsd sh src/tools/httpd-run www "$2" >"$work/said" 2>&1
	if [ "$(sed -n 's, sh /tmp/httpd-run[.].*/serve$,,p' "$work/told")" = "$3 $(id -un) /bin/sh" ] &&
		[ "$(sed -n '2s, /tmp/httpd-run[.].*/inetd.conf$,,p' "$work/told")" = "$4" ]; then
		passed=$((passed + 1))
	else
		echo "not ok $1: inetd was told '$(cat "$work/told")'; httpd-run said: $(cat "$work/said")"
		failed=$((failed + 1))
	fi
}

make_bsd
told OpenBSD 18079 '127.0.0.1:18079 stream tcp nowait.6000' -d
told NetBSD 18079 '127.0.0.1:18079 stream tcp nowait:6000' -d
# FreeBSD's inetd wants the name of a port.
named=$(awk '/^[a-z]/ && $2 ~ /^[0-9]+\/tcp$/ && $2 + 0 > 20000 { print $1, $2 + 0; exit }' /etc/services 2>/dev/null)
if [ -n "$named" ]; then
	for system in FreeBSD DragonFly; do
		told $system "${named#* }" "${named% *} stream tcp nowait/512/0" '-d -R 0 -a 127.0.0.1'
	done
else
	echo 'left out: make run on FreeBSD and DragonFly (/etc/services names no port above 20000; netbase)'
fi

if lacks curl; then
	leave_out 'make run'
	finish
	exit
fi
for supervisor in systemd-socket-activate tcpserver tcpsvd socat busybox inetd; do
	if lacks $supervisor; then
		leave_out "make run under $supervisor"
	elif [ $supervisor = busybox ] && ! busybox --list | grep -qx tcpsvd; then
		echo "left out: make run under busybox tcpsvd (this busybox was built without it)"
	else
		try $supervisor
	fi
done
finish
