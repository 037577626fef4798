#!/bin/sh
# SPDX-License-Identifier: ISC
# The allowed cost of typical requests to build/httpd: system calls, and page faults beyond those of an empty program
# that takes turns with it. Nothing depends on time, so any x86-64 machine will do. A commit that makes httpd dearer
# gives the reason; one that makes it cheaper puts the lines here that this script prints at its end.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script

# Request (with --log=none, except "logged"), sandbox, system calls, page faults. A mean of page faults fails from half a
# fault above on, as addresses are random. The further lines have one number: the system calls of a second request on a kept
# connection, and of a third request for the same file; then the KiB that are resident at the exit beyond the empty program,
# and the KiB of the file itself.
table='
small    off 17 1.7
small    on  21 1.7
logged   off 23 1.7
logged   on  27 1.7
304      off 16 1.4
304      on  20 1.4
404      off 15 2.7
404      on  19 2.7
range    off 17 2.2
range    on  21 2.2
redirect off 14 1.9
redirect on  18 1.8
listing  off 29 10.7
listing  on  33 10.7
second   off 10
again    off 3
resident on  140
binary   -   110
'

without() { # the reason why nothing can be counted
	echo "left out: the budget of system calls and page faults ($1)"
	finish
	exit
}

! lacks setpriv musl-gcc "${CC:-cc}" || without "$why"
case $(uname -sm) in 'Linux x86_64') ;; *) without "its numbers are those of Linux on x86-64" ;; esac
case $(uname -r) in [0-4].* | 5.[0-5].*) without "its numbers are those of Linux 5.6 and newer, which has openat2" ;; esac
case $(cat build/link 2>/dev/null) in musl-gcc*) ;; *) without "its numbers are those of the build with musl" ;; esac
# Not as root, which costs httpd further calls, and without new privileges, as in the units.
nobody='setpriv --no-new-privs'
if [ "$(id -u)" -eq 0 ]; then nobody="$nobody --reuid=65534 --regid=65534 --clear-groups"; fi

work=$(mktemp -d "${TMPDIR:-/tmp}/httpd-budget.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
"${CC:-cc}" -std=c11 -O2 -Isrc -o "$work/launch" tests/bench/launch.c &&
	musl-gcc -O2 -s -static -o "$work/empty" tests/bench/empty.c && cp build/httpd "$work" || exit 1
mkdir -p "$work/site/directory" "$work/site/listed"
awk 'BEGIN { for (i = 0; i < 64; i++) printf "%015d\n", i }' >"$work/site/page.html"
touch -d '2020-01-01 00:00:00 UTC' "$work/site/page.html"
for name in one two three four five; do echo $name >"$work/site/listed/$name.txt"; done

request() { # name, target, one more field
	printf '%s\r\n' "GET $2 HTTP/1.1" 'Host: www.example.org' \
		'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' \
		'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8' \
		'Accept-Language: en-US,en;q=0.5' 'Accept-Encoding: gzip, deflate, br, zstd' 'Connection: close' \
		'Upgrade-Insecure-Requests: 1' 'Sec-Fetch-Dest: document' 'Sec-Fetch-Mode: navigate' 'Sec-Fetch-Site: none' \
		'Sec-Fetch-User: ?1' "$3" '' >"$work/$1.request"
}
request small /page.html 'Priority: u=0, i'
request logged /page.html 'Priority: u=0, i'
request 304 /page.html 'If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT'
request 404 /no/such/page 'Priority: u=0, i'
request range /page.html 'Range: bytes=100-199'
request redirect /directory 'Priority: u=0, i'
request listing /listed/ 'Priority: u=0, i'
chmod -R a+rX "$work"

said=$($nobody timeout "$HANG" "$work/launch" -s empty "$work/small.request" "$work/empty" 2>&1 >/dev/null) ||
	without "no process can be traced here: $said"

verdict() { # 0: it passes; the rest is the message
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)) is=ok; else failed=$((failed + 1)) is='not ok'; fi
	shift
	echo "$is $*"
}

# Each request gets the answer that its line is about.
for pair in small:200 logged:200 304:304 404:404 range:206 redirect:301 listing:200; do
	status=$("$work/httpd" --listing --log=none "$work/site" <"$work/${pair%:*}.request" | sed -n '1s/[^ ]* \([0-9]*\).*/\1/p')
	[ "$status" = "${pair#*:}" ]
	verdict $? "the answer to ${pair%:*} is ${pair#*:}: $status"
done

sandboxes='off on'
if ! $nobody "$work/httpd" --sandbox=require --log=none "$work/site" </dev/null >/dev/null 2>&1; then
	echo "left out: the budget with the sandbox (this kernel has not all of it, as 'httpd --check' tells)"
	sandboxes=off
fi
for name in small logged 304 404 range redirect listing; do
	set -- empty "$work/$name.request" "$work/empty"
	log=none
	[ $name != logged ] || log=stderr
	for sandbox in $sandboxes; do
		wish=$sandbox
		[ "$sandbox" = off ] || wish=require
		set -- "$@" "$name $sandbox" "$work/$name.request" "$work/httpd --sandbox=$wish --listing --log=$log $work/site"
	done
	if ! $nobody env -i timeout "$HANG" "$work/launch" -b 9 -n 40 "$@" >"$work/times" 2>"$work/said" ||
		! $nobody env -i timeout "$HANG" "$work/launch" -s "$@" >"$work/calls" 2>"$work/said"; then
		verdict 1 "$name is measured: $(grep -v ' - - ' "$work/said")"
		continue
	fi
	paste "$work/times" "$work/calls" | awk -F'\t' '
		NR == 1 { faults = $4; resident = $8; next }
		{ print $1, $7, sprintf("%.1f", $4 - faults); most = $8 - resident }
		END { print "resident on", sprintf("%.0f", most) >>"'"$work/resident"'" }' >>"$work/found"
done
# Several requests sent at once. The last one has "Connection: close".
several() {
	for number in $(seq "$1"); do
		if [ "$number" -lt "$1" ]; then grep -v '^Connection: ' "$work/small.request"; else cat "$work/small.request"; fi
	done
}

# The number of system calls for so many requests on one connection.
calls_of() {
	several "$1" >"$work/several.request"
	$nobody env -i timeout "$HANG" "$work/launch" -s httpd "$work/several.request" \
		"$work/httpd --sandbox=off --keep-alive --log=none $work/site" 2>"$work/said" | cut -f 2
}

# The memory of a connection ends with the second on the clock. So the smallest of three counts is taken.
second=99 again=99
for _ in 1 2 3; do
	one=$(calls_of 1) two=$(calls_of 2) three=$(calls_of 3)
	[ $((two - one)) -ge $second ] || second=$((two - one))
	[ $((three - two)) -ge $again ] || again=$((three - two))
done
printf '%s\n' "second off $second" "again off $again" >>"$work/found"
case $sandboxes in *on) sort -k 3n "$work/resident" | tail -n 1 >>"$work/found" ;; esac
echo "binary - $((($(wc -c <build/httpd) + 1023) / 1024))" >>"$work/found"

# Compares with the table. A line that the table lacks fails.
echo "$table" >"$work/table"
# Another compiler lays the code out otherwise, so its page faults may be one more.
case $(musl-gcc -dumpversion) in 12*) slack=0.5 ;; *) slack=1.5 ;; esac
awk -v left_out="$sandboxes" -v page_slack=$slack '
	NR == FNR { if (NF) { calls[$1, $2] = $3; faults[$1, $2] = $4 } next }
	{
		kib = $1 == "resident" || $1 == "binary"
		one = kib || NF == 3
		# KiB: the kernel maps neighbouring pages at its own choice, and releases of the compiler differ by some KiB of
		# code.
		slack = $1 == "resident" ? 12 : $1 == "binary" ? 6 : 0
		words = kib ? $3 " KiB" : one ? $3 " system calls" : $3 " system calls, " $4 " page faults"
		may = one ? calls[$1, $2] : calls[$1, $2] " and " faults[$1, $2]
		bad = !(($1, $2) in calls) || $3 > calls[$1, $2] + slack || $4 + 0 > faults[$1, $2] + page_slack
		less = !bad && ($3 < calls[$1, $2] - slack || !one && $4 + 0 < faults[$1, $2] - 0.5)
		changed += bad || less
		dearer += bad
		printf "%s %s, sandbox %s: %s; allowed: %s%s\n", bad ? "not ok" : "ok", $1, $2, words, may,
			less ? " (less: tighten the table)" : ""
		now = now sprintf("%-8s %-3s %s%s\n", $1, $2, $3, one ? "" : " " $4)
	}
	END {
		if (dearer)
			print "# too dear: make it cheaper, or raise the numbers in the table of tests/e2e/budget.sh and say" \
				" why in the commit"
		if (changed)
			printf "# The table as it would be now:\n%s", now
	}' "$work/table" "$work/found" >"$work/verdicts"
cat "$work/verdicts"
passed=$((passed + $(grep -c '^ok ' "$work/verdicts"))) failed=$((failed + $(grep -c '^not ok ' "$work/verdicts")))
finish
