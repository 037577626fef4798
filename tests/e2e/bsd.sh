#!/bin/sh
# SPDX-License-Identifier: ISC
# Whether httpd compiles where it cannot be run here: for OpenBSD, FreeBSD and NetBSD against the headers of musl, made by
# tests/bsd-stubs to show and to hide what those systems do; and for POSIX.1-2008 and nothing else.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
stubs=tests/bsd-stubs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
LAYERS=${LAYERS:-$(sh tests/lint/make-value '$(LAYERS)')}
awk -f src/mime.awk src/mime.types >"$work/mime-table.h"

# The files of httpd, that is those of the table of layers.
files=$(for name in $LAYERS; do [ "$name" = / ] || echo "src/$name.c"; done)

ok() { # what it is about, the status of what was tried; what it said is in $work/said
	if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "not ok $1"
		grep -E 'error|^[a-z_0-9]+$' "$work/said" | head -n 4 | sed 's/^/    /'
	fi
}

echo '#define VERSION_TEXT "0"' >"$work/version.h"
flags="-std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -include $work/version.h -I$work"
strict='-Werror -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Werror=implicit-function-declaration'

# ---- the BSDs ----

musl=$(echo '#include <features.h>' | musl-gcc -M -E - 2>/dev/null | tr ' ' '\n' | sed -n 's,/features\.h$,,p')

for_system() { # name, target of clang, more flags
	system=$1 target=$2
	shift 2
	for file in $files; do
		# shellcheck disable=SC2086 # flags are words
		clang --target="$target" -nostdlibinc -isystem $stubs/"$system" -isystem $stubs/not-linux -isystem "$musl" \
			$flags $strict -fsyntax-only "$@" "$file" >"$work/said" 2>&1
		ok "$file for $system $*" $?
	done
}

# The stubs themselves: each hides what it should, or everything would compile.
stub_says() { # name, target, expected status, program
	printf '%s\n' "$4" >"$work/try.c"
	# shellcheck disable=SC2086 # flags are words
	clang --target="$2" -nostdlibinc -isystem $stubs/"$1" -isystem $stubs/not-linux -isystem "$musl" $flags $strict \
		-fsyntax-only "$work/try.c" >"$work/said" 2>&1
	[ $? -eq "$3" ]
	ok "the stubs of $1: $4" $?
}

if lacks clang musl-gcc; then
	leave_out 'compiling for the BSDs'
else
	call='#include <unistd.h>
int f(void); int f(void) { return chroot("."); }'
	stub_says openbsd x86_64-unknown-openbsd 1 "$call"
	stub_says openbsd x86_64-unknown-openbsd 1 "#define _DEFAULT_SOURCE
$call"
	stub_says openbsd x86_64-unknown-openbsd 0 "#define _BSD_SOURCE
$call"
	stub_says freebsd x86_64-unknown-freebsd14.0 1 "$call"
	stub_says freebsd x86_64-unknown-freebsd14.0 1 "#define _BSD_SOURCE
$call"
	stub_says freebsd x86_64-unknown-freebsd14.0 0 "#undef _POSIX_C_SOURCE
$call"
	stub_says netbsd x86_64-unknown-netbsd 1 "#define _DEFAULT_SOURCE
$call"
	stub_says netbsd x86_64-unknown-netbsd 0 "#define _NETBSD_SOURCE
$call"
	for_system openbsd x86_64-unknown-openbsd
	for_system freebsd x86_64-unknown-freebsd14.0
	for_system netbsd x86_64-unknown-netbsd
	for_system openbsd x86_64-unknown-openbsd -DPORTABLE
	for_system freebsd x86_64-unknown-freebsd14.0 -DPORTABLE
fi
echo 'left out: running on a BSD (there is none here)'

# ---- POSIX, and nothing else ----

# Calls of POSIX.1-2008, those that httpd makes and some that it might; one that is missing here may be added if that
# standard has it. Then two that every Unix has all the same, and what the compiler and the C library put in themselves.
tr -s '[:space:]' '\n' >"$work/known" <<-END
	access bsearch clock_gettime close closedir dup dup2 faccessat fchdir fcntl fdopendir fnmatch fstat fstatat getcwd getegid getenv
	geteuid getgid getpeername getpid getsockname getsockopt getuid gmtime_r inet_ntop inet_pton lseek memchr memcmp memcpy
	memmove memset mmap munmap nanosleep open openat openlog pipe poll pread qsort read readdir readlinkat readv recv recvmsg rewinddir
	send sendmsg setgid setitimer setsockopt setuid shutdown sigaction sigprocmask signal snprintf strchr strcmp strcpy strcspn
	strerror strlen strncmp strnlen strrchr strspn strstr strtol strtoul syslog time umask write writev
	chroot setgroups
	__errno_location ___errno_location __stack_chk_fail _GLOBAL_OFFSET_TABLE_
END

calls() { # compiler
	for object in "$work"/*.o; do nm -u "$object"; done | awk 'NF == 2 { print $2 }' | sort -u >"$work/wanted"
	for object in "$work"/*.o; do nm -g --defined-only "$object"; done | awk 'NF == 3 { print $3 }' | sort -u >"$work/there"
	# glibc has other names for some: open64 is open with 64 bits of offset, __sysv_signal what ISO C says of signal.
	comm -23 "$work/wanted" "$work/there" | sed 's/64$//; s/^__sysv_signal$/signal/' | sort -u |
		grep -vxF -f "$work/known" >"$work/said"
	[ ! -s "$work/said" ]
	ok "$1: httpd calls nothing that is not in the list of POSIX above" $?
}

for compiler_name in gcc musl-gcc; do
	if lacks $compiler_name nm; then
		leave_out "compiling for POSIX with $compiler_name"
		continue
	fi
	rm -f "$work"/*.o
	for file in $files; do
		object=${file#src/}
		# shellcheck disable=SC2086 # flags are words
		$compiler_name $flags $strict -DPORTABLE -O1 -fno-builtin -c -o "$work/${object%.c}.o" "$file" >"$work/said" 2>&1
		ok "$file for POSIX with $compiler_name" $?
	done
	calls $compiler_name
done

finish
