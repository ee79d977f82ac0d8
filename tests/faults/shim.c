/*
 * A disk that fails and a clock that jumps, for the tests of the program as it is.
 *
 * Preloaded into it (LD_PRELOAD), this stands before the calls of the C library:
 *
 *   WALKAWAY_FAULT=KIND:N:ERRNO:HOW   the N-th call of that kind on the pipeline's files fails
 *                                     with that error; HOW is `once`, or `on` for all later ones
 *                 KIND is `write` (also growing a file), `sync`, or `any` (also opening to write)
 *   WALKAWAY_SLOW=MS                  each sync of these files takes so many milliseconds
 *   WALKAWAY_FAULT_FILE=TEXT          these are the files whose path has this text in it
 *   WALKAWAY_FAULT_LOG=PATH           gets a byte for each call that failed
 *   WALKAWAY_CLOCK=PATH               a file of one number: seconds that the clock of the wall is
 *                                     ahead; it is read anew each time
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE, SYNC, OPEN };

static atomic_long calls;

static int is_ours_path(const char *path)
{
    const char *ours = getenv("WALKAWAY_FAULT_FILE");
    return path && ours && *ours && strstr(path, ours);
}

static int is_ours(int fd)
{
    char link[64], path[4096];
    if (!getenv("WALKAWAY_FAULT") && !getenv("WALKAWAY_SLOW"))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return is_ours_path(path);
}

static void note(void)
{
    const char *log = getenv("WALKAWAY_FAULT_LOG");
    if (!log)
        return;
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    int fd = real(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
        ssize_t (*put)(int, const void *, size_t) =
            (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
        (void)!put(fd, "!", 1);
        close(fd);
    }
}

/* Whether this call fails; sets errno where it does. */
static int fails(enum kind kind)
{
    char wanted[16], how[16];
    long number;
    int error;
    const char *fault = getenv("WALKAWAY_FAULT");
    if (!fault || sscanf(fault, "%15[^:]:%ld:%d:%15s", wanted, &number, &error, how) != 4)
        return 0;
    int counts = !strcmp(wanted, "any") || (kind == WRITE && !strcmp(wanted, "write")) ||
                 (kind == SYNC && !strcmp(wanted, "sync"));
    if (!counts)
        return 0;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (call == number || (call > number && !strcmp(how, "on"))) {
        note();
        errno = error;
        return 1;
    }
    return 0;
}

#define REAL(name, type) static type real; if (!real) real = (type)dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off64_t);
typedef int (*sync_fn)(int);
typedef int (*truncate_fn)(int, off64_t);
typedef int (*allocate_fn)(int, int, off64_t, off64_t);
typedef int (*open_fn)(const char *, int, ...);
typedef int (*clock_fn)(clockid_t, struct timespec *);

ssize_t write(int fd, const void *bytes, size_t count)
{
    REAL("write", write_fn);
    return is_ours(fd) && fails(WRITE) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    REAL("pwrite64", pwrite_fn);
    return is_ours(fd) && fails(WRITE) ? -1 : real(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return pwrite64(fd, bytes, count, at);
}

int ftruncate64(int fd, off64_t length)
{
    REAL("ftruncate64", truncate_fn);
    return is_ours(fd) && fails(WRITE) ? -1 : real(fd, length);
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

int fallocate64(int fd, int mode, off64_t at, off64_t length)
{
    REAL("fallocate64", allocate_fn);
    return is_ours(fd) && fails(WRITE) ? -1 : real(fd, mode, at, length);
}

static int synced(int fd, sync_fn real)
{
    if (is_ours(fd)) {
        const char *slow = getenv("WALKAWAY_SLOW");
        if (slow)
            usleep((useconds_t)atol(slow) * 1000);
        if (fails(SYNC))
            return -1;
    }
    return real(fd);
}

int fsync(int fd)
{
    REAL("fsync", sync_fn);
    return synced(fd, real);
}

int fdatasync(int fd)
{
    REAL("fdatasync", sync_fn);
    return synced(fd, real);
}

static int opened(const char *path, int flags, mode_t mode)
{
    REAL("open64", open_fn);
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (writes && is_ours_path(path) && fails(OPEN))
        return -1;
    return real(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return opened(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return opened(path, flags, mode);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    REAL("clock_gettime", clock_fn);
    int told = real(clock, now);
    const char *path = getenv("WALKAWAY_CLOCK");
    if (told == 0 && clock == CLOCK_REALTIME && path) {
        char text[32];
        int fd = ((open_fn)dlsym(RTLD_NEXT, "open64"))(path, O_RDONLY);
        ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
        if (fd >= 0)
            close(fd);
        if (length > 0) {
            text[length] = 0;
            now->tv_sec += atol(text);
        }
    }
    return told;
}
