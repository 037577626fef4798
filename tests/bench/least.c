/* SPDX-License-Identifier: ISC */
/* The least that serves a file; what is above this is what httpd's features cost. */
#include "answer.h"

int main(int argc, char **argv)
{
	return argc < 2 || answer(AT_FDCWD, argv[1]);
}
