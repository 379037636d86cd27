#pragma once
#include <sqlite3.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

/* sqlite3_db_config is variadic, which Swift can't call. */
static inline int csqlite_keep_log_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
