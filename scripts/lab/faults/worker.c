/*
 * A program that is placed as badly as it is told to be: the environment's WORK names, separated by ";", what it does in this order. Its
 * arguments are for others to read, so that it can pass as another program.
 *
 *   on CPUS            the first thread goes to these CPUs ("0-3,8")
 *   touch MIB          takes memory and writes to each page, from where it is
 *   huge MIB           the same in huge pages of 2 MiB
 *   map FILE           maps a file, and reads each page
 *   text               reads each page of this program
 *   open FILE          opens a file, and leaves it open
 *   thread CPUS NAME   a thread there, which goes over all memory again and again
 *   free CPU CPUS NAME a thread that begins on that CPU, and may go to those
 *   bounce A B NAME    a thread that goes from CPU A to CPU B and back
 *   read CPUS FILE     a thread that reads a device past the page cache
 *   churn CPUS MIB     a thread that takes memory, writes to it, and gives it back
 *   duty PERCENT       what threads that follow work of their time (25)
 *
 * It prints its process id when all is as it was told, and goes on until it is ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { AREAS = 16, PAGE = 4096, SLICE_US = 20000, TEXT = 24 << 20, READ = 256 << 10 };

/* As large as the programs of services are. */
__asm__(".section .text.large, \"ax\", @progbits\n.globl large\nlarge: .fill 24 << 20, 1, 0x90\n.text");
extern char large[];

static struct area {
    volatile char *at;
    size_t bytes;
} areas[AREAS];
static int areas_used;
static long duty = 25;
static volatile unsigned long sum;

struct task {
    cpu_set_t first, cpus;
    int bounce[2], file;
    size_t churn;
    long duty;
    char name[16];
};

static void die(const char *what)
{
    fprintf(stderr, "worker: %s: %s\n", what, strerror(errno));
    exit(1);
}

static cpu_set_t cpus_of(const char *list)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *at = list; *at != '\0';) {
        char *end;
        long first = strtol(at, &end, 10), last = first;
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        for (; first <= last; first++)
            CPU_SET((size_t)first, &set);
        at = *end == ',' ? end + 1 : end;
        if (end == list)
            die(list);
    }
    return set;
}

static void go(const cpu_set_t *cpus)
{
    if (sched_setaffinity(0, sizeof *cpus, cpus) != 0)
        die("sched_setaffinity");
}

static long now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void keep(void *at, size_t bytes)
{
    if (at == MAP_FAILED || areas_used == AREAS)
        die("mmap");
    areas[areas_used++] = (struct area){at, bytes};
}

static void take(size_t bytes, int flags)
{
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    keep(at, bytes);
    for (size_t i = 0; i < bytes; i += PAGE)
        at[i] = 1;
}

static void map(const char *path)
{
    struct stat file;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &file) != 0)
        die(path);
    char *at = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, fd, 0);
    keep(at, (size_t)file.st_size);
    for (long i = 0; i < file.st_size; i += PAGE)
        sum += (unsigned char)at[i];
    close(fd);
}

/* One after another through all areas, where it left off. */
static void look(size_t *area, size_t *offset)
{
    if (*offset >= areas[*area].bytes) {
        *offset = 0;
        *area = (*area + 1) % (size_t)areas_used;
    }
    sum += (unsigned char)areas[*area].at[*offset];
    *offset += PAGE;
}

static void churn(size_t bytes)
{
    char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        die("mmap");
    for (size_t i = 0; i < bytes; i += PAGE)
        at[i] = 1;
    munmap(at, bytes);
}

static void *live(void *given)
{
    struct task *task = given;
    size_t area = 0, offset = 0;
    void *buffer = NULL;
    prctl(PR_SET_NAME, task->name, 0, 0, 0);
    go(&task->first);
    sched_yield();
    go(&task->cpus);
    if (task->file >= 0 && posix_memalign(&buffer, PAGE, READ) != 0)
        die("memory");
    for (long turn = 0;; turn++) {
        long begin = now_us(), end = begin + SLICE_US * task->duty / 100;
        if (task->bounce[0] != task->bounce[1]) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET((size_t)task->bounce[turn % 2], &one);
            go(&one);
        }
        while (now_us() < end) {
            if (buffer != NULL && pread(task->file, buffer, READ, (turn % 64) * READ) < 0)
                die("pread");
            if (task->churn > 0)
                churn(task->churn);
            for (int i = 0; i < 256; i++) {
                if (areas_used > 0)
                    look(&area, &offset);
                else
                    sum++;
            }
        }
        /* One that works all of its time is never seen asleep, however little of it the host has. */
        if (task->duty < 100)
            usleep((useconds_t)(SLICE_US - SLICE_US * task->duty / 100));
    }
    return NULL;
}

static void begin(struct task task)
{
    pthread_t thread;
    struct task *own = malloc(sizeof *own);
    if (own == NULL)
        die("memory");
    *own = task;
    if (CPU_COUNT(&own->first) == 0)
        own->first = own->cpus;
    own->duty = duty;
    if (pthread_create(&thread, NULL, live, own) != 0)
        die("pthread_create");
}

static void act(const char *words)
{
    struct task task = {.file = -1, .name = "worker"};
    char a[256] = "", b[256] = "";
    int rest = 0;
    if (sscanf(words, " on %255s", a) == 1) {
        cpu_set_t cpus = cpus_of(a);
        go(&cpus);
    } else if (sscanf(words, " touch %255s", a) == 1)
        take((size_t)atol(a) << 20, 0);
    else if (sscanf(words, " huge %255s", a) == 1)
        take((size_t)atol(a) << 20, MAP_HUGETLB);
    else if (sscanf(words, " map %255s", a) == 1)
        map(a);
    else if (sscanf(words, " text %n", &rest), rest > 0 && words[rest] == '\0') {
        for (int i = 0; i < TEXT; i += PAGE)
            sum += (unsigned char)large[i];
    } else if (sscanf(words, " open %255s", a) == 1) {
        if (open(a, O_RDWR) < 0)
            die(a);
    } else if (sscanf(words, " duty %ld", &duty) == 1)
        return;
    else if (sscanf(words, " thread %255s %n", a, &rest) == 1) {
        task.cpus = cpus_of(a);
        if (words[rest] != '\0')
            snprintf(task.name, sizeof task.name, "%s", words + rest);
        begin(task);
    } else if (sscanf(words, " free %255s %255s %n", a, b, &rest) == 2) {
        task.first = cpus_of(a);
        task.cpus = cpus_of(b);
        if (rest > 0 && words[rest] != '\0')
            snprintf(task.name, sizeof task.name, "%s", words + rest);
        begin(task);
    } else if (sscanf(words, " bounce %d %d", &task.bounce[0], &task.bounce[1]) == 2) {
        snprintf(a, sizeof a, "%d,%d", task.bounce[0], task.bounce[1]);
        task.cpus = cpus_of(a);
        begin(task);
    } else if (sscanf(words, " read %255s %255s", a, b) == 2) {
        task.cpus = cpus_of(a);
        task.file = open(b, O_RDONLY | O_DIRECT);
        if (task.file < 0)
            die(b);
        begin(task);
    } else if (sscanf(words, " churn %255s %255s", a, b) == 2) {
        task.cpus = cpus_of(a);
        task.churn = (size_t)atol(b) << 20;
        begin(task);
    } else {
        errno = EINVAL;
        die(words);
    }
}

int main(void)
{
    int ready[2];
    char *work = getenv("WORK"), *left = NULL;
    if (work == NULL || pipe(ready) != 0)
        die("WORK");
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child > 0) {
        char done = 0;
        close(ready[1]);
        if (read(ready[0], &done, 1) != 1)
            return 1;
        printf("%d\n", (int)child);
        return 0;
    }
    close(ready[0]);
    setsid();
    work = strdup(work);
    for (char *words = strtok_r(work, ";", &left); words != NULL; words = strtok_r(NULL, ";", &left))
        act(words);
    if (write(ready[1], "", 1) != 1)
        return 1;
    close(ready[1]);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    for (;;)
        pause();
}
