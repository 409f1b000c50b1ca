// Owns how far tests vary what they try: `npm test` tries each check, `npm test -- long` tries it in all its variations.

const asked = process.env['PINBOARD_LONG'] === '1';

/** What a run varies over: `all` of it in a long run, `some` of it in any other. */
export const varied = <T>(some: T, all: T): T => (asked ? all : some);
