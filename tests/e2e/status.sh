#!/bin/sh
# SPDX-License-Identifier: ISC
# httpd-status without a journal or a systemd to ask: its messages, its help, and log files. systemd/status-check
# tests the rest in a booted systemd, manual.py the options.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT

# ok NAME: a test passes if the command before it succeeded.
ok()
{
	if [ $? -eq 0 ]; then passed=$((passed + 1)); else
		echo "not ok $1"
		failed=$((failed + 1))
	fi
}

# says STATUS WORDS ARGUMENT...: there is one line on standard error, which has these words, and no output.
says()
{
	expected=$1 words=$2
	shift 2
	out=$(build/httpd-status "$@" 2>"$empty/said")
	got=$? said=$(cat "$empty/said")
	rm "$empty/said"
	[ $got -eq "$expected" ] && [ -z "$out" ] && [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] &&
		case $said in "httpd-status: "*"$words"*) true ;; *) false ;; esac
	ok "$*: exit $got, said '$said'"
}

if [ ! -x build/httpd-status ]; then
	echo "left out: httpd-status (there is no libsystemd to link; install libsystemd-dev)"
	finish
	exit
fi

says 64 "no option '--nonsense'" --nonsense
says 64 "no option '-x'" -x
says 64 "no option '-ff'" -ff
says 64 "--follow and --prometheus do not go together" -f --prometheus
says 64 "--top and --prometheus do not go together" --prometheus --top=3
says 64 "--log and --since=start do not go together" --since=start --log=/x
says 64 "--directory and --since=start do not go together" --directory=/x --since start
says 64 "--state and --since=start do not go together" --prometheus --state=/x --since=start
says 64 "no option 'httpd.socket'" httpd.socket
says 64 "no option ''" ''
says 64 "no option '--'" --
says 64 "--json takes no value" --json=1
says 64 "--since wants a value" --since
says 64 "'soon' is not a time that can be read; 10min" --since=soon
says 64 "'' is not a time" --since=
says 64 "'2099-01-01' is not in the past" --since 2099-01-01
says 64 "'0' is not a number from 1 to 100" --top=0
says 64 "'101' is not a number" --top 101
says 64 "'1x' is not a number" --top=1x
says 64 "'a b' is not the name of a socket" '--socket=a b'
says 64 "'*' is not the name" '--socket=*'
says 64 "'' is not the name" --socket=
says 64 "is not the name" "--socket=$(printf %0300d 0)"
says 64 "do not go together" --follow --prometheus
says 64 "--state is for --prometheus" --state=/x
says 66 "No such file or directory" --directory="$empty/none"
says 66 "no journal that can be read" --directory="$empty"
says 66 "No such file or directory; --log wants the file" --log="$empty/none"
says 66 "it is no file" --log="$empty"
says 64 "--json and --prometheus do not go together" --json --prometheus
says 64 "--json and --prometheus do not go together" --prometheus --since=1h --json
says 64 "--log and --directory do not go together" --log=/x --directory=/y
says 64 "--log and --unit do not go together" --log=/x --unit=a
says 64 "--log and --socket do not go together" --log=/x --socket=a
says 64 "--log and --state do not go together" --log=/x --prometheus --state=/x
says 64 "--socket and --unit do not go together" --directory=/x --socket=a --unit=b

# The log file and its predecessor are read, lines outside the chosen time are not counted. A message has no time.
line() { echo "$1 - - [$(LC_ALL=C date -u -d "$2" '+%d/%b/%Y:%H:%M:%S +0000')] \"GET $3 HTTP/1.1\" $4 5 \"-\" \"-\""; }
{ line 192.0.2.1 '3 hours ago' /old 200 && line 192.0.2.1 '40 minutes ago' /rotated 200; } >"$empty/log.1"
{ line 192.0.2.2 '5 minutes ago' /none 404 && echo "httpd: ROOT '/x': gone" && line 192.0.2.2 now /new 206; } >"$empty/log"
told() { # count, text, option...: so many lines of the table have the text
	wanted=$1 text=$2
	shift 2
	build/httpd-status --log="$empty/log" "$@" >"$empty/table" 2>&1
	[ "$(grep -c -- "$text" "$empty/table")" -eq "$wanted" ]
	ok "--log $*: '$text': $(cat "$empty/table")"
}
told 1 '^ *3   15 B'
told 1 '^ *1   404 /none$'
told 1 '^ *1   /rotated$'
told 0 /old
told 1 '^ *4   20 B' --since=4h
told 1 '^ *1   from httpd; a fault of the setup is a 503'
told 1 "^ *httpd: ROOT '/x': gone$"
[ "$(sed -n '/^[A-Z]/p' "$empty/table" | head -n 2 | tr '\n' ' ')" = "Messages Answers " ]
ok "messages come first: $(cat "$empty/table")"
told 1 '"answers":3,.*"other_messages":1' --json
told 1 'httpd_window_answers{code="404"} 1' --prometheus

# The log is followed while it grows, is renamed, and is made anew.
build/httpd-status --log="$empty/log" -f --json >"$empty/followed" &
follower=$!
grown() { # number: waits until so many answers are reported, or none will be
	n=0
	until grep -q "\"answers\":$1," "$empty/followed" || ! kill -0 $follower || [ $n -ge $((300 * ${PACE:-1})) ]; do
		sleep 0.2
		n=$((n + 1))
	done
	grep -q "\"answers\":$1," "$empty/followed"
}
grown 3
ok "-f: it begins: $(tail -n 1 "$empty/followed")"
line 192.0.2.3 now /grown 200 >>"$empty/log"
grown 4
ok "-f: it grows: $(tail -n 1 "$empty/followed")"
mv "$empty/log" "$empty/log.1"
line 192.0.2.3 now /late 200 >>"$empty/log.1"
line 192.0.2.3 now /renewed 200 >"$empty/log"
grown 6
ok "-f: it is rotated: $(tail -n 1 "$empty/followed")"
kill $follower
wait $follower 2>/dev/null

if [ -d /run/systemd/system ]; then
	echo "left out: httpd-status without systemd (systemd runs here)"
else
	says 69 "systemd does not run here (there is no /run/systemd/system)"
	says 69 "--directory=DIR reads a journal without it" --json
fi

[ "$(build/httpd-status --version)" = "httpd-status $(sed -n 's/^VERSION = //p' Makefile)" ]
ok "--version"
build/httpd-status --help >/dev/null
ok "--help"
if [ -c /dev/full ]; then
	build/httpd-status --help 2>/dev/null >/dev/full
	[ $? -eq 74 ]
	ok "a full disk"
fi

finish
