#!/bin/sh
# SPDX-License-Identifier: ISC
# The package of `make deb`: two builds have the same bytes, lintian has no complaint, and all paths belong to the
# package. The package of `make rpm`: its files are those of `make install`. The tarball of `make static`.
# tests/e2e/systemd/package installs the package in a booted systemd.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
: "${MAKE:=make}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

ok() { # name of the test, command
	about=$1
	shift
	if "$@" >"$work/said" 2>&1; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "not ok $about"
		head -n 12 "$work/said" | sed 's/^/    /'
	fi
}

# shellcheck disable=SC2317 # ok calls them
holds() { # the file, a pattern that a line of it matches
	grep -e "$2" "$1"
}

# shellcheck disable=SC2317
not_holds() {
	! grep -e "$2" "$1"
}

# Makes a package twice, and leaves its path in $package.
made_twice() { # the target of make
	ok "make $1" "$MAKE" -s "$1" "BUILD=$work/build"
	package=$(tail -n 1 "$work/said")
	cp "$package" "$work/first"
	ok "make $1, once more" "$MAKE" -s "$1" "BUILD=$work/build"
	ok "make $1 gives the same bytes" cmp "$package" "$work/first"
}

# shellcheck disable=SC2317
answers() { # the program
	printf 'GET / HTTP/1.0\r\n\r\n' | "$1" --log=none www | grep '200 OK'
}

if lacks make; then
	leave_out 'the packages'
	finish
	exit
fi
if lacks dpkg-deb; then
	leave_out 'the Debian package'
else
	made_twice deb
	deb=$package
	dpkg-deb -x "$deb" "$work/root"
	dpkg-deb -e "$deb" "$work/control"
	ok 'the unit starts the program of the package' holds "$work/root/lib/systemd/system/httpd@.service" '^ExecStart=/usr/sbin/httpd '
	ok 'no page names /usr/local' not_holds "$work/root/usr/share/doc/httpd/examples/haproxy/site.cfg" /usr/local
	ok '/etc/default/httpd is a conffile' holds "$work/control/conffiles" '^/etc/default/httpd$'
	ok '/etc/default/httpd sets nothing' not_holds "$work/root/etc/default/httpd" '^[^#]'
	ok 'the program of the package answers' answers "$work/root/usr/sbin/httpd"
	for script in postinst prerm postrm; do ok "$script is a shell script" sh -n "$work/control/$script"; done
	if lacks lintian; then
		leave_out 'lintian'
	else
		ok 'lintian' lintian --allow-root --fail-on error,warning "$deb"
	fi
fi

# The modes and names that `make install` would install, with compressed manuals.
# shellcheck disable=SC2317
listed() {
	BUILD=build BINDIR=/usr/sbin TOOLDIR=/usr/bin MANDIR=/usr/share/man DATADIR=/usr/share/httpd DOCDIR=/usr/share/doc/httpd \
		UNITDIR=/usr/lib/systemd/system SYSUSERSDIR=/usr/lib/sysusers.d DEFAULTDIR=/etc/sysconfig sh src/make/installed |
		while read -r mode file to; do
			case $file in */httpd-status | */httpd-status.8) [ -x build/httpd-status ] || continue ;; esac
			case $to in */man/*) to=$to.gz ;; esac
			echo "$mode $to"
		done | LC_ALL=C sort -k 2 >"$work/listed"
	rpm -qp --qf '[%{FILEMODES:octal} %{FILENAMES}\n]' "$1" | sed -n 's/^100//p' | LC_ALL=C sort -k 2 | diff "$work/listed" -
}

if lacks rpmbuild cpio; then
	leave_out 'the RPM'
else
	made_twice rpm
	rpm=$package
	ok 'the RPM has the files that make install has, with their modes' listed "$rpm"
	rpm -qp --qf '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' "$rpm" >"$work/flags"
	ok 'its settings are kept by an upgrade' holds "$work/flags" '^cn /etc/sysconfig/httpd$'
	mkdir "$work/rpm" && (CDPATH='' cd "$work/rpm" && rpm2cpio "$rpm" | cpio -idm --quiet)
	ok 'its units read them' holds "$work/rpm/usr/lib/systemd/system/httpd@.service" '^EnvironmentFile=-/etc/sysconfig/httpd$'
	ok 'the program of the RPM answers' answers "$work/rpm/usr/sbin/httpd"
fi

ok 'make static' "$MAKE" -s static "BUILD=$work/build"
if grep -q 'needs shared libraries' "$work/said"; then
	why='nothing links a static program here; install musl-tools'
	failed=$((failed - 1))
	leave_out 'the tarball of make static'
else
	tar -C "$work" -xzf "$(tail -n 1 "$work/said")"
	ok 'the program of the tarball answers' answers "$(echo "$work"/httpd-*/httpd)"
	ok 'the licence is in the tarball' holds "$(echo "$work"/httpd-*/LICENCE)" 'Permission to use'
fi
finish
