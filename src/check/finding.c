/* SPDX-License-Identifier: ISC */
#include "check/finding.h"

/* KNOW: worth knowing; MEND: a client does not get what it probably should. */
enum severity { KNOW, MEND };

/*
 * "PROBLEM 'NAME': CURE". The texts stand in the rows: pointers to them would be relocated at every start of the
 * program, with --check or without.
 */
static const struct {
	unsigned char severity;
	char problem[86]; /* what a client gets, and why */
	char cure[65];
} rows[FINDINGS] = {
	[FIND_MODE] = {MEND, "403: not everyone may read it", "chmod o+r"},
	[FIND_DENIED] = {MEND, "403: its mode lets everyone read it, yet this account may not",
	                 "look at its group, its ACL (getfacl) and at SELinux or AppArmor"},
	[FIND_CLOSED] = {MEND, "403 for all that is in it: this account may not enter the directory", "chmod o+rx"},
	[FIND_UNSEEN] = {MEND, "served, but not looked into: this account may enter the directory, not read it",
	                 "chmod o+r to have it checked"},
	[FIND_HIDDEN] = {KNOW, "404: a name that begins with a dot is hidden",
	                 "rename it if it is to be seen, else keep it elsewhere"},
	[FIND_ABSOLUTE] = {MEND, "404: a link to an absolute path is not followed, to",
	                   "make it relative (ln -sr) and stay inside, or copy the file"},
	[FIND_OUTSIDE] = {MEND, "404: the link leads out of the site, to",
	                  "make it relative (ln -sr) and stay inside, or copy the file"},
	[FIND_DANGLING] = {MEND, "404: the link leads nowhere, to", "mend it or remove it"},
	[FIND_CIRCLE] = {MEND, "404: the link leads in a circle, to", "mend it or remove it"},
	[FIND_KIND] = {MEND, "404: neither a file nor a directory", "remove it"},
	[FIND_STALE] = {MEND, "not sent: older than its original", "compress that anew, as with httpd-precompress"},
	[FIND_NEWER] = {KNOW, "sent for its original, yet newer than that: after a rollback it holds another version",
	                "httpd-precompress --verify tells, and httpd-precompress mends it"},
	[FIND_ORPHAN] = {KNOW, "sent under this very name only: there is no original",
	                 "put that beside it, or remove this"},
	[FIND_CLASH] = {KNOW, "sent under this very name only: a file or a directory has the name without .html",
	                "rename one of them"},
	[FIND_INDEX] = {MEND, "404 for its front page: no index.html", "make one, or use --listing"},
	[FIND_FALLBACK] = {MEND, "404 instead of --fallback: there is no file for everyone to read named",
	                   "make it, or name another"},
	[FIND_STRAY] = {MEND, "404: with --vhosts there is one directory for each host here", "move it into one of them"},
	[FIND_HOST] = {MEND, "404: no host has this name", "write it in small letters, without a port"},
	[FIND_DEEP] = {MEND, "not looked into: too many directories below ROOT", "run httpd --check on it"},
	[FIND_LONG] = {MEND, "404: the name is too long, with those of its directories", "shorten them"},
	[FIND_ERROR] = {MEND, "500: it cannot be opened", "mend the file system; the kernel's log (dmesg) tells more"},
};

bool finding_matters(enum finding finding)
{
	return rows[finding].severity == MEND;
}

void finding_put(struct line *line, enum finding finding, const char *name)
{
	bool ours = finding == FIND_KIND || finding == FIND_ERROR; /* the name is a word of ours, which needs no quotes */
	line_text(line, rows[finding].problem);
	if (name != NULL) {
		line_text(line, ours ? ": " : " '");
		line_visible(line, slice_of(name));
		line_text(line, ours ? "" : "'");
	}
	line_format(line, ": %s", rows[finding].cure);
	line_end(line);
}
