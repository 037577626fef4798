#!/bin/sh
# SPDX-License-Identifier: ISC
# The choices of src/make/link for compilers of every kind, most of them scripts around the real one: a compiler that
# ignores -static-pie, one that refuses it, one that makes nothing static, one for musl under another name, and cross
# compilers. A LINK that contradicts CC is an error, and its message names the cure. FULL=1 builds httpd with each compiler
# for musl, else that is tried with one of them, and with a small program for each.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
: "${CC:=cc}" "${MAKE:=make}"
if lacks "$CC" "$MAKE"; then
	leave_out 'how httpd is linked'
	finish
	exit
fi
real=$CC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

ok() { passed=$((passed + 1)); echo "ok $*"; }
not_ok() { failed=$((failed + 1)); echo "not ok $*"; }

# compiler NAME: makes a compiler of the script on standard input.
compiler() {
	{ echo '#!/bin/sh'; cat; } >"$work/$1"
	chmod +x "$work/$1"
}

# Runs src/make/link with a CC, a LINK and CFLAGS: its output is in $work/out, what it said in $work/said.
link() {
	CC=$1 LINK=$2 CFLAGS=${3-} LDFLAGS='' BUILD=$work/build PATH=$work:$PATH sh src/make/link >"$work/out" 2>"$work/said"
}

# gives NAME CC LINK WORDS [CFLAGS]: the printed command begins with these words, and there is no message.
gives() {
	if link "$2" "$3" "${5-}" && [ ! -s "$work/said" ]; then
		case $(cat "$work/out") in "$4"*) ok "$1"; return ;; esac
	fi
	not_ok "$1: $(cat "$work/out" "$work/said")"
}

# prints NAME CC LINK COMMAND: the printed command is exactly this one, with or without a message.
prints() {
	if link "$2" "$3" && [ "$(cat "$work/out")" = "$4" ]; then ok "$1"; else not_ok "$1: $(cat "$work/out" "$work/said")"; fi
}

# says NAME CC LINK TEXT [WORDS]: there is one line of message, which begins with the text. The printed command begins with
# the words; without words it is an error.
says() {
	link "$2" "$3"
	status=$?
	if [ "$(wc -l <"$work/said")" -eq 1 ] && { [ $status -eq 0 ] || [ $# -eq 4 ]; }; then
		case $status$(cat "$work/said")$(cat "$work/out") in
		"0make: $4"*"${5-none}"* | "1make: $4"*) ok "$1"; return ;;
		esac
	fi
	not_ok "$1: status $status: $(cat "$work/out" "$work/said")"
}

# is_static_pie NAME CC: the printed command makes a static PIE of a program.
is_static_pie() {
	if link "$2" auto && eval "PATH=$work:\$PATH $(cat "$work/out") -fPIE -o '$work/small' '$work/small.c'" >>"$work/said" 2>&1 &&
		tests/lint/static "$work/small" >>"$work/said" 2>&1; then ok "$1"; else not_ok "$1: $(cat "$work/out" "$work/said")"; fi
	[ -z "${FULL-}" ] || builds_static_pie "$1, the whole" "$2"
}
echo 'int main(void) { return 0; }' >"$work/small.c"

# builds_static_pie NAME CC: make with this CC builds httpd as a static PIE, without optimising what is not run.
builds_static_pie() {
	rm -rf "$work/whole"
	if PATH=$work:$PATH $MAKE -s BUILD="$work/whole" CC="$2" LINK=auto CFLAGS=-O0 LDFLAGS= "$work/whole/httpd" >"$work/out" 2>&1 &&
		tests/lint/static "$work/whole/httpd" >>"$work/out" 2>&1; then ok "$1"; else not_ok "$1: $(cat "$work/out")"; fi
}

compiler ignoring <<E
for word; do
	shift
	[ "\$word" = -static-pie ] || set -- "\$@" "\$word"
done
exec $real "\$@"
E
compiler refusing <<E
for word; do
	[ "\$word" != -static-pie ] || exit 1
done
exec $real "\$@"
E
compiler unstatic <<E
for word; do
	case \$word in -static*) exit 1 ;; esac
done
exec $real "\$@"
E
# Apple's linker: it makes no ELF file and refuses -z.
compiler apple <<E
for word; do
	case \$word in -Wl,*-z,*) echo 'ld: unknown option: -z' >&2; exit 1 ;; -static*) exit 1 ;; esac
done
exec $real "\$@"
E
# clang for OpenBSD: it ignores -static-pie, and -static makes a static PIE.
compiler openbsd <<E
for word; do
	shift
	case \$word in -static-pie) ;; -static) set -- "\$@" -static-pie ;; *) set -- "\$@" "\$word" ;; esac
done
exec $real "\$@"
E
compiler foreign <<E
[ "\$1" != -dumpmachine ] || { echo nosuch-linux-gnu; exit; }
exec gcc "\$@"
E
compiler nothing <<E
exit 1
E

for cc in ignoring refusing unstatic; do
	says "auto, $cc CC: dynamic, and it says so" $cc auto \
		"CC '$cc' makes no static PIE here, so httpd is made with shared libraries; for one without, " "$cc -pie "
	says "static-pie, $cc CC" $cc static-pie "LINK=static-pie, but CC '$cc' makes no static PIE here; try LINK=musl, "
	gives "dynamic, $cc CC" $cc dynamic "$cc -pie "
done
prints 'auto, a linker without -z' apple auto 'apple -pie'
prints 'dynamic, a linker without -z' apple dynamic 'apple -pie'
gives 'auto, -static makes a static PIE' openbsd auto 'openbsd -static -s -Wl,-z,relro'
gives 'static, refusing CC' refusing static 'refusing -static -s'
says 'static, unstatic CC' unstatic static "LINK=static, but CC 'unstatic' makes no static program here; install "
says 'auto, a CC that compiles nothing' nothing auto "CC 'nothing' compiles nothing here; install a C compiler "
says 'static-pie, a CC that compiles nothing' nothing static-pie "LINK=static-pie, but CC 'nothing' makes no static PIE "
says 'static, a CC that compiles nothing' nothing static "LINK=static, but CC 'nothing' makes no static program here; "
says 'dynamic, a CC that compiles nothing' nothing dynamic "LINK=dynamic, but CC 'nothing' makes no PIE here; name "
says 'musl, a CC that compiles nothing' nothing musl "LINK=musl, but CC 'nothing' does not compile for musl, and "
says 'an unknown LINK' "$real" best "LINK is 'best'; it can be auto, musl, static-pie, static or dynamic"
gives 'CFLAGS with quotes' "$real" dynamic "$real -pie" "-DTEXT='\"a b\"'"

# readelf and file are not needed: POSIX and the compiler have all the tools.
mkdir "$work/few"
for tool in sh cat od awk sed tr tail grep mkdir rm as ld "$real"; do
	ln -s "$(command -v "$tool")" "$work/few/"
done
if CC=$real LINK=auto CFLAGS='' LDFLAGS='' BUILD=$work/build PATH=$work/few sh src/make/link >"$work/out" 2>&1; then
	ok 'the tools of POSIX alone'
else
	not_ok "the tools of POSIX alone: $(cat "$work/out")"
fi

if musl=$(command -v musl-gcc); then
	compiler renamed <<-E
		exec $musl "\$@"
	E
	is_static_pie 'CC=musl-gcc' musl-gcc
	is_static_pie 'a compiler for musl under another name' renamed
	gives 'musl, a compiler for musl' renamed musl 'renamed -s -Wl,-z,norelro'
	specs=$(sed -n 's/.*-specs "\(.*\)".*/\1/p' "$musl")
	if [ -r "$specs" ] && command -v gcc >/dev/null; then
		gives 'musl, CC=gcc' gcc musl "gcc -specs $specs -s"
		builds_static_pie 'a CC with the specs of musl' "gcc -specs $specs"
	fi
else
	echo 'left out: CC=musl-gcc and its relatives (it is not here; musl-tools)'
fi
if command -v gcc >/dev/null; then
	says 'musl, a CC for a machine without musl' foreign musl \
		"LINK=musl, but CC 'foreign' does not compile for musl, and /usr/lib/nosuch-linux-musl/musl-gcc.specs is missing; "
else
	echo 'left out: LINK=musl with a cross compiler (there is no gcc here; gcc)'
fi
if command -v clang >/dev/null; then
	says 'musl, clang' clang musl "LINK=musl, but CC 'clang' makes no static PIE with musl; leave CC away, "
else
	echo 'left out: LINK=musl with clang (it is not here; clang)'
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
