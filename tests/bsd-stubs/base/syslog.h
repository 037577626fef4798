/* SPDX-License-Identifier: ISC */
#ifndef BASE_SYSLOG_H
#define BASE_SYSLOG_H

#define LOG_ERR 3
#define LOG_WARNING 4
#define LOG_NOTICE 5
#define LOG_INFO 6
#define LOG_DAEMON (3 << 3)
#define LOG_PID 0x1
#define LOG_NDELAY 0x8

void openlog(const char *, int, int);
void syslog(int, const char *, ...) __attribute__((format(printf, 2, 3)));

#endif
