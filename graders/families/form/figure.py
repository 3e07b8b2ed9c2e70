"""A form's fields as a table: the text of each and its consequence."""

from __future__ import annotations

from markupsafe import Markup

from graders.families.form.criteria import FormEvidence
from graders.present.templating import templates_beside

render = templates_beside(__file__)


def figure(evidence: FormEvidence) -> Markup:
    """The table, as HTML."""
    return render("fields.html", evidence=evidence)
