/* Owns: see json.h. */
#include "json.h"
#include "cpuset.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_reset(struct json *json)
{
    json->length = 0;
    json->comma = false;
}

void json_raw(struct json *json, const char *bytes, size_t length)
{
    if (json->capacity - json->length < length) {
        size_t capacity = json->capacity == 0 ? 4096 : json->capacity;
        while (capacity - json->length < length)
            capacity *= 2;
        json->text = realloc(json->text, capacity);
        if (json->text == NULL)
            abort();
        json->capacity = capacity;
    }
    memcpy(json->text + json->length, bytes, length);
    json->length += length;
}

static void separate(struct json *json)
{
    if (json->comma)
        json_raw(json, ",", 1);
    json->comma = true;
}

void json_open(struct json *json, char bracket)
{
    separate(json);
    json_raw(json, &bracket, 1);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    json_raw(json, &bracket, 1);
    json->comma = true;
}

/*
 * The length of the UTF-8 sequence at `text`, or 0 where there is none: overlong forms, surrogates and what lies above
 * U+10FFFF are none (Unicode 15, table 3-7).
 */
static size_t sequence(const unsigned char *text, size_t left)
{
    unsigned char lead = text[0];
    size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] >= 0xa0) || (lead == 0xf0 && text[1] < 0x90) ||
        (lead == 0xf4 && text[1] >= 0x90))
        return 0;
    return length;
}

static void escape(struct json *json, unsigned char c)
{
    char buffer[8];
    switch (c) {
    case '"': json_raw(json, "\\\"", 2); break;
    case '\\': json_raw(json, "\\\\", 2); break;
    case '\n': json_raw(json, "\\n", 2); break;
    case '\t': json_raw(json, "\\t", 2); break;
    default: json_raw(json, buffer, (size_t)snprintf(buffer, sizeof buffer, "\\u%04x", c)); break;
    }
}

void json_text_n(struct json *json, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    separate(json);
    json_raw(json, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t plain = i; /* most text is plain: it is copied by runs */
        while (plain < length && bytes[plain] >= 0x20 && bytes[plain] < 0x7f && bytes[plain] != '"' && bytes[plain] != '\\')
            plain++;
        if (plain > i) {
            json_raw(json, text + i, plain - i);
            i = plain;
            continue;
        }
        size_t n = sequence(bytes + i, length - i);
        if (n == 0)
            json_raw(json, "\xef\xbf\xbd", 3); /* U+FFFD */
        else if (n == 1)
            escape(json, bytes[i]);
        else
            json_raw(json, text + i, n);
        i += n == 0 ? 1 : n;
    }
    json_raw(json, "\"", 1);
}

void json_text(struct json *json, const char *text)
{
    json_text_n(json, text, strlen(text));
}

void json_key(struct json *json, const char *key)
{
    json_text(json, key);
    json_raw(json, ":", 1);
    json->comma = false;
}

void json_key_id(struct json *json, int id)
{
    char key[16];
    snprintf(key, sizeof key, "%d", id);
    json_key(json, key);
}

void json_base64(struct json *json, const unsigned char *bytes, size_t length)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    separate(json);
    json_raw(json, "\"", 1);
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        unsigned bits = (unsigned)bytes[i] << 16 | (have > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (have > 2 ? bytes[i + 2] : 0u);
        char four[4] = { digit[bits >> 18], digit[bits >> 12 & 63], digit[bits >> 6 & 63], digit[bits & 63] };
        if (have < 3)
            four[3] = '=';
        if (have < 2)
            four[2] = '=';
        json_raw(json, four, 4);
    }
    json_raw(json, "\"", 1);
}

void json_set(struct json *json, const struct cpuset *set)
{
    char *text = set_text(set);
    json_text(json, text);
    free(text);
}

void json_integer(struct json *json, int64_t value)
{
    char buffer[32];
    separate(json);
    json_raw(json, buffer, (size_t)snprintf(buffer, sizeof buffer, "%" PRId64, value));
}

void json_count(struct json *json, uint64_t value)
{
    char buffer[32];
    separate(json);
    json_raw(json, buffer, (size_t)snprintf(buffer, sizeof buffer, "%" PRIu64, value));
}

void json_real(struct json *json, double value, int decimals)
{
    char buffer[400]; /* the longest double has 309 digits before its point */
    if (!isfinite(value)) {
        json_null(json);
        return;
    }
    separate(json);
    json_raw(json, buffer, (size_t)snprintf(buffer, sizeof buffer, "%.*f", decimals, value));
}

void json_flag(struct json *json, bool value)
{
    separate(json);
    json_raw(json, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json *json)
{
    separate(json);
    json_raw(json, "null", 4);
}
