/* SPDX-License-Identifier: ISC */
#error "no system but Linux has sys/prctl.h"
