/* Publishers and subscribers of the media bench in one thread: it must cost less than what it measures. */

#define _GNU_SOURCE /* recvmmsg */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rtp.h"
#include "srtp.h"
#include "window.h"

#pragma GCC visibility push(default)
#include "media_load.h"
#pragma GCC visibility pop

#define BATCH 32
#define DATAGRAM 2048
#define FRAME_US 33333
#define BURST_US 5000     /* libwebrtc's pacer */
#define PACING 2.5        /* times the target rate */
#define KEY_FRAME_EVERY 30
#define MOST_STREAMS 64   /* that one client receives */
#define MOST_PACKETS 4096 /* of one frame */

typedef struct {
    window seen;
    uint64_t first, count;
    uint32_t ssrc;
} incoming;

typedef struct {
    uint32_t ssrc, payload_octets, frame_octets, frame_packets, next_packet, frames;
    double per_frame, owed;
    uint64_t index, next_frame_us;
    uint8_t payload_type;
} outgoing;

typedef struct {
    srtp_keys tx, rx;
    incoming streams[MOST_STREAMS];
    outgoing *out;
    int fd, stream_count;
} client;

struct load {
    client **clients;
    int count, epoll;
    uint64_t dice;
    load_stats total;
    uint8_t data[BATCH][DATAGRAM];
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
};

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static double roll(load *l)
{
    l->dice ^= l->dice << 13;
    l->dice ^= l->dice >> 7;
    l->dice ^= l->dice << 17;
    return (double)(l->dice >> 11) / (double)(1ull << 53);
}

load *load_open(void)
{
    load *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->dice = 88172645463325252ull;
    for (int i = 0; i < BATCH; i++) {
        l->parts[i] = (struct iovec){.iov_base = l->data[i], .iov_len = DATAGRAM};
        l->messages[i].msg_hdr = (struct msghdr){.msg_iov = &l->parts[i], .msg_iovlen = 1};
    }
    return l;
}

void load_close(load *l)
{
    for (int i = 0; i < l->count; i++) {
        srtp_clear(&l->clients[i]->tx);
        srtp_clear(&l->clients[i]->rx);
        free(l->clients[i]->out);
        free(l->clients[i]);
    }
    close(l->epoll);
    free(l->clients);
    free(l);
}

int load_add(load *l, int fd, int profile, const uint8_t *tx_key, const uint8_t *rx_key)
{
    client *c = calloc(1, sizeof *c);
    client **clients = realloc(l->clients, ((size_t)l->count + 1) * sizeof *clients);
    if (!c || !clients || !srtp_setup(&c->tx, profile, tx_key, true) || !srtp_setup(&c->rx, profile, rx_key, false))
        return -1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    c->fd = fd;
    l->clients = clients;
    l->clients[l->count] = c;
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) ? -1 : l->count++;
}

void load_publish(load *l, int number, uint32_t ssrc, int payload_type, double packets_per_second, uint32_t payload_octets)
{
    outgoing *o = calloc(1, sizeof *o);
    if (!o)
        return;
    o->ssrc = ssrc;
    o->payload_type = (uint8_t)payload_type;
    o->payload_octets = payload_octets;
    o->per_frame = packets_per_second * FRAME_US / 1000000;
    o->index = 1000;
    o->next_frame_us = now_us() + (uint64_t)(roll(l) * FRAME_US);
    l->clients[number]->out = o;
}

/* Frames differ by a fifth in size; the packets of one by an octet at most, the smaller first, as libwebrtc splits them. */
static void start_frame(load *l, outgoing *o, uint64_t now)
{
    if (now - o->next_frame_us > 2 * FRAME_US)
        o->next_frame_us = now; /* between two runs: nothing is made up for */
    o->owed += o->per_frame;
    o->frame_packets = (uint32_t)o->owed < MOST_PACKETS ? (uint32_t)o->owed : MOST_PACKETS;
    o->owed -= o->frame_packets;
    o->frame_octets = (uint32_t)((0.8 + 0.4 * roll(l)) * o->frame_packets * o->payload_octets);
    o->next_packet = 0;
    o->frames++;
    o->next_frame_us += FRAME_US;
}

static void send_packet(load *l, client *c, outgoing *o)
{
    static const extension_ids ids = {.mid = 1, .abs_send_time = 3};
    uint8_t payload[DATAGRAM] = {0}, packet[DATAGRAM + RTP_MAX_HEADER + SRTP_MAX_TRAILER];
    uint32_t larger = o->frame_octets % o->frame_packets;
    uint32_t size = o->frame_octets / o->frame_packets + (o->next_packet >= o->frame_packets - larger ? 1 : 0);
    if (size > 1400)
        size = 1400;
    if (o->next_packet == 0) { /* VP8: start of partition 0, then whether it is a key frame */
        payload[0] = 0x10;
        payload[1] = o->frames % KEY_FRAME_EVERY == 1 ? 0 : 1;
    }
    o->next_packet++;
    rtp_header header = {.mid = (const uint8_t *)"0", .mid_size = 1, .ssrc = o->ssrc, .rtp_ts = o->frames * 3000,
                         .level = NO_LEVEL, .seq = (uint16_t)o->index, .payload_type = o->payload_type,
                         .marker = o->next_packet == o->frame_packets};
    uint32_t header_size = rtp_write_header(packet, &header, &ids);
    span part = {payload, size};
    uint32_t sealed = srtp_seal_rtp(&c->tx, packet, header_size, &part, 1, o->index++);
    if (sealed && send(c->fd, packet, sealed, MSG_DONTWAIT) > 0)
        l->total.sent++;
}

/* One burst of each publisher. */
static void send_due(load *l, uint64_t now)
{
    for (int i = 0; i < l->count; i++) {
        outgoing *o = l->clients[i]->out;
        if (!o)
            continue;
        if (o->next_packet >= o->frame_packets && now >= o->next_frame_us)
            start_frame(l, o, now);
        double burst = o->per_frame * PACING * BURST_US / FRAME_US;
        for (int n = (int)burst + 1; n > 0 && o->next_packet < o->frame_packets; n--)
            send_packet(l, l->clients[i], o);
    }
}

static incoming *stream_of(client *c, uint32_t ssrc)
{
    for (int i = 0; i < c->stream_count; i++)
        if (c->streams[i].ssrc == ssrc)
            return &c->streams[i];
    if (c->stream_count == MOST_STREAMS)
        return NULL;
    incoming *s = &c->streams[c->stream_count++];
    s->ssrc = ssrc;
    return s;
}

static void take(load *l, client *c, uint8_t *data, uint32_t size)
{
    uint32_t header_size = rtp_header_size(data, size);
    if (!header_size || data[0] < 128 || data[0] > 191)
        return; /* STUN, DTLS */
    if (data[1] >= 192 && data[1] <= 223) {
        l->total.reports++;
        return;
    }
    l->total.received++;
    incoming *s = stream_of(c, (uint32_t)data[8] << 24 | (uint32_t)data[9] << 16 | (uint32_t)data[10] << 8 | data[11]);
    if (!s)
        return;
    uint64_t index = window_estimate(&s->seen, (uint16_t)(data[2] << 8 | data[3]));
    if (!window_is_new(&s->seen, index) || !srtp_open_rtp(&c->rx, data, size, header_size, index))
        return;
    if (!s->count)
        s->first = index;
    window_add(&s->seen, index);
    s->count++;
    l->total.authentic++;
}

static void receive(load *l, client *c)
{
    for (;;) {
        int count = recvmmsg(c->fd, l->messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < count; i++)
            take(l, c, l->data[i], l->messages[i].msg_len);
        if (count < BATCH)
            return;
    }
}

static uint64_t count_lost(const load *l)
{
    uint64_t lost = 0;
    for (int i = 0; i < l->count; i++)
        for (int j = 0; j < l->clients[i]->stream_count; j++) {
            const incoming *s = &l->clients[i]->streams[j];
            if (s->count)
                lost += s->seen.highest - s->first + 1 - s->count;
        }
    return lost;
}

void load_run(load *l, double seconds, load_stats *total)
{
    struct epoll_event ready[BATCH];
    uint64_t end = now_us() + (uint64_t)(seconds * 1000000), burst = now_us();
    for (uint64_t now = burst; now < end; now = now_us()) {
        if (now >= burst) {
            send_due(l, now);
            burst += BURST_US;
            if (burst < now)
                burst = now; /* the machine was busy: no catching up in one go */
        }
        int count = epoll_wait(l->epoll, ready, BATCH, 1);
        for (int i = 0; i < count; i++)
            receive(l, ready[i].data.ptr);
    }
    l->total.lost = count_lost(l);
    *total = l->total;
}
