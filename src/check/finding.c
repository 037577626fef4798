/* SPDX-License-Identifier: ISC */
#include "check/finding.h"

/*
 * A line for each, in the order of enum finding: "!" if there is something to mend, what happens, why, and the cure.
 * Where the bar is there may be a name, in quotes unless a colon announces it. One text, as a table of pointers would
 * have to be relocated at every start, and one of arrays is mostly empty.
 */
static const char texts[] =
	"!403: not everyone may read it|: chmod o+r\n"
	"!403: its mode lets everyone read it, yet this account may not|: "
	"look at its group, its ACL (getfacl) and at SELinux or AppArmor\n"
	"!403 for all that is in it: this account may not enter the directory|: chmod o+rx\n"
	"!not looked into: this account may enter the directory but not read it|: "
	"what is in it is served to who knows the name; chmod o+r to have it checked\n"
	"404: a name that begins with a dot is hidden|: rename it if it is to be seen, else keep it elsewhere\n"
	"!404: a link to an absolute path is not followed, to|"
	": make it relative (ln -sr) and stay inside, or copy the file\n"
	"!404: the link leads out of the site, to|: make it relative (ln -sr) and stay inside, or copy the file\n"
	"!404: the link leads nowhere, to|: mend it or remove it\n"
	"!404: the link leads in a circle, to|: mend it or remove it\n"
	"!404: neither a file nor a directory:|: remove it\n"
	"!not sent: older than its original|: compress that anew, as with httpd-precompress\n"
	"sent for its original, yet newer than that: after a rollback it holds another version|: "
	"httpd-precompress --verify tells, and httpd-precompress mends it\n"
	"sent under this very name only: there is no original|: put that beside it, or remove this\n"
	"sent under this very name only, and not without .html: there is a file or a directory of that name|: rename one "
	"of them\n"
	"!404 for its front page: no index.html|: make one, or use --listing\n"
	"!404 instead of --fallback: there is no file for everyone to read named|: make it, or name another\n"
	"!404: with --vhosts there is one directory for each host here|: move it into one of them\n"
	"!404: no host has this name|: write it in small letters, without a port\n"
	"!not looked into: too many directories below ROOT|: check it by itself\n"
	"!404: the name is too long, with those of its directories|: shorten them\n"
	"!500: it cannot be opened:|: look at the file system\n";

static struct slice text_of(enum finding finding)
{
	struct slice line = {"", 0}, rest = slice_of(texts);
	for (unsigned i = 0; i <= finding; i++)
		slice_split(&rest, '\n', &line);
	return line;
}

bool finding_matters(enum finding finding)
{
	return text_of(finding).at[0] == '!';
}

void finding_put(struct line *line, enum finding finding, const char *name)
{
	struct slice why, rest = text_of(finding);
	rest = slice_from(rest, rest.at[0] == '!');
	slice_split(&rest, '|', &why);
	const char *quote = why.at[why.len - 1] == ':' ? "" : "'";
	line_add(line, why);
	if (name != NULL) {
		line_format(line, " %s", quote);
		line_visible(line, slice_of(name));
		line_text(line, quote);
	}
	line_add(line, rest);
	line_end(line);
}
