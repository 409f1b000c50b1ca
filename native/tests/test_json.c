/* Owns: the check that what is written is JSON and UTF-8 whatever it is made of. */
#include "check.h"
#include "cpuset.h"
#include "json.h"

#include <math.h>
#include <stdlib.h>

static struct json json;

static const char *written(void)
{
    json_raw(&json, "", 1); /* its NUL */
    return json.text;
}

static const char *text(const char *bytes, size_t length)
{
    json_reset(&json);
    json_text_n(&json, bytes, length);
    return written();
}

#define TEXT(literal) text(literal, sizeof literal - 1)
#define REPLACED "\xef\xbf\xbd"

static const char *base64(const char *bytes)
{
    json_reset(&json);
    json_base64(&json, (const unsigned char *)bytes, strlen(bytes));
    return written();
}

int main(void)
{
    CHECK_TEXT(TEXT("plain"), "\"plain\"");
    CHECK_TEXT(TEXT(""), "\"\"");
    CHECK_TEXT(TEXT("a\"b\\c\nd\te\r"), "\"a\\\"b\\\\c\\nd\\te\\u000d\"");
    CHECK_TEXT(TEXT("\x01\x1f\x7f\x1b[31m"), "\"\\u0001\\u001f\\u007f\\u001b[31m\"");
    CHECK_TEXT(TEXT("a\0b"), "\"a\\u0000b\"");
    CHECK_TEXT(TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
    /* Not UTF-8: a lone byte, a cut sequence, overlong forms, a surrogate, above U+10FFFF. */
    CHECK_TEXT(TEXT("\xff" "a\x80"), "\"" REPLACED "a" REPLACED "\"");
    CHECK_TEXT(TEXT("\xe2\x82"), "\"" REPLACED REPLACED "\"");
    CHECK_TEXT(TEXT("\xc0\xaf"), "\"" REPLACED REPLACED "\"");
    CHECK_TEXT(TEXT("\xe0\x80\xaf"), "\"" REPLACED REPLACED REPLACED "\"");
    CHECK_TEXT(TEXT("\xed\xa0\x80"), "\"" REPLACED REPLACED REPLACED "\"");
    CHECK_TEXT(TEXT("\xf4\x90\x80\x80"), "\"" REPLACED REPLACED REPLACED REPLACED "\"");

    CHECK_TEXT(base64(""), "\"\"");
    CHECK_TEXT(base64("f"), "\"Zg==\"");
    CHECK_TEXT(base64("fo"), "\"Zm8=\"");
    CHECK_TEXT(base64("foo"), "\"Zm9v\"");
    CHECK_TEXT(base64("foob\xff\xfe"), "\"Zm9vYv/+\"");

    struct cpuset cpus;
    CHECK(set_parse(&cpus, "0-3,8"));
    json_reset(&json);
    json_open(&json, '{');
    json_key(&json, "a");
    json_open(&json, '[');
    json_integer(&json, -1);
    json_count(&json, UINT64_MAX);
    json_real(&json, 1.5, 3);
    json_real(&json, NAN, 3);
    json_real(&json, INFINITY, 0);
    json_flag(&json, true);
    json_null(&json);
    json_close(&json, ']');
    json_key_id(&json, 12);
    json_open(&json, '{');
    json_close(&json, '}');
    json_key(&json, "cpus");
    json_set(&json, &cpus);
    json_close(&json, '}');
    CHECK_TEXT(written(), "{\"a\":[-1,18446744073709551615,1.500,null,null,true,null],\"12\":{},\"cpus\":\"0-3,8\"}");

    /* A document far beyond its first buffer. */
    json_reset(&json);
    json_open(&json, '[');
    for (int i = 0; i < 100000; i++)
        json_text(&json, "0123456789");
    json_close(&json, ']');
    CHECK(json.length == 2 + 100000 * 13 - 1);
    free(json.text);
    return failed;
}
