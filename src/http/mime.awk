# SPDX-License-Identifier: ISC
#
# Makes mime-table.h, a perfect hash from file-name extensions to media types, out of mime.types.
#
#     awk -f mime.awk mime.types >mime-table.h
#
# The hash of an extension picks a bucket, and each bucket has a multiplier that sends its extensions to slots no other
# extension has: see mime_type() in mime.c, whose arithmetic slot_of() here repeats. Any POSIX awk will do: no number
# passes 2^53, so doubles are exact; letters are looked up in a string, as what [a-z] means is up to the locale; and no
# output hangs on the order in which "in" lists an array.

BEGIN {
	LONGEST = 12     # bytes in an extension, or a third of those in a name; there is no reason but to catch slips
	OFFSETS = 65536  # that a slot can hold
	FACTOR = 1000003 # below 2^20, so that a 32-bit number times this is exact
	WORD = 4294967296
	ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyz0123456789"
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
	count = 0           # extensions
	types = 0
	type_bytes = 0
	extension_bytes = 1 # offset 0 is the empty string: no extension, which is what marks an empty slot
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
	if (count == 0)
		fail("no extension at all")
	if (type_bytes > OFFSETS || extension_bytes > OFFSETS)
		fail("the names take more bytes than an offset can tell")
	fill_buckets()
	for (slots = count; !place_all(); slots++)
		if (slots > 2 * count)
			fail("no perfect hash found")
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

function add(extension, offset,    whole) {
	whole = substr(extension, 1, 1) == "/" # a name
	if (!consists_of(substr(extension, 1 + whole), ALPHANUMERIC "+_-"))
		fail_here("extension '" extension "' is not of a-z 0-9 + _ -")
	if (length(extension) > (whole ? 3 * LONGEST : LONGEST))
		fail_here("extension '" extension "' is longer than " LONGEST " bytes")
	if (extension in line_of)
		fail_here("extension '" extension "' repeated from line " line_of[extension])
	line_of[extension] = FNR
	name[count] = extension
	name_at[count] = extension_bytes
	name_type[count] = offset
	hash[count] = hash_of(extension)
	extension_bytes += length(extension) + 1
	count++
}

function hash_of(extension,    i, h) {
	h = 0
	for (i = 1; i <= length(extension); i++)
		h = (h + code[substr(extension, i, 1)]) * FACTOR % WORD
	return h
}

function slot_of(h, multiplier) {
	return int(h * multiplier % WORD / 65536) % slots
}

function fill_buckets(    i, b) {
	buckets = int(count / 3) + 1
	fullest = 0
	for (b = 0; b < buckets; b++)
		held[b] = 0
	for (i = 0; i < count; i++) {
		b = hash[i] % buckets
		member[b, held[b]++] = i
		if (held[b] > fullest)
			fullest = held[b]
	}
}

# Finds every bucket its multiplier, the full ones first while there is room; false if there is none for some bucket.
function place_all(    size, b) {
	for (b = 0; b < slots; b++)
		taken[b] = -1
	for (size = fullest; size > 0; size--)
		for (b = 0; b < buckets; b++)
			if (held[b] == size && !place(b))
				return 0
	return 1
}

function place(b,    m) {
	for (m = 1; m < 256; m++)
		if (fits(b, m)) {
			multipliers[b] = m
			return 1
		}
	return 0
}

# Takes the slots of bucket b under multiplier m, or none if one of them is taken.
function fits(b, m,    i, s) {
	for (i = 0; i < held[b]; i++) {
		s = slot_of(hash[member[b, i]], m)
		if (taken[s] >= 0)
			break
		taken[s] = member[b, i]
	}
	if (i == held[b])
		return 1
	while (i-- > 0)
		taken[slot_of(hash[member[b, i]], m)] = -1
	return 0
}

function slot_text(i) {
	if (i < 0)
		return "\t{0, 0},"
	return "\t{" name_at[i] ", " name_type[i] "}, /* " name[i] " */"
}

# A line of an array of characters: a string literal of them all would be longer than C promises.
function characters(text,    i, line) {
	line = "\t"
	for (i = 1; i <= length(text); i++)
		line = line "'" substr(text, i, 1) "',"
	return line "0,"
}

function print_header(    i) {
	print "/* SPDX-License-Identifier: ISC */"
	print "/* Made by mime.awk from mime.types. Offsets, not pointers: pointers would have to be relocated. */"
	print "#ifndef MIME_TABLE_H"
	print "#define MIME_TABLE_H\n"
	print "#include <stdint.h>\n"
	print "enum { MIME_FACTOR = " FACTOR ", MIME_BUCKETS = " buckets ", MIME_SLOTS = " slots " };\n"
	print "static const uint8_t mime_multipliers[MIME_BUCKETS] = {"
	for (i = 0; i < buckets; i++)
		print "\t" (held[i] > 0 ? multipliers[i] : 0) ","
	print "};\n"
	print "/* Where in the texts below the names start; {0, 0}, which has no extension, is an empty slot. */"
	print "static const struct mime_slot {"
	print "\tuint16_t extension, type;"
	print "} mime_slots[MIME_SLOTS] = {"
	for (i = 0; i < slots; i++)
		print slot_text(taken[i])
	print "};\n"
	print "static const char mime_extensions[] = {"
	print "\t0,"
	for (i = 0; i < count; i++)
		print characters(name[i])
	print "};\n"
	print "static const char mime_types[] = {"
	for (i = 0; i < types; i++)
		print characters(type_list[i])
	print "};\n"
	print "#endif"
}
