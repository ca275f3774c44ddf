"""Every finding that reading can give: its code and its short title, in one table."""

from __future__ import annotations

# What the bytes and the YAML say.
BINARY, NOT_UTF8, TOO_LARGE, EMPTY = "Y001", "Y002", "Y003", "Y004"
SYNTAX, TAB, DUPLICATE_KEY, TOO_DEEP, TOO_MANY = "Y005", "Y006", "Y007", "Y008", "Y009"
ALIAS, TAG, MERGE_KEY, TWO_DOCUMENTS, KEY_NO_TEXT = "Y010", "Y011", "Y012", "Y013", "Y014"
COMMA, AFTER_QUOTE, BRACKET, SECOND_COLON, CUT_SHORT = "Y015", "Y016", "Y017", "Y018", "Y019"
SPECIAL_START, NOT_CLOSED, INDENT, NO_BREAK_SPACE = "Y020", "Y021", "Y022", "Y023"

# The shape: keys, types, forms.
UNKNOWN_KEY, MISSING_KEY, WRONG_SHAPE, NOT_A_CHOICE = "S001", "S002", "S003", "S004"
WRONG_FORM, NOTHING_THERE, BAD_ID, VALUE_MISFIT = "S005", "S006", "S007", "S008"
EXCLUDES, RESERVED_ID, ID_TWICE, AUTO_READS_TIME = "S009", "S010", "S011", "S012"
UNKNOWN_ZONE, TABLE_CIRCLE, TOO_MANY_FINDINGS, OTHER_KIND = "S013", "S014", "S015", "S016"
NO_FORMULA, METRIC_CIRCLE, METRIC_MISFIT, OF_THE_MOVER = "S017", "S018", "S019", "S020"

# Names, references and versions.
UNKNOWN_STAGE, UNKNOWN_ACTION, UNKNOWN_FACT, UNKNOWN_ROLE = "N001", "N002", "N003", "N004"
UNKNOWN_TOUCHPOINT, UNKNOWN_RULE, UNKNOWN_REASONS, UNKNOWN_REASON = "N005", "N006", "N007", "N008"
UNKNOWN_RULE_SET, FAULTY_RULE_SET, AMBIGUOUS, FACT_DIFFERS = "N009", "N010", "N011", "N012"
VERSION_DIFFERS, NAME_DIFFERS, RELEASED_CHANGED, FOLLOWS_LATER = "N013", "N014", "N015", "N016"
RECKONED_FACT, RULE_MISFIT, UNKNOWN_REQUIREMENT, UNKNOWN_TRACK = "N017", "N018", "N019", "N020"
UNKNOWN_PROCESS, ASTRAY, UNKNOWN_CLOCK, MERGED_APART, RELEASED_GONE = "N021", "N022", "N023", "N024", "N025"
UNKNOWN_POOL, UNKNOWN_HOURS, UNKNOWN_SKILL, UNKNOWN_METRIC = "N026", "N027", "N028", "N029"

# What a scenario assumes.
NOT_WHOLE, BAD_SPREAD, NO_WAY_OUT, NOBODY_THERE = "A001", "A002", "A003", "A004"
NEVER_OPEN, NOT_POSSIBLE, NEVER_COMES, NO_TIME = "A005", "A006", "A007", "A008"
NOT_USED = "A009"

CODES: dict[str, str] = {
    BINARY: "the file is not text",
    NOT_UTF8: "the text is not in UTF-8",
    TOO_LARGE: "the file is too large",
    EMPTY: "the file is empty",
    SYNTAX: "this is not YAML",
    TAB: "a tab stands where spaces must",
    DUPLICATE_KEY: "a key is given twice",
    TOO_DEEP: "the file is nested too deep",
    TOO_MANY: "the file holds too many values",
    ALIAS: "an alias leads nowhere, or to itself",
    TAG: "an unquoted '!' starts a tag",
    MERGE_KEY: "merge keys are not allowed",
    TWO_DOCUMENTS: "a file holds one document",
    KEY_NO_TEXT: "a key must be text",
    COMMA: "a comma inside {…} ended a value",
    AFTER_QUOTE: "text goes on after the closing quote",
    BRACKET: "a bracket inside {…} or […] starts a list",
    SECOND_COLON: "a second ': ' on one line",
    CUT_SHORT: "a '#' cut a text short",
    SPECIAL_START: "a value starts with a sign that YAML keeps for itself",
    NOT_CLOSED: "a quote or bracket is never closed",
    INDENT: "a line is not indented like its neighbours",
    NO_BREAK_SPACE: "a no-break space stands where a plain one must",
    UNKNOWN_KEY: "there is no such key here",
    MISSING_KEY: "a key is missing",
    WRONG_SHAPE: "a value has the wrong shape",
    NOT_A_CHOICE: "a word is not among the choices",
    WRONG_FORM: "a value is not written as it must be",
    NOTHING_THERE: "a value is missing",
    BAD_ID: "an id has a character it may not have",
    VALUE_MISFIT: "a value does not fit the type of its fact",
    EXCLUDES: "keys that do not go together",
    RESERVED_ID: "an id is a word of the language",
    ID_TWICE: "one id means two things",
    AUTO_READS_TIME: "an automatic action looks at the time",
    UNKNOWN_ZONE: "there is no such time zone",
    TABLE_CIRCLE: "a decision table reads its own result",
    TOO_MANY_FINDINGS: "there are more findings than are told",
    OTHER_KIND: "a file of another kind was expected",
    NO_FORMULA: "a formula cannot be read",
    METRIC_CIRCLE: "a metric rests on itself",
    METRIC_MISFIT: "figures of different kinds are added up",
    OF_THE_MOVER: "a metric asks what is known only while a deal moves",
    UNKNOWN_STAGE: "there is no such stage",
    UNKNOWN_ACTION: "there is no such action",
    UNKNOWN_FACT: "there is no such fact",
    UNKNOWN_ROLE: "there is no such role",
    UNKNOWN_TOUCHPOINT: "there is no such touchpoint",
    UNKNOWN_RULE: "there is no such rule",
    UNKNOWN_REASONS: "there is no such list of reasons",
    UNKNOWN_REASON: "there is no such reason",
    UNKNOWN_RULE_SET: "there is no such rule set, or not in this version",
    FAULTY_RULE_SET: "a rule set in use has errors",
    AMBIGUOUS: "a name stands in several rule sets",
    FACT_DIFFERS: "a fact is declared in two ways",
    VERSION_DIFFERS: "file name and version disagree",
    NAME_DIFFERS: "folder and name disagree",
    RELEASED_CHANGED: "a released version was changed",
    FOLLOWS_LATER: "a version follows one that is not before it",
    RECKONED_FACT: "a fact that a table reckons cannot be given",
    RULE_MISFIT: "a rule names what this process does not have",
    UNKNOWN_REQUIREMENT: "there is no such requirement",
    UNKNOWN_TRACK: "there is no such track",
    UNKNOWN_PROCESS: "there is no such process",
    ASTRAY: "a file stands where nothing looks for it",
    UNKNOWN_CLOCK: "there is no such clock",
    MERGED_APART: "stages that asked for different things become one",
    RELEASED_GONE: "the file of a released version is gone",
    UNKNOWN_POOL: "there is no such pool",
    UNKNOWN_HOURS: "there are no such hours",
    UNKNOWN_SKILL: "nobody of the pool can do this",
    UNKNOWN_METRIC: "there is no such metric",
    NOT_WHOLE: "shares do not add up to 100%",
    BAD_SPREAD: "values cannot spread like this",
    NO_WAY_OUT: "deals enter a stage and never leave it",
    NOBODY_THERE: "a pool has nobody",
    NEVER_OPEN: "hours are never open",
    NOT_POSSIBLE: "what is assumed cannot happen in the process",
    NEVER_COMES: "no prospect can ever come",
    NO_TIME: "nothing says how long it takes",
    NOT_USED: "an assumption that nothing uses",
}

NO_TEXT = frozenset({BINARY, NOT_UTF8, TOO_LARGE})
"""Codes of files that are no text at all: for these a command cannot answer."""
