/* SPDX-License-Identifier: ISC */
/* What both least senders do for a request: no parsing, no checks, no log. */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads a request from descriptor 0 and sends the file of this name, of 1 KiB, to 1. Returns the exit status. */
static int answer(int directory, const char *name)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1024\r\n\r\n";
	char room[8192];
	struct stat st;
	if (recv(0, room, sizeof room, 0) <= 0)
		return 1;
	int file = openat(directory, name, O_RDONLY);
	if (file < 0 || fstat(file, &st) != 0)
		return 1;
	memcpy(room, head, sizeof head - 1);
	ssize_t n = read(file, room + sizeof head - 1, sizeof room - sizeof head);
	return n < 0 || send(1, room, sizeof head - 1 + (size_t)n, MSG_NOSIGNAL) < 0;
}
