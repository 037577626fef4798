#!/bin/sh
# SPDX-License-Identifier: ISC
# make run, as in the README, under each supervisor that httpd-run supports: the sample site arrives byte for byte.
# share.py tests the messages of httpd-run and how it ends.
set -u
cd "$(dirname "$0")/../.." || exit 1
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
