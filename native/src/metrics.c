/*
 * Owns: the command `metrics`: what a service tells of itself, as it stands, read once an interval: what was appended to a file (or written
 * into a FIFO), or the answer of an HTTP endpoint on this host. What it means is for others to say; here it is bounded, in size and in time.
 */
#define _GNU_SOURCE
#include "args.h"
#include "clock.h"
#include "commands.h"
#include "guard.h"
#include "report.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of one reading: of a file more is left out, of an answer it is too much. */
enum { MOST = 4 << 20 };
/* From the connect to the last byte. */
#define ANSWER_MS 2000

static unsigned char bytes[MOST];
static size_t length;
static uint64_t skipped;
static const char *error;

static struct {
    const char *path;
    int fd;
    dev_t device;
    ino_t inode;
    uint64_t at; /* read up to here */
    bool fifo, seen;
} file = { .fd = -1 };

static struct {
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;
    const char *host, *path;
    uint16_t port;
} http;

static void close_file(void)
{
    if (file.fd >= 0)
        close(file.fd);
    file.fd = -1;
}

/* What was there before the first look belongs to the past; what appears later is read from its beginning. */
static bool open_file(bool first)
{
    struct stat now;
    file.fd = open(file.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (file.fd < 0 || fstat(file.fd, &now) != 0) {
        error = strerror(errno);
        close_file();
        return false;
    }
    if (!S_ISREG(now.st_mode) && !S_ISFIFO(now.st_mode)) {
        error = "it is neither a file nor a FIFO";
        close_file();
        return false;
    }
    file.fifo = S_ISFIFO(now.st_mode);
    file.device = now.st_dev;
    file.inode = now.st_ino;
    file.at = first && !file.fifo ? (uint64_t)now.st_size : 0;
    return true;
}

static void read_on(void)
{
    while (length < MOST) {
        ssize_t n = file.fifo ? read(file.fd, bytes + length, MOST - length) : pread(file.fd, bytes + length, MOST - length, (off_t)file.at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            error = strerror(errno);
        if (n <= 0)
            return;
        length += (size_t)n;
        file.at += (uint64_t)n;
    }
}

/* A file that was cut short, or replaced by another of its name (log rotation), is read from its beginning. */
static void read_file(void)
{
    struct stat now, named;
    bool first = !file.seen;
    file.seen = true;
    if (file.fd < 0 && !open_file(first))
        return;
    if (file.fifo || fstat(file.fd, &now) != 0) {
        read_on();
        return;
    }
    if ((uint64_t)now.st_size < file.at)
        file.at = 0;
    if ((uint64_t)now.st_size - file.at > MOST) {
        skipped = (uint64_t)now.st_size - MOST - file.at;
        file.at += skipped;
    }
    read_on();
    if (stat(file.path, &named) == 0 && (named.st_dev != file.device || named.st_ino != file.inode)) {
        close_file();
        if (open_file(false))
            read_on();
    }
}

/* Waits until the socket can do this, or the time is over. */
static bool ready(int fd, short what, uint64_t deadline)
{
    for (;;) {
        uint64_t now = now_ns();
        if (now >= deadline) {
            error = "it did not answer in time";
            return false;
        }
        int n = poll(&(struct pollfd){ .fd = fd, .events = what }, 1, (int)((deadline - now) / NS_PER_MS + 1));
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR) {
            error = strerror(errno);
            return false;
        }
    }
}

static bool connected(int fd, uint64_t deadline)
{
    bool six = http.v6.sin6_family == AF_INET6;
    int failure = 0;
    socklen_t size = sizeof failure;
    if (connect(fd, six ? (struct sockaddr *)&http.v6 : (struct sockaddr *)&http.v4, six ? sizeof http.v6 : sizeof http.v4) == 0)
        return true;
    if (errno != EINPROGRESS) {
        error = strerror(errno);
        return false;
    }
    if (!ready(fd, POLLOUT, deadline))
        return false;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0) {
        error = strerror(failure != 0 ? failure : errno);
        return false;
    }
    return true;
}

static bool ask(int fd, uint64_t deadline)
{
    /* 1.0: the answer is not in chunks, and its end is the end of the connection. */
    char *question = words("GET %s HTTP/1.0\r\nHost: %s:%u\r\nAccept: text/plain\r\nConnection: close\r\n\r\n", http.path, http.host, (unsigned)http.port);
    size_t size = strlen(question), sent = 0;
    while (sent < size && ready(fd, POLLOUT, deadline)) {
        ssize_t n = send(fd, question + sent, size - sent, MSG_NOSIGNAL);
        if (n > 0)
            sent += (size_t)n;
        else if (errno != EAGAIN && errno != EINTR) {
            error = strerror(errno);
            break;
        }
    }
    free(question);
    return sent == size;
}

/* Of an answer that is too long or late nothing is told: half of it would be counters that fell. */
static void read_http(void)
{
    uint64_t deadline = now_ns() + ANSWER_MS * NS_PER_MS;
    int fd = socket(http.v6.sin6_family == AF_INET6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        error = strerror(errno);
    else if (connected(fd, deadline) && ask(fd, deadline))
        while (ready(fd, POLLIN, deadline)) {
            ssize_t n = read(fd, bytes + length, MOST - length);
            if (n == 0)
                break;
            if (n > 0)
                length += (size_t)n;
            else if (errno != EAGAIN && errno != EINTR) {
                error = strerror(errno);
                break;
            }
            if (length == MOST) {
                error = "its answer is longer than 4 MiB";
                break;
            }
        }
    if (fd >= 0)
        close(fd);
    if (error != NULL)
        length = 0;
}

static void write_line(uint64_t moment)
{
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    struct json *json = report_begin("metrics");
    report_moment(json, moment);
    json_key(json, "wallMs");
    json_real(json, (double)wall.tv_sec * 1e3 + (double)wall.tv_nsec / 1e6, 3);
    json_key(json, "skipped");
    json_count(json, skipped);
    json_key(json, "data");
    json_base64(json, bytes, length);
    json_key(json, "error");
    if (error == NULL)
        json_null(json);
    else
        json_text(json, error);
    report_end();
}

static void look(void)
{
    length = 0;
    skipped = 0;
    error = NULL;
    if (file.path != NULL)
        read_file();
    else
        read_http();
    write_line(now_ns());
}

/* True: a last look is wanted, and the end. */
static bool end_asked(void)
{
    char heard[256];
    ssize_t n = read(guard_requests(), heard, sizeof heard);
    return n == 0 || (n > 0 && memchr(heard, 'e', (size_t)n) != NULL); /* "end"; else a heartbeat */
}

/* Only what is on this host: the person asks for figures of a service that is measured here. */
static void take_host(const char *host)
{
    http.host = host;
    if (inet_pton(AF_INET, host, &http.v4.sin_addr) == 1 && ntohl(http.v4.sin_addr.s_addr) >> 24 == 127)
        http.v4.sin_family = AF_INET;
    else if (strcmp(host, "::1") == 0 && inet_pton(AF_INET6, host, &http.v6.sin6_addr) == 1) {
        http.v6.sin6_family = AF_INET6;
        http.host = "[::1]";
    } else
        fail(FAIL_USAGE, NULL, "\"%s\" is no loopback address: metrics are read on the host itself.", host);
}

void command_metrics(struct args *args)
{
    uint64_t interval_ms = 1000;
    while (args->at < args->count) {
        if (args_is(args, "--interval-ms"))
            interval_ms = args_number(args, "--interval-ms", 1, 3600000);
        else if (args_is(args, "--file"))
            file.path = args_value(args, "--file");
        else if (args_is(args, "--http")) {
            take_host(args_value(args, "--http"));
            http.port = (uint16_t)args_number(args, "--http", 1, 65535);
            http.path = args_value(args, "--http");
            if (http.path[0] != '/' || http.path[strcspn(http.path, " \r\n\t")] != '\0')
                fail(FAIL_USAGE, NULL, "The path of an endpoint begins with \"/\" and has no space in it.");
        } else
            args_unexpected(args, "metrics");
    }
    if ((file.path == NULL) == (http.path == NULL))
        fail(FAIL_USAGE, NULL, "Usage: metrics [--interval-ms N] --file PATH | --http ADDRESS PORT PATH");
    http.v4.sin_port = http.v6.sin6_port = htons(http.port);
    uint64_t next = now_ns();
    for (;;) {
        look();
        next += interval_ms * NS_PER_MS;
        for (uint64_t now = now_ns(); next < now;)
            next += interval_ms * NS_PER_MS;
        for (uint64_t now; (now = now_ns()) < next;) {
            struct pollfd in = { .fd = guard_requests(), .events = POLLIN };
            if (poll(&in, 1, (int)((next - now) / NS_PER_MS + 1)) > 0 && end_asked()) {
                look();
                return;
            }
        }
    }
}
