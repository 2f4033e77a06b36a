/* libFuzzer target: a history of authentic packets and calls. The input is a list of records — what to do, how many octets
   follow, the octets — so that the mutations reach what lies behind decryption: RTP, RTX, RTCP, NACK, switches, removal. */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bytes.h"
#include "state.h"

#define STREAMS 6 /* SSRCs 1 to 6: two producers with RTX, one more for audio, one unknown */
#define MOST_RECORDS 200

typedef struct {
    core *core;
    srtp_keys keys; /* what the publisher seals with */
    window sent[STREAMS + 1];
    uint64_t now_us;
    uint32_t rtcp_index;
    int publisher, subscriber, profile;
    int producers[3], consumers[3];
} scene;

static const core_address PUBLISHER = {.ip = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1}, .port = 5000};
static const core_address SUBSCRIBER = {.ip = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1}, .port = 5001};
static const uint8_t KEY[44] = {1, 2, 3};
static const int KINDS[3] = {CORE_VP8, CORE_H264, CORE_AUDIO};

static void add_producer(scene *s, int n)
{
    uint32_t ssrc = 1 + 2 * (uint32_t)n;
    s->producers[n] = core_add_producer(s->core, s->publisher, KINDS[n], ssrc, n == 2 ? 0 : ssrc + 1);
}

static void add_consumer(scene *s, int n)
{
    uint32_t ssrc = 11 + 2 * (uint32_t)n;
    s->consumers[n] = core_add_consumer(s->core, s->subscriber, KINDS[n], ssrc, 96, ssrc + 1, 97, (const uint8_t *)"mid", 3);
    core_switch(s->core, s->consumers[n], s->producers[n]);
}

static void set_scene(scene *s, int profile)
{
    memset(s, 0, sizeof *s);
    s->core = core_open(-1, AF_INET);
    s->now_us = 1000000;
    core_set_clock(s->core, s->now_us);
    srtp_setup(&s->keys, profile, KEY, true);
    s->publisher = core_add_peer(s->core, profile, KEY, KEY);
    s->subscriber = core_add_peer(s->core, profile, KEY, KEY);
    core_set_address(s->core, s->publisher, &PUBLISHER);
    core_set_address(s->core, s->subscriber, &SUBSCRIBER);
    core_set_extensions(s->core, s->publisher, 1, 2, 3, 4);
    core_set_extensions(s->core, s->subscriber, 5, 6, 7, 8);
    for (int n = 0; n < 3; n++) {
        add_producer(s, n);
        add_consumer(s, n);
    }
}

static void deliver(scene *s, const uint8_t *data, uint32_t size)
{
    core_upcall upcall;
    uint8_t *copy = malloc(size);
    memcpy(copy, data, size);
    core_receive(s->core, &PUBLISHER, copy, size, &upcall);
    free(copy);
}

/* The octets are an RTP packet; its SSRC becomes one of ours, then it is sealed as the publisher would. */
static void media(scene *s, const uint8_t *data, uint32_t size)
{
    uint8_t plain[256], packet[256 + SRTP_MAX_TRAILER];
    memcpy(plain, data, size);
    plain[0] = 0x80 | (plain[0] & 0x3F);
    if (size < 12)
        return;
    uint32_t ssrc = 1 + plain[11] % STREAMS, header_size;
    write_u32(plain + 8, ssrc);
    if (!(header_size = rtp_header_size(plain, size)))
        return;
    uint64_t index = window_estimate(&s->sent[ssrc], read_u16(plain + 2));
    if (window_is_new(&s->sent[ssrc], index))
        window_add(&s->sent[ssrc], index);
    span payload = {plain + header_size, size - header_size};
    memcpy(packet, plain, header_size);
    deliver(s, packet, srtp_seal_rtp(&s->keys, packet, header_size, &payload, 1, index));
}

static void report(scene *s, const uint8_t *data, uint32_t size)
{
    uint8_t packet[256 + SRTP_MAX_TRAILER];
    if (size < 8)
        return;
    memcpy(packet, data, size);
    packet[0] = 0x80 | (packet[0] & 0x3F);
    packet[1] = 200 + packet[1] % 8;
    deliver(s, packet, srtp_seal_rtcp(&s->keys, packet, size, ++s->rtcp_index));
}

static void nack(scene *s, const uint8_t *data, uint32_t size)
{
    core_consumer_stats stats;
    uint16_t seqs[256];
    int consumer = s->consumers[data[0] % 3];
    if (core_get_consumer_stats(s->core, consumer, &stats))
        return;
    for (uint32_t i = 1; i < size; i++)
        seqs[i - 1] = (uint16_t)(stats.last_seq + 4 - data[i]);
    core_retransmit(s->core, consumer, seqs, (int)size - 1);
}

static void ask(scene *s, int n)
{
    uint16_t seqs[CORE_MAX_MISSING];
    core_producer_stats stats;
    if (core_missing(s->core, s->producers[n], seqs) > CORE_MAX_MISSING)
        abort();
    core_get_producer_stats(s->core, s->producers[n], &stats);
}

static void change(scene *s, uint8_t what, uint8_t argument)
{
    int n = argument % 3;
    switch (what % 8) {
    case 0:
        core_switch(s->core, s->consumers[n], argument & 0x80 ? -1 : s->producers[argument / 3 % 3]);
        break;
    case 1:
        core_remove_producer(s->core, s->producers[n]);
        break;
    case 2:
        core_remove_consumer(s->core, s->consumers[n]);
        break;
    case 3:
        add_producer(s, n);
        break;
    case 4:
        add_consumer(s, n);
        break;
    case 5:
        core_set_extensions(s->core, s->subscriber, argument % 17, argument % 5, argument % 3, argument % 2);
        break;
    case 6:
        core_set_budget(s->core, s->subscriber, (uint32_t)argument << 16);
        break;
    default:
        core_set_address(s->core, argument & 1 ? s->publisher : s->subscriber, argument & 2 ? &PUBLISHER : &SUBSCRIBER);
    }
}

static void play(scene *s, uint8_t what, const uint8_t *data, uint32_t size)
{
    switch (what % 7) {
    case 0:
    case 1:
        media(s, data, size);
        break;
    case 2:
        report(s, data, size);
        break;
    case 3:
        nack(s, data, size);
        break;
    case 4:
        ask(s, data[0] % 3);
        break;
    case 5:
        s->now_us += (uint64_t)data[0] * 1000;
        core_set_clock(s->core, s->now_us);
        break;
    default:
        change(s, data[0], size > 1 ? data[1] : 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int profiles[] = {CORE_AES128_CM_SHA1_80, CORE_AEAD_AES_128_GCM, CORE_AEAD_AES_256_GCM};
    scene s;
    if (size < 1)
        return 0;
    set_scene(&s, profiles[data[0] % 3]);
    size_t at = 1;
    for (int n = 0; n < MOST_RECORDS && at + 2 < size; n++) {
        uint8_t what = data[at];
        uint32_t length = data[at + 1];
        at += 2;
        if (length > size - at)
            length = (uint32_t)(size - at);
        if (length)
            play(&s, what, data + at, length);
        at += length;
    }
    core_remove_peer(s.core, s.publisher);
    core_remove_peer(s.core, s.subscriber);
    if (s.core->by_ssrc.count || s.core->by_address.count)
        abort(); /* something outlived its peer */
    core_close(s.core);
    srtp_clear(&s.keys);
    return 0;
}
