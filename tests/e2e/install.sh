#!/bin/sh
# SPDX-License-Identifier: ISC
# make install puts exactly these files beneath DESTDIR and PREFIX, and make uninstall removes them. make dist makes
# the same tarball however it is called. It has every file of git, and a build from it passes the tests of the wire: a tenth
# of the cases, or with FULL=1 all of them. FULL=1 has one more PREFIX, and more upgrades under load, too.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
: "${MAKE:=make}" "${CC:=cc}"
unset PREFIX DESTDIR
if lacks "$MAKE" "$CC"; then
	leave_out 'make install and make dist'
	finish
	exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
ok() { # name of the test, command...
	what=$1
	shift
	if "$@" >"$work/said" 2>&1; then passed=$((passed + 1)); else
		echo "not ok $what"
		sed 's/^/    /' "$work/said"
		failed=$((failed + 1))
	fi
}

# The installed files by mode and by name beneath PREFIX. Directories have mode 755.
cat >"$work/list" <<'LIST'
755 bin/httpd-run
644 lib/systemd/system/httpd-behind-proxy.socket
644 lib/systemd/system/httpd-behind-proxy@.service
644 lib/systemd/system/httpd-tcpserver.service
644 lib/systemd/system/httpd-void.service
644 lib/systemd/system/httpd.socket
644 lib/systemd/system/httpd@.service
644 lib/sysusers.d/httpd.conf
755 sbin/httpd
755 sbin/httpd-precompress
755 sbin/httpd-status
644 share/doc/httpd/LICENCE
644 share/doc/httpd/README.md
644 share/doc/httpd/examples/README.md
644 share/doc/httpd/examples/apache/httpd.conf
755 share/doc/httpd/examples/busybox/run
644 share/doc/httpd/examples/caddy/Caddyfile
755 share/doc/httpd/examples/container/build
644 share/doc/httpd/examples/fail2ban/action.conf
644 share/doc/httpd/examples/fail2ban/filter.conf
644 share/doc/httpd/examples/fail2ban/jail.conf
644 share/doc/httpd/examples/haproxy/httpd.cfg
755 share/doc/httpd/examples/haproxy/renew
644 share/doc/httpd/examples/haproxy/site.cfg
644 share/doc/httpd/examples/inetd/dragonfly.conf
644 share/doc/httpd/examples/inetd/freebsd.conf
644 share/doc/httpd/examples/inetd/httpd.conf
644 share/doc/httpd/examples/inetd/netbsd.conf
644 share/doc/httpd/examples/inetd/openbsd.conf
644 share/doc/httpd/examples/launchd/httpd.plist
644 share/doc/httpd/examples/logrotate/httpd
644 share/doc/httpd/examples/nftables/httpd.nft
644 share/doc/httpd/examples/nginx/httpd.conf
755 share/doc/httpd/examples/s6/run
755 share/doc/httpd/examples/socat/run
755 share/doc/httpd/examples/socat/run-tls
755 share/doc/httpd/examples/socket-activate/run
644 share/doc/httpd/examples/stunnel/httpd.conf
644 share/doc/httpd/examples/stunnel/httpd.socket
755 share/doc/httpd/examples/stunnel/renew
755 share/doc/httpd/examples/tcpserver/run
755 share/doc/httpd/examples/tcpsvd/run
644 share/doc/httpd/examples/varnish/httpd.vcl
755 share/doc/httpd/examples/varnish/purge
644 share/doc/httpd/examples/xinetd/httpd
644 share/httpd/limit.conf
644 share/httpd/port80.conf
644 share/httpd/strict.conf
644 share/httpd/www/404.html
644 share/httpd/www/icon.svg
644 share/httpd/www/index.html
644 share/httpd/www/picture.jpg
644 share/httpd/www/style.css
644 share/man/man1/httpd-run.1
644 share/man/man8/httpd-precompress.8
644 share/man/man8/httpd-status.8
644 share/man/man8/httpd.8
LIST
if [ ! -x build/httpd-status ]; then
	echo "left out: httpd-status in make install (there is no libsystemd to link; install libsystemd-dev)"
	sed '/httpd-status/d' "$work/list" >"$work/list.new"
	mv "$work/list.new" "$work/list"
fi

files() { (cd "$1" && find . -type f -printf '%m %P\n' | LC_ALL=C sort -k 2); }
no() { ! "$@"; }
same_files() { files "$1" >"$work/got" && diff "$work/list" "$work/got"; }
# Only the paths that the caller of make chose are replaced in a file.
same_text() { # installed, source, prefix
	sed "s,/usr/local/sbin/httpd,$3/sbin/httpd,; s,/usr/local/share/httpd/,$3/share/httpd/,
		s,/usr/local/share/doc/httpd/,$3/share/doc/httpd/," "$2" | cmp - "$1"
}

prefixes='/usr/local /opt/web'
[ -z "${FULL-}" ] || prefixes='/usr/local /usr /opt/web'
for prefix in $prefixes; do
	tree="$work/a tree"
	# With the settings of a packager, and a umask that denies everything to everybody.
	(umask 077 && $MAKE install "DESTDIR=$tree" "PREFIX=$prefix") >"$work/log" 2>&1 || { cat "$work/log"; failed=$((failed + 1)); }
	top=$tree$prefix
	ok "$prefix: the files and their modes" same_files "$top"
	ok "$prefix: nothing outside of it but the settings" test "$(files "$tree" | grep -v "^... ${prefix#/}/")" = \
		"644 etc/default/httpd"
	ok "$prefix: the settings set nothing" no grep '^[^#]' "$tree/etc/default/httpd"
	ok "$prefix: nothing is said of what comes next" no grep -q Next "$work/log"
	lacks python3 || ok "$prefix: no page has a broken link" python3 tests/e2e/common/links.py "$top/share/httpd/www" "$top/share/doc/httpd"
	ok "$prefix: directories that everyone may enter" test -z "$(find "$tree" -mindepth 1 -type d ! -perm 755)"
	ok "$prefix: the binary runs" "$top/sbin/httpd" --version
	ok "$prefix: the manual page" same_text "$top/share/man/man8/httpd.8" src/man/httpd.8 "$prefix"
	ok "$prefix: README.md" grep -q "[(]examples/README.md[)]" "$top/share/doc/httpd/README.md"
	ok "$prefix: the sample site" cmp www/picture.jpg "$top/share/httpd/www/picture.jpg"
	ok "$prefix: the licence begins" grep -q '^Permission to use, copy, modify' "$top/share/doc/httpd/LICENCE"
	ok "$prefix: the licence ends" test "$(tail -n 1 "$top/share/doc/httpd/LICENCE")" = "THIS SOFTWARE."
	ok "$prefix: the unit starts what was installed" \
		grep -q "^ExecStart=$prefix/sbin/httpd " "$top/lib/systemd/system/httpd@.service"
	ok "$prefix: so does the example for inetd" \
		grep -q "^http .* $prefix/sbin/httpd httpd " "$top/share/doc/httpd/examples/inetd/httpd.conf"
	ok "$prefix: strict.conf names its own place" grep -q " $prefix/share/httpd/strict.conf " "$top/share/httpd/strict.conf"
	ok "$prefix: httpd.nft names its own place" \
		grep -q "nft -f $prefix/share/doc/httpd/examples/nftables/httpd.nft " "$top/share/doc/httpd/examples/nftables/httpd.nft"
	ok "$prefix: no placeholder is left" no grep -rE '@[A-Z]+@' "$top/lib"
	if [ "$prefix" != /usr/local ]; then
		ok "$prefix: nothing of it is said to be in /usr/local" no grep -rE /usr/local/'(sbin|share/httpd|share/doc/httpd)/' "$tree"
		ok "$prefix: httpd-run finds httpd" test "$("$top/bin/httpd-run" --version)" = "$(build/httpd --version)"
	fi
	echo theirs >"$top/share/httpd/www/of-somebody-else"
	$MAKE uninstall "DESTDIR=$tree" "PREFIX=$prefix" >"$work/log" 2>&1 || { cat "$work/log"; failed=$((failed + 1)); }
	ok "$prefix: uninstall leaves what it did not bring" \
		test "$(files "$top")" = "644 share/httpd/www/of-somebody-else"
	rm -f "$top/share/httpd/www/of-somebody-else"
	$MAKE uninstall "DESTDIR=$tree" "PREFIX=$prefix" >"$work/log" 2>&1 || { cat "$work/log"; failed=$((failed + 1)); }
	ok "$prefix: and no directory of its own" test "$(cd "$top" && find . -type d | LC_ALL=C sort | tr '\n' ' ')" = \
		". ./bin ./lib ./lib/systemd ./lib/systemd/system ./lib/sysusers.d ./sbin ./share ./share/doc ./share/man ./share/man/man1 ./share/man/man8 "
	ok "$prefix: nor settings that nobody changed" test ! -e "$tree/etc/default/httpd"
	rm -rf "$tree"
done
if lacks python3; then leave_out 'the links of the installed pages'; fi

tree=$work/settings
says() { grep -qF "$1" "$work/log"; }
mkdir -p "$tree/etc/default"
ln -s /nowhere "$tree/etc/default/httpd"
ok "an installation where the settings are a link to nothing" "$MAKE" install "DESTDIR=$tree"
ok "leaves the link" test -L "$tree/etc/default/httpd"
rm -rf "$tree"

# After the installation three lines name the next steps, with the chosen directories: without systemd, with it, and where
# httpd already runs. The last two of them are asked of the script that prints them. An account that cannot write
# /etc/default gets no settings.
next() { # whether systemd runs, the exit status of `systemctl is-active`; then the command that prints the lines
	runs=$1 active=$2
	shift 2
	mkdir -p "$work/tools"
	printf '#!/bin/sh\nexit %s\n' "$active" >"$work/tools/systemctl"
	chmod 755 "$work/tools/systemctl"
	# shellcheck disable=SC2016 # for that shell
	PATH=$work/tools:$PATH unshare -m sh -c 'mount -t tmpfs run /run && [ "$1" = without ] || mkdir -p /run/systemd/system
		mount -t tmpfs www /var/www && shift && exec "$@"' sh "$runs" "$@" >"$work/log" 2>&1
	sed -n '/^Installed\. Next/,$p' "$work/log" >"$work/next"
	[ "$(wc -l <"$work/next")" -eq 3 ] || { cat "$work/log" >&2; false; }
}
if lacks unshare || ! unshare -m true 2>/dev/null || [ ! -d /var/www ]; then
	echo "left out: what make install says (there are no mount namespaces for this account, or no /var/www)"
else
	ok "three lines without systemd" next without 1 \
		"$MAKE" --no-print-directory install "PREFIX=$tree" "DEFAULTDIR=$tree/etc"
	ok "name httpd-run" grep -q "^Installed. Next: $tree/bin/httpd-run $tree/share/httpd/www$" "$work/next"
	ok "and the examples" grep -q "^$tree/share/doc/httpd/examples/README.md says" "$work/next"
	says_next="env DESTDIR= DATADIR=$tree/share/httpd DEFAULTDIR=$tree/etc UNITDIR=$tree/units sh src/make/next"
	# shellcheck disable=SC2086 # words
	ok "three lines with systemd" next with 1 $says_next
	ok "make the site" grep -q "^Installed. Next: mkdir -p /var/www/html && cp $tree/share/httpd/www/\* /var/www/html/$" "$work/next"
	ok "enable the socket of another directory" grep -q \
		"^    systemctl link $tree/units/httpd@.service && systemctl enable --now $tree/units/httpd.socket$" "$work/next"
	ok "and name the settings" grep -q " $tree/etc/httpd; man 8 httpd.$" "$work/next"
	# shellcheck disable=SC2086 # words
	ok "three lines where it runs" next with 0 $says_next
	ok "reload" grep -q "^Installed. Next: systemctl daemon-reload$" "$work/next"
fi
rm -rf "$tree"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	mkdir "$tree" && cp build/httpd "$tree" && chown -R 65534 "$tree"
	setpriv --reuid=65534 --clear-groups \
		env BUILD="$tree" DESTDIR='' BINDIR="$tree/sbin" TOOLDIR="$tree" MANDIR="$tree" DATADIR="$tree" DOCDIR="$tree" \
		UNITDIR="$tree" SYSUSERSDIR="$tree" DEFAULTDIR=/etc/of-root/httpd sh src/make/install >"$work/log" 2>&1
	ok "another account installs" [ $? -eq 0 ]
	ok "without settings" says 'left out: /etc/of-root/httpd/httpd (only root may write there'
	rm -rf "$tree"
fi

# During an upgrade each connection starts either the old program or the new one. Requests are made until httpd-run is there
# again, which is installed after httpd.
printf 'GET /style.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >"$work/request"
answer() { # the program
	"$1" --log=none www <"$work/request" >"$work/answer" 2>&1 && IFS= read -r line <"$work/answer" || return
	case $line in 'HTTP/1.1 200 '*) ;; *) return 1 ;; esac
}
upgraded() { # number of upgrades, directory
	n=0 served=0 lost=0
	while [ $n -lt "$1" ]; do
		n=$((n + 1))
		rm "$2/usr/local/bin/httpd-run"
		$MAKE install "DESTDIR=$2" >"$work/log" 2>&1 &
		while [ ! -e "$2/usr/local/bin/httpd-run" ] && kill -0 $! 2>/dev/null; do
			if answer "$2/usr/local/sbin/httpd"; then served=$((served + 1)); else lost=$((lost + 1)); fi
		done
		wait $! && sed '/httpd-run$/q' "$work/log" | grep -q '/sbin/httpd$' || return
	done
	echo "$n installs, $served connections served, $lost lost"
	[ $served -gt 0 ] && [ $lost -eq 0 ]
}
chmod 755 "$work"
tree=$work/tree
settings=$tree/etc/default/httpd
ok "an installation to upgrade" "$MAKE" install "DESTDIR=$tree"
echo 'HTTPD_ROOT=/srv/www' >>"$settings"
# A careless upgrade loses a connection nearly each time.
upgrades=3
[ -z "${FULL-}" ] || upgrades=12
ok "upgrades lose no connection" upgraded $upgrades "$tree"
ok "upgrades leave nothing behind" same_files "$tree/usr/local"
# /etc/default/httpd is the administrator's: an upgrade keeps it. uninstall keeps it where it was changed, and says so.
ok "upgrades keep the settings" grep -qx 'HTTPD_ROOT=/srv/www' "$settings"
ok "and say so" says "keep $settings"
: >"$tree/usr/local/sbin/httpd.new.4711"
$MAKE uninstall "DESTDIR=$tree" >"$work/log" 2>&1
ok "uninstall after an upgrade that broke off" [ $? -eq 0 ]
ok "takes its new file along" test "$(find "$tree" -type f)" = "$settings"
ok "keeps settings that were changed" grep -qx 'HTTPD_ROOT=/srv/www' "$settings"
ok "and says so, too" says "keep $settings (it was changed"
rm -rf "$tree"
# tests/e2e/bsd-tools.sh installs with bmake and its own sh.
if [ -z "${FULL-}" ]; then
	:
elif ! lacks bmake; then
	# What is installed is what matters here, so the program is compiled in the quickest way.
	ok "bmake installs" env -i PATH="$PATH" bmake BUILD=build/bmake-install CFLAGS=-O0 DESTDIR="$work/tree" install
	ok "bmake installs the same" same_files "$work/tree/usr/local"
	rm -rf "$work/tree"
else
	leave_out 'make install with bmake'
fi

# The account of httpd.sysusers is that of the unit. systemd-sysusers makes it where it does not exist.
account=$(awk '$1 == "u" { print $2 }' units/systemd/httpd.sysusers)
ok "sysusers names the account of the unit" grep -qx "User=$account" units/systemd/httpd@.service
if command -v systemd-sysusers >/dev/null; then
	mkdir -p "$work/new/etc" "$work/old/etc"
	echo "$account:x:33:33::/var/www:/usr/sbin/nologin" >"$work/old/etc/passwd"
	echo "$account:x:33:" >"$work/old/etc/group"
	for root in new old; do
		ok "systemd-sysusers, $root" systemd-sysusers --root="$work/$root" "$PWD/units/systemd/httpd.sysusers"
		ok "$root: one such account" test "$(grep -c "^$account:" "$work/$root/etc/passwd")" -eq 1
	done
	ok "the account that was there is as it was" grep -qx "$account:x:33:33::/var/www:/usr/sbin/nologin" "$work/old/etc/passwd"
else
	echo "left out: the account of sysusers.d (systemd-sysusers is missing; install systemd)"
fi

# The tarball. From here on the copies in $work have no .git.
tarball=httpd-$(sed -n 's/^VERSION = //p' Makefile).tar.gz
name=${tarball%.tar.gz}
dist() { # directory; then the words in front of make
	(cd "$1" && shift && rm -f "build/$tarball" && "$@" "$MAKE" dist)
}
if [ -e .git ] && command -v git >/dev/null; then
	ok "make dist in the checkout" dist .
	ok "keep it" cp "build/$tarball" "$work/first.tar.gz"
	ok "make dist in the checkout, otherwise" dist . env LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo GZIP=--rsyncable \
		TAR_OPTIONS=--exclude=www sh -c 'umask 077 && exec "$@"' -
	ok "the same bytes" cmp "build/$tarball" "$work/first.tar.gz"
else
	echo "left out: make dist in a git checkout (this is not one, or git is not installed)"
	ok "make dist of the files themselves" dist .
	ok "keep it" cp "build/$tarball" "$work/first.tar.gz"
fi
contents() { # the files of the tarball, without its directory
	tar -tzf "$work/first.tar.gz" | sed "/\/\$/d; s,^$name/,," | LC_ALL=C sort
}
if [ -e .git ] && command -v git >/dev/null; then
	git ls-tree -r --name-only HEAD | LC_ALL=C sort >"$work/in-git"
	contents >"$work/in-tarball"
	ok "it has every file of git, and no other" diff "$work/in-git" "$work/in-tarball"
fi
ok "it unpacks" tar -xzf "$work/first.tar.gz" -C "$work"
copy=$work/$name
ok "into one directory" test "$(tar -tzf "$work/first.tar.gz" | cut -d/ -f1 | sort -u)" = "$name"
ok "nothing in it belongs to anybody, and modes are 644 or 755" test -z \
	"$(tar --numeric-owner -tvzf "$work/first.tar.gz" | grep -v -e '^drwxr-xr-x 0/0 ' -e '^-rw[-x]r-[-x]r-[-x] 0/0 ')"
# Later, by another account with few rights.
find "$copy" -exec touch {} +
user=
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chown -R 65534:65534 "$copy"
	user='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
chmod -R go-rwx "$copy"
find "$copy" -type d -exec chmod g+s {} +
# shellcheck disable=SC2086 # empty, or words
in_copy() { (cd "$copy" && $user "$@"); }
ok "make dist in what was unpacked" in_copy env TZ=America/Caracas GZIP=--rsyncable "$MAKE" dist
ok "gives the same bytes" cmp "$copy/build/$tarball" "$work/first.tar.gz"
# A tenth of the cases, which show that all is there that builds and plays. The account may be another one, so this is a
# text for its shell.
# shellcheck disable=SC2016 # which expands it
plays_some='
	$MAKE CC="$CC" CFLAGS=-O1 && mkdir -p build/wire &&
		$CC -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -o build/wire/play tests/wire/play.c && tests/wire/make-root build/wire/root &&
		printf "%s\n" tests/wire/*.req | awk "NR % 10 == 1" | xargs build/wire/play --once -j 4 build/httpd build/wire/root'
if [ -n "${FULL-}" ]; then
	ok "it builds, and passes the tests of the wire" in_copy "$MAKE" check CC="$CC" CHECK=wire ONCE=1
	ok "it installs" in_copy "$MAKE" install DESTDIR="$copy/build/tree"
else
	ok "it builds, and passes some tests of the wire" in_copy env MAKE="$MAKE" CC="$CC" sh -c "$plays_some"
	ok "it installs" in_copy "$MAKE" CC="$CC" CFLAGS=-O1 install DESTDIR="$copy/build/tree"
fi
ok "the same files" same_files "$copy/build/tree/usr/local"

finish
