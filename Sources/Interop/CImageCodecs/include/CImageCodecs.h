// The image libraries behind plain functions: no setjmp, no callbacks, no library types.
//
// Every decoder is a pair. `..._size` reads the header alone, so that a caller can refuse a picture
// before memory is set aside for it; `..._decode` fills `width * height * 4` bytes that the caller
// owns, and fails where the picture has another size than the caller said. All of them return
// false on failure and leave the library's words in `message`, zero-terminated.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CODEC_MESSAGE_LENGTH = 256 };

// PNG (libpng): any colour type and depth becomes 8-bit RGBA. Ancillary chunks other than tRNS are
// passed over: no gamma, no colour profile.
bool codec_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                    char *message);
bool codec_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *rgba, char *message);

// How to write a PNG. `channels` is 1 (grey) or 4 (RGBA); 16-bit samples are in the machine's
// byte order. `filter` is one of libpng's PNG_FILTER_..., `strategy` one of zlib's.
struct codec_png_layout {
    uint32_t width;
    uint32_t height;
    int channels;
    int bits_per_channel;
    int filter;
    int compression_level;
    int compression_strategy;
};

// Values for `codec_png_layout`, from libpng's and zlib's headers.
extern const int codec_png_filter_none;
extern const int codec_png_filter_sub;
extern const int codec_png_filter_up;
extern const int codec_png_filter_average;
extern const int codec_png_filter_paeth;
extern const int codec_png_filter_all;
extern const int codec_zlib_default;
extern const int codec_zlib_filtered;
extern const int codec_zlib_huffman_only;
extern const int codec_zlib_run_length;

// Writes at most `capacity` bytes to `output` and their number to `count`.
bool codec_png_encode(struct codec_png_layout layout, const uint8_t *pixels, uint8_t *output,
                      size_t capacity, size_t *count, char *message);

// zlib streams (libdeflate): true where all of `bytes` is one whole stream of exactly `capacity`
// bytes, with the right checksum.
bool codec_zlib_decompress(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity);

// CRC-32 of PNG's chunks, and Adler-32 of zlib streams, which begins with 1 (libdeflate).
uint32_t codec_crc32(const uint8_t *bytes, size_t count);
uint32_t codec_adler32(uint32_t adler, const uint8_t *bytes, size_t count);

// JPEG (libjpeg-turbo): grey and YCbCr become RGBA; CMYK and YCCK become the four bytes of CMYK as
// stored, and `is_cmyk` is set.
bool codec_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                     char *message);
bool codec_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                       uint8_t *pixels, bool *is_cmyk, char *message);

// WebP (libwebp), lossy and lossless; still pictures only.
bool codec_webp_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                     char *message);
bool codec_webp_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                       uint8_t *rgba, char *message);

// BMP, TGA, GIF (first frame), PSD (composite) and binary PNM (stb_image).
bool codec_stb_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                    char *message);
bool codec_stb_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *rgba, char *message);
