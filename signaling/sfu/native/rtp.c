#include "rtp.h"

#include <string.h>

#include "bytes.h"
#include "core_types.h"

#define FIXED_HEADER 12
#define ONE_BYTE_PROFILE 0xBEDE
#define TWO_BYTE_PROFILE 0x1000 /* the low four bits are free */
#define LARGEST_ONE_BYTE_ID 14

uint32_t rtp_header_size(const uint8_t *packet, uint32_t size)
{
    if (size < FIXED_HEADER)
        return 0;
    uint32_t header = FIXED_HEADER + 4u * (packet[0] & 0x0F);
    if (packet[0] & 0x10) {
        if (size < header + 4)
            return 0;
        header += 4 + 4u * read_u16(packet + header + 2);
    }
    return size < header ? 0 : header;
}

/* The audio level among the extension elements [at, end), RFC 8285 §4.2 and §4.3; broken elements end the search. */
static int find_level(const uint8_t *at, const uint8_t *end, bool two_byte, uint8_t wanted)
{
    while (at < end) {
        uint32_t id, length;
        if (*at == 0) { /* padding */
            at++;
            continue;
        }
        if (two_byte) {
            if (end - at < 2)
                return NO_LEVEL;
            id = at[0];
            length = at[1];
            at += 2;
        } else {
            id = at[0] >> 4;
            length = (at[0] & 0x0Fu) + 1;
            at += 1;
            if (id == 15)
                return NO_LEVEL;
        }
        if ((uint32_t)(end - at) < length)
            return NO_LEVEL;
        if (id == wanted && length >= 1)
            return at[0];
        at += length;
    }
    return NO_LEVEL;
}

static int read_level(const uint8_t *packet, uint32_t header_size, uint8_t wanted)
{
    if (!wanted || !(packet[0] & 0x10))
        return NO_LEVEL;
    const uint8_t *extension = packet + FIXED_HEADER + 4 * (packet[0] & 0x0F);
    uint16_t profile = read_u16(extension);
    bool two_byte = (profile & 0xFFF0) == TWO_BYTE_PROFILE;
    if (!two_byte && profile != ONE_BYTE_PROFILE)
        return NO_LEVEL;
    return find_level(extension + 4, packet + header_size, two_byte, wanted);
}

bool rtp_read(const uint8_t *packet, uint32_t size, uint32_t header_size, uint8_t level_id, rtp_packet *rtp)
{
    uint32_t payload_size = size - header_size;
    if (packet[0] & 0x20) {
        uint32_t padding = payload_size ? packet[size - 1] : 0;
        if (!padding || padding > payload_size)
            return false;
        payload_size -= padding;
    }
    rtp->payload = packet + header_size;
    rtp->payload_size = payload_size;
    rtp->ssrc = read_u32(packet + 8);
    rtp->rtp_ts = read_u32(packet + 4);
    rtp->seq = read_u16(packet + 2);
    rtp->marker = packet[1] & 0x80;
    rtp->level = read_level(packet, header_size, level_id);
    return true;
}

static bool writable(uint8_t id)
{
    return id && id <= LARGEST_ONE_BYTE_ID;
}

static uint8_t *write_extensions(uint8_t *at, const rtp_header *header, const extension_ids *ids)
{
    if (writable(ids->mid) && header->mid_size) {
        *at++ = (uint8_t)(ids->mid << 4 | (header->mid_size - 1));
        memcpy(at, header->mid, header->mid_size);
        at += header->mid_size;
    }
    if (writable(ids->abs_send_time)) {
        *at++ = (uint8_t)(ids->abs_send_time << 4 | 2);
        write_u24(at, header->abs_send_time);
        at += 3;
    }
    if (writable(ids->twcc)) {
        *at++ = (uint8_t)(ids->twcc << 4 | 1);
        write_u16(at, header->twcc_seq);
        at += 2;
    }
    if (writable(ids->audio_level) && header->level != NO_LEVEL) {
        *at++ = (uint8_t)(ids->audio_level << 4);
        *at++ = (uint8_t)header->level;
    }
    return at;
}

uint32_t rtp_write_header(uint8_t *out, const rtp_header *header, const extension_ids *ids)
{
    uint8_t *elements = out + FIXED_HEADER + 4, *end = write_extensions(elements, header, ids);
    out[0] = 0x80;
    out[1] = (uint8_t)((header->marker ? 0x80 : 0) | header->payload_type);
    write_u16(out + 2, header->seq);
    write_u32(out + 4, header->rtp_ts);
    write_u32(out + 8, header->ssrc);
    if (end == elements)
        return FIXED_HEADER;
    while ((end - elements) % 4)
        *end++ = 0;
    out[0] |= 0x10;
    write_u16(out + FIXED_HEADER, ONE_BYTE_PROFILE);
    write_u16(out + FIXED_HEADER + 2, (uint16_t)((end - elements) / 4));
    return (uint32_t)(end - out);
}

/* RFC 7741 §4.2 and §4.3: S set, partition 0, then the frame header's inverse key-frame bit. */
static bool starts_vp8_key_frame(const uint8_t *p, uint32_t size)
{
    if (size < 2 || (p[0] & 0x17) != 0x10)
        return false;
    uint32_t at = 1;
    if (p[0] & 0x80) {
        uint8_t flags = p[at++];
        if (flags & 0x80) {
            if (at >= size)
                return false;
            at += p[at] & 0x80 ? 2 : 1;
        }
        at += flags & 0x40 ? 1 : 0;
        at += flags & 0x30 ? 1 : 0;
    }
    return at < size && !(p[at] & 1);
}

static bool starts_h264(uint8_t nal)
{
    return (nal & 0x1F) == 7 || (nal & 0x1F) == 5; /* sequence parameter set, IDR slice */
}

/* RFC 6184 §5.4 to §5.8: single NAL unit, STAP-A (24), first fragment of FU-A (28). */
static bool starts_h264_key_frame(const uint8_t *p, uint32_t size)
{
    if (size < 2)
        return false;
    uint8_t type = p[0] & 0x1F;
    if (type == 28)
        return (p[1] & 0x80) && starts_h264(p[1]);
    if (type != 24)
        return starts_h264(p[0]);
    for (uint32_t at = 1; at + 2 < size;) {
        if (starts_h264(p[at + 2]))
            return true;
        at += 2 + read_u16(p + at);
    }
    return false;
}

bool rtp_starts_key_frame(int kind, const uint8_t *payload, uint32_t size)
{
    switch (kind) {
    case CORE_VP8:
        return starts_vp8_key_frame(payload, size);
    case CORE_H264:
        return starts_h264_key_frame(payload, size);
    default:
        return true;
    }
}
