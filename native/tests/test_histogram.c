/* Owns: the check that every duration falls into the bucket whose bounds hold it, and that medians are near. */
#include "check.h"
#include "histogram.h"

#include <math.h>
#include <stdlib.h>

static void fits(uint64_t ns)
{
    unsigned bucket = histogram_bucket(ns);
    CHECK(ns <= histogram_upper(bucket));
    CHECK(bucket == 0 || ns > histogram_upper(bucket - 1));
    /* No wider than 1/128 of the value. */
    if (ns >= 128)
        CHECK(histogram_upper(bucket) - histogram_upper(bucket - 1) <= ns / 128);
}

int main(void)
{
    for (uint64_t ns = 0; ns < 100000; ns++)
        fits(ns);
    for (uint64_t ns = 100000; ns < UINT64_C(1) << 42; ns += ns / 97)
        fits(ns);
    CHECK(histogram_bucket(UINT64_MAX) == sizeof(((struct histogram *)0)->count) / sizeof(uint64_t) - 1);

    struct histogram *histogram = calloc(1, sizeof *histogram);
    if (histogram == NULL)
        return 1;
    CHECK(isnan(histogram_median(histogram)));
    for (uint64_t ns = 1; ns <= 1001; ns++)
        histogram_add(histogram, ns);
    CHECK(histogram_median(histogram) > 495 && histogram_median(histogram) < 507);
    CHECK(histogram->total == 1001);
    free(histogram);
    return failed;
}
