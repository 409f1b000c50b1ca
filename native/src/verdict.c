/* Owns: see verdict.h. */
#include "verdict.h"
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void verdict_add(struct verdict *verdict, const char *format, ...)
{
    size_t have = strlen(verdict->why);
    va_list values;
    if (have > 0 && have + 2 < sizeof verdict->why) {
        strcpy(verdict->why + have, "; ");
        have += 2;
    }
    verdict->slipped = true;
    va_start(values, format);
    vsnprintf(verdict->why + have, sizeof verdict->why - have, format, values);
    va_end(values);
}

void verdict_write(struct json *json, const struct verdict *verdict)
{
    json_key(json, "valid");
    json_flag(json, !verdict->slipped);
    json_key(json, "why");
    if (verdict->slipped)
        json_text(json, verdict->why);
    else
        json_null(json);
}
