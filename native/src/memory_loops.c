/* Owns: see memory_loops.h. */
#include "memory_loops.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LOOP(name) name##_avx512
#define TARGET __attribute__((target("avx512f")))
#define VECTOR_BYTES 64
#define STREAM(at, value) _mm512_stream_pd((double *)(at), (__m512d)(value))
#define STREAM_END() _mm_sfence()
#include "memory_vectors.h"

#define LOOP(name) name##_avx
#define TARGET __attribute__((target("avx2")))
#define VECTOR_BYTES 32
#define STREAM(at, value) _mm256_stream_pd((double *)(at), (__m256d)(value))
#define STREAM_END() _mm_sfence()
#include "memory_vectors.h"

#define LOOP(name) name##_sse
#define TARGET
#define VECTOR_BYTES 16
#define STREAM(at, value) _mm_stream_pd((double *)(at), (__m128d)(value))
#define STREAM_END() _mm_sfence()
#include "memory_vectors.h"

const struct stream_loops *stream_loops(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return &loops_avx512;
    return __builtin_cpu_supports("avx2") ? &loops_avx : &loops_sse;
}
#else

/* 128 bits are what every 64-bit CPU has. */
#define LOOP(name) name##_128
#define TARGET
#define VECTOR_BYTES 16
#if defined(__aarch64__)
/* The architecture stores pairs of registers past the caches; a hint, which a core may take as an ordinary store. */
#define STREAM(at, value) __asm__ volatile("stnp %d1, %d2, [%0]" ::"r"(at), "w"((value)[0]), "w"((value)[1]) : "memory")
#define STREAM_END() __asm__ volatile("dmb ishst" ::: "memory")
#endif
#include "memory_vectors.h"

const struct stream_loops *stream_loops(void)
{
    return &loops_128;
}
#endif
