"""What a collection asks. To add a question: a value of RequestQuestion, a boolean of Campaign, a module here, its templates.

actions/campaigns/questions/<module>.py       a `Question`, added to QUESTIONS below
templates/actions/questions/<value>/          head.html, now.html, fields.html, given.html
templates/mail/questions/<value>.html, .txt   its lines in the mails
"""

from actions.campaigns.questions import commitments, fundings, updates

QUESTIONS = {one.value: one for one in (updates.QUESTION, commitments.QUESTION, fundings.QUESTION)}


def question_of(row):
    """The question that a request puts."""
    return QUESTIONS[row.question]


def asked_by(campaign):
    """The questions of a collection."""
    return [one for one in QUESTIONS.values() if getattr(campaign, one.asks)]
