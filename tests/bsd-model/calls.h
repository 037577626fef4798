/* SPDX-License-Identifier: ISC */
/*
 * calls: included before everything else in every file of httpd that is compiled for the model (gcc -include). After
 * Linux's own headers, the macros and constants of another system replace those of Linux, and each call of httpd goes
 * through the model. MODEL_FREEBSD, MODEL_NETBSD, MODEL_OPENBSD, MODEL_DRAGONFLY or MODEL_MACOS chooses the system.
 */
#ifndef CALLS_H
#define CALLS_H

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sysexits.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "answers.h"

/* ---- the name of the system, and the constants that it adds to POSIX or lacks ---- */

#undef __linux__
#undef O_PATH
#undef O_SEARCH

#if defined MODEL_FREEBSD
#define __FreeBSD__ 14
#define OF_SYSTEM 1 /* for tests/bsd-stubs/freebsd/sys/capsicum.h, which the model shares */
#define O_SEARCH MODEL_SEARCH
#define O_PATH MODEL_PATH
#define O_RESOLVE_BENEATH MODEL_BENEATH
#define ENOTCAPABLE MODEL_ENOTCAPABLE
#elif defined MODEL_NETBSD
#define __NetBSD__ 1
#define O_SEARCH MODEL_SEARCH
#elif defined MODEL_OPENBSD
#define __OpenBSD__ 1
int pledge(const char *, const char *);
int unveil(const char *, const char *);
#elif defined MODEL_DRAGONFLY
#define __DragonFly__ 1
#elif defined MODEL_MACOS
#define __APPLE__ 1
#define O_SEARCH MODEL_SEARCH
#define st_mtimespec st_mtim /* the names of macOS, for the members of Linux */
#define st_ctimespec st_ctim
#else
#error "name a system: -DMODEL_FREEBSD, and so on"
#endif

/* ---- the calls ---- */

/* Calls that the model answers. */
#define access(path, mode) model_access(path, mode)
#define chroot(path) model_chroot(path)
#define close(fd) model_close(fd)
#define fchdir(fd) model_fchdir(fd)
#define fcntl(...) MODEL_3(model_fcntl, __VA_ARGS__, 0, 0)
#define fdopendir(fd) model_fdopendir(fd)
#define fstat(fd, st) model_fstat(fd, st)
#define fstatat(at, path, st, flags) model_fstatat(at, path, st, flags)
#define getsockopt(fd, level, option, value, size) model_getsockopt(fd, level, option, value, size)
#define open(...) MODEL_4(model_openat, AT_FDCWD, __VA_ARGS__, 0, 0)
#define openat(...) MODEL_4(model_openat, __VA_ARGS__, 0, 0)
#define pread(fd, at, n, offset) model_pread(fd, at, n, offset)
#define readlinkat(at, path, text, size) model_readlinkat(at, path, text, size)
#define setsockopt(fd, level, option, value, size) model_setsockopt(fd, level, option, value, size)
/* Passes the first three or four arguments; the others replace arguments that were left out. */
#define MODEL_3(function, a, b, c, ...) function(a, b, c)
#define MODEL_4(function, a, b, c, d, ...) function(a, b, c, d)

/* Calls that Linux answers if the sandbox allows them. */
#define MODEL_CALL(name, ...) (model_enters(#name), (name)(__VA_ARGS__))
#define clock_gettime(...) MODEL_CALL(clock_gettime, __VA_ARGS__)
#define closedir(...) MODEL_CALL(closedir, __VA_ARGS__)
#define getcwd(...) MODEL_CALL(getcwd, __VA_ARGS__)
#define getegid() MODEL_CALL(getegid, )
#define geteuid() MODEL_CALL(geteuid, )
#define getpeername(...) MODEL_CALL(getpeername, __VA_ARGS__)
#define getpid() MODEL_CALL(getpid, )
#define getuid() MODEL_CALL(getuid, )
#define mmap(...) MODEL_CALL(mmap, __VA_ARGS__)
#define munmap(...) MODEL_CALL(munmap, __VA_ARGS__)
#define openlog(...) MODEL_CALL(openlog, __VA_ARGS__)
#define poll(...) MODEL_CALL(poll, __VA_ARGS__)
#define read(...) MODEL_CALL(read, __VA_ARGS__)
#define readdir(...) MODEL_CALL(readdir, __VA_ARGS__)
#define recv(...) MODEL_CALL(recv, __VA_ARGS__)
#define send(...) MODEL_CALL(send, __VA_ARGS__)
#define setgid(...) MODEL_CALL(setgid, __VA_ARGS__)
#define setgroups(...) MODEL_CALL(setgroups, __VA_ARGS__)
#define setitimer(...) MODEL_CALL(setitimer, __VA_ARGS__)
#define setuid(...) MODEL_CALL(setuid, __VA_ARGS__)
#define shutdown(...) MODEL_CALL(shutdown, __VA_ARGS__)
#define sigaction(...) MODEL_CALL(sigaction, __VA_ARGS__)
#define signal(...) MODEL_CALL(signal, __VA_ARGS__)
#define sigprocmask(...) MODEL_CALL(sigprocmask, __VA_ARGS__)
#define syslog(...) MODEL_CALL(syslog, __VA_ARGS__)
#define time(...) MODEL_CALL(time, __VA_ARGS__)
#define write(...) MODEL_CALL(write, __VA_ARGS__)

#endif
