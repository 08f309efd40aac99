#include "CImageCodecs.h"

#include <libdeflate.h>

bool codec_zlib_decompress(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity) {
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    if (!decompressor) return false;
    size_t used = 0;
    // Without a place for the output's length, another length than the capacity is a failure.
    enum libdeflate_result result = libdeflate_zlib_decompress_ex(
        decompressor, bytes, count, output, capacity, &used, NULL);
    libdeflate_free_decompressor(decompressor);
    return result == LIBDEFLATE_SUCCESS && used == count;
}

uint32_t codec_crc32(const uint8_t *bytes, size_t count) {
    return libdeflate_crc32(0, bytes, count);
}

uint32_t codec_adler32(uint32_t adler, const uint8_t *bytes, size_t count) {
    return libdeflate_adler32(adler, bytes, count);
}
