/* The load client: many websocket clients in one process, one epoll loop, no allocation per frame.
 *
 *   load PORT HELLO < commands       the first N lines of standard input up to an empty one: what each client says to connect
 *                                    (a socket.io CONNECT packet), or "raw" for a peer that speaks no protocol
 *
 * A client is "in" when it has its CONNECT answer and HELLO events. Afterwards every event is a round; when all clients
 * have the k-th, a line says when it reached the first, the median, the 99th and the last of them (CLOCK_MONOTONIC, s).
 * Further lines on standard input:
 *   vote ID SECONDS      every client sends one vote on question ID, spread over SECONDS; a line tells the acks' delays
 *   stall N              N clients stop reading
 *   quit
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTING, UPGRADING, OPENING, JOINING, IN, GONE };

typedef struct {
    int fd, state, hello, rounds, id;
    char *say;
    unsigned char *buf;
    size_t len, cap;
    double vote_at, sent_at;
} Client;

typedef struct { int count; double *at; } Round;

static Client *clients;
static int total, in, gone, hello_wanted, port, raw, ep;
static Round *rounds;
static int rounds_cap;
static double *delays;
static int acks, votes_left, votes_refused;
static char vote_id[64];
static double vote_started;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void leave(Client *c) {
    if (c->state == GONE) return;
    epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, 0);
    close(c->fd);
    c->state = GONE;
    gone++;
    printf("gone %d\n", gone);
    fflush(stdout);
}

static void say(Client *c, const char *text) {
    unsigned char out[8192];
    size_t n = strlen(text), head = 6;
    if (n > 8000) exit(3);
    out[0] = 0x81;
    if (n < 126) out[1] = 0x80 | n;
    else { out[1] = 0x80 | 126; out[2] = n >> 8; out[3] = n & 255; head = 8; }
    memset(out + head - 4, 0, 4); /* a mask of zeros is a mask */
    memcpy(out + head, text, n);
    if (send(c->fd, out, head + n, MSG_NOSIGNAL) < 0) leave(c);
}

static void event(Client *c, double t) {
    if (c->hello < hello_wanted) {
        if (++c->hello == hello_wanted && c->state == IN && ++in == total) {
            printf("in %d %.6f\n", in, t);
            fflush(stdout);
        }
        return;
    }
    int k = c->rounds++;
    if (k >= rounds_cap) {
        rounds = realloc(rounds, sizeof *rounds * (rounds_cap + 1024));
        memset(rounds + rounds_cap, 0, sizeof *rounds * 1024);
        rounds_cap += 1024;
    }
    Round *r = rounds + k;
    if (!r->at) r->at = malloc(sizeof(double) * total);
    r->at[r->count++] = t;
    if (r->count == total - gone) {
        qsort(r->at, r->count, sizeof(double), by_value);
        printf("round %d %d %.6f %.6f %.6f %.6f\n", k, r->count, r->at[0], r->at[r->count / 2], r->at[(r->count * 99) / 100], r->at[r->count - 1]);
        fflush(stdout);
        free(r->at);
        r->at = 0;
    }
}

static void ack(Client *c, const unsigned char *p, size_t n, double t) {
    if (memmem(p, n, "\"ok\":true", 9) == 0) votes_refused++;
    delays[acks++] = t - c->sent_at;
    if (--votes_left == 0) {
        qsort(delays, acks, sizeof(double), by_value);
        printf("votes %d refused %d seconds %.4f p50 %.6f p99 %.6f max %.6f\n", acks, votes_refused, t - vote_started, delays[acks / 2], delays[(acks * 99) / 100], delays[acks - 1]);
        fflush(stdout);
        acks = votes_refused = 0;
    }
}

static void packet(Client *c, const unsigned char *p, size_t n, double t) {
    if (n == 0) return;
    if (p[0] == '2') { say(c, "3"); return; }
    if (p[0] == '0') { c->state = JOINING; say(c, c->say); return; }
    if (p[0] != '4' || n < 2) return;
    if (p[1] == '0') {
        c->state = IN;
        if (hello_wanted == 0 && ++in == total) { printf("in %d %.6f\n", in, t); fflush(stdout); }
    } else if (p[1] == '2') event(c, t);
    else if (p[1] == '3') ack(c, p, n, t);
    else if (p[1] == '4') { printf("refused %.*s\n", (int)(n < 200 ? n : 200), p); fflush(stdout); leave(c); }
}

static void feed(Client *c, double t) {
    size_t at = 0;
    if (c->state == UPGRADING) {
        unsigned char *end = memmem(c->buf, c->len, "\r\n\r\n", 4);
        if (!end) return;
        at = end + 4 - c->buf;
        c->state = OPENING;
    }
    while (c->len - at >= 2 && c->state != GONE) {
        unsigned char *p = c->buf + at;
        uint64_t n = p[1] & 127;
        size_t head = 2;
        if (n == 126) { if (c->len - at < 4) break; n = p[2] << 8 | p[3]; head = 4; }
        else if (n == 127) {
            if (c->len - at < 10) break;
            n = 0;
            for (int i = 0; i < 8; i++) n = n << 8 | p[2 + i];
            head = 10;
        }
        if (c->len - at < head + n) break;
        if ((p[0] & 15) == 8) { leave(c); return; }
        if ((p[0] & 15) == 1) packet(c, p + head, n, t);
        at += head + n;
    }
    if (at) { memmove(c->buf, c->buf + at, c->len - at); c->len -= at; }
}

static void readable(Client *c) {
    for (;;) {
        if (c->cap - c->len < 4096) { c->cap = c->cap ? c->cap * 2 : 8192; c->buf = realloc(c->buf, c->cap); }
        ssize_t n = recv(c->fd, c->buf + c->len, c->cap - c->len, 0);
        if (n == 0) { leave(c); return; }
        if (n < 0) { if (errno != EAGAIN) leave(c); break; }
        c->len += n;
        feed(c, now());
        if (c->state == GONE || c->cap - c->len > 0) break;
    }
    if (c->state != GONE && c->len == 0 && c->cap > 16384) { free(c->buf); c->buf = 0; c->cap = 0; }
}

static void begin(Client *c) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* spread over loopback addresses: one has about 28,000 ports to connect from */
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + c->id / 20000)};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    bind(c->fd, (void *)&from, sizeof from);
    if (connect(c->fd, (void *)&a, sizeof a) < 0) { perror("connect"); exit(2); }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
    if (raw) { c->state = IN; if (++in == total) { printf("in %d %.6f\n", in, now()); fflush(stdout); } return; }
    static const char ask[] =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    c->state = UPGRADING;
    send(c->fd, ask, sizeof ask - 1, MSG_NOSIGNAL);
}

static void votes_due(double t) {
    for (int i = 0; i < total; i++) {
        Client *c = clients + i;
        if (c->vote_at && c->vote_at <= t) {
            char text[160];
            snprintf(text, sizeof text, "421[\"question:vote\",{\"question\":\"%s\"}]", vote_id);
            c->vote_at = 0;
            c->sent_at = now();
            if (c->state == IN) say(c, text); else votes_left--;
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    port = atoi(argv[1]);
    hello_wanted = atoi(argv[2]);
    struct rlimit lim;
    getrlimit(RLIMIT_NOFILE, &lim);
    lim.rlim_cur = lim.rlim_max;
    setrlimit(RLIMIT_NOFILE, &lim);
    char *line = 0;
    size_t cap = 0;
    ssize_t n;
    while ((n = getline(&line, &cap, stdin)) > 1) {
        line[n - 1] = 0;
        clients = realloc(clients, sizeof *clients * (total + 1));
        clients[total] = (Client){.id = total, .say = strdup(line)};
        raw |= !strcmp(line, "raw");
        total++;
    }
    delays = malloc(sizeof(double) * (total + 1));
    ep = epoll_create1(0);
    printf("begin %.6f\n", now());
    fflush(stdout);
    int started = 0, pending = 200, voting = 0;
    struct epoll_event events[1024], input = {.events = EPOLLIN, .data.ptr = 0};
    fcntl(0, F_SETFL, O_NONBLOCK);
    epoll_ctl(ep, EPOLL_CTL_ADD, 0, &input);
    for (;;) {
        while (started < total && started - in - gone < pending) begin(clients + started++);
        int got = epoll_wait(ep, events, 1024, voting ? 1 : 100);
        for (int i = 0; i < got; i++) {
            Client *c = events[i].data.ptr;
            if (c) { if (c->state != GONE) readable(c); continue; }
            while ((n = getline(&line, &cap, stdin)) > 0) {
                double spread;
                int count;
                if (!strncmp(line, "quit", 4)) return 0;
                if (sscanf(line, "vote %60s %lf", vote_id, &spread) == 2) {
                    vote_started = now();
                    votes_left = in - gone;
                    voting = 1;
                    for (int k = 0; k < total; k++) clients[k].vote_at = vote_started + spread * (k * 7919 % total) / total;
                } else if (sscanf(line, "stall %d", &count) == 1)
                    for (int k = 0; k < count && k < total; k++) epoll_ctl(ep, EPOLL_CTL_DEL, clients[k].fd, 0);
            }
            if (n == 0 || feof(stdin)) return 0;
            clearerr(stdin);
        }
        if (voting) { votes_due(now()); if (votes_left <= 0) voting = 0; }
    }
}
