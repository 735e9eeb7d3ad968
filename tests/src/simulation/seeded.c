// Loaded in front of the C library, so that a simulation draws the same keys, ids and waits again: the system's randomness,
// as `WATCHFIRE_ENTROPY` says. Threads have streams of their own, by the order in which they were made.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

static _Atomic uint64_t made = 1;
static __thread uint64_t number;
static __thread uint64_t state;

struct start {
    void *(*run)(void *);
    void *with;
    uint64_t number;
};

static void *begin(void *at) {
    struct start start = *(struct start *)at;
    free(at);
    number = start.number;
    return start.run(start.with);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *with) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) real = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT, "pthread_create");
    struct start *start = malloc(sizeof *start);
    if (!start) return 11; // EAGAIN
    *start = (struct start){run, with, atomic_fetch_add(&made, 1)};
    return real(thread, attributes, begin, start);
}

static uint64_t next(void) {
    uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

ssize_t getrandom(void *out, size_t length, unsigned int flags) {
    (void)flags;
    if (!state) {
        const char *seed = getenv("WATCHFIRE_ENTROPY");
        state = (seed ? strtoull(seed, NULL, 10) : 0) * 0x2545f4914f6cdd1d + (number + 1) * 0x9e6c63d0876a9a47;
        if (!state) state = 1;
    }
    unsigned char *bytes = out;
    for (size_t at = 0; at < length; at++) bytes[at] = (unsigned char)next();
    return (ssize_t)length;
}
