#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>
#include <jerror.h>

// A progressive file may ask for any number of passes over the picture; nothing that a camera or a
// program writes comes near this one.
static const int maximum_scans = 500;

struct handler {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    char *message;
};

static void fail(j_common_ptr codec) {
    struct handler *handler = (struct handler *)codec->err;
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    snprintf(handler->message, CODEC_MESSAGE_LENGTH, "%s", text);
    longjmp(handler->escape, 1);
}

// libjpeg paints what is missing grey and warns; a file that ends too early is no picture here.
static void warn(j_common_ptr codec, int level) {
    if (level < 0 && codec->err->msg_code == JWRN_JPEG_EOF) fail(codec);
}

static void count_scans(j_common_ptr codec) {
    struct handler *handler = (struct handler *)codec->err;
    if (((j_decompress_ptr)codec)->input_scan_number > maximum_scans) {
        snprintf(handler->message, CODEC_MESSAGE_LENGTH, "more than %d scans", maximum_scans);
        longjmp(handler->escape, 1);
    }
}

static void prepare(struct jpeg_decompress_struct *codec, struct handler *handler, char *message) {
    codec->err = jpeg_std_error(&handler->errors);
    handler->errors.error_exit = fail;
    handler->errors.emit_message = warn;
    handler->progress.progress_monitor = count_scans;
    handler->message = message;
}

static void read_header(struct jpeg_decompress_struct *codec, struct handler *handler,
                        const uint8_t *bytes, size_t count) {
    jpeg_create_decompress(codec);
    codec->progress = &handler->progress;
    jpeg_mem_src(codec, bytes, count);
    jpeg_read_header(codec, TRUE);
}

bool codec_jpeg_size(const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height,
                     char *message) {
    struct jpeg_decompress_struct codec = {0};
    struct handler handler;
    prepare(&codec, &handler, message);
    if (setjmp(handler.escape)) {
        jpeg_destroy_decompress(&codec);
        return false;
    }
    read_header(&codec, &handler, bytes, count);
    *width = codec.image_width;
    *height = codec.image_height;
    jpeg_destroy_decompress(&codec);
    return true;
}

bool codec_jpeg_decode(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height,
                       uint8_t *pixels, bool *is_cmyk, char *message) {
    struct jpeg_decompress_struct codec = {0};
    struct handler handler;
    prepare(&codec, &handler, message);
    if (setjmp(handler.escape)) {
        jpeg_destroy_decompress(&codec);
        return false;
    }
    read_header(&codec, &handler, bytes, count);
    *is_cmyk = codec.num_components == 4;
    codec.out_color_space = *is_cmyk ? JCS_CMYK : JCS_EXT_RGBA;
    jpeg_start_decompress(&codec);
    if (codec.output_width != width || codec.output_height != height) {
        snprintf(message, CODEC_MESSAGE_LENGTH, "another size than announced");
        jpeg_destroy_decompress(&codec);
        return false;
    }
    while (codec.output_scanline < height) {
        JSAMPROW row = pixels + (size_t)codec.output_scanline * width * 4;
        jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
    jpeg_destroy_decompress(&codec);
    return true;
}
