#!/bin/sh
# SPDX-License-Identifier: ISC
# Tests the player of the wire cases with servers that answer as each test needs: a failure is noticed, it is shown
# once, and the answers that --write has stored are expected afterwards.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
if lacks "${CC:-cc}"; then
	leave_out 'the player of the wire cases'
	finish
	exit
fi
for limit in 1 60; do
	"${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -DPLAY_LIMIT=$limit -O1 -o "$work/play-$limit" tests/wire/play.c || {
		echo "not ok: the player does not compile"
		echo '0 passed, 1 failed'
		exit 1
	}
done

ok() { # name of the test, a command that succeeds
	name=$1
	shift
	if "$@"; then passed=$((passed + 1)); else
		echo "not ok $name"
		sed 's/^/    /' "$work/said"
		failed=$((failed + 1))
	fi
}

# A server that reads a head, sends a right answer, and then runs the given shell commands.
server() {
	cat >"$work/server" <<-'END'
		#!/bin/sh
		cr=$(printf '\r')
		while read -r line && [ "$line" != "$cr" ]; do :; done
		printf 'HTTP/1.1 200 OK\r\nDate: %s\r\n\r\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')"
	END
	printf '%s\n' "$1" >>"$work/server"
	chmod +x "$work/server"
}

case_is() { # what the answer's content is expected to be
	rm -f "$work"/case.*
	printf 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' >"$work/case.req"
	printf 'HTTP/1.1 200 OK\r\nDate: <DATE>\r\n\r\n%s\n' "$1" >"$work/case.res"
}

play() { # arguments of play; its output is in $work/said, its status in $status
	"$work/play-60" "$@" "$work/server" "$work" "$work/case.req" >"$work/said" 2>&1
	status=$?
}

says() { grep -qxF -e "$1" "$work/said"; }
complaints() { [ "$(grep -c '^FAIL ' "$work/said")" -eq "$1" ]; }
ended() { [ "$status" -eq "$1" ]; }

server 'echo right'
case_is right
play
ok 'a right answer passes in each way' says '6 passed, 0 failed'
ok 'a right answer: exit status 0' ended 0

case_is wrong
play
ok 'a wrong answer fails in each way' says '0 passed, 6 failed'
ok 'a wrong answer: exit status 1' ended 1
ok 'a wrong answer is shown once' complaints 1
ok 'a wrong answer: where' says "FAIL $work/case [in all its ways]: response differs"
ok 'a wrong answer: what was expected' says '    - wrong\n'
ok 'a wrong answer: what came' says '    + right\n'
ok 'a wrong answer: nothing is written without --write' grep -q wrong "$work/case.res"

play --write
ok '--write shows the difference' says '    + right\n'
ok '--write passes' says '6 passed, 0 failed'
ok '--write keeps the mask of the date' grep -q '^Date: <DATE>' "$work/case.res"
play
ok 'what was written is expected' says '6 passed, 0 failed'
rm "$work/case.res"
play
ok 'a case without .res fails' says '0 passed, 1 failed'
play --write
ok '--write makes a new .res' grep -q right "$work/case.res"

server 'if [ -p /dev/stdin ]; then echo piped; else echo right; fi'
case_is right
play
ok 'an answer that differs in two ways: which' says "FAIL $work/case [pipe pipe-bytes]: response differs"
ok 'an answer that differs in two ways: shown once' complaints 1
case_is wrong
play --write
ok '--write fails where the ways do not agree' says '4 passed, 2 failed'

server 'echo right; exit 3'
case_is wrong
play --write
ok '--write writes nothing from a run that failed' grep -q wrong "$work/case.res"
ok 'an exit status that is not expected' says "FAIL $work/case [in all its ways]: exit status 3, not 0"
ok 'two complaints about one run are shown' complaints 2

server 'echo right; echo "127.0.0.1 said" >&2'
case_is right
echo '%ADDR% said' >"$work/case.log"
echo 'tcp tcp-bytes' >"$work/case.ways"
play
ok 'the address in a log line' says '2 passed, 0 failed'
echo '%ADDR% was silent' >"$work/case.log"
play
ok 'a log line that differs' says "FAIL $work/case [in all its ways]: log line differs"
play --write
ok '--write writes the log line, and the address as a case has it' grep -qx '%ADDR% said' "$work/case.log"

# shellcheck disable=SC2016 # for the server
server 'echo "$1"'
case_is --timeout=60
PACE=3 "$work/play-60" "$work/server" "$work" "$work/case.req" >"$work/said" 2>&1
ok 'on a slow machine the server waits longer' says '6 passed, 0 failed'

server 'exec sleep 1000'
case_is right
echo pipe >"$work/case.ways"
"$work/play-1" "$work/server" "$work" "$work/case.req" >"$work/said" 2>&1
ok 'a server without an end is killed' grep -q '^FAIL .*: hangs (killed after [0-9]* s)$' "$work/said"

play --help
ok '--help' ended 0

finish
