"""The evaluation part of a file of facts: how the pact will be evaluated, and the review of the previous one."""

from actions.facts import read_indicator
from evaluation.enums import ReviewItemKind, ReviewKind
from evaluation.models import EvaluationLevel, PlannedReview, Review, ReviewItem
from pti import facts as reading
from pti.facts import bullets, html, paragraph, plain_lines
from pti.pact_facts import add_section


def register_all():
    reading.register(read_evaluation, "evaluation")
    reading.register(read_previous_pact, "previous_pact")


def read_evaluation(facts, root, pact):
    """Levels with their indicators, planned reviews; criteria and tools are text of the document."""
    evaluation = root.node("evaluation")
    if evaluation is None:
        return
    for order, node in enumerate(evaluation.items("levels")):
        row = EvaluationLevel(pact=pact, order=order, name=node.text("name", required=True), led_by=node.text("by"))
        row.tools, row.detail = bullets(node.texts("tools")), paragraph(node.text("detail"))
        facts.add(row, node)
        _read_indicators(facts, node, pact, row.name)
    for node in evaluation.items("indicator_lists"):
        _read_indicators(facts, node, pact, node.text("name", required=True))
    for order, node in enumerate(evaluation.items("schedule")):
        row = PlannedReview(pact=pact, order=order, label=node.text("label"), frequency=node.text("frequency"))
        facts.add(row, node)
    _read_texts(facts, evaluation, pact)


def _read_indicators(facts, node, pact, group):
    for order, item in enumerate(node.items("indicators")):
        read_indicator(facts, item, pact, group=group[:200], order=order)


def _read_texts(facts, evaluation, pact):
    criteria, tools = evaluation.texts("criteria"), evaluation.texts("tools")
    if criteria or tools:
        parent = add_section(facts, evaluation, pact, "Évaluation")
        for title, texts in (("Critères", criteria), ("Outils", tools)):
            if texts:
                add_section(facts, evaluation, pact, title, bullets(texts), parent)


def read_previous_pact(facts, root, pact):
    """The previous pact: a review of it, annexed to this one; never a pact."""
    node = root.node("previous_pact")
    if node is None:
        return
    review = Review(
        pact=pact,
        kind=ReviewKind.PREVIOUS,
        title=node.text("title", required=True),
        extension=node.text("extension"),
        preparation_text=node.label("preparation_start"),
        launched_text=node.label("launch_date"),
        working_groups_as_of_text=node.label("working_groups_as_of"),
        steering_meetings=node.count("steering_meetings"),
        signatories_count=node.count("signatories_count"),
        working_groups_count=node.count("working_groups_count"),
        note=node.text("note"),
    )
    if period := node.node("period"):
        review.start_text, review.end_text = period.label("start"), period.label("end")
        review.initial_end_text = period.label("initial_end")
    _read_review(node, review)
    facts.save(review, node)
    _Items(facts, review).read(node)


def _read_review(node, review):
    """What the review itself says."""
    method = [paragraph(node.text("review_method"))]
    told = node.node("review")
    if told:
        method.append(bullets(told.texts("method")))
        review.as_of_text, review.provider = told.label("as_of"), told.text("provider")
        review.actions_total = told.count("actions_total")
        review.findings, review.strengths = bullets(told.texts("findings")), bullets(told.texts("strengths"))
        review.weaknesses, review.user_groups = bullets(told.texts("weaknesses")), bullets(told.texts("user_groups"))
        review.internal_cooperation = bullets(told.texts("internal_cooperation"))
    review.method = html(*method)


class _Items:
    """Writes the lines of a review, in the order of the file."""

    def __init__(self, facts, review):
        self.facts, self.review, self.order = facts, review, 0

    def add(self, node, kind, **fields):
        row = ReviewItem(review=self.review, kind=kind, order=self.order, **fields)
        self.order += 1
        # The other lines point to an orientation: it is there first.
        return self.facts.save(row, node) if kind == ReviewItemKind.ORIENTATION else self.facts.add(row, node)

    def read(self, node):
        self.read_axes(node)
        for item in node.items("working_groups"):
            self.add(
                item,
                ReviewItemKind.WORKING_GROUP,
                number=item.label("number"),
                title=item.text("theme"),
                territory=item.text("territory"),
                territories=plain_lines(item.texts("territories")),
                lead=item.text("lead"),
                co_lead=item.text("co_lead"),
            )
        for item in node.items("flagship_actions"):
            self.add(
                item,
                ReviewItemKind.FLAGSHIP,
                number=item.label("number"),
                title=item.text("title", required=True),
                territory=item.text("territory"),
                summary=paragraph(item.text("summary")),
                partners=plain_lines(item.texts("partners")),
            )
        if review := node.node("review"):
            self.read_review(review)

    def read_axes(self, node):
        """Orientations, and the axes that each groups."""
        parents = {}
        for item in node.items("orientations"):
            title, assessment = item.text("title", required=True), item.text("assessment")
            number = item.label("number")
            row = self.add(item, ReviewItemKind.ORIENTATION, number=number, title=title, assessment=assessment)
            parents[number] = row
            parents.update({("axis", axis): row for axis in item.labels("axes")})
        for item in node.items("axes"):
            number = item.label("number")
            self.add(
                item,
                ReviewItemKind.AXIS,
                parent=parents.get(item.label("orientation")) or parents.get(("axis", number)),
                number=number,
                title=item.text("title", required=True),
                title_full=item.text("title_full"),
                assessment=item.text("assessment"),
                achievements=bullets(item.texts("achievements")),
                limits=bullets(item.texts("limits")),
                summary=paragraph(item.text("summary")),
                planned_actions=item.count("planned_actions"),
            )

    def read_review(self, review):
        for item in review.items("counts_by_status"):
            definition = paragraph(item.text("definition"))
            self.add(item, ReviewItemKind.STATUS, title=item.text("status"), count=item.count("count"), summary=definition)
        for item in review.items("partnerships_to_strengthen"):
            subject = paragraph(item.text("subject"))
            self.add(item, ReviewItemKind.PARTNERSHIP, title=item.text("partner"), summary=subject)
