#!/bin/sh
# SPDX-License-Identifier: ISC
# make run, as a newcomer runs it, under each supervisor it knows: the sample site comes out byte for byte.
set -u
cd "$(dirname "$0")/../.." || exit 1
port=18080 passed=0 failed=0
for supervisor in systemd-socket-activate tcpserver socat busybox; do
	port=$((port + 1))
	if [ $supervisor = busybox ] && ! busybox --list | grep -qx tcpsvd; then
		echo "left out: make run under busybox tcpsvd (this busybox was built without it)"
		continue
	fi
	SUPERVISOR=$supervisor sh tests/run-site build/httpd www $port >build/run.log 2>&1 &
	pid=$!
	for _ in $(seq 50); do
		curl -so /dev/null "http://127.0.0.1:$port/" && break
		sleep 0.1
	done
	for file in index.html style.css picture.jpg icon.svg 404.html; do
		if curl -sS "http://127.0.0.1:$port/$file" | cmp - "www/$file"; then passed=$((passed + 1)); else
			echo "not ok $supervisor: $file"
			failed=$((failed + 1))
		fi
	done
	missing=$(curl -s -o build/run.body -w '%{http_code} %{content_type}' "http://127.0.0.1:$port/no/such/page")
	if [ "$missing" = '404 text/html; charset=utf-8' ] && cmp build/run.body www/404.html; then
		passed=$((passed + 1))
	else
		echo "not ok $supervisor: a missing page gets '$missing'"
		failed=$((failed + 1))
	fi
	kill $pid
	wait $pid 2>/dev/null
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
