/* SPDX-License-Identifier: ISC */
#include "system/activation.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/slice.h"

enum { LISTEN_FDS_START = 3 };

int activation_descriptor(void)
{
	uint64_t pid, count;
	/* LISTEN_PID comes first: mostly it is not set, and the environment is searched once. */
	if (!slice_number(slice_of(getenv("LISTEN_PID")), &pid) || pid != (uint64_t)getpid())
		return -1;
	bool any = slice_number(slice_of(getenv("LISTEN_FDS")), &count) && count > 0 && count <= INT_MAX - LISTEN_FDS_START;
	return any ? LISTEN_FDS_START : -1;
}
