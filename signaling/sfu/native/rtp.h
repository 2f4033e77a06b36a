#ifndef PLENO_RTP_H
#define PLENO_RTP_H
/* Reading and writing RTP headers with their extensions (RFC 3550 §5.1, RFC 8285), and recognising key frames. */

#include <stdbool.h>
#include <stdint.h>

#define RTP_MAX_HEADER 48 /* the longest header write_header makes: 12 + 4 + 28 octets of extensions, rounded up */
#define MID_MAX 16        /* RFC 8843 §15.1 leaves the length open; one-byte extension elements hold 16 */
#define NO_LEVEL (-1)

/* Header-extension ids of a peer; 0: not negotiated. */
typedef struct {
    uint8_t mid, audio_level, abs_send_time, twcc;
} extension_ids;

/* A decrypted packet. payload points into it. */
typedef struct {
    const uint8_t *payload;
    uint32_t payload_size, ssrc, rtp_ts;
    int level; /* the octet of RFC 6464, or NO_LEVEL */
    uint16_t seq;
    bool marker;
} rtp_packet;

/* What write_header puts into one outgoing header. */
typedef struct {
    const uint8_t *mid;
    uint32_t ssrc, rtp_ts, abs_send_time;
    int level;
    uint16_t seq, twcc_seq;
    uint8_t payload_type, mid_size;
    bool marker;
} rtp_header;

/* Octets before the payload, or 0 when the packet is too short for what its header says. */
uint32_t rtp_header_size(const uint8_t *packet, uint32_t size);

/* Reads a decrypted packet whose header_size is known; false when its padding is nonsense. */
bool rtp_read(const uint8_t *packet, uint32_t size, uint32_t header_size, uint8_t level_id, rtp_packet *);

/* Returns the header's size, at most RTP_MAX_HEADER. */
uint32_t rtp_write_header(uint8_t *out, const rtp_header *, const extension_ids *);

/* True when this payload is where a decoder can start: the first packet of a VP8 key frame, an H264 parameter set or IDR. */
bool rtp_starts_key_frame(int kind, const uint8_t *payload, uint32_t size);

#endif
