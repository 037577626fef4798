#!/bin/sh
# SPDX-License-Identifier: ISC
# Runs every other script of this directory on a system with only a shell, the utilities of every system, and Python.
# Everything that needs more is left out by name, and nothing fails. tests/e2e/bare.sh [SCRIPT...] WITHOUT="socat
# strace" hides only these of the installed programs.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/bin"
chmod 755 "$work" # other accounts find their programs there, too, as Varnish's compiler

# Puts into $work/bin what is found of these names.
offer() {
	for name; do
		found=$(command -v "$name") || continue
		case $found in /*) ln -sf "$found" "$work/bin/$name" ;; esac
	done
}

offer_nearly_all() {
	echo "$PATH:/usr/sbin:/sbin" | tr ':' '\n' | while read -r dir; do
		for file in "$dir"/*; do
			name=${file##*/}
			case " $WITHOUT " in *" $name "*) continue ;; esac
			[ -e "$work/bin/$name" ] || ln -s "$file" "$work/bin/$name"
		done
	done
}

if [ -n "${WITHOUT-}" ]; then
	offer_nearly_all
else
	offer awk basename cat chgrp chmod chown cmp comm cp cut date dd df diff dirname du echo env expr false find getconf grep gzip \
		head id install ln ls mkdir mkfifo mktemp mv nohup od paste printf pwd readlink rm rmdir sed seq sh sha256sum sleep \
		sort stat tail tar tee test timeout touch tr true truncate tty uname uniq wc xargs
fi
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null)
if [ -z "$python" ]; then
	echo 'left out: the Python scripts on a bare machine (python3 is missing; install python3)'
fi

runs() { # a script
	case $1 in
	*.py) env PATH="$work/bin" PYTHONDONTWRITEBYTECODE=1 "$python" "$1" ;;
	*) env PATH="$work/bin" "$work/bin/sh" "$1" ;;
	esac >"$work/said" 2>&1 </dev/null
}

[ $# -gt 0 ] || set -- tests/e2e/*.sh tests/e2e/*.py
for script; do
	case $script in
	*/bare.sh) continue ;;
	*.py) [ -n "$python" ] || continue ;;
	esac
	began=$(date +%s)
	runs "$script"
	status=$?
	# A script that starts what is not there, and did not ask before, is told so by the shell or by Python.
	if [ $status -eq 0 ] && grep -qE '^[0-9]+ passed, 0 failed$' "$work/said" &&
		! grep -E ': (command )?not found$' "$work/said"; then
		passed=$((passed + 1))
		echo "ok $script: $(grep -c '^left out: ' "$work/said") left out, $(tail -n 1 "$work/said"), $(($(date +%s) - began)) s"
	else
		failed=$((failed + 1))
		echo "not ok $script on a bare machine: exit status $status"
		grep -vE '^(ok|left out:) ' "$work/said" | tail -n 12 | sed 's/^/    /'
	fi
done
finish
