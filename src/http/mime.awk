# SPDX-License-Identifier: ISC
#
# Makes mime-table.h, a sorted table from file-name extensions to media types, out of mime.types. A
# perfect hash in its place saved 44 instructions, of the 45,000 of a request, and no page fault.
#
#     awk -f mime.awk mime.types >mime-table.h
#
# Any POSIX awk will do, in any locale: letters are looked up in strings, as the locale may order them otherwise.

BEGIN {
	LONGEST = 12    # bytes of an extension; a name may have three times as many. The limit is there to catch slips.
	OFFSETS = 65536 # that a uint16_t can hold
	ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyz"
	ORDER = "+-0123456789_abcdefghijklmnopqrstuvwxyz" # what a key may hold, in the order of ASCII
	names = extensions = types = 0
	type_bytes = 0
	type_offset("application/octet-stream") # so that its offset is 0
}

# White space to some awks, part of a field to others.
index($0, "\r") { fail_here("carriage return") }

{ sub(/#.*/, "") }

NF == 0 { next }

{
	if (!is_type($1))
		fail_here("malformed media type '" $1 "'")
	if (NF == 1)
		fail_here("no extension after '" $1 "'")
	offset = type_offset($1)
	for (field = 2; field <= NF; field++)
		add($field, offset)
}

END {
	if (failed)
		exit 1
	if (extensions == 0)
		fail("no extension at all")
	print_header()
}

function fail(message) {
	print "mime.awk: " message | "cat 1>&2"
	close("cat 1>&2")
	failed = 1 # END is still to come
	exit 1
}

function fail_here(message) {
	fail(FILENAME ":" FNR ": " message)
}

# Whether text is one or more of the characters.
function consists_of(text, characters,    i) {
	for (i = 1; i <= length(text); i++)
		if (index(characters, substr(text, i, 1)) == 0)
			return 0
	return length(text) > 0
}

# RFC 6838 section 4.2, but in lower case only.
function is_type(text,    slash) {
	slash = index(text, "/")
	return slash > 0 && is_type_part(substr(text, 1, slash - 1)) && is_type_part(substr(text, slash + 1))
}

function is_type_part(text) {
	return consists_of(substr(text, 1, 1), ALPHANUMERIC) && consists_of(text, ALPHANUMERIC "!#$&-^_.+")
}

# Where the type stands among all types; it is put there first if need be.
function type_offset(type) {
	if (!(type in type_at)) {
		type_at[type] = type_bytes
		type_list[types++] = substr(type, 1, 5) == "text/" ? type "; charset=utf-8" : type
		type_bytes += length(type_list[types - 1]) + 1
	}
	return type_at[type]
}

# Adds an extension, or a slash and a whole name.
function add(word, offset,    whole, key) {
	whole = substr(word, 1, 1) == "/"
	key = substr(word, 1 + whole)
	if (!consists_of(key, ORDER))
		fail_here("extension '" word "' is not of a-z 0-9 + _ -")
	if (length(key) > (whole ? 3 * LONGEST : LONGEST))
		fail_here("extension '" word "' is longer than " LONGEST " bytes")
	if (word in line_of)
		fail_here("extension '" word "' repeated from line " line_of[word])
	line_of[word] = FNR
	type_of[word] = offset
	if (whole)
		insert(name_keys, names++, key)
	else
		insert(extension_keys, extensions++, key)
}

# Inserts the key in the place that it has among `count` sorted ones.
function insert(keys, count, key) {
	for (; count > 0 && comes_before(key, keys[count - 1]); count--)
		keys[count] = keys[count - 1]
	keys[count] = key
}

# The order of strcmp, in which a character that is not there comes first.
function comes_before(a, b,    i) {
	for (i = 1; substr(a, i, 1) == substr(b, i, 1); i++)
		;
	return index(ORDER, substr(a, i, 1)) * (i <= length(a)) < index(ORDER, substr(b, i, 1)) * (i <= length(b))
}

# A line of an array of characters: a string literal of them all would be longer than C promises.
function characters(text,    i, line) {
	line = "\t"
	for (i = 1; i <= length(text); i++)
		line = line "'" substr(text, i, 1) "',"
	return line "0,"
}

# The rows of sorted keys, whose words in mime.types begin with `prefix`.
function print_rows(keys, count, prefix,    i) {
	for (i = 0; i < count; i++) {
		print "\t{" key_bytes ", " type_of[prefix keys[i]] "}, /* " prefix keys[i] " */"
		key_bytes += length(keys[i]) + 1
	}
}

function print_header(    i) {
	print "/* SPDX-License-Identifier: ISC */"
	print "/*"
	print " * Made by mime.awk from mime.types. Offsets, not pointers: a static PIE relocates pointers at every start, which"
	print " * took 8,900 instructions, a page fault and 17 KiB more."
	print " */"
	print "#ifndef MIME_TABLE_H"
	print "#define MIME_TABLE_H\n"
	print "#include <stdint.h>\n"
	print "/* Where in the texts below a key and its type start. First the whole names, then the extensions, each sorted. */"
	print "enum { MIME_NAMES = " names ", MIME_ROWS = " names + extensions " };"
	print "static const struct mime_row {"
	print "\tuint16_t key, type;"
	print "} mime_rows[MIME_ROWS] = {"
	key_bytes = 0
	print_rows(name_keys, names, "/")
	print_rows(extension_keys, extensions, "")
	print "};\n"
	if (type_bytes > OFFSETS || key_bytes > OFFSETS)
		fail("the names take more bytes than an offset can tell")
	print "static const char mime_keys[] = {"
	for (i = 0; i < names; i++)
		print characters(name_keys[i])
	for (i = 0; i < extensions; i++)
		print characters(extension_keys[i])
	print "};\n"
	print "static const char mime_types[] = {"
	for (i = 0; i < types; i++)
		print characters(type_list[i])
	print "};\n"
	print "#endif"
}
