/*
 * Owns: writing JSON. Commas and escaping are its business; what it writes is valid JSON and valid UTF-8 whatever bytes
 * it is given (a host's files and thread names are hostile until parsed).
 */
#ifndef AGENT_JSON_H
#define AGENT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpuset;

/* All zero is an empty document; `text` is not terminated and is reused between documents. */
struct json {
    char *text;
    size_t length, capacity;
    bool comma; /* the next value or key is preceded by one */
};

void json_reset(struct json *json);
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);
void json_key(struct json *json, const char *key);
/* A key that is a number, such as a node's id. */
void json_key_id(struct json *json, int id);

void json_text(struct json *json, const char *text);
void json_text_n(struct json *json, const char *text, size_t length);
void json_base64(struct json *json, const unsigned char *bytes, size_t length);
void json_set(struct json *json, const struct cpuset *set);
void json_integer(struct json *json, int64_t value);
void json_count(struct json *json, uint64_t value);
/* Not-a-number and infinity have no JSON and become null. */
void json_real(struct json *json, double value, int decimals);
void json_flag(struct json *json, bool value);
void json_null(struct json *json);
/* Appends bytes that are JSON already or lie between values (the newline that ends a line). */
void json_raw(struct json *json, const char *bytes, size_t length);

#endif
