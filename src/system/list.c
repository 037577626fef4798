/* SPDX-License-Identifier: ISC */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* DT_DIR, SYS_getdents64 */
#endif

#include "system/list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#if defined __linux__ && !defined PORTABLE
#include "system/syscalls.h"
#endif

static int open_to_list(int directory)
{
	return openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Whether a name is neither "." nor "..", which every directory has. */
static bool is_name(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

#if defined __linux__ && !defined PORTABLE
static enum list_kind kind_of(unsigned char type)
{
	if (type == DT_DIR)
		return LIST_DIRECTORY;
	if (type == DT_LNK)
		return LIST_LINK;
	return type == DT_UNKNOWN ? LIST_UNKNOWN : LIST_OTHER;
}

/* By getdents64(2): opendir(3) would allocate. */
int list_open(struct list *list, int directory, char *room, size_t size)
{
	size_t odd = (uintptr_t)room % _Alignof(struct dirent), skip = odd > 0 ? _Alignof(struct dirent) - odd : 0;
	*list = (struct list){.fd = open_to_list(directory), .size = size - skip};
	list->room = room + skip;
	return list->fd < 0 ? errno : 0;
}

int list_next(struct list *list, const char **name, enum list_kind *kind)
{
	*name = NULL;
	while (*name == NULL) {
		if (list->next == list->end) {
			long n = syscall(SYS_getdents64, list->fd, list->room, list->size);
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return n < 0 && errno != ENOENT ? errno : 0; /* ENOENT: the directory has been removed */
			list->next = 0;
			list->end = (size_t)n;
		}
		const struct dirent *d = (const struct dirent *)(const void *)(list->room + list->next);
		*kind = kind_of(d->d_type);
		*name = is_name(d->d_name) ? d->d_name : NULL;
		list->next += d->d_reclen;
	}
	return 0;
}

void list_close(struct list *list)
{
	close(list->fd);
}
#else
int list_open(struct list *list, int directory, char *room, size_t size)
{
	*list = (struct list){.fd = open_to_list(directory), .size = size};
	list->room = room;
	if (list->fd < 0)
		return errno;
	list->stream = fdopendir(list->fd);
	if (list->stream != NULL)
		return 0;
	int error = errno;
	close(list->fd);
	return error;
}

int list_next(struct list *list, const char **name, enum list_kind *kind)
{
	const struct dirent *d;
	do {
		errno = 0; /* at the end readdir leaves it so */
		d = readdir(list->stream);
	} while (d != NULL ? !is_name(d->d_name) : errno == EINTR);
	*name = d != NULL ? d->d_name : NULL;
	*kind = LIST_UNKNOWN;
	return d != NULL ? 0 : errno;
}

void list_close(struct list *list)
{
	closedir(list->stream);
}
#endif

int list_each(int directory, char *room, size_t size, list_visitor *each, void *context)
{
	struct list list;
	const char *name;
	enum list_kind kind;
	int error = list_open(&list, directory, room, size);
	if (error != 0)
		return error;
	do
		error = list_next(&list, &name, &kind);
	while (error == 0 && name != NULL && each(context, name, kind));
	list_close(&list);
	return error;
}
