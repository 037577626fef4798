#!/bin/sh
# SPDX-License-Identifier: ISC
# make install puts everything where PREFIX and DESTDIR say, and make uninstall takes all of it away again.
set -u
cd "$(dirname "$0")/../.." || exit 1
: "${MAKE:=make}"
passed=0 failed=0
ok() { # what, command...
	what=$1
	shift
	if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); else
		echo "not ok $what"
		failed=$((failed + 1))
	fi
}
for prefix in /usr/local /opt/web; do
	tree=$(mktemp -d)
	$MAKE install DESTDIR="$tree" PREFIX=$prefix >"$tree.log" 2>&1 || { cat "$tree.log"; failed=$((failed + 1)); }
	ok "$prefix: the binary runs" "$tree$prefix/sbin/httpd" --version
	ok "$prefix: the manual page" cmp src/httpd.8 "$tree$prefix/share/man/man8/httpd.8"
	ok "$prefix: the sample site" cmp www/picture.jpg "$tree$prefix/share/httpd/www/picture.jpg"
	for unit in httpd.socket httpd@.service; do
		ok "$prefix: $unit" test -f "$tree$prefix/lib/systemd/system/$unit"
	done
	ok "$prefix: the unit starts what was installed" \
		grep -q "^ExecStart=$prefix/sbin/httpd " "$tree$prefix/lib/systemd/system/httpd@.service"
	ok "$prefix: no placeholder is left" sh -c "! grep -r @ $tree$prefix/lib/systemd | grep -E '@[A-Z]+@'"
	ok "$prefix: nothing that others may write" test -z "$(find "$tree$prefix" -perm -002 ! -type l)"
	$MAKE uninstall DESTDIR="$tree" PREFIX=$prefix >"$tree.log" 2>&1 || { cat "$tree.log"; failed=$((failed + 1)); }
	ok "$prefix: uninstall leaves no file ($(find "$tree" -type f | head -n 3))" test -z "$(find "$tree" -type f)"
	rm -rf "$tree" "$tree.log"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
