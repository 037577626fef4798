#!/bin/sh
# SPDX-License-Identifier: ISC
# httpd-status where there is nothing to ask: its words for that, its help. The rest wants a booted systemd: see
# systemd/status-check; manual.py has its options.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT

# ok NAME: counts whether the command before it succeeded.
ok()
{
	if [ $? -eq 0 ]; then passed=$((passed + 1)); else
		echo "not ok $1"
		failed=$((failed + 1))
	fi
}

# says STATUS WORDS ARGUMENT...: one line on stderr with these words, nothing on stdout.
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
says 64 "no option '-f'" -f
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
