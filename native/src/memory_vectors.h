/*
 * The loops of memory_loops.h for one kind of vector. Included once for each kind, with defined:
 *   LOOP(name)         what a loop or a type is called
 *   TARGET             the attribute that lets the compiler use the vector's instructions, or nothing
 *   VECTOR_BYTES       its width
 *   STREAM(at, value)  a non-temporal store of a vector of doubles, and
 *   STREAM_END()       what orders such stores before those that come after; both undefined where there is none
 */

typedef double LOOP(doubles) __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef uint64_t LOOP(words) __attribute__((vector_size(VECTOR_BYTES), may_alias));

TARGET static uint64_t LOOP(read)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    const LOOP(words) *from = b, *end = from + bytes / VECTOR_BYTES;
    LOOP(words) one = { 0 }, two = { 0 }, three = { 0 }, four = { 0 };
    uint64_t sum = 0;
    (void)a, (void)c, (void)value;
    for (; from < end; from += 4) {
        one += from[0];
        two += from[1];
        three += from[2];
        four += from[3];
    }
    one += two + three + four;
    for (size_t i = 0; i < VECTOR_BYTES / sizeof(uint64_t); i++)
        sum += one[i];
    return sum;
}

TARGET static uint64_t LOOP(write)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES, all = (LOOP(doubles)){ 0 } + value;
    (void)b, (void)c;
    for (; to < end; to += 4) {
        to[0] = all;
        to[1] = all;
        to[2] = all;
        to[3] = all;
    }
    return 0;
}

TARGET static uint64_t LOOP(copy)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES;
    const LOOP(doubles) *from = b;
    (void)c, (void)value;
    for (; to < end; to += 4, from += 4) {
        to[0] = from[0];
        to[1] = from[1];
        to[2] = from[2];
        to[3] = from[3];
    }
    return 0;
}

TARGET static uint64_t LOOP(triad)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES;
    const LOOP(doubles) *one = b, *two = c;
    for (; to < end; to += 4, one += 4, two += 4) {
        to[0] = one[0] + value * two[0];
        to[1] = one[1] + value * two[1];
        to[2] = one[2] + value * two[2];
        to[3] = one[3] + value * two[3];
    }
    return 0;
}

#ifdef STREAM
TARGET static uint64_t LOOP(write_nt)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES, all = (LOOP(doubles)){ 0 } + value;
    (void)b, (void)c;
    for (; to < end; to += 4) {
        STREAM(to, all);
        STREAM(to + 1, all);
        STREAM(to + 2, all);
        STREAM(to + 3, all);
    }
    STREAM_END();
    return 0;
}

TARGET static uint64_t LOOP(copy_nt)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES;
    const LOOP(doubles) *from = b;
    (void)c, (void)value;
    for (; to < end; to += 4, from += 4) {
        STREAM(to, from[0]);
        STREAM(to + 1, from[1]);
        STREAM(to + 2, from[2]);
        STREAM(to + 3, from[3]);
    }
    STREAM_END();
    return 0;
}

TARGET static uint64_t LOOP(triad_nt)(void *a, const void *b, const void *c, size_t bytes, double value)
{
    LOOP(doubles) *to = a, *end = to + bytes / VECTOR_BYTES;
    const LOOP(doubles) *one = b, *two = c;
    for (; to < end; to += 4, one += 4, two += 4) {
        STREAM(to, one[0] + value * two[0]);
        STREAM(to + 1, one[1] + value * two[1]);
        STREAM(to + 2, one[2] + value * two[2]);
        STREAM(to + 3, one[3] + value * two[3]);
    }
    STREAM_END();
    return 0;
}
#define NON_TEMPORAL(name) LOOP(name)
#else
#define NON_TEMPORAL(name) NULL
#endif

static const struct stream_loops LOOP(loops) = {
    .read = LOOP(read),
    .write = LOOP(write),
    .copy = LOOP(copy),
    .triad = LOOP(triad),
    .write_nt = NON_TEMPORAL(write_nt),
    .copy_nt = NON_TEMPORAL(copy_nt),
    .triad_nt = NON_TEMPORAL(triad_nt),
};

#undef NON_TEMPORAL
#undef LOOP
#undef TARGET
#undef VECTOR_BYTES
#undef STREAM
#undef STREAM_END
