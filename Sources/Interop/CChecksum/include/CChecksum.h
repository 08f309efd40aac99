// The processor's instruction for CRC-32C, where the code is compiled for one that has it.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#if defined(__SSE4_2__)
// Whether there is an instruction.
static inline bool checksum_has_instruction(void) { return true; }

// The register after eight more bytes, of which the lowest of `word` is the first.
static inline uint32_t checksum_eight_bytes(uint32_t crc, uint64_t word) {
    return (uint32_t)__builtin_ia32_crc32di(crc, word);
}
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

static inline bool checksum_has_instruction(void) { return true; }

static inline uint32_t checksum_eight_bytes(uint32_t crc, uint64_t word) {
    return __crc32cd(crc, word);
}
#else
static inline bool checksum_has_instruction(void) { return false; }

static inline uint32_t checksum_eight_bytes(uint32_t crc, uint64_t word) {
    (void)word;
    return crc;
}
#endif
