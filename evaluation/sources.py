"""Generated section of the evaluation floor: how the pact says that it will be evaluated."""

from pti.printing.nodes import Facts, heading, paragraph, table
from pti.sources import register


def evaluation(text):
    """Levels of evaluation, and the reviews that the pact promises."""
    found = []
    for row in text.of("EvaluationLevel"):
        found.append(heading(row.get("name") or "", 1))
        if row.get("led_by"):
            found.append(Facts(((text.label("EvaluationLevel", "led_by"), (paragraph(row["led_by"]),)),)))
        found += text.fields("EvaluationLevel", row, ("tools", "detail"))
        found += text.others("EvaluationLevel", row, {"name", "led_by", "tools", "detail"})
    reviews = [(row.get("label") or "", row.get("frequency") or "") for row in text.of("PlannedReview")]
    if reviews:
        found.append(table(("Bilan", "Rythme"), reviews, caption="Bilans prévus"))
    return tuple(found)


def register_all():
    """Register the generated section of this floor."""
    register("evaluation", "Évaluation prévue", evaluation, title="L’évaluation du pacte", order=55)
