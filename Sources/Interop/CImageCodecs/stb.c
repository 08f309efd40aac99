#include "CImageCodecs.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define STBI_ONLY_BMP
#define STBI_ONLY_TGA
#define STBI_ONLY_GIF
#define STBI_ONLY_PSD
#define STBI_ONLY_PNM
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma clang diagnostic pop

// stb_image reads zeros behind the end of a file. It is fed through callbacks so that this is
// noticed: the file was cut short if a read finds nothing, or less than a whole run of pixels.
struct source {
    const uint8_t *bytes;
    size_t left;
    char *lookahead;
    bool ended_early;
};

static int read_bytes(void *user, char *output, int size) {
    struct source *source = user;
    size_t count = size < 0 ? 0 : (size_t)size < source->left ? (size_t)size : source->left;
    // The first read fills the buffer that single bytes are then taken from; a part of it will do.
    if (!source->lookahead) source->lookahead = output;
    if (output == source->lookahead ? count == 0 : count != (size_t)size)
        source->ended_early = true;
    if (count > 0) memcpy(output, source->bytes, count);
    source->bytes += count;
    source->left -= count;
    return (int)count;
}

static void skip_bytes(void *user, int size) {
    struct source *source = user;
    size_t count = size < 0 ? 0 : (size_t)size < source->left ? (size_t)size : source->left;
    source->bytes += count;
    source->left -= count;
}

static int is_at_end(void *user) { return ((struct source *)user)->left == 0; }

static const stbi_io_callbacks callbacks = {read_bytes, skip_bytes, is_at_end};

bool codec_stb_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                    char *message) {
    struct source source = {bytes, count};
    int w, h, components;
    if (!stbi_info_from_callbacks(&callbacks, &source, &w, &h, &components) || w < 1 || h < 1) {
        const char *reason = stbi_failure_reason();
        snprintf(message, CODEC_MESSAGE_LENGTH, "%s", reason ? reason : "no such picture");
        return false;
    }
    *width = (uint32_t)w;
    *height = (uint32_t)h;
    return true;
}

// Version 2.27 reads past its buffer where a PNM file of 16-bit samples is to become RGBA.
static bool is_deep_pnm(const uint8_t *bytes, size_t count) {
    struct source source = {bytes, count};
    return count > 0 && bytes[0] == 'P' && stbi_is_16_bit_from_callbacks(&callbacks, &source);
}

bool codec_stb_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *rgba, char *message) {
    if (is_deep_pnm(bytes, count)) {
        snprintf(message, CODEC_MESSAGE_LENGTH, "16-bit samples, which only PNG files may have");
        return false;
    }
    struct source source = {bytes, count};
    int w, h, components;
    uint8_t *pixels = stbi_load_from_callbacks(&callbacks, &source, &w, &h, &components, 4);
    const char *reason = NULL;
    if (!pixels)
        reason = stbi_failure_reason();
    else if (source.ended_early)
        reason = "the file ends too early";
    else if ((uint32_t)w != width || (uint32_t)h != height)
        reason = "another size than announced";
    else
        memcpy(rgba, pixels, (size_t)width * height * 4);
    bool done = pixels && !reason;
    if (!done) snprintf(message, CODEC_MESSAGE_LENGTH, "%s", reason ? reason : "corrupt data");
    stbi_image_free(pixels);
    return done;
}
