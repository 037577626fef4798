# SPDX-License-Identifier: ISC
# httpd. Any POSIX make will do: GNU make, bmake and the BSDs' own.
#
#   make                  build/httpd: static, with musl where musl-gcc is found; build/httpd-status with libsystemd
#   make run              serve ./www on http://127.0.0.1:8080/    PORT=... ROOT=...
#   make check            every test, on the build for this system and on the portable one; make test is the same
#   make bench            what a connection costs, beside others     BENCH='cost growth ...' (tests/bench/run)
#   make fuzz             looks for inputs that break a promise, each target for SECONDS=30; wants clang and afl++
#   make check-faults     every system call of every kind of request, failing in every way; some minutes
#   make prove            proves the parsers with cbmc, for every input up to a bound; within half an hour (tests/proof)
#   make check-promises   breaks each promise of tests/README.md in a copy: its test has to find it; five minutes
#   make check-kernels    the tests under older, newer and 32-bit kernels, in virtual machines; some minutes
#   make check-toolchains the compilers and C libraries of Debian 11, 13 and sid, in full; as root, some minutes
#   make coverage         how much of the source the tests run, by file; MISSING=1 says what not
#   make load             load and abuse for the units, as root    LOAD='slow soak ...' SECONDS=... (tests/load/run)
#   make check-browser    the pages in a real browser
#   make precompress      x.css.gz, .br and .zst beside x.css, for every text file beneath ROOT=...
#   make install          programs, manual pages, units, examples, sample site    PREFIX=... DESTDIR=...
#   make deb              build/httpd_VERSION_ARCH.deb, for Debian 12 and later and its kin
#   make static           build/httpd-VERSION-SYSTEM-MACHINE.tar.gz: the static program and its manual
#   make dist             build/httpd-VERSION.tar.gz, the same bytes from the same files
#
# CC, CFLAGS, CPPFLAGS and LDFLAGS are the user's. PORTABLE=1 builds plain POSIX.1-2008, without a single feature of
# one system. BUILD=DIR builds elsewhere. LINK=auto, the default, links as well as the system can; LINK=musl and
# LINK=static-pie make a static PIE, with musl or with the C library of CC; LINK=static a static program at a fixed
# address, LINK=dynamic one with shared libraries (src/make/link).

VERSION = 0.1

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/httpd
DOCDIR ?= $(PREFIX)/share/doc/httpd
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
BUILD ?= build
LINK ?= auto
PORTABLE ?=
PORT ?= 8080
SECONDS ?= 30
ROOT ?= www
CFLAGS ?=

# FreeBSD and NetBSD show S_IFDIR, SIGXFSZ and others only with _XOPEN_SOURCE, macOS O_NOFOLLOW with _DARWIN_C_SOURCE.
STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DARWIN_C_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wpedantic
HARDENING = -fPIE -fstack-protector-strong
# Small is fast: nearly all that a connection costs is pages and cache lines that are touched for the first time.
SIZE = -Os -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fno-ident -fno-jump-tables
DEFINES = -DVERSION_TEXT='"$(VERSION)"' $(PORTABLE:1=-DPORTABLE) -Isrc -I$(BUILD)
# bmake's own CPPFLAGS find no header of the system while DESTDIR is set: for those who build NetBSD.
COMPILE = $(STANDARD) $(WARNINGS) $(HARDENING) $(DEFINES) $(CPPFLAGS:-nostdinc=) $(SIZE) $(CFLAGS)

# The rooms of src/, from the bottom up (src/README.md says what each is for). In a room "/" stands between layers: a file
# includes headers of lower layers only, and tests/lint/layers holds the source against this table.
BASE = base/slice base/status / base/path
HTTP = http/date http/glob http/mime http/range http/address / http/host http/proxy http/forwarded / \
	http/request http/target / http/accept http/validator
SYSTEM = system/account system/activation system/conn system/peer system/walk system/list / system/root / \
	system/sandbox / system/log
SERVE = serve/site serve/resource serve/recent serve/clean / serve/options serve/policy serve/link serve/negotiate \
	serve/vhost / serve/lookup serve/error_page serve/names serve/listing_html serve/listing_json / serve/listing / \
	serve/response / serve/condition serve/transfer / serve/session
CHECKS = check/line / check/finding / check/audit / check/check
LAYERS = $(BASE) / $(HTTP) / $(SYSTEM) / $(SERVE) / $(CHECKS) / main

# The operator's tool is a program of its own.
STATUS = src/status/*.c src/base/slice.c

all: $(BUILD)/httpd $(BUILD)/httpd-status

help:
	@sed -n 's/^#   //p' Makefile

# The settings of the last build. A change of any of them builds anew.
$(BUILD)/settings: .settings
.settings:
	@mkdir -p $(BUILD)
	@printf '%s\n' '$(CC)|$(COMPILE)|$(LDFLAGS)|$(LINK)' >$(BUILD)/settings.new
	@cmp -s $(BUILD)/settings.new $(BUILD)/settings || cp $(BUILD)/settings.new $(BUILD)/settings
	@rm -f $(BUILD)/settings.new

# The media types by extension, sorted.
$(BUILD)/mime-table.h: src/http/mime.types src/http/mime.awk $(BUILD)/settings
	awk -f src/http/mime.awk src/http/mime.types >$@.new
	mv $@.new $@

# The command that compiles and links, found out once.
$(BUILD)/link: src/make/link $(BUILD)/settings
	@CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' LINK='$(LINK)' BUILD='$(BUILD)' sh src/make/link >$@.new
	@mv $@.new $@

# One command: the whole program compiles in a second or two, and there is no list of headers to be wrong.
$(BUILD)/httpd: $(BUILD)/link $(BUILD)/mime-table.h src/main.c src/*/*.[ch]
	$$(cat $(BUILD)/link) $(COMPILE) -o $@ $$(printf 'src/%s.c\n' $(LAYERS) | grep -v '/[.]c') $(LDFLAGS)

# What links libsystemd, or nothing where it is not to be had.
$(BUILD)/libsystemd: $(BUILD)/settings
	@printf '#include <systemd/sd-daemon.h>\nint main(void) { return sd_booted(); }\n' >$(BUILD)/try-sd.c
	@libs=$$(pkg-config --cflags --libs libsystemd 2>/dev/null) || libs=-lsystemd; \
		if $(CC) $(CFLAGS) -o $(BUILD)/try-sd $(BUILD)/try-sd.c $(LDFLAGS) $$libs 2>/dev/null; then echo "$$libs"; \
		else echo "make: libsystemd is not here, so httpd-status is not built; install it (on Debian libsystemd-dev) if you want it" >&2; fi >$@.new
	@rm -f $(BUILD)/try-sd $(BUILD)/try-sd.c
	@mv $@.new $@

$(BUILD)/httpd-status: $(BUILD)/libsystemd $(STATUS) src/*/*.h
	@rm -f $@
	@[ ! -s $(BUILD)/libsystemd ] || $(CC) $(COMPILE) -pie -s -o $@ $(STATUS) $(LDFLAGS) $$(cat $(BUILD)/libsystemd)

run: all
	@sh tests/run-site '$(BUILD)/httpd' '$(ROOT)' '$(PORT)'

# Makes or renews the siblings that httpd sends to clients that accept them, with whichever of the tools are installed.
precompress:
	@sh src/tools/httpd-precompress '$(ROOT)'

check: all
	@CC='$(CC)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' VERSION='$(VERSION)' sh tests/check

test: check

coverage: all
	@CHECK=coverage CC='$(CC)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' VERSION='$(VERSION)' sh tests/check
	@[ ! -f build/check/coverage.log ] || grep ' lines ' build/check/coverage.log

bench: all
	@sh tests/bench/run

fuzz:
	@BUILD='$(BUILD)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' sh tests/fuzz/run '$(SECONDS)'

# Needs strace. What make check plays of it in half a minute, in full.
check-faults: all
	@FULL=1 CC='$(CC)' MAKE='$(MAKE)' python3 tests/e2e/faults.py

# Half an hour, or LOAD='slow many idle bytes soak' in parts.
load: all
	@BUILD='$(BUILD)' CC='$(CC)' MAKE='$(MAKE)' sh tests/load/run '$(SECONDS)'

check-browser: all
	@CHECK=browser CC='$(CC)' MAKE='$(MAKE)' VERSION='$(VERSION)' sh tests/check

# The units under real systemds, booted in namespaces. As root; a minute or two for each of them.
check-systemd: all
	@BUILD='$(BUILD)' MAKE='$(MAKE)' sh tests/e2e/systemd/run

# Debian's kernels in qemu, which it downloads once into build/kernels. KERNELS='6.1-i386 ...' runs some of them.
check-kernels: all
	@MAKE='$(MAKE)' VERSION='$(VERSION)' sh tests/kernels/run $(KERNELS)

check-promises: all
	@python3 tests/promises

# Needs cbmc 6, which it fetches into build/proof where the machine has none. PROOFS='range target ...' are some of them.
prove:
	@mkdir -p build
	@python3 tests/proof/run $(PROOFS)

# The compilers of other releases, in directories made by mmdebstrap, with more builds and tests than make check has. As root.
check-toolchains:
	@FULL=1 VERSION='$(VERSION)' sh tests/toolchains/run

# What install puts where: mode, file, name beneath DESTDIR. uninstall goes by the same list.
INSTALLED = { \
	echo 755 $(BUILD)/httpd $(BINDIR)/httpd; \
	echo 755 $(BUILD)/httpd-status $(BINDIR)/httpd-status; \
	echo 755 src/tools/httpd-precompress $(BINDIR)/httpd-precompress; \
	for file in src/man/*.8; do echo 644 $$file $(MANDIR)/man8/$$(basename $$file); done; \
	for file in units/systemd/*.service units/systemd/*.socket; do echo 644 $$file $(UNITDIR)/$$(basename $$file); done; \
	for file in units/systemd/*.conf; do echo 644 $$file $(DATADIR)/$$(basename $$file); done; \
	echo 644 units/systemd/httpd.sysusers $(SYSUSERSDIR)/httpd.conf; \
	for file in www/*; do echo 644 $$file $(DATADIR)/$$file; done; \
	echo 644 README.md $(DOCDIR)/README.md; \
	echo 644 units/README.md $(DOCDIR)/examples/README.md; \
	echo 644 $(BUILD)/LICENCE $(DOCDIR)/LICENCE; \
	(cd units && for file in */*; do case $$file in \
		systemd/*) ;; \
		*/run* | */purge | */renew) echo 755 units/$$file $(DOCDIR)/examples/$$file ;; \
		*) echo 644 units/$$file $(DOCDIR)/examples/$$file ;; esac; done); }

# Where the examples and the manuals name /usr/local, they get what was chosen. A file takes the place of the old one at
# once, as httpd is started all the time. Two runs at a time do not meet.
install: all
	awk '/^## / { licence = $$2 == "Licence" } licence { print }' README.md >$(BUILD)/LICENCE
	@umask 022; set -e; $(INSTALLED) | while read -r mode file to; do \
		case $$file in \
		*/httpd-status.8 | $(BUILD)/httpd-status) [ -x $(BUILD)/httpd-status ] || continue ;; esac; \
		case $$file in units/* | *.8 | *.md) \
			sed -e 's,@BINDIR@,$(BINDIR),g; s,/usr/local/sbin/httpd,$(BINDIR)/httpd,g' \
				-e 's,/usr/local/share/httpd/,$(DATADIR)/,g; s,/usr/local/share/doc/httpd/,$(DOCDIR)/,g' \
				"$$file" >$(BUILD)/installed.$$$$; \
			file=$(BUILD)/installed.$$$$ ;; esac; \
		echo "install -m $$mode $(DESTDIR)$$to"; \
		mkdir -p "$(DESTDIR)$$(dirname "$$to")"; \
		install -m $$mode "$$file" "$(DESTDIR)$$to.new.$$$$"; \
		mv -f "$(DESTDIR)$$to.new.$$$$" "$(DESTDIR)$$to"; \
		rm -f $(BUILD)/installed.$$$$; done

# What an install that broke off left goes too. The directories of others stay, whoever made them.
uninstall:
	@$(INSTALLED) | while read -r mode file to; do \
		echo "rm -f $(DESTDIR)$$to"; \
		rm -f "$(DESTDIR)$$to" "$(DESTDIR)$$to".new.*; done
	-@for dir in "$(DATADIR)" "$(DOCDIR)"; do [ ! -d "$(DESTDIR)$$dir" ] || \
		find "$(DESTDIR)$$dir" -depth -type d -exec rmdir {} + 2>/dev/null || :; done

# Bytes that follow from the files alone, not from who packs them, when and where: in order, owned by root, of the day of
# the manual. In a git checkout that is what is committed, elsewhere what is there.
dist:
	@tar --version 2>/dev/null | grep -q 'GNU tar' || { echo "make: dist needs GNU tar" >&2; exit 1; }
	@set -e; unset TAR_OPTIONS GZIP; umask 022; name=httpd-$(VERSION); \
	rm -rf $(BUILD)/dist; mkdir -p $(BUILD)/dist/$$name; \
	if [ -e .git ] && command -v git >/dev/null; then \
		git -c core.autocrlf=false -c core.eol=lf archive --format=tar HEAD >$(BUILD)/dist/tar; \
		[ -z "$$(git status --porcelain)" ] || echo "make: what is not committed is not in it" >&2; \
	else \
		tar -cf $(BUILD)/dist/tar .ci .git[ai]* Makefile README.md src tests units www; \
	fi; \
	tar -xf $(BUILD)/dist/tar -C $(BUILD)/dist/$$name; \
	LC_ALL=C tar -c -C $(BUILD)/dist --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
		--mode=a=rX,u+w,ug-s --mtime="$$(sed -n 's/^\.Dd //p' $(BUILD)/dist/$$name/src/man/httpd.8) UTC" \
		--hard-dereference $$name >$(BUILD)/dist/tar; \
	gzip -9n <$(BUILD)/dist/tar >$(BUILD)/dist/gz; \
	mv $(BUILD)/dist/gz $(BUILD)/$$name.tar.gz; \
	rm -rf $(BUILD)/dist; \
	echo "$(BUILD)/$$name.tar.gz"

static: $(BUILD)/httpd
	@BUILD='$(BUILD)' VERSION='$(VERSION)' sh src/make/static

deb: all
	@BUILD='$(BUILD)' MAKE='$(MAKE)' VERSION='$(VERSION)' sh src/make/deb

clean:
	rm -rf build

.PHONY: deb static help test bench prove fuzz load all run precompress check check-systemd check-browser check-kernels check-promises check-toolchains install uninstall dist clean check-faults coverage .settings
