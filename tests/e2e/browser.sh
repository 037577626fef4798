#!/bin/sh
# SPDX-License-Identifier: ISC
# The sample site, a listing and the error pages in a real browser: tests/e2e/browser.sh [HTTPD]
# What npm installs, the screenshots and the log of httpd are in build/browser.
set -u
CDPATH='' cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/script
. tests/lib/script
httpd=${1:-build/httpd}
case $httpd in /*) ;; *) httpd=$PWD/$httpd ;; esac

without() { # the reason why the test cannot run
	echo "left out: browser tests ($1)"
	finish
	exit
}

chromium=$(command -v chromium || command -v chromium-headless-shell) || without 'chromium is missing; install chromium'
! lacks node npm tcpserver || without "$why"
[ -e /proc/self ] || without 'chromium needs /proc'
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
	without "node $(node --version) is older than 18; install nodejs"

mkdir -p build/browser
cp tests/e2e/browser/run.mjs tests/e2e/browser/package.json tests/e2e/browser/.npmrc build/browser/
# Nothing is fetched again while the lock stays the same.
if ! cmp -s tests/e2e/browser/package-lock.json build/browser/node_modules/lock; then
	cp tests/e2e/browser/package-lock.json build/browser/
	if ! (CDPATH='' cd build/browser && npm ci) >build/browser/npm.log 2>&1; then
		cat build/browser/npm.log
		# A wrong lock file is our mistake; any other failure is the network's.
		grep -qE 'EINTEGRITY|EUSAGE' build/browser/npm.log || without 'npm could not fetch playwright-core and axe-core'
		echo '0 passed, 1 failed'
		exit 1
	fi
	cp tests/e2e/browser/package-lock.json build/browser/node_modules/lock
fi
exec node build/browser/run.mjs "$httpd" "$PWD/www" "$chromium"
