/* SPDX-License-Identifier: ISC */
#ifndef BASE_SYSEXITS_H
#define BASE_SYSEXITS_H

/* No standard has it; each of these systems has it, and shows all of it. */
#define EX_OK 0
#define EX_USAGE 64
#define EX_DATAERR 65
#define EX_NOINPUT 66
#define EX_UNAVAILABLE 69
#define EX_SOFTWARE 70
#define EX_OSERR 71
#define EX_OSFILE 72
#define EX_CANTCREAT 73
#define EX_IOERR 74
#define EX_TEMPFAIL 75
#define EX_NOPERM 77
#define EX_CONFIG 78

#endif
