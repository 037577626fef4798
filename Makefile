# SPDX-License-Identifier: ISC
# httpd. Any POSIX make will do: GNU make, bmake and the BSDs' own.
#
#   make                  build/httpd: static, with musl where musl-gcc is found; build/httpd-status with libsystemd
#   make run              serve ./www on http://127.0.0.1:8080/    PORT=... ROOT=...
#   make check            the tests, in about twenty minutes; make test is the same
#   make bench            what a connection costs, beside others     BENCH='cost growth ...' (tests/bench/run)
#   make fuzz             looks for inputs that break a promise, each target for SECONDS=30; wants clang and afl++
#   make check-faults     every system call of every kind of request, failing in every way; some minutes
#   make prove            proves the parsers with cbmc, for every input up to a bound; within half an hour (tests/proof)
#   make check-promises   breaks each promise of tests/README.md in a copy, and each branch for a BSD: a test has to find it; some minutes
#   make night            fuzzers, proofs, planted faults, load: what make check has no time for    HOURS=8 PARTS='fuzz ...'
#   make check-kernels    the tests under other kernels, in virtual machines of ten architectures; half an hour
#   make check-architectures  cross builds, emulated tests and the sandbox of ten architectures; nightly, not in .ci/run
#   make check-tools      the unit tests and wire cases under more tools and in 32 bits, and clang-tidy; nightly
#   make check-toolchains the compilers and C libraries of Debian 11, 13 and sid, in full; as root, some minutes
#   make coverage         how much of the source the tests run, by file; MISSING=1 says what not
#   make load             load and abuse for the units, as root    LOAD='slow soak ...' SECONDS=... (tests/load/run)
#   make check-browser    the pages in a real browser
#   make precompress      x.css.gz, .br and .zst beside x.css, for every text file beneath ROOT=...
#   make install          programs, manual pages, units, examples, sample site    PREFIX=... DESTDIR=...
#   make deb              build/httpd_VERSION_ARCH.deb, for Debian 12 and later and its kin
#   make rpm              build/httpd-tiny-VERSION-1.ARCH.rpm, for Fedora and its kin
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
TOOLDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/httpd
DOCDIR ?= $(PREFIX)/share/doc/httpd
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
DEFAULTDIR ?= /etc/default
BUILD ?= build
LINK ?= auto
PORTABLE ?=
PORT ?= 8080
SECONDS ?= 30
ROOT ?= www
TOOLS ?= clang asan msan m32 valgrind portable clang-tidy gcc
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
BASE = base/slice base/status / base/buf / base/path
HTTP = http/date http/glob http/mime http/range http/address / http/host http/proxy http/forwarded / \
	http/request http/target / http/accept http/validator
SYSTEM = system/account system/activation system/socket system/peer system/walk system/list / system/root system/conn / \
	system/sandbox / system/record_file / system/log
SERVE = serve/site serve/resource serve/recent serve/clean / serve/options serve/policy serve/link serve/negotiate \
	serve/order / serve/vhost serve/lookup serve/error_page serve/names serve/readme serve/listing_html serve/listing_json / serve/listing / \
	serve/response / serve/condition serve/transfer / serve/session
CHECKS = check/line check/way / check/finding / check/audit / check/check
LAYERS = $(BASE) / $(HTTP) / $(KERNEL) / $(SYSTEM) / $(SERVE) / $(CHECKS) / main

# Below the others of the room system: what Linux needs on some processors, and the filter of calls.
KERNEL = system/direct system/filter system/memory

# The operator's tool is a program of its own.
STATUS = src/status/*.c src/base/buf.c src/base/slice.c

all: $(BUILD)/httpd $(BUILD)/httpd-status

help:
	@sed -n 's/^#   //p' Makefile

# The settings of the last build. A change of any of them builds anew, but for the directory of headers that bmake adds while
# DESTDIR is set: make install is to install what was built.
$(BUILD)/settings: .settings
	@: # a command, behind which make looks at the file anew
.settings:
	@mkdir -p $(BUILD)
	@now=$$(printf '%s\n' '$(CC)|$(COMPILE)|$(LDFLAGS)|$(LINK)' | sed 's,-idirafter [^ ]*/usr/include,,; s,  *, ,g') && \
		{ [ "$$now" = "$$(cat $(BUILD)/settings 2>/dev/null)" ] || printf '%s\n' "$$now" >$(BUILD)/settings; }

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
$(BUILD)/libsystemd: src/make/libsystemd $(BUILD)/settings
	@CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' BUILD='$(BUILD)' sh src/make/libsystemd >$@.new
	@mv $@.new $@

$(BUILD)/httpd-status: $(BUILD)/libsystemd $(STATUS) src/*/*.h
	@rm -f $@
	@[ ! -s $(BUILD)/libsystemd ] || $(CC) $(COMPILE) -pie -s -o $@ $(STATUS) $(LDFLAGS) $$(cat $(BUILD)/libsystemd)

run: $(BUILD)/httpd
	@HTTPD='$(BUILD)/httpd' sh src/tools/httpd-run '$(ROOT)' '$(PORT)'

# Makes or renews the siblings that httpd sends to clients that accept them, with whichever of the tools are installed.
precompress:
	@sh src/tools/httpd-precompress '$(ROOT)'

check: all
	@CC='$(CC)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' VERSION='$(VERSION)' sh tests/check

test: check

# Ctrl-C does not reach all processes of a long run by itself: timeout gives its command a group of its own.
GUARD = $$(! command -v python3 >/dev/null || echo python3 tests/lib/guard.py)

# The tools that find little, or slowly, beyond those of make check. TOOLS='msan m32 ...' are some of them.
check-tools: all
	@FULL=1 CHECK=tools OUT=build/check-tools TOOLS='$(TOOLS)' CC='$(CC)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' VERSION='$(VERSION)' sh tests/check

coverage: all
	@CHECK=coverage OUT=build/check-coverage CC='$(CC)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' VERSION='$(VERSION)' sh tests/check
	@[ ! -f build/check-coverage/coverage.log ] || grep ' lines ' build/check-coverage/coverage.log

bench: all
	@$(GUARD) sh tests/bench/run

fuzz:
	@BUILD='$(BUILD)' MAKE='$(MAKE)' LAYERS='$(LAYERS)' $(GUARD) sh tests/fuzz/run '$(SECONDS)'

# Needs strace. In full; make check plays 500 of these failures.
check-faults: all
	@FULL=1 CC='$(CC)' MAKE='$(MAKE)' $(GUARD) python3 tests/e2e/faults.py

# Half an hour, or LOAD='slow many idle bytes soak' in parts.
load: all
	@BUILD='$(BUILD)' CC='$(CC)' MAKE='$(MAKE)' $(GUARD) sh tests/load/run '$(SECONDS)'

check-browser: all
	@CHECK=browser OUT=build/check-browser CC='$(CC)' MAKE='$(MAKE)' VERSION='$(VERSION)' sh tests/check

# The units under real systemds, booted in namespaces. As root; a minute or two for each of them.
check-systemd: all
	@FULL=1 BUILD='$(BUILD)' MAKE='$(MAKE)' $(GUARD) sh tests/e2e/systemd/run

# Debian's kernels in qemu, which it downloads once into build/kernels. KERNELS='6.1-i386 ...' runs some of them.
check-kernels: all
	@MAKE='$(MAKE)' VERSION='$(VERSION)' $(GUARD) sh tests/kernels/run $(KERNELS)

# ARCHITECTURES='s390x ...' does some of them; it downloads kernels as check-kernels does, and musl, into build.
check-architectures: all
	@MAKE='$(MAKE)' VERSION='$(VERSION)' $(GUARD) sh tests/architectures/run $(ARCHITECTURES)

.PHONY: check-architectures

check-promises: all
	@$(GUARD) tests/promises/run
	@FULL=1 MAKE='$(MAKE)' $(GUARD) python3 tests/e2e/bsd-model.py

# Everything that takes long, in HOURS=8, as root; one page at its end, build/night/page.md. PARTS='prove fuzz' are some.
night:
	@MAKE='$(MAKE)' python3 tests/night

# Needs cbmc 6, which it fetches into build/proof where the machine has none. PROOFS='range target ...' are some of them.
prove:
	@mkdir -p build
	@$(GUARD) python3 tests/proof/run $(PROOFS)

# The compilers of other releases, in directories made by mmdebstrap, with more builds and tests than make check has. As root.
check-toolchains:
	@FULL=1 VERSION='$(VERSION)' $(GUARD) sh tests/toolchains/run

# What install puts where is said in src/make/installed, which uninstall goes by, too.
DIRECTORIES = BUILD='$(BUILD)' DESTDIR='$(DESTDIR)' BINDIR='$(BINDIR)' TOOLDIR='$(TOOLDIR)' MANDIR='$(MANDIR)' DATADIR='$(DATADIR)' \
	DOCDIR='$(DOCDIR)' UNITDIR='$(UNITDIR)' SYSUSERSDIR='$(SYSUSERSDIR)' \
	DEFAULTDIR='$(DEFAULTDIR)'

install: all
	@$(DIRECTORIES) sh src/make/install
	@$(DIRECTORIES) sh src/make/next

uninstall:
	@$(DIRECTORIES) sh src/make/uninstall

dist:
	@BUILD='$(BUILD)' VERSION='$(VERSION)' sh src/make/dist

static: $(BUILD)/httpd
	@BUILD='$(BUILD)' VERSION='$(VERSION)' sh src/make/static

deb: all
	@BUILD='$(BUILD)' MAKE='$(MAKE)' VERSION='$(VERSION)' sh src/make/deb

rpm: all
	@BUILD='$(BUILD)' MAKE='$(MAKE)' VERSION='$(VERSION)' sh src/make/rpm

clean:
	rm -rf build

.PHONY: night deb rpm static help test bench prove fuzz load all run precompress check check-systemd check-browser check-kernels check-promises check-tools check-toolchains install uninstall dist clean check-faults coverage .settings
