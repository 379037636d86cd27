#include "ccurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

/* What of libcurl's interface, unchanged since 2006, is used. */
enum {
    CURLOPT_LOW_SPEED_LIMIT = 19,
    CURLOPT_LOW_SPEED_TIME = 20,
    CURLOPT_FOLLOWLOCATION = 52,
    CURLOPT_MAXREDIRS = 68,
    CURLOPT_CONNECTTIMEOUT = 78,
    CURLOPT_NOSIGNAL = 99,
    CURLOPT_PROTOCOLS = 181,
    CURLOPT_REDIR_PROTOCOLS = 182,
    CURLOPT_WRITEDATA = 10001,
    CURLOPT_URL = 10002,
    CURLOPT_ERRORBUFFER = 10010,
    CURLOPT_USERAGENT = 10018,
    CURLOPT_HTTPHEADER = 10023,
    CURLOPT_HEADERDATA = 10029,
    CURLOPT_WRITEFUNCTION = 20011,
    CURLOPT_HEADERFUNCTION = 20079,

    CURL_GLOBAL_ALL = 3,
    CURLPROTO_HTTP_AND_HTTPS = 3,
};

typedef size_t (*write_function)(char *bytes, size_t size, size_t count, void *request);

static struct {
    int (*global_init)(long flags);
    void *(*easy_init)(void);
    int (*easy_setopt)(void *handle, int option, ...);
    int (*easy_perform)(void *handle);
    void (*easy_cleanup)(void *handle);
    const char *(*easy_strerror)(int code);
    void *(*slist_append)(void *list, const char *line);
    void (*slist_free_all)(void *list);
} curl;

static int is_loaded;

static void *open_library(void) {
    static const char *const names[] = {
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library) return library;
    }
    return NULL;
}

static void load(void) {
    void *library = open_library();
    if (!library) return;
    const struct {
        void *function;
        const char *name;
    } symbols[] = {
        {&curl.global_init, "curl_global_init"},
        {&curl.easy_init, "curl_easy_init"},
        {&curl.easy_setopt, "curl_easy_setopt"},
        {&curl.easy_perform, "curl_easy_perform"},
        {&curl.easy_cleanup, "curl_easy_cleanup"},
        {&curl.easy_strerror, "curl_easy_strerror"},
        {&curl.slist_append, "curl_slist_append"},
        {&curl.slist_free_all, "curl_slist_free_all"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol) return;
        *(void **)symbols[i].function = symbol;
    }
    is_loaded = curl.global_init(CURL_GLOBAL_ALL) == 0;
}

int ccurl_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return is_loaded;
}

static size_t take_head(char *bytes, size_t size, size_t count, void *context) {
    const ccurl_request *request = context;
    return request->head(request->context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    const ccurl_request *request = context;
    return request->body(request->context, bytes, size * count) == 0 ? size * count : 0;
}

int ccurl_get(const ccurl_request *request, char message[256]) {
    message[0] = 0;
    void *handle = curl.easy_init();
    if (!handle) {
        snprintf(message, 256, "libcurl can't begin");
        return -1;
    }
    void *lines = NULL;
    for (const char *const *line = request->headers; *line; line++) {
        lines = curl.slist_append(lines, *line);
    }
    curl.easy_setopt(handle, CURLOPT_URL, request->url);
    curl.easy_setopt(handle, CURLOPT_USERAGENT, "hpcoord");
    curl.easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
    curl.easy_setopt(handle, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTP_AND_HTTPS);
    curl.easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS, (long)CURLPROTO_HTTP_AND_HTTPS);
    curl.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    curl.easy_setopt(handle, CURLOPT_MAXREDIRS, 10L);
    curl.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, request->connect_timeout_seconds);
    curl.easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl.easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, request->stall_timeout_seconds);
    curl.easy_setopt(handle, CURLOPT_ERRORBUFFER, message);
    curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, (write_function)take_head);
    curl.easy_setopt(handle, CURLOPT_HEADERDATA, request);
    curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, (write_function)take_body);
    curl.easy_setopt(handle, CURLOPT_WRITEDATA, request);
    int code = curl.easy_perform(handle);
    if (code != 0 && !message[0]) snprintf(message, 256, "%s", curl.easy_strerror(code));
    curl.slist_free_all(lines);
    curl.easy_cleanup(handle);
    return code;
}
