/* SPDX-License-Identifier: ISC */
/* capsicum(4). The header itself needs types that are only there without a standard, such as u_int. */
#ifndef STUB_CAPSICUM_H
#define STUB_CAPSICUM_H

#include <stdint.h>
#include <sys/types.h>

#if !OF_SYSTEM
#error "the types that sys/capsicum.h is written with are not visible: a standard has been asked for"
#endif

typedef struct cap_rights {
	uint64_t cr_rights[2];
} cap_rights_t;

#define CAPRIGHT(idx, bit) ((1ULL << (57 + (idx))) | (bit))
#define CAP_READ CAPRIGHT(0, 0x01ULL)
#define CAP_WRITE CAPRIGHT(0, 0x02ULL)
#define CAP_SEEK CAPRIGHT(0, 0x0cULL)
#define CAP_PREAD (CAP_SEEK | CAP_READ)
#define CAP_LOOKUP CAPRIGHT(0, 0x0400ULL)
#define CAP_FCHDIR CAPRIGHT(0, 0x0800ULL)
#define CAP_FEXECVE CAPRIGHT(0, 0x80ULL)
#define CAP_FCNTL CAPRIGHT(0, 0x8000ULL)
#define CAP_FSTAT CAPRIGHT(0, 0x080000ULL)
#define CAP_FSTATAT (CAP_FSTAT | CAP_LOOKUP)
#define CAP_FSTATFS CAPRIGHT(0, 0x100000ULL)
#define CAP_EVENT CAPRIGHT(1, 0x20ULL)

#define cap_rights_init(...) stub_rights_init(0, __VA_ARGS__, 0ULL)
cap_rights_t *stub_rights_init(int, cap_rights_t *, ...);
int cap_rights_limit(int, const cap_rights_t *);
int cap_enter(void);

#endif
