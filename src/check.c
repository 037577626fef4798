/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <string.h>
#include <unistd.h>

#include "bounds.h"
#include "sandbox.h"

static void put_line(struct buf *b, const char *what, const char *text)
{
	buf_text(b, what);
	buf_text(b, text);
	buf_char(b, '\n');
}

static const char *layer_text(unsigned achieved, enum sandbox_layer layer)
{
	if ((achieved & layer) != 0)
		return "yes";
	return (sandbox_known() & layer) != 0 ? "no: this kernel has it not, or does not allow it"
	                                      : "no: this build knows no way to it";
}

int check_run(const struct site *site, int root)
{
	char room[MESSAGE_MAX * 4];
	struct buf b = buf_in(room, sizeof room);
	struct site asked = *site;
	unsigned achieved;
	asked.sandbox = SANDBOX_TRY; /* what there is to be had, whatever will be asked for */
	int error = sandbox_enter(&asked, root, &achieved);
	put_line(&b, "directory:        ", site->root);
	buf_text(&b, "served by:        uid ");
	buf_number(&b, (uint64_t)geteuid());
	buf_text(&b, ", gid ");
	buf_number(&b, (uint64_t)getegid());
	put_line(&b, "", (achieved & SANDBOX_ROOT) != 0 ? ", root and its groups given up" : "");
	if (error != 0)
		put_line(&b, "root given up:    no: ", strerror(error));
	put_line(&b, "files confined:   ", layer_text(achieved, SANDBOX_FILES));
	put_line(&b, "calls confined:   ", layer_text(achieved, SANDBOX_CALLS));
	if (site->sandbox == SANDBOX_OFF)
		put_line(&b, "", "With --sandbox=off neither is used.");
	if (write(STDOUT_FILENO, b.at, b.len) != (ssize_t)b.len || error != 0)
		return 1;
	unsigned wanted = SANDBOX_FILES | SANDBOX_CALLS;
	return (achieved & wanted) == wanted ? 0 : 1;
}
