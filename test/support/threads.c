/*
 * A program for tests of `run`: MEGABYTES of memory that it touches, and threads that take a name some time after its
 * start: threads MEGABYTES [NAME:DELAY_MS:COUNT]... It goes on until it is ended.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static volatile unsigned long work;

static void *live(void *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
    /* A little work between sleeps: it is seen to run, and leaves the machine to others. */
    for (;;) {
        for (int i = 0; i < 20000; i++)
            work += (unsigned long)i;
        usleep(20000);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    size_t bytes = (size_t)(argc > 1 ? atoi(argv[1]) : 1) << 20;
    char *memory = malloc(bytes + 1);
    setlinebuf(stdout);
    memset(memory, 1, bytes);
    for (int i = 2; i < argc; i++) {
        const char *name = strtok(argv[i], ":"), *delay = strtok(NULL, ":"), *count = strtok(NULL, ":");
        usleep((useconds_t)(delay != NULL ? atoi(delay) : 0) * 1000u);
        for (int n = count != NULL ? atoi(count) : 1; n > 0; n--) {
            pthread_t thread;
            pthread_attr_t small;
            pthread_attr_init(&small);
            pthread_attr_setstacksize(&small, 64 << 10);
            if (pthread_create(&thread, &small, live, (void *)name) != 0)
                return 1;
        }
        printf("{\"metric\": \"started\", \"value\": %d}\n", i - 1);
    }
    puts("ready");
    for (;;)
        pause();
}
