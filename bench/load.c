/* The load client: many websocket clients in one process, one epoll loop, no allocation per frame.
 *
 *   load PORT HELLO < lines      first what each client says to connect (a socket.io CONNECT packet, or "raw" for a peer that speaks
 *                                no protocol), one line each, up to an empty line; then commands
 *
 * A client is "in" when it has its CONNECT answer and HELLO events. Afterwards every event is a round: when all clients have the
 * k-th, a line says when it reached the first, the median, the 99th and the last of them. Instants are CLOCK_MONOTONIC, in seconds.
 *   flood N SECONDS SEQ IDS      N votes are under way at any moment, from all clients in turn, on the questions of IDS (a,b,c)
 *   storm RATE SECONDS SEQ IDS   votes at RATE per second, whether answered or not
 *   ask COUNT EVERY_MS           all clients but the last ask in turn; how long until the last, a moderator, is told
 *   back                         from now on, who is cut comes back, with the pauses of the official client
 *   cut                          says who is gone; stall N: the first N stop reading; resume: they read on
 *   count                        says how many frames and bytes came since the last count; events: how many of them were events
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

enum { NEW, CONNECTING, UPGRADING, OPENING, JOINING, IN, GONE, WAITING };

typedef struct {
    int fd, state, hello, rounds, id, attempts, votes, busy;
    char *say;
    unsigned char *buf;
    size_t len, cap;
    double sent_at, due;
} Client;

typedef struct { int count; double *at; } Round;

static Client *clients;
static int total, in, gone, hello_wanted, port, raw, ep, come_back;
static Round *rounds;
static int rounds_cap;
static long frames, bytes, all_events;

/* votes under way */
static double *delays, voting_until, voting_from, rate;
static int acks, acks_cap, flood, refused, under_way, next_voter, voting, sent;
static char *questions[1024];
static int question_count, base_seq;

/* questions under way */
static int asked, told, asks, ask_every_ms;
static double ask_due, *ask_at, *ask_delays;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void is_in(double t) {
    if (++in + (come_back ? 0 : gone) == total) { printf("in %d %.6f\n", in, t); fflush(stdout); }
}

static void leave(Client *c) {
    if (c->state == GONE || c->state == WAITING) return;
    if (c->state == IN && c->hello >= hello_wanted) in--;
    epoll_ctl(ep, EPOLL_CTL_DEL, c->fd, 0);
    close(c->fd);
    c->len = c->hello = 0;
    if (c->busy) { c->busy = 0; under_way--; }
    if (come_back) { /* 1 s, doubled up to 5 s, give or take a half: what socket.io-client does by itself */
        double pause = 1.0 * (1 << (c->attempts < 3 ? c->attempts : 3));
        c->attempts++;
        if (pause > 5) pause = 5;
        c->due = now() + pause * (0.5 + drand48());
        c->state = WAITING;
    } else {
        c->state = GONE;
        gone++;
    }
}

static void say(Client *c, const char *text) {
    unsigned char out[8192];
    size_t n = strlen(text), head = 6;
    if (n > 8000) exit(3);
    out[0] = 0x81;
    if (n < 126) out[1] = 0x80 | n;
    else { out[1] = 0x80 | 126; out[2] = n >> 8; out[3] = n & 255; head = 8; }
    uint32_t mask = 0x5bd1e995u * (uint32_t)(c->id + 1); /* as a browser does: the server has to take it off */
    memcpy(out + head - 4, &mask, 4);
    for (size_t i = 0; i < n; i++) out[head + i] = text[i] ^ out[head - 4 + (i & 3)];
    if (send(c->fd, out, head + n, MSG_NOSIGNAL) < 0) leave(c);
}

static void event(Client *c, const unsigned char *p, size_t n, double t) {
    if (asks && c->id == total - 1) {
        const unsigned char *at = p;
        while ((at = memmem(at, p + n - at, "bench-ask-", 10))) {
            at += 10;
            int k = atoi((const char *)at);
            if (k >= 0 && k < asks && ask_at[k] > 0) {
                ask_delays[told++] = t - ask_at[k];
                ask_at[k] = 0;
                if (told == asks) {
                    qsort(ask_delays, told, sizeof(double), by_value);
                    printf("asked %d p50 %.6f p99 %.6f max %.6f\n", told, ask_delays[told / 2], ask_delays[told * 99 / 100], ask_delays[told - 1]);
                    fflush(stdout);
                    asks = 0;
                    break;
                }
            }
        }
    }
    if (c->hello < hello_wanted) {
        if (++c->hello == hello_wanted && c->state == IN) is_in(t);
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
    if (!c->busy) return;
    c->busy = 0;
    under_way--;
    if (memmem(p, n, "\"ok\":true", 9) == 0) {
        if (!refused++) { printf("refused %.*s\n", (int)(n < 300 ? n : 300), p); fflush(stdout); }
    }
    if (acks == acks_cap) delays = realloc(delays, sizeof(double) * (acks_cap = acks_cap ? acks_cap * 2 : 65536));
    delays[acks++] = t - c->sent_at;
}

static void packet(Client *c, const unsigned char *p, size_t n, double t) {
    frames++;
    bytes += n;
    if (n == 0) return;
    if (p[0] == '2') { say(c, "3"); return; }
    if (p[0] == '0') { c->state = JOINING; say(c, c->say); return; }
    if (p[0] != '4' || n < 2) return;
    if (p[1] == '0') {
        c->state = IN;
        c->attempts = 0;
        if (hello_wanted == 0) is_in(t);
    } else if (p[1] == '2') { all_events++; event(c, p, n, t); }
    else if (p[1] == '3') ack(c, p, n, t);
    else if (p[1] == '4') { printf("refused %.*s\n", (int)(n < 300 ? n : 300), p); fflush(stdout); leave(c); }
}

static void feed(Client *c, double t) {
    size_t at = 0;
    if (c->state == UPGRADING) {
        unsigned char *end = memmem(c->buf, c->len, "\r\n\r\n", 4);
        if (!end) return;
        if (memcmp(c->buf, "HTTP/1.1 101", 12)) { printf("refused %.*s\n", 40, c->buf); fflush(stdout); leave(c); return; }
        at = end + 4 - c->buf;
        c->state = OPENING;
    }
    while (c->len - at >= 2) {
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
        if (c->state == GONE || c->state == WAITING) return;
        at += head + n;
    }
    if (at) { memmove(c->buf, c->buf + at, c->len - at); c->len -= at; }
}

static void readable(Client *c) {
    for (;;) {
        if (c->cap - c->len < 4096) { c->cap = c->cap ? c->cap * 2 : 8192; c->buf = realloc(c->buf, c->cap); }
        size_t room = c->cap - c->len;
        ssize_t n = recv(c->fd, c->buf + c->len, room, 0);
        if (n == 0) { leave(c); return; }
        if (n < 0) { if (errno != EAGAIN) leave(c); break; }
        c->len += n;
        feed(c, now());
        if (c->state == GONE || c->state == WAITING || (size_t)n < room) break;
    }
    if (c->len == 0 && c->cap > 16384) { free(c->buf); c->buf = 0; c->cap = 0; }
}

static void begin(Client *c) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* spread over loopback addresses: one has about 28,000 ports to connect from */
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + c->id / 5000)};
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) { perror("socket"); exit(2); }
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    bind(c->fd, (void *)&from, sizeof from);
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    c->state = CONNECTING;
    int done = connect(c->fd, (void *)&a, sizeof a);
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
    if (done < 0 && errno != EINPROGRESS) leave(c);
}

static void connected(Client *c) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { leave(c); return; }
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
    if (raw) { c->state = IN; is_in(now()); return; }
    static const char ask[] =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    c->state = UPGRADING;
    if (send(c->fd, ask, sizeof ask - 1, MSG_NOSIGNAL) < 0) leave(c);
}

static int vote(double t) { /* the next client that has none under way; 0 when there is none */
    for (int tries = 0; tries < total; tries++) {
        Client *c = clients + next_voter;
        next_voter = (next_voter + 7919) % total;
        if (c->state != IN || c->busy) continue;
        int k = c->votes++, back = (k / question_count) & 1;
        char text[240];
        snprintf(text, sizeof text, "421[\"question:%s\",{\"question\":\"%s\",\"id\":\"bench-%d-%d-%ld\",\"base\":%d}]", back ? "unvote" : "vote",
                 questions[(c->id + k) % question_count], c->id, k, (long)getpid(), base_seq);
        c->busy = 1;
        c->sent_at = t;
        under_way++;
        sent++;
        say(c, text);
        return 1;
    }
    return 0;
}

static void votes_due(double t) {
    if (t >= voting_until) {
        if (under_way > 0 && t < voting_until + 10) return;
        voting = 0;
        qsort(delays, acks, sizeof(double), by_value);
        double took = (under_way ? t : now()) - voting_from;
        printf("votes %d refused %d lost %d seconds %.4f p50 %.6f p99 %.6f max %.6f\n", acks, refused, under_way, took,
               acks ? delays[acks / 2] : 0, acks ? delays[acks * 99L / 100] : 0, acks ? delays[acks - 1] : 0);
        fflush(stdout);
        return;
    }
    if (flood) while (under_way < flood && vote(now())) ;
    else while (sent < (t - voting_from) * rate && vote(now())) ;
}

static void asks_due(double t) {
    if (asked >= asks || t < ask_due) return;
    char text[200];
    Client *c = clients + asked % (total - 1);
    snprintf(text, sizeof text, "422[\"question:ask\",{\"text\":\"Is this bench-ask-%d, or is it not?\",\"id\":\"bench-ask-%d-%ld\"}]", asked, asked, (long)getpid());
    ask_at[asked++] = now();
    ask_due = t + ask_every_ms / 1000.0;
    say(c, text);
}

static void command(char *line, double t) {
    int count, every;
    double seconds, speed;
    static char ids[16384];
    if (!strncmp(line, "quit", 4)) exit(0);
    if (sscanf(line, "flood %d %lf %d %16000s", &count, &seconds, &base_seq, ids) == 4 ||
        sscanf(line, "storm %lf %lf %d %16000s", &speed, &seconds, &base_seq, ids) == 4) {
        flood = line[0] == 'f' ? count : 0;
        rate = speed;
        question_count = 0;
        for (char *one = strtok(strdup(ids), ","); one && question_count < 1024; one = strtok(0, ",")) questions[question_count++] = one;
        voting_from = t;
        voting_until = t + seconds;
        acks = refused = sent = 0;
        voting = 1;
    } else if (sscanf(line, "ask %d %d", &count, &every) == 2) {
        asked = told = 0;
        ask_at = calloc(count, sizeof(double));
        ask_delays = calloc(count, sizeof(double));
        asks = count;
        ask_every_ms = every;
        ask_due = t;
    } else if (sscanf(line, "stall %d", &count) == 1) {
        for (int k = 0; k < count && k < total; k++) {
            int small = 4096;
            setsockopt(clients[k].fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
            epoll_ctl(ep, EPOLL_CTL_DEL, clients[k].fd, 0);
        }
    } else if (!strncmp(line, "resume", 6)) {
        for (int k = 0; k < total; k++) {
            struct epoll_event e = {.events = EPOLLIN, .data.ptr = clients + k};
            if (clients[k].state == IN) epoll_ctl(ep, EPOLL_CTL_ADD, clients[k].fd, &e);
        }
    } else if (!strncmp(line, "back", 4)) come_back = 1;
    else if (!strncmp(line, "cut", 3)) { printf("gone %d\n", gone); fflush(stdout); }
    else if (!strncmp(line, "count", 5)) { printf("count %ld %ld\n", frames, bytes); fflush(stdout); frames = bytes = all_events = 0; }
    else if (!strncmp(line, "events", 6)) { printf("events %ld\n", all_events); fflush(stdout); }
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    port = atoi(argv[1]);
    hello_wanted = atoi(argv[2]);
    struct rlimit lim;
    getrlimit(RLIMIT_NOFILE, &lim);
    lim.rlim_cur = lim.rlim_max;
    setrlimit(RLIMIT_NOFILE, &lim);
    srand48(getpid());
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
    ep = epoll_create1(0);
    double begun = now();
    printf("begin %.6f\n", begun);
    fflush(stdout);
    int started = 0, pending = 200;
    double looked = 0;
    struct epoll_event events[1024], input = {.events = EPOLLIN, .data.ptr = 0};
    fcntl(0, F_SETFL, O_NONBLOCK);
    epoll_ctl(ep, EPOLL_CTL_ADD, 0, &input);
    for (;;) {
        while (started < total && started - in - gone < pending) begin(clients + started++);
        int got = epoll_wait(ep, events, 1024, voting || asks ? 1 : come_back ? 10 : 100);
        for (int i = 0; i < got; i++) {
            Client *c = events[i].data.ptr;
            if (c) {
                if (c->state == CONNECTING) connected(c);
                else if (c->state != GONE && c->state != WAITING) readable(c);
                continue;
            }
            while ((n = getline(&line, &cap, stdin)) > 0) command(line, now());
            if (n == 0 || feof(stdin)) return 0;
            clearerr(stdin);
        }
        double t = now();
        if (voting) votes_due(t);
        if (asks) asks_due(t);
        if (come_back && t > looked + 0.01) {
            looked = t;
            for (int k = 0; k < total; k++) if (clients[k].state == WAITING && clients[k].due <= t) begin(clients + k);
        }
    }
}
