/* Owns: see validity.h. */
#include "validity.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void invalidate(struct validity *validity, const char *format, ...)
{
    size_t have = strlen(validity->why);
    va_list values;
    if (have > 0 && have + 2 < sizeof validity->why) {
        strcpy(validity->why + have, "; ");
        have += 2;
    }
    validity->invalid = true;
    va_start(values, format);
    vsnprintf(validity->why + have, sizeof validity->why - have, format, values);
    va_end(values);
}

void validity_write(struct json *json, const struct validity *validity)
{
    json_key(json, "valid");
    json_flag(json, !validity->invalid);
    json_key(json, "why");
    if (validity->invalid)
        json_text(json, validity->why);
    else
        json_null(json);
}
