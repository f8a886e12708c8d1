/* Lets every sync fail with EIO for as long as the file named by THUNDERLINE_FSYNC_FAILS is there: a disk that says it
 * could not keep what it was given. Loaded into the server with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef int sync_call(int);

static int fails(void) {
    const char *sign = getenv("THUNDERLINE_FSYNC_FAILS");
    return sign != NULL && access(sign, F_OK) == 0;
}

static int pass(const char *name, int file) {
    if (fails()) {
        errno = EIO;
        return -1;
    }
    sync_call *real = (sync_call *)dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return pass("fsync", file); }
int fdatasync(int file) { return pass("fdatasync", file); }
