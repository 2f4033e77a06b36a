#ifndef PLENO_SRTP_H
#define PLENO_SRTP_H
/* SRTP and SRTCP framing over OpenSSL's EVP: AES-CM with HMAC-SHA1-80 (RFC 3711), AES-GCM with 128 and 256 bits (RFC 7714). */

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

#define SRTP_MAX_TRAILER 20 /* GCM tag and SRTCP index */

typedef struct {
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac; /* NULL with GCM */
    uint8_t salt[14];
} srtp_half;

/* One direction of one peer. */
typedef struct {
    srtp_half rtp, rtcp;
    bool gcm;
} srtp_keys;

/* A piece of plaintext payload. */
typedef struct {
    const uint8_t *data;
    uint32_t size;
} span;

int srtp_key_size(int profile); /* master key and salt together; 0 for an unknown profile */
bool srtp_setup(srtp_keys *, int profile, const uint8_t *key_and_salt, bool sending);
void srtp_clear(srtp_keys *);

/* out holds the RTP header; the parts are encrypted behind it. Returns the packet's size, 0 when OpenSSL fails. */
uint32_t srtp_seal_rtp(srtp_keys *, uint8_t *out, uint32_t header_size, const span *parts, int count, uint64_t index);

/* Authenticates and decrypts in place. Returns the plaintext packet's size, 0 when it is forged or too short. */
uint32_t srtp_open_rtp(srtp_keys *, uint8_t *packet, uint32_t size, uint32_t header_size, uint64_t index);

/* Both in place; packet has room for SRTP_MAX_TRAILER more. Indices are 31 bits. */
uint32_t srtp_seal_rtcp(srtp_keys *, uint8_t *packet, uint32_t size, uint32_t index);
uint32_t srtp_open_rtcp(srtp_keys *, uint8_t *packet, uint32_t size);

/* The index an SRTCP packet claims; false when it is too short or not encrypted. */
bool srtp_rtcp_index(const srtp_keys *, const uint8_t *packet, uint32_t size, uint32_t *index);

#endif
