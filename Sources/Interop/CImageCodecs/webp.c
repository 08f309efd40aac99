#include "CImageCodecs.h"

#include <stdio.h>
#include <webp/decode.h>

static const char *reason(VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: return "out of memory";
    case VP8_STATUS_UNSUPPORTED_FEATURE: return "a feature that libwebp does not support";
    case VP8_STATUS_NOT_ENOUGH_DATA: return "the file ends too early";
    default: return "corrupt data";
    }
}

bool codec_webp_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                     char *message) {
    WebPBitstreamFeatures features;
    VP8StatusCode status = WebPGetFeatures(bytes, count, &features);
    if (status != VP8_STATUS_OK || features.has_animation) {
        snprintf(message, CODEC_MESSAGE_LENGTH, "%s",
                 status == VP8_STATUS_OK ? "an animation, not a picture" : reason(status));
        return false;
    }
    *width = (uint32_t)features.width;
    *height = (uint32_t)features.height;
    return true;
}

bool codec_webp_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                       uint8_t *rgba, char *message) {
    WebPDecoderConfig config;
    WebPInitDecoderConfig(&config);
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = rgba;
    config.output.u.RGBA.stride = (int)(width * 4);
    config.output.u.RGBA.size = (size_t)width * height * 4;
    VP8StatusCode status = WebPDecode(bytes, count, &config);
    if (status == VP8_STATUS_OK &&
        ((uint32_t)config.output.width != width || (uint32_t)config.output.height != height))
        status = VP8_STATUS_BITSTREAM_ERROR;
    if (status != VP8_STATUS_OK) snprintf(message, CODEC_MESSAGE_LENGTH, "%s", reason(status));
    return status == VP8_STATUS_OK;
}
