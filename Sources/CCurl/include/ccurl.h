#pragma once
#include <stddef.h>

/*
 * Downloads by the system's libcurl, which is loaded when it is first needed: it brings two dozen
 * libraries along, and whoever only asks for a report should not wait for them.
 */

/* Takes a part of a response; anything but 0 ends the transfer. */
typedef int (*ccurl_take)(void *context, const char *bytes, size_t byte_count);

typedef struct {
    const char *url;
    /* Lines such as "Range: bytes=0-", ended by NULL. */
    const char *const *headers;
    /* Gets each line of each response's head, redirections included. */
    ccurl_take head;
    /* Gets the last response's body; the next bytes are read when it returns. */
    ccurl_take body;
    void *context;
    long connect_timeout_seconds;
    /* Without a byte for that long the transfer ends. */
    long stall_timeout_seconds;
} ccurl_request;

/* Whether there is a libcurl. */
int ccurl_load(void);

/*
 * Gets a URL with HTTP or HTTPS, following redirections; call ccurl_load before. 0 when the whole
 * response was taken, otherwise `message` has what libcurl says.
 */
int ccurl_get(const ccurl_request *request, char message[256]);
