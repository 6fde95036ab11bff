/* The floor: an epoll server that sends the same bytes to everybody, and does nothing else.
 *   sender PORT BYTES       SIGUSR1 sends one frame of BYTES bytes (a socket.io event) to every client. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    struct rlimit lim;
    getrlimit(RLIMIT_NOFILE, &lim);
    lim.rlim_cur = lim.rlim_max;
    setrlimit(RLIMIT_NOFILE, &lim);
    int size = atoi(argv[2]), count = 0, cap = 0, *fds = 0, one = 1;
    unsigned char *frame = malloc(size + 4);
    frame[0] = 0x81;
    frame[1] = 126;
    frame[2] = size >> 8;
    frame[3] = size & 255;
    memset(frame + 4, ' ', size);
    memcpy(frame + 4, "42[\"patch\",{", 12);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&a, sizeof a) < 0 || listen(listener, 4096) < 0) return 1;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    int signals = signalfd(-1, &set, 0), ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
    e.data.fd = signals;
    epoll_ctl(ep, EPOLL_CTL_ADD, signals, &e);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int got = epoll_wait(ep, events, 256, -1);
        for (int i = 0; i < got; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int client = accept4(listener, 0, 0, SOCK_NONBLOCK);
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                if (count == cap) fds = realloc(fds, sizeof *fds * (cap = cap ? cap * 2 : 1024));
                fds[count++] = client;
                e.data.fd = client;
                epoll_ctl(ep, EPOLL_CTL_ADD, client, &e);
            } else if (fd == signals) {
                struct signalfd_siginfo info;
                if (read(signals, &info, sizeof info) < 0) return 1;
                for (int k = 0; k < count; k++) (void)!send(fds[k], frame, size + 4, MSG_NOSIGNAL | MSG_DONTWAIT);
            } else {
                char sink[4096];
                if (recv(fd, sink, sizeof sink, 0) <= 0) epoll_ctl(ep, EPOLL_CTL_DEL, fd, 0);
            }
        }
    }
}
