"""The components of forms and of what is answered to them, each in every state."""

from alerts.web import problems
from alerts.web import styleguide_samples as samples
from alerts.web.edit_alert import FULL
from alerts.web.styleguide_states import Component, State, each


def of_forms() -> list[Component]:
    """What is filled in."""
    refused = {"form": samples.refused_form(), "offers": samples.offers(None)}
    return [
        Component(
            "Words of an alert",
            "What is followed, and what it is called.",
            (
                State("As they come", "alerts/_words_field.html", {"form": samples.form()}),
                State("Nothing typed", "alerts/_words_field.html", refused),
                State("A quotation mark not closed", "alerts/_words_field.html", samples.mistaken()),
            ),
        ),
        Component(
            "Frequency picker",
            "How often, with what it means.",
            (*_pickers(), State("Nothing chosen", "alerts/_frequency_field.html", refused)),
        ),
        Component(
            "Developments",
            "Which of them an alert tells.",
            (
                State("As they come", "alerts/_boxes.html", {"form": samples.form()}),
                State("Nothing chosen", "alerts/_boxes.html", refused),
            ),
        ),
        Component(
            "Hours",
            "When emails come.",
            (
                State("As they come", "alerts/_hours.html", {"form": samples.form()}),
                State("Not from the list", "alerts/_hours.html", {"form": samples.refused_hours()}),
            ),
        ),
        Component("Days away", "When no emails come.", each("alerts/_away.html", samples.days_away())),
    ]


def of_answers() -> list[Component]:
    """What is said to somebody who pressed a button."""
    return [
        Component(
            "Error summary",
            "What has to be mended, each with the way to its field.",
            (
                State("One field", "alerts/_problem.html", {"problems": {"code": samples.WRONG_CODE}}),
                State("A whole form", "alerts/_problem.html", {"problems": problems.of_form(samples.refused_form())}),
                State("What no field mends", "alerts/_problem.html", {"problems": {"": FULL}}),
            ),
        ),
        Component(
            "Did you mean",
            "Another address that may be meant: asked once, and never decided.",
            (
                State("A slip", "alerts/_meant.html", samples.meant("name@nhs.ent")),
                State("A long one", "alerts/_meant.html", samples.meant("keeper.of.the.northern.coast@gmial.con")),
            ),
        ),
        Component("Notice", "A sentence or two that stand out.", _notices()),
        Component(
            "Confirm page",
            "The one press that confirms.",
            (
                State("First alert", "alerts/_last_step.html", samples.last_step()),
                State("Moves others", "alerts/_last_step.html", samples.last_step(moved=True, others=2)),
            ),
        ),
        Component(
            "Code input",
            "The six digits of an email.",
            (
                State("Empty", "alerts/_code.html"),
                State("Wrong", "alerts/_code.html", {"problems": {"code": samples.WRONG_CODE}}),
            ),
        ),
    ]


def _pickers() -> tuple[State, ...]:
    return tuple(
        State(name, "alerts/_offers.html", {"offers": samples.offers(a_week), "chosen": "daily", "prefix": "often"})
        for name, a_week in (("Nothing known", None), ("Usual", 4), ("Long", 60), ("Too much at once", 120))
    )


def _notices() -> tuple[State, ...]:
    return (
        *each("alerts/_notice.html", samples.NOTICES),
        State("What was typed is back", "accounts/_back.html", {"at": "type"}),
    )
