#include "srtp.h"

#include <openssl/crypto.h>
#include <openssl/params.h>
#include <string.h>

#include "bytes.h"
#include "core_types.h"

#define GCM_TAG 16
#define SHA1_TAG 10
#define RTCP_CLEAR 8 /* octets of an RTCP packet that stay readable */
#define ENCRYPTED_FLAG 0x80000000u

/* Key derivation labels, RFC 3711 §4.3.2; SRTCP's are three higher. */
enum { LABEL_CIPHER = 0, LABEL_MAC = 1, LABEL_SALT = 2, RTCP_LABELS = 3 };

static int cipher_key_size(int profile)
{
    switch (profile) {
    case CORE_AES128_CM_SHA1_80:
    case CORE_AEAD_AES_128_GCM:
        return 16;
    case CORE_AEAD_AES_256_GCM:
        return 32;
    default:
        return 0;
    }
}

static int salt_size(int profile)
{
    return profile == CORE_AES128_CM_SHA1_80 ? 14 : 12;
}

int srtp_key_size(int profile)
{
    int key = cipher_key_size(profile);
    return key ? key + salt_size(profile) : 0;
}

/* RFC 3711 §4.3.3: AES-CM keystream from salt xor label; a 12-octet salt is padded with zeros (RFC 7714 §11). */
static bool derive(int profile, const uint8_t *master, int label, uint8_t *out, int size)
{
    static const uint8_t zeros[32];
    int key = cipher_key_size(profile), done = 0;
    uint8_t counter[16] = {0};
    memcpy(counter, master + key, (size_t)salt_size(profile));
    counter[7] ^= (uint8_t)label;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    bool good = ctx && EVP_EncryptInit_ex(ctx, key == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr(), NULL, master, counter) == 1 &&
                EVP_EncryptUpdate(ctx, out, &done, zeros, size) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

static EVP_MAC_CTX *new_hmac(const uint8_t *key, size_t size)
{
    char digest[] = "SHA1";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    if (ctx && EVP_MAC_init(ctx, key, size, params) != 1) {
        EVP_MAC_CTX_free(ctx);
        ctx = NULL;
    }
    return ctx;
}

static const EVP_CIPHER *cipher_of(int profile)
{
    switch (profile) {
    case CORE_AEAD_AES_128_GCM:
        return EVP_aes_128_gcm();
    case CORE_AEAD_AES_256_GCM:
        return EVP_aes_256_gcm();
    default:
        return EVP_aes_128_ctr();
    }
}

static bool setup_half(srtp_half *half, int profile, const uint8_t *master, int labels, bool encrypting)
{
    uint8_t key[32], mac_key[20];
    bool good = derive(profile, master, labels + LABEL_CIPHER, key, cipher_key_size(profile)) &&
                derive(profile, master, labels + LABEL_SALT, half->salt, salt_size(profile)) &&
                (half->cipher = EVP_CIPHER_CTX_new()) != NULL &&
                EVP_CipherInit_ex(half->cipher, cipher_of(profile), NULL, key, NULL, encrypting) == 1;
    if (good && profile == CORE_AES128_CM_SHA1_80)
        good = derive(profile, master, labels + LABEL_MAC, mac_key, sizeof mac_key) &&
               (half->mac = new_hmac(mac_key, sizeof mac_key)) != NULL;
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(mac_key, sizeof mac_key);
    return good;
}

bool srtp_setup(srtp_keys *keys, int profile, const uint8_t *key_and_salt, bool sending)
{
    memset(keys, 0, sizeof *keys);
    keys->gcm = profile != CORE_AES128_CM_SHA1_80;
    bool encrypting = sending || !keys->gcm; /* counter mode is its own inverse */
    if (setup_half(&keys->rtp, profile, key_and_salt, 0, encrypting) &&
        setup_half(&keys->rtcp, profile, key_and_salt, RTCP_LABELS, encrypting))
        return true;
    srtp_clear(keys);
    return false;
}

void srtp_clear(srtp_keys *keys)
{
    srtp_half *halves[] = {&keys->rtp, &keys->rtcp};
    for (int i = 0; i < 2; i++) {
        EVP_CIPHER_CTX_free(halves[i]->cipher);
        EVP_MAC_CTX_free(halves[i]->mac);
    }
    OPENSSL_cleanse(keys, sizeof *keys);
}

/* RFC 7714 §8.1: 00 00 | SSRC | ROC | SEQ, xor salt. SRTCP (§9.1) has 00 00 before its 32-bit index: the same layout. */
static void gcm_iv(uint8_t iv[12], const uint8_t *salt, uint32_t ssrc, uint64_t index)
{
    write_u16(iv, 0);
    write_u32(iv + 2, ssrc);
    write_u16(iv + 6, (uint16_t)(index >> 32));
    write_u32(iv + 8, (uint32_t)index);
    for (int i = 0; i < 12; i++)
        iv[i] ^= salt[i];
}

/* RFC 3711 §4.1.1: salt * 2^16 xor SSRC * 2^64 xor index * 2^16. */
static void cm_iv(uint8_t iv[16], const uint8_t *salt, uint32_t ssrc, uint64_t index)
{
    uint8_t mask[12];
    write_u32(mask, ssrc);
    write_u16(mask + 4, (uint16_t)(index >> 32));
    write_u32(mask + 6, (uint32_t)index);
    memcpy(iv, salt, 14);
    iv[14] = iv[15] = 0;
    for (int i = 0; i < 10; i++)
        iv[4 + i] ^= mask[i];
}

static bool cm_start(srtp_half *half, uint32_t ssrc, uint64_t index)
{
    uint8_t iv[16];
    cm_iv(iv, half->salt, ssrc, index);
    return EVP_EncryptInit_ex(half->cipher, NULL, NULL, NULL, iv) == 1;
}

static bool gcm_start(srtp_half *half, uint32_t ssrc, uint64_t index)
{
    uint8_t iv[12];
    gcm_iv(iv, half->salt, ssrc, index);
    return EVP_CipherInit_ex(half->cipher, NULL, NULL, NULL, iv, -1) == 1;
}

static bool authenticate(srtp_half *half, const uint8_t *data, uint32_t size, const uint8_t *more, uint32_t more_size, uint8_t tag[20])
{
    size_t written = 0;
    return EVP_MAC_init(half->mac, NULL, 0, NULL) == 1 && EVP_MAC_update(half->mac, data, size) == 1 &&
           EVP_MAC_update(half->mac, more, more_size) == 1 && EVP_MAC_final(half->mac, tag, &written, 20) == 1;
}

static bool encrypt(srtp_half *half, uint8_t *out, const span *parts, int count)
{
    int done;
    for (int i = 0; i < count; out += parts[i].size, i++)
        if (parts[i].size && EVP_EncryptUpdate(half->cipher, out, &done, parts[i].data, (int)parts[i].size) != 1)
            return false;
    return true;
}

static bool take_tag(srtp_half *half, uint8_t *out)
{
    int done;
    return EVP_EncryptFinal_ex(half->cipher, out, &done) == 1 &&
           EVP_CIPHER_CTX_ctrl(half->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, out) == 1;
}

uint32_t srtp_seal_rtp(srtp_keys *keys, uint8_t *out, uint32_t header_size, const span *parts, int count, uint64_t index)
{
    uint32_t ssrc = read_u32(out + 8), size = header_size;
    for (int i = 0; i < count; i++)
        size += parts[i].size;
    if (keys->gcm) {
        int done;
        bool good = gcm_start(&keys->rtp, ssrc, index) &&
                    EVP_EncryptUpdate(keys->rtp.cipher, NULL, &done, out, (int)header_size) == 1 &&
                    encrypt(&keys->rtp, out + header_size, parts, count) && take_tag(&keys->rtp, out + size);
        return good ? size + GCM_TAG : 0;
    }
    uint8_t tag[20], roc[4];
    write_u32(roc, (uint32_t)(index >> 16));
    if (!cm_start(&keys->rtp, ssrc, index) || !encrypt(&keys->rtp, out + header_size, parts, count) ||
        !authenticate(&keys->rtp, out, size, roc, sizeof roc, tag))
        return 0;
    memcpy(out + size, tag, SHA1_TAG);
    return size + SHA1_TAG;
}

static bool gcm_decrypt(srtp_half *half, uint8_t *data, uint32_t size, uint8_t *tag)
{
    int done;
    uint8_t none[16];
    return (!size || EVP_DecryptUpdate(half->cipher, data, &done, data, (int)size) == 1) &&
           EVP_CIPHER_CTX_ctrl(half->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, tag) == 1 &&
           EVP_DecryptFinal_ex(half->cipher, none, &done) == 1;
}

uint32_t srtp_open_rtp(srtp_keys *keys, uint8_t *packet, uint32_t size, uint32_t header_size, uint64_t index)
{
    uint32_t tag_size = keys->gcm ? GCM_TAG : SHA1_TAG, ssrc = read_u32(packet + 8);
    if (size < header_size + tag_size)
        return 0;
    uint32_t end = size - tag_size;
    int done;
    if (keys->gcm) {
        bool good = gcm_start(&keys->rtp, ssrc, index) &&
                    EVP_DecryptUpdate(keys->rtp.cipher, NULL, &done, packet, (int)header_size) == 1 &&
                    gcm_decrypt(&keys->rtp, packet + header_size, end - header_size, packet + end);
        return good ? end : 0;
    }
    uint8_t tag[20], roc[4];
    write_u32(roc, (uint32_t)(index >> 16));
    span payload = {packet + header_size, end - header_size};
    bool good = authenticate(&keys->rtp, packet, end, roc, sizeof roc, tag) && !CRYPTO_memcmp(tag, packet + end, SHA1_TAG) &&
                cm_start(&keys->rtp, ssrc, index) && encrypt(&keys->rtp, packet + header_size, &payload, 1);
    return good ? end : 0;
}

uint32_t srtp_seal_rtcp(srtp_keys *keys, uint8_t *packet, uint32_t size, uint32_t index)
{
    uint32_t ssrc = read_u32(packet + 4);
    uint8_t word[4];
    int done;
    span payload = {packet + RTCP_CLEAR, size - RTCP_CLEAR};
    write_u32(word, index | ENCRYPTED_FLAG);
    if (keys->gcm) {
        EVP_CIPHER_CTX *ctx = keys->rtcp.cipher;
        bool good = gcm_start(&keys->rtcp, ssrc, index) && EVP_EncryptUpdate(ctx, NULL, &done, packet, RTCP_CLEAR) == 1 &&
                    EVP_EncryptUpdate(ctx, NULL, &done, word, sizeof word) == 1 &&
                    encrypt(&keys->rtcp, packet + RTCP_CLEAR, &payload, 1) && take_tag(&keys->rtcp, packet + size);
        memcpy(packet + size + GCM_TAG, word, sizeof word);
        return good ? size + GCM_TAG + 4 : 0;
    }
    uint8_t tag[20];
    if (!cm_start(&keys->rtcp, ssrc, index) || !encrypt(&keys->rtcp, packet + RTCP_CLEAR, &payload, 1) ||
        !authenticate(&keys->rtcp, packet, size, word, sizeof word, tag))
        return 0;
    memcpy(packet + size, word, sizeof word);
    memcpy(packet + size + 4, tag, SHA1_TAG);
    return size + 4 + SHA1_TAG;
}

bool srtp_rtcp_index(const srtp_keys *keys, const uint8_t *packet, uint32_t size, uint32_t *index)
{
    uint32_t behind = keys->gcm ? 0 : SHA1_TAG;
    if (size < RTCP_CLEAR + 4 + (keys->gcm ? GCM_TAG : SHA1_TAG))
        return false;
    uint32_t word = read_u32(packet + size - behind - 4);
    *index = word & ~ENCRYPTED_FLAG;
    return word & ENCRYPTED_FLAG;
}

uint32_t srtp_open_rtcp(srtp_keys *keys, uint8_t *packet, uint32_t size)
{
    uint32_t index, ssrc = read_u32(packet + 4);
    int done;
    if (!srtp_rtcp_index(keys, packet, size, &index))
        return 0;
    if (keys->gcm) {
        uint32_t end = size - 4 - GCM_TAG;
        EVP_CIPHER_CTX *ctx = keys->rtcp.cipher;
        bool good = gcm_start(&keys->rtcp, ssrc, index) && EVP_DecryptUpdate(ctx, NULL, &done, packet, RTCP_CLEAR) == 1 &&
                    EVP_DecryptUpdate(ctx, NULL, &done, packet + size - 4, 4) == 1 &&
                    gcm_decrypt(&keys->rtcp, packet + RTCP_CLEAR, end - RTCP_CLEAR, packet + end);
        return good ? end : 0;
    }
    uint32_t end = size - 4 - SHA1_TAG;
    uint8_t tag[20];
    span payload = {packet + RTCP_CLEAR, end - RTCP_CLEAR};
    bool good = authenticate(&keys->rtcp, packet, end, packet + end, 4, tag) &&
                !CRYPTO_memcmp(tag, packet + size - SHA1_TAG, SHA1_TAG) && cm_start(&keys->rtcp, ssrc, index) &&
                encrypt(&keys->rtcp, packet + RTCP_CLEAR, &payload, 1);
    return good ? end : 0;
}
