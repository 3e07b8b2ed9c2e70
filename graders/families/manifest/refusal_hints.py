"""A hint ladder for each class of a refusal's causes, independent of kind and field."""

from __future__ import annotations

from collections.abc import Mapping

from cluster.admission.response import Cause

Ladder = tuple[str, str, str]

SPELLED: Ladder = (
    "The server doesn't know a field with that name there. How is it spelled in the notebook?",
    "Compare it letter by letter with the manifest in the notebook. Capitals matter.",
    "A field's name begins with a lowercase letter, and each further word in it with a capital, as in matchLabels.",
)
LEVEL: Ladder = (
    "Each field belongs to one level. Which level does the message name?",
    "Look upward from the line: which name is the field under, and which should it be under?",
    "Compare the levels with the manifest in the notebook, name by name.",
)
KIND: Ladder = (
    "The first two lines say what an object is. Which of them does the message name?",
    "Write the kind and the version as in the manifest in the notebook.",
    "The exercise names both; capitals matter.",
)
VALUES: Ladder = (
    "Which values does the message list?",
    "Compare your value with that list letter by letter. Capitals matter.",
    "Copy the word of the list that is most like yours.",
)
FORM: Ladder = (
    "This field needs another form of value. Which form does the message name?",
    "Compare it with the same field in the manifest in the notebook.",
    "The entries of a list begin with “- ”; a block has each field on its own line, indented.",
)
ALONE: Ladder = (
    "What kind of value does that field take?",
    "A whole number stands alone: no unit, no word, no quotes and no list.",
    "The manifest in the notebook has such a number as replicas.",
)
ONE_VALUE: Ladder = (
    "What kind of value does that field take?",
    "It takes one value, on the same line as its name.",
    "Such a value has no dash, no bracket and no further name.",
)
NAME: Ladder = (
    "Which characters may such a name have?",
    "It can't have capitals or spaces.",
    "Lowercase letters, digits and hyphens are always valid, with a letter first and last.",
)
TWICE: Ladder = (
    "Which of the two did you mean?",
    "A block can have a name only once; the server doesn't choose between two values.",
    "The card shows the line of the second one: delete one of the two.",
)
REPEATED: Ladder = (
    "Which two entries of that list have the same value?",
    "The server distinguishes the entries of the list by that field.",
    "Give one of the two another value, or delete the extra entry.",
)
ABOVE: Ladder = (
    "What does the container ask for, and what may it take at most?",
    "A request is reserved, and usage never exceeds the limit: which of your two figures is larger?",
    "Compare both figures of that resource, and their units, with those that the exercise asks for.",
)
NUMBER: Ladder = (
    "Which numbers are allowed there?",
    "The end of the message says which.",
    "A missing number counts as 0. Is it there, and on the right level?",
)
MISSING: Ladder = (
    "Which field is missing, and in which block?",
    "The path in the message goes from the top to that block, level by level.",
    "The last name of the path is the field to add, beside the other fields of that block.",
)
UNRESOLVED: Ladder = (
    "What does that name refer to?",
    "It names an entry of another list in the same pod. Is there such an entry?",
    "A volumeMount names one of the pod's volumes: both names must be the same.",
)
ONE_ONLY: Ladder = (
    "How many alternatives does that block contain?",
    "Only one of these alternatives is allowed there.",
    "Keep the one that you need, and delete the others.",
)
LABELS: Ladder = (
    "Which pods does the selector select?",
    "It selects them by their labels, and the template gives them their labels.",
    "Both must have the same name with the same value: compare them letter by letter.",
)
AMOUNT: Ladder = (
    "Which unit does that amount have?",
    "CPU is measured in cores or thousandths of a core (m), memory in bytes, Mi or Gi. Write no B, and no space.",
    "Compare the amount with the one that the exercise asks for, character by character.",
)
QUOTED: Ladder = (
    "Is the value there a number or a text?",
    "YAML reads everything in quotes as a text.",
    "Write the value alone, with nothing around it.",
)
BARE: Ladder = (
    "Does the field take a text or a number?",
    "YAML reads digits alone as a number, and yes or no without quotes as true or false.",
    "YAML reads everything in quotes as a text.",
)
TIGHT: Ladder = (
    "What does YAML need between a name and its value?",
    "A colon ends a name only with a separator between it and the value.",
    "That separator is a space.",
)
NOT_HERE: Ladder = (
    "Is that field allowed there at all?",
    "The message says why not, or when it is allowed.",
    "Leave the field out, or change the other field that the message names.",
)
ANY: Ladder = (
    "Which field does the message name, and what is its value?",
    "Compare that field with the manifest in the notebook.",
    "Correct that one field, and leave the others unchanged.",
)

_BY_WORDS: tuple[tuple[str, Ladder], ...] = (
    ("limit of", ABOVE), ("must be between", NUMBER), ("must be in the range", NUMBER), ("must be greater", NUMBER), ("more than 1 ", ONE_ONLY),
    ("more than one field", ONE_ONLY), ("handler type", MISSING), ("is not a quantity", AMOUNT), ("standard resource", AMOUNT),
    ("`selector`", LABELS), ("selector is invalid", LABELS), ("label selector", LABELS), ("must be unique", REPEATED),
    ("must be text", ONE_VALUE), ("must be true or false", ONE_VALUE), ("RFC 1123", NAME), ("DNS-1035", NAME), ("must consist of", NAME), ("at least one letter", QUOTED),
)  # fmt: skip
_BY_REASON: Mapping[str, Ladder] = {
    "FieldValueRequired": MISSING, "FieldValueDuplicate": REPEATED, "FieldValueNotFound": UNRESOLVED, "FieldValueNotSupported": VALUES,
    "FieldValueForbidden": NOT_HERE, "FieldValueTypeInvalid": FORM,
}  # fmt: skip


def ladder(cause: Cause) -> Ladder:
    """The hint ladder for a cause's class."""
    if is_tight(cause):
        return TIGHT
    if "unknown field" in cause.message:
        return SPELLED if "did you mean" in cause.suggestion else LEVEL
    if "without quotes" in cause.suggestion:
        return QUOTED
    if cause.reason == "FieldValueTypeInvalid" and cause.message.endswith("must be a whole number"):
        return ALONE
    if "in quotes" in cause.suggestion:
        return BARE
    if cause.reason == "FieldValueDuplicate" and "is written twice" in cause.message:
        return TWICE
    if cause.field in ("kind", "apiVersion"):
        return KIND
    by_words = next((hints for words, hints in _BY_WORDS if words in cause.message), None)
    return by_words or _BY_REASON.get(cause.reason) or ANY


def is_tight(cause: Cause) -> bool:
    """Whether a colon without a space after it is the reason for a cause."""
    return "a space after the colon" in cause.suggestion
