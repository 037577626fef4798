/* SPDX-License-Identifier: ISC */
/* policy: the operator's rules about requests and files. Pure. */
#ifndef POLICY_H
#define POLICY_H

#include "base/slice.h"
#include "base/status.h"
#include "http/accept.h"
#include "http/request.h"
#include "serve/site.h"

/* 501 for METHOD_UNKNOWN, 405 for METHOD_NOT_ALLOWED, else STATUS_NONE. */
enum status policy_method(const struct request *request);

/* 403 where --deny-agent or --min-agent excludes the User-Agent; a missing one is an empty one. */
enum status policy_agent(const struct site *site, const struct request *request);

/* The bytes of a path before its first hidden name: one that begins with a dot and is not .well-known. */
size_t policy_visible_length(struct slice path);

/*
 * The value of Cache-Control for a path relative to the root: that of the first rule without a pattern, or whose
 * pattern matches (glob_matches). A pattern that begins with a slash is held against the whole path, another one
 * against the last name. No slice: none.
 */
struct slice policy_cache(const struct site *site, const char *path);

/* The Content-Type for a path: that of the first --type that matches, else what its name says (mime_type). */
const char *policy_type(const struct site *site, const char *path);

/* The coding that a --header says files of this path are in; CODING_IDENTITY where none does. */
enum coding policy_coding(const struct site *site, const char *path);

/*
 * Whether a --header goes into an answer: it has no pattern, or one that matches the path of the file that the answer
 * is about; NULL: it is about none.
 */
bool policy_header(const struct rule *header, const char *path);

#endif
