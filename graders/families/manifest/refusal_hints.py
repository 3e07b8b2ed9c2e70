"""A ladder of hints for each class of a refusal's causes; none of them knows the kind or the field."""

from __future__ import annotations

from collections.abc import Mapping

from cluster.admission.response import Cause

Ladder = tuple[str, str, str]

SPELT: Ladder = (
    "The server knows no field of that name there. How is it spelt elsewhere?",
    "Compare it letter by letter with the manifest of the notebook. Capitals count.",
    "A field's name begins small, and each further word in it begins with a capital, as in matchLabels.",
)
LEVEL: Ladder = (
    "Each field has one level on which it may stand. Which level does the message name?",
    "Look from the line upwards: under which name does the field stand, and under which should it?",
    "Compare the levels with the manifest of the notebook, name by name.",
)
KIND: Ladder = (
    "The first two lines say what an object is. Which of them does the message name?",
    "The kind is written as in the manifest of the notebook, and so is the version.",
    "The exercise names both; capitals count.",
)
VALUES: Ladder = (
    "Which values does the message list?",
    "Compare your value with that list letter by letter. A capital counts.",
    "Take over the word of the list that is nearest to yours.",
)
FORM: Ladder = (
    "This field takes a value of another form. Which one does the message name?",
    "Compare it with the same field in the manifest of the notebook.",
    "The entries of a list begin with “- ”; a block has its fields on lines of their own, further in.",
)
ALONE: Ladder = (
    "What kind of value does that field take?",
    "A whole number stands alone: no unit, no word, no quotes and no list.",
    "The manifest of the notebook has such a number as replicas.",
)
ONE_VALUE: Ladder = (
    "What kind of value does that field take?",
    "It takes one value, on the same line as its name.",
    "No dash, no bracket and no further name belongs to such a value.",
)
NAME: Ladder = (
    "Which signs may stand in such a name?",
    "No capitals, and no blanks.",
    "Small letters, digits and hyphens do everywhere, with a letter first and last.",
)
TWICE: Ladder = (
    "Which of the two did you mean?",
    "A name stands once in a block; the server doesn't choose between two values.",
    "The card has the line of the second one: delete one of the two.",
)
REPEATED: Ladder = (
    "Which two entries of that list have the same value?",
    "The server tells the entries of the list apart by that field.",
    "Give one of the two a value of its own, or delete the entry that is too much.",
)
ABOVE: Ladder = (
    "What does the container ask for, and what may it take at most?",
    "A request is reserved, and a limit is never passed: which of your two figures is larger?",
    "Compare both figures of that resource, and their units, with those that the exercise asks for.",
)
NUMBER: Ladder = (
    "Which numbers may stand there?",
    "The end of the message says which.",
    "A number that isn't written counts as 0. Is it there, and on the right level?",
)
MISSING: Ladder = (
    "What does the message miss, and in which block?",
    "The path in the message goes from the top to that block, level by level.",
    "The last name of the path is the field to write, beside the others of that block.",
)
ELSEWHERE: Ladder = (
    "To what does that name refer?",
    "It names an entry of another list in the same pod. Is there such an entry?",
    "A volumeMount names one of the pod's volumes: both names have to be the same.",
)
ONE_ONLY: Ladder = (
    "In how many ways does that block say what it wants?",
    "Only one of these ways may stand there.",
    "Keep the one that you need, and delete the lines of the others.",
)
LABELS: Ladder = (
    "Which pods does the selector pick?",
    "It picks them by their labels, and the template says which labels they have.",
    "Both have to hold the same name with the same value: compare them letter by letter.",
)
AMOUNT: Ladder = (
    "Which unit does that amount have?",
    "CPU is counted in cores or in thousandths of one (m), memory in bytes, Mi or Gi: without a B, and without a blank.",
    "Compare the amount with the one that the exercise asks for, sign by sign.",
)
QUOTED: Ladder = (
    "Is it a number or a text that stands there?",
    "To YAML, whatever stands in quotes is a text.",
    "Write the value as it is, with nothing around it.",
)
BARE: Ladder = (
    "Which of the two does the field take, a text or a number?",
    "To YAML, digits alone are a number, and a bare yes or no is true or false.",
    "Whatever stands in quotes is a text.",
)
TIGHT: Ladder = (
    "What does YAML want between a name and its value?",
    "A colon ends a name only where something stands between it and the value.",
    "That something is a blank.",
)
NOT_HERE: Ladder = (
    "May that field stand there at all?",
    "The message says why not, or when it may.",
    "Leave the field out, or change the other field that the message speaks of.",
)
ANY: Ladder = (
    "Which field does the message name, and what stands there?",
    "Compare that field with the manifest of the notebook.",
    "Mend that one field, and leave the others as they are.",
)

_BY_WORDS: tuple[tuple[str, Ladder], ...] = (
    ("limit of", ABOVE), ("must be between", NUMBER), ("must be in the range", NUMBER), ("must be greater", NUMBER), ("more than 1 ", ONE_ONLY),
    ("more than one field", ONE_ONLY), ("handler type", MISSING), ("is not a quantity", AMOUNT), ("standard resource", AMOUNT),
    ("`selector`", LABELS), ("selector is invalid", LABELS), ("label selector", LABELS), ("must be unique", REPEATED),
    ("takes text", ONE_VALUE), ("takes true or false", ONE_VALUE), ("RFC 1123", NAME), ("DNS-1035", NAME), ("must consist of", NAME), ("at least one letter", QUOTED),
)  # fmt: skip
_BY_REASON: Mapping[str, Ladder] = {
    "FieldValueRequired": MISSING, "FieldValueDuplicate": REPEATED, "FieldValueNotFound": ELSEWHERE, "FieldValueNotSupported": VALUES,
    "FieldValueForbidden": NOT_HERE, "FieldValueTypeInvalid": FORM,
}  # fmt: skip


def ladder(cause: Cause) -> Ladder:
    """The hints for a cause: they are about its class."""
    if is_tight(cause):
        return TIGHT
    if "unknown field" in cause.message:
        return SPELT if "did you mean" in cause.suggestion else LEVEL
    if "without quotes" in cause.suggestion:
        return QUOTED
    if cause.reason == "FieldValueTypeInvalid" and cause.message.endswith("takes a whole number"):
        return ALONE
    if "in quotes" in cause.suggestion:
        return BARE
    if cause.reason == "FieldValueDuplicate" and "stands twice" in cause.message:
        return TWICE
    if cause.field in ("kind", "apiVersion"):
        return KIND
    by_words = next((hints for words, hints in _BY_WORDS if words in cause.message), None)
    return by_words or _BY_REASON.get(cause.reason) or ANY


def is_tight(cause: Cause) -> bool:
    """Whether a colon without a blank after it is behind a cause."""
    return "a blank after the colon" in cause.suggestion
