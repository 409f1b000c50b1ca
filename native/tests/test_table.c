/* Owns: the check that a table tells what changed, and only that. */
#include "check.h"
#include "json.h"
#include "table.h"

static struct table table;
static struct json json;

static const char *told(void)
{
    json_reset(&json);
    table_write(&json, &table);
    json_raw(&json, "", 1); /* its NUL */
    return json.text;
}

int main(void)
{
    table_clear(&table);
    CHECK_TEXT(told(), "{}");
    table_set(&table, "hit", 0, 5);
    table_set(&table, "hit", 3, -7);
    table_set(&table, "eth\"0", 1, 0);
    CHECK_TEXT(told(), "{\"hit\":\"=5 ~2 =-7\",\"eth\\\"0\":\"~1 =0\"}");
    table_clear(&table);
    table_set(&table, "hit", 0, 5);
    table_set(&table, "hit", 3, -7);
    table_set(&table, "eth\"0", 1, 0);
    CHECK_TEXT(told(), "{}");

    /* In another order, with a sum, something new, and something that went away. */
    table_clear(&table);
    table_add(&table, "eth\"0", 1, 4);
    table_add(&table, "eth\"0", 1, 8);
    table_set(&table, "hit", 0, 3);
    table_set(&table, "free", 2, INT64_MAX);
    CHECK_TEXT(told(), "{\"hit\":\"-2 ~2 !\",\"eth\\\"0\":\"~1 c\",\"free\":\"~2 =1y2p0ij32e8e7\"}");

    /* What no machine has is left out. */
    table_set(&table, "hit", -1, 1);
    table_set(&table, "hit", 8192, 1);
    CHECK_TEXT(told(), "{}");
    for (int i = 0; i < 10000; i++) {
        char name[16];
        snprintf(name, sizeof name, "row%d", i);
        table_set(&table, name, 0, i);
    }
    CHECK(strstr(told(), "\"row4092\":\"=35o\"") != NULL && strstr(json.text, "row4093") == NULL);
    return failed;
}
