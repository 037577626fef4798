/* SPDX-License-Identifier: ISC */
/* bounds: every limit that is a choice of ours, not a protocol's. A test reaches each. */
#ifndef BOUNDS_H
#define BOUNDS_H

enum {
	HEAD_MAX = 32768,      /* bytes of a request's head, final empty line included */
	TARGET_MAX = 8192,     /* bytes of a request-target */
	MEMORY_MAX = 118784,   /* bytes for the head of a request and everything that is made from it */
	PAGE_MAX = 12288,      /* bytes of a page of our own */
	OUTPUT_MAX = 65536,    /* bytes of a piece of a listing */
	NAMES_CHUNK = 8192,    /* bytes of a directory read at a time */
	NAMES_CHUNK_MIN = 1024, /* the same where many directories are being read; a name takes 280 at most */
	PART_MAX = 512,        /* bytes between two parts of a file */
	SMALL_FILE = 8192,     /* a body up to this size leaves with the head in one call */
	COPY_CHUNK = 16384,    /* bytes moved at a time where sendfile does not work */
	PIPE_CHUNK = 4096,     /* a write of this size to a pipe that polls ready never blocks */
	PATH_BYTES = 4096,     /* a file's name beneath the root, NUL included */
	PAGE_ADDRESS = 2048,   /* bytes of a redirect's address that its page repeats; a longer one is left out */
	LINK_BYTES = 4096,     /* the text of a symlink that is a URI, NUL included: what Linux lets a symlink hold */
	SYMLINKS_MAX = 40,     /* symlinks followed in one name, the same as Linux follows */
	WALK_STEPS = 10000,    /* components the portable walk opens before it gives up */
	RECENT_FILES = 16,     /* files that a connection remembers within a second */
	RECENT_PATH = 88,      /* bytes of such a file's path, NUL included; a longer one is not remembered */
	OPENAT2_TRIES = 16,    /* calls of openat2 that fail with EAGAIN, as when a directory is renamed meanwhile */
	ERROR_LEVELS = 16,     /* directories below the root searched for an error page */
	HEADER_BYTES = 16384,  /* bytes of all --header options */
	REPEATED_MAX = 128,    /* values of one option that may be repeated */
	CACHE_MAX = 1024,      /* bytes of a Cache-Control value */
	TYPE_MAX = 128,        /* bytes of a --type's media type, which stands in front of each part of a file, too */
	RANGES_MAX = 4096,     /* parts of a file: more than a head can name without overlap */
	ETAG_MAX = 80,         /* an entity tag with its quotes */
	README_MAX = 65536,    /* bytes of a README that stand below a listing */
	README_CHUNK = 2048,   /* bytes of it read at a time */
	NAMES_MAX = 131072,    /* names of a directory sorted at a time; more of them take more passes */
	NAMES_TEXT = 4194304,  /* bytes of the keys of these names */
	LISTING_FRAME = 16,    /* bytes on each side of a piece of a listing, for the frame of a chunk */
	NAME_BYTES = 256,      /* a name in a directory, NUL included */
	ACCOUNT_LINE = 1024,   /* a line of /etc/passwd */
	INHERITED_MAX = 256,   /* descriptors below are closed at the start, where there is no call for all of them */
	NOBODY_ID = 65534,     /* the UID and the GID that root changes to without --user */
	LOG_REQUEST = 1800,    /* bytes of a request line in the log, escapes included */
	LOG_FIELD = 600,       /* bytes of a field's value in the log, escapes included */
	SYSLOG_REQUEST = 460,  /* the same in syslog, where what is longer than 1024 bytes loses its end */
	SYSLOG_FIELD = 140,
	LOG_LINE = 4096,       /* a record; Linux writes it to a pipe in one piece */
	ADDRESS_MAX = 64,      /* a client's address as text */
	LOG_REST_MS = 20,      /* milliseconds for the rest of a record that another process is writing */
	LOG_MS = 1000,         /* milliseconds until a record that nobody takes is lost */
	LOG_TICKS = 8,         /* how often a write that waits is interrupted in that time */
	MESSAGE_MAX = 512,     /* a message to the operator */
	AUDIT_LEVELS = 32,     /* directories below the root that --check looks into */
	AUDIT_SHOWN = 10,      /* findings of one kind that it prints; of the others, how many there are */

	HEAD_SECONDS = 20,     /* for the whole head of a request, without --timeout */
	TIMEOUT_MAX = 86400,   /* seconds that --timeout and --idle take */
	IDLE_SECONDS = 15,     /* between two requests on one connection, without --idle */
	PROGRESS_SECONDS = 30, /* in which at least a byte of a response must leave */
	REQUESTS_DEFAULT = 100, /* on one connection, with --keep-alive and no number */
	DRAIN_SECONDS = 10,    /* for which bytes that come behind the request are read and dropped */
	DRAIN_BYTES = 67108864 /* of them that are read at most; a longer request body is 413 */
};

enum {
	/*
	 * Bytes of the longest head of ours, without the text of a link in Location: a target in Location, where escapes
	 * may take three bytes for each, the fields of --header, Cache-Control, and 1024 bytes for all other fields.
	 */
	HEAD_OUT_MAX = 3 * TARGET_MAX + HEADER_BYTES + CACHE_MAX + 1024
};

/*
 * Parts that do not overlap begin at different places, so that in "0-0,1-1,…" 1000 take up to 3 digits twice, a
 * hyphen and a comma, in all 7780 bytes, and each of the others takes 10 bytes or more.
 */
_Static_assert(1000 + (HEAD_MAX - 7780) / 10 < RANGES_MAX, "more ranges than RANGES_MAX in a head overlap");

/*
 * Behind the head of a request stand the target's path, the path of what was found and that of its sibling or of an
 * error page, a link, a page, our head, and a small file or, in Location, the link's text again.
 */
_Static_assert(LINK_BYTES <= SMALL_FILE, "a link's text takes no more room than a small file");
_Static_assert(HEAD_MAX + TARGET_MAX + 1 + 2 * PATH_BYTES + LINK_BYTES + PAGE_MAX + HEAD_OUT_MAX + SMALL_FILE <=
               MEMORY_MAX, "MEMORY_MAX holds the longest of everything");

#endif
