# SPDX-License-Identifier: ISC
#
# Checks the text of C files:
#
#     awk -f source.awk -v exempt=src/status/ ours=1 src/*/*.[ch] ours=0 tests/*/*.[ch]
#
# All keep to the layout; those of the program itself, with ours=1, to the other rules too.

BEGIN {
	COLUMNS = 120
	TAB = 4 # columns of a tab
	FUNCTION = 50 # lines from brace to brace
	# Memory, unbounded writers, hidden state, shells.
	names = "malloc calloc realloc reallocarray free alloca strdup strndup asprintf vasprintf sprintf vsprintf strcat"
	names = names " strncat gets scanf sscanf fscanf atoi atol atoll atof strtok strtok_r system popen"
	count = split(names, name_list, " ")
	for (i = 1; i <= count; i++)
		forbidden[name_list[i]]
}

function say(text) {
	print file ":" line ": " text
	failed = 1
}

# The name of the header guard: src/mime-table.h has MIME_TABLE_H.
function guard_of(path) {
	sub(/.*\//, "", path)
	gsub(/[^A-Za-z0-9]/, "_", path)
	return toupper(path)
}

# The text behind the closing quote.
function skip_quoted(text, quote,    c) {
	do {
		c = substr(text, 1, 1)
		text = substr(text, c == "\\" ? 3 : 2)
	} while (text != "" && c != quote)
	return text
}

# The code of a line, without comments and quoted text.
function code_of(text,    code, token) {
	code = ""
	for (;;) {
		if (in_comment) {
			if (!match(text, /\*\//))
				return code
			text = substr(text, RSTART + 2)
			in_comment = 0
		}
		if (!match(text, /\/\*|\/\/|["\047]/))
			return code text
		token = substr(text, RSTART, RLENGTH)
		code = code substr(text, 1, RSTART - 1) " "
		text = substr(text, RSTART + RLENGTH)
		if (token == "//")
			return code
		if (token == "/*")
			in_comment = 1
		else
			text = skip_quoted(text, token)
	}
}

function check_layout(    text, i, width) {
	text = $0
	gsub(/[\200-\277]/, "", text) # a character is one column, however many bytes it has
	width = 0
	for (i = 1; substr(text, i, 1) == "\t"; i++)
		width += TAB
	width += length(text) - i + 1
	if (width > COLUMNS)
		say(width " columns, a tab being " TAB "; " COLUMNS " are the limit")
	if ($0 ~ /[ \t\r]$/)
		say("white space at the end")
	# Spaces may align a continued line, but tabs indent.
	if ($0 ~ /^ / && !was_open && !(was_comment && $0 ~ /^ \*/))
		say("indented with spaces")
	if ($0 ~ /[^\t]\t/)
		say("a tab that does not indent")
	if (line == 1 && $0 !~ /^\/\* SPDX-License-Identifier: [A-Za-z0-9.-]+ \*\/$/)
		say("the first line is not /* SPDX-License-Identifier: ... */")
}

function check_function(code) {
	if (code ~ /^[A-Za-z].*\)[ \t]*[{]/)
		say("the brace of a function stands on a line of its own")
	if (code ~ /^[A-Za-z].*\(/) {
		name = code
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
	}
	if (code ~ /^[{]/)
		brace = line
	if (code ~ /^[}]/ && brace > 0) {
		if (line - brace + 1 > FUNCTION)
			say(name "() has " line - brace + 1 " lines; " FUNCTION " are the limit")
		brace = 0
	}
}

function check_directive(code,    words) {
	split(code, words, /[# \t]+/)
	directives++
	last = words[2]
	if (directives == 1)
		first = words[2] " " words[3]
	if (directives == 2)
		second = words[2] " " words[3]
	if (code ~ /^[ \t]*#[ \t]*define[ \t]+[A-Za-z_][A-Za-z0-9_]*\(/ &&
	    code ~ /[;{}?\\]|&&|\|\||(^|[^A-Za-z0-9_])(if|for|while|do|switch|goto|return|break|continue)([^A-Za-z0-9_]|$)/)
		say("a macro that looks like a function and decides something; write a function")
}

function check_words(code,    called) {
	if (code ~ /(^|[^A-Za-z0-9_])goto[ \t]/)
		say("goto is not used here")
	while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		called = substr(code, RSTART, RLENGTH)
		code = substr(code, RSTART + RLENGTH)
		sub(/[ \t]*\(/, "", called)
		if (called in forbidden)
			say(called "() is not used here")
	}
}

# A header begins and ends with its guard; comments may stand around it.
function finish(    guard) {
	if (file ~ /\.h$/ && file_is_ours) {
		guard = guard_of(file)
		if (first != "ifndef " guard || second != "define " guard || last != "endif" || before || behind)
			say("the header guard is not " guard " around the whole file")
	}
}

FNR == 1 {
	if (file != "")
		finish()
	file = FILENAME
	file_is_ours = ours && index(file, exempt) != 1
	in_comment = open = brace = directives = before = behind = 0
	first = second = last = name = ""
}

{
	line = FNR
	was_comment = in_comment
	was_open = open && !brace # parentheses of a declaration
	code = code_of($0)
	open += gsub(/\(/, "(", code) - gsub(/\)/, ")", code)
	if (code ~ /^[{}]/)
		open = 0 # the branches of an #if may have upset the count
	check_layout()
}

file_is_ours {
	check_function(code)
	if (code ~ /^[ \t]*#/) {
		check_directive(code)
		behind = 0
	} else if (code ~ /[^ \t]/) {
		check_words(code)
		if (directives < 2)
			before = 1
		if (last == "endif")
			behind = 1
	}
}

END {
	if (file != "")
		finish()
	exit failed
}
