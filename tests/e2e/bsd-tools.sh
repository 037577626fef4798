#!/bin/sh
# SPDX-License-Identifier: ISC
# Builds httpd with the tools of the BSDs: bmake (NetBSD's make, and FreeBSD's), the one true awk (of all of them),
# and mksh, which has the same origin as OpenBSD's sh. They replace make, awk and sh for building, installing,
# compressing and checking, and the results have to be those of this machine's own tools. Each make has to heed settings
# that change. FULL=1 builds with this machine's make as well, runs tests/e2e/link.sh with these tools, and checks the rules
# of all files.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
: "${CC:=cc}" "${MAKE:=make}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0

ok() { # name of the test, exit status of its command, whose output is in $work/said
	if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "not ok $1"
		tail -n 4 "$work/said" | sed 's/^/    /'
	fi
}

# Makes a directory of tools: in place NAME PROGRAM.
in_place() {
	mkdir -p "$work/bin"
	ln -sf "$(command -v "$2")" "$work/bin/$1"
}

# Runs a command with these tools instead of the machine's own.
with_tools() { PATH=$work/bin:$PATH "$@" >"$work/said" 2>&1; }

# The installed sample site and programs: names, modes and checksums of all files.
inventory() { (cd "$1" && find . -type f -exec cksum {} + | sort -k3 && find . -type f -exec ls -l {} + | cut -c1-10 | sort); }

# builds WHAT MAKE...: with this make and these settings, the program and the installation are those of the machine's own
# tools.
builds() {
	what=$1
	shift
	rm -rf "$work/built" "$work/there"
	with_tools "$@" BUILD="$work/built" all && cmp build/httpd "$work/built/httpd" >"$work/said" 2>&1
	ok "$what builds the same httpd" $?
	: >"$work/stamp"
	with_tools "$@" BUILD="$work/built" DESTDIR="$work/there" install &&
		inventory "$work/there" >"$work/inventory" && diff "$work/own.inventory" "$work/inventory" >"$work/said" 2>&1
	ok "$what installs the same files" $?
	[ -z "$(find "$work/built/httpd" -newer "$work/stamp")" ]
	ok "$what installs what was built, and builds nothing anew" $?
	with_tools "$@" BUILD="$work/built" DESTDIR="$work/there" uninstall && [ -z "$(find "$work/there" -type f)" ]
	ok "$what uninstalls them" $?
}

if lacks "$CC" "$MAKE"; then
	leave_out "the tools of the BSDs"
	finish
	exit
fi
# It is there already where make has been called with the same settings.
$MAKE BUILD=build DESTDIR="$work/own.there" install >"$work/said" 2>&1
ok "this machine's tools build and install it" $?
inventory "$work/own.there" >"$work/own.inventory"

# ---- settings ----

# anew MAKE [SETTING]: whether this make makes the table of media types, which wants next to no time, anew.
anew() {
	make=$1
	shift
	with_tools "$make" "BUILD=$work/settings" "$@" "$work/settings/mime-table.h" && grep -q '^awk ' "$work/said"
}

for make in "$MAKE" bmake; do
	if lacks "$make"; then
		leave_out "$make and settings that change"
		continue
	fi
	rm -rf "$work/settings"
	anew "$make" && anew "$make" CFLAGS=-O1 && ! anew "$make" CFLAGS=-O1 && anew "$make"
	ok "$make builds anew with other settings, and only then" $?
done

# ---- awk ----

for awk in original-awk mawk; do
	if lacks $awk; then
		leave_out "the table of media types by $awk"
		continue
	fi
	for locale in C C.UTF-8; do
		LC_ALL=$locale $awk -f src/http/mime.awk src/http/mime.types >"$work/table" 2>"$work/said" &&
			cmp build/mime-table.h "$work/table" >"$work/said" 2>&1
		ok "$awk in the locale $locale makes the same table of media types" $?
	done
done

# ---- sh and awk together ----

if lacks mksh original-awk; then
	leave_out 'building and checking with mksh and the one true awk'
	finish
	exit
fi
in_place sh mksh
in_place awk original-awk
without=
if lacks bmake; then
	without=bmake
	leave_out "bmake with mksh and the one true awk"
else
	builds "bmake with mksh and the one true awk" bmake
fi
if [ -n "$without${FULL-}" ]; then
	builds "make with mksh and the one true awk" "$MAKE" SHELL="$work/bin/sh"
fi
echo "left out: OpenBSD's make (no package of Debian has it; pmake is bmake there)"

for script in src/make/link src/tools/httpd-precompress src/tools/httpd-run; do
	mksh -n $script >"$work/said" 2>&1
	ok "mksh can read $script" $?
done

# The result of src/make/link for each compiler that tests/e2e/link.sh makes.
if [ -n "${FULL-}" ]; then
	with_tools sh tests/e2e/link.sh
	ok 'tests/e2e/link.sh with mksh and the one true awk' $?
fi

cp -R www "$work/site"
cp -R www "$work/own.site"
sh src/tools/httpd-precompress "$work/own.site" >"$work/own.said" 2>&1
with_tools sh src/tools/httpd-precompress "$work/site" && diff -r "$work/own.site" "$work/site" >"$work/said" 2>&1
ok 'httpd-precompress with mksh' $?

HTTPD=build/httpd with_tools sh src/tools/httpd-run "$work/site" 0
[ $? -eq 64 ]
ok 'httpd-run with mksh: a port that is none' $?

# The rules of the source, as a contributor runs them: layers with the whole source, the two that compile with a few files
# of it, or with FULL=1 with all. Then with a fault, to see that they still find one.
few=$work/few
mkdir -p "$few/tests/unit"
cp -R Makefile src "$few"
cp -R tests/lint "$few/tests"
cp -R tests/unit/base "$few/tests/unit"
[ -n "${FULL-}" ] || find "$few/src" -name '*.c' ! -path '*/base/*' ! -name main.c -exec rm {} +
rule_holds() { # rule, in the files of the room base or in all
	(
		cd "$few" || exit
		[ -n "${FULL-}" ] || export LAYERS='base/slice base/status base/buf base/path'
		with_tools sh "tests/lint/$1"
	)
}
with_tools sh tests/lint/layers
ok 'tests/lint/layers with mksh and the one true awk' $?
if lacks nm; then
	leave_out 'tests/lint/source and tests/lint/pure with mksh and the one true awk'
else
	for rule in source pure; do
		rule_holds $rule
		ok "tests/lint/$rule with mksh and the one true awk" $?
	done
	printf 'int getpid(void);\nint planted = 1;\nint its_caller(void);\nint its_caller(void) { return getpid(); }\n' >>"$few/src/base/slice.c"
	for rule in source pure; do
		rule_holds $rule
		[ $? -eq 1 ] && grep -qE 'planted is a writable object|needs getpid' "$work/said"
		ok "tests/lint/$rule with mksh and the one true awk finds a fault" $?
	done
fi
finish
