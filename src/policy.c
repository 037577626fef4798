/* SPDX-License-Identifier: ISC */
#include "policy.h"

#include <fnmatch.h>
#include <string.h>

#include "bounds.h"

enum status policy_method(const struct request *request)
{
	if (request->method == METHOD_UNKNOWN)
		return STATUS_NOT_IMPLEMENTED;
	return request->method == METHOD_UNWELCOME ? STATUS_METHOD_NOT_ALLOWED : STATUS_NONE;
}

static bool is_denied(const struct site *site, struct slice agent)
{
	for (size_t i = 0; i < site->agents; i++)
		if (slice_contains(agent, site->agent[i]))
			return true;
	return agent.len < site->min_agent;
}

enum status policy_agent(const struct site *site, const struct request *request)
{
	struct slice agent = {NULL, 0};
	if (request->first[FIELD_USER_AGENT].at == NULL)
		return site->min_agent > 0 ? STATUS_FORBIDDEN : STATUS_NONE;
	while (request_next(request, FIELD_USER_AGENT, &agent))
		if (is_denied(site, agent))
			return STATUS_FORBIDDEN;
	return STATUS_NONE;
}

size_t policy_visible(struct slice path)
{
	struct slice name, rest = path;
	while (slice_split(&rest, '/', &name))
		if (name.len > 0 && name.at[0] == '.' && !slice_equal(name, slice_of(".well-known")))
			return (size_t)(name.at - path.at);
	return path.len;
}

static bool glob_matches(struct slice glob, const char *path)
{
	char pattern[PATH_BYTES];
	const char *name = strrchr(path, '/');
	name = name != NULL ? name + 1 : path;
	if (glob.at[0] == '/') {
		name = path;
		glob = slice_from(glob, 1);
	}
	if (glob.len >= sizeof pattern)
		return false;
	memcpy(pattern, glob.at, glob.len);
	pattern[glob.len] = '\0';
	return fnmatch(pattern, name, 0) == 0;
}

struct slice policy_cache(const struct site *site, const char *path)
{
	for (size_t i = 0; i < site->cache_rules; i++)
		if (site->cache[i].glob.at == NULL || glob_matches(site->cache[i].glob, path))
			return site->cache[i].value;
	return (struct slice){NULL, 0};
}
