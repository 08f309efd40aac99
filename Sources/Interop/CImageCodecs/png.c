#include "CImageCodecs.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

const int codec_png_filter_none = PNG_FILTER_NONE;
const int codec_png_filter_sub = PNG_FILTER_SUB;
const int codec_png_filter_up = PNG_FILTER_UP;
const int codec_png_filter_average = PNG_FILTER_AVG;
const int codec_png_filter_paeth = PNG_FILTER_PAETH;
const int codec_png_filter_all = PNG_ALL_FILTERS;
const int codec_zlib_default = Z_DEFAULT_STRATEGY;
const int codec_zlib_filtered = Z_FILTERED;
const int codec_zlib_huffman_only = Z_HUFFMAN_ONLY;
const int codec_zlib_run_length = Z_RLE;

struct source {
    const uint8_t *bytes;
    size_t left;
};

struct sink {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

static void fail(png_structp png, png_const_charp text) {
    snprintf(png_get_error_ptr(png), CODEC_MESSAGE_LENGTH, "%s", text);
    png_longjmp(png, 1);
}

// Warnings are about what a reader can live with.
static void ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep output, size_t count) {
    struct source *source = png_get_io_ptr(png);
    if (count > source->left) png_error(png, "the file ends too early");
    memcpy(output, source->bytes, count);
    source->bytes += count;
    source->left -= count;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
    struct sink *sink = png_get_io_ptr(png);
    if (count > sink->capacity - sink->count) png_error(png, "the output buffer is too small");
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
}

static void flush(png_structp png) { (void)png; }

static png_structp reader(char *message, struct source *source, png_infop *info) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
    *info = png ? png_create_info_struct(png) : NULL;
    if (!*info) {
        snprintf(message, CODEC_MESSAGE_LENGTH, "out of memory");
        png_destroy_read_struct(&png, NULL, NULL);
        return NULL;
    }
    png_set_read_fn(png, source, read_bytes);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    // The caller holds pictures to a limit of its own.
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    return png;
}

bool codec_png_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                    char *message) {
    struct source source = {bytes, count};
    png_infop info;
    png_structp png = reader(message, &source, &info);
    if (!png) return false;
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return false;
    }
    png_read_info(png, info);
    *width = png_get_image_width(png, info);
    *height = png_get_image_height(png, info);
    png_destroy_read_struct(&png, &info, NULL);
    return true;
}

static void read_rgba(png_structp png, png_infop info, uint32_t width, uint32_t height,
                      uint8_t *rgba) {
    png_read_info(png, info);
    if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height)
        png_error(png, "another size than announced");
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)width * 4) png_error(png, "no RGBA rows");
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < height; y++)
            png_read_row(png, rgba + (size_t)y * width * 4, NULL);
    png_read_end(png, NULL);
}

bool codec_png_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                      uint8_t *rgba, char *message) {
    struct source source = {bytes, count};
    png_infop info;
    png_structp png = reader(message, &source, &info);
    if (!png) return false;
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return false;
    }
    read_rgba(png, info, width, height, rgba);
    png_destroy_read_struct(&png, &info, NULL);
    return true;
}

static void write_rows(png_structp png, png_infop info, struct codec_png_layout layout,
                       const uint8_t *pixels) {
    png_set_IHDR(png, info, layout.width, layout.height, layout.bits_per_channel,
                 layout.channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGBA,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, layout.filter);
    png_set_compression_level(png, layout.compression_level);
    png_set_compression_strategy(png, layout.compression_strategy);
    png_set_compression_buffer_size(png, 1 << 16);
    png_write_info(png, info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (layout.bits_per_channel == 16) png_set_swap(png);
#endif
    size_t row = (size_t)layout.width * layout.channels * (layout.bits_per_channel / 8);
    for (uint32_t y = 0; y < layout.height; y++) png_write_row(png, pixels + y * row);
    png_write_end(png, NULL);
}

bool codec_png_encode(struct codec_png_layout layout, const uint8_t *pixels, uint8_t *output,
                      size_t capacity, size_t *count, char *message) {
    struct sink sink = {output, 0, capacity};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        snprintf(message, CODEC_MESSAGE_LENGTH, "out of memory");
        png_destroy_write_struct(&png, NULL);
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, &sink, write_bytes, flush);
    write_rows(png, info, layout, pixels);
    png_destroy_write_struct(&png, &info);
    *count = sink.count;
    return true;
}
