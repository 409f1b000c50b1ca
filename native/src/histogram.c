/* Owns: see histogram.h. */
#include "histogram.h"
#include "json.h"

#include <math.h>

enum { BUCKETS = sizeof(((struct histogram *)0)->count) / sizeof(uint64_t) };

void histogram_sum(struct histogram *sum, const struct histogram *own)
{
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
        sum->count[bucket] += own->count[bucket];
    sum->total += own->total;
}

uint64_t histogram_upper(unsigned bucket)
{
    unsigned row = bucket >> HISTOGRAM_FINE;
    uint64_t column = bucket & ((1u << HISTOGRAM_FINE) - 1);
    if (row == 0)
        return column;
    return ((column + (1u << HISTOGRAM_FINE) + 1) << (row - 1)) - 1;
}

double histogram_median(const struct histogram *histogram)
{
    double half = (double)histogram->total / 2, below = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        double here = (double)histogram->count[bucket];
        if (here > 0 && below + here >= half) {
            double upper = (double)histogram_upper(bucket), lower = bucket == 0 ? 0 : (double)histogram_upper(bucket - 1);
            return lower + (upper - lower) * (half - below) / here;
        }
        below += here;
    }
    return NAN;
}

void histogram_write(struct json *json, const struct histogram *histogram)
{
    json_open(json, '[');
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        if (histogram->count[bucket] == 0)
            continue;
        json_open(json, '[');
        json_count(json, histogram_upper(bucket));
        json_count(json, histogram->count[bucket]);
        json_close(json, ']');
    }
    json_close(json, ']');
}
