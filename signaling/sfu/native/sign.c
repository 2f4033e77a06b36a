/* Ed25519 signatures of many texts in one call, so that Python is not kept waiting for each. */

#include <openssl/evp.h>

#include "core_types.h"

enum { SIGNATURE = 64 };

static int sign_one(EVP_MD_CTX *context, EVP_PKEY *key, const uint8_t *body, uint32_t size, uint8_t *signature)
{
    size_t written = SIGNATURE;

    return EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 && EVP_DigestSign(context, signature, &written, body, size) == 1 &&
           written == SIGNATURE && EVP_MD_CTX_reset(context) == 1;
}

int core_sign(const uint8_t *private_key, const uint8_t *bodies, const uint32_t *sizes, int count, uint8_t *signatures)
{
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int index, sound = key != NULL && context != NULL;

    for (index = 0; sound && index < count; index++) {
        sound = sign_one(context, key, bodies, sizes[index], signatures);
        bodies += sizes[index];
        signatures += SIGNATURE;
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return sound ? 0 : CORE_CRYPTO;
}
