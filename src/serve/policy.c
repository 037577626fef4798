/* SPDX-License-Identifier: ISC */
#include "serve/policy.h"

#include <string.h>

#include "http/glob.h"
#include "http/mime.h"

enum status policy_method(const struct request *request)
{
	if (request->method == METHOD_UNKNOWN)
		return STATUS_NOT_IMPLEMENTED;
	return request->method == METHOD_NOT_ALLOWED ? STATUS_METHOD_NOT_ALLOWED : STATUS_NONE;
}

static bool is_denied(const struct site *site, struct slice agent)
{
	if (agent.len < site->min_agent)
		return true;
	const struct rules *denied = &site->rules[RULES_DENY_AGENT];
	for (size_t i = 0; i < denied->count; i++)
		if (slice_contains(agent, denied->at[i].value))
			return true;
	return false;
}

enum status policy_agent(const struct site *site, const struct request *request)
{
	struct field_lines lines = request_lines(request, FIELD_USER_AGENT);
	struct slice agent = {NULL, 0};
	bool denied = request->first[FIELD_USER_AGENT].at == NULL && is_denied(site, agent);
	while (!denied && request_next(&lines, &agent))
		denied = is_denied(site, agent);
	return denied ? STATUS_FORBIDDEN : STATUS_NONE;
}

size_t policy_visible_length(struct slice path)
{
	struct slice name, rest = path;
	while (slice_split(&rest, '/', &name))
		if (name.len > 0 && name.at[0] == '.' && !slice_equal(name, slice_of(".well-known")))
			return (size_t)(name.at - path.at);
	return path.len;
}

/* Whether a rule with this pattern applies to the path. */
static bool applies(struct slice glob, const char *path)
{
	if (glob.at == NULL)
		return true;
	const char *name = strrchr(path, '/');
	if (glob.at[0] == '/')
		return glob_matches(slice_from(glob, 1), slice_of(path));
	return glob_matches(glob, slice_of(name != NULL ? name + 1 : path));
}

/* The value of the first rule that applies to the path; no slice: none does. */
static struct slice first_value(const struct rules *rules, const char *path)
{
	for (size_t i = 0; i < rules->count; i++)
		if (applies(rules->at[i].glob, path))
			return rules->at[i].value;
	return (struct slice){NULL, 0};
}

struct slice policy_cache(const struct site *site, const char *path)
{
	return first_value(&site->rules[RULES_CACHE_CONTROL], path);
}

const char *policy_type(const struct site *site, const char *path)
{
	struct slice type = first_value(&site->rules[RULES_TYPE], path);
	return type.at != NULL ? type.at : mime_type(slice_of(path));
}

/* Takes the name off a field line and returns the value. */
static struct slice value_of(struct slice line, struct slice *name)
{
	slice_split(&line, ':', name);
	return slice_trim(line);
}

enum coding policy_coding(const struct site *site, const char *path)
{
	const struct rules *headers = &site->rules[RULES_HEADER];
	for (size_t i = 0; site->own_coding && i < headers->count; i++) {
		struct slice name, value = value_of(headers->at[i].value, &name);
		if (slice_equal_nocase(name, slice_of("Content-Encoding")) && applies(headers->at[i].glob, path))
			return coding_of_name(value);
	}
	return CODING_IDENTITY;
}

bool policy_header(const struct rule *header, const char *path)
{
	return header->glob.at == NULL || (path != NULL && applies(header->glob, path));
}
