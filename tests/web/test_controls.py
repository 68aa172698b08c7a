"""The filters of the preview: fields that are chosen instead of typed."""

import re

import pytest

from alerts.web.controls import composed
from config import clock
from tests.factories import make_department, make_event, make_member, make_person, make_source, make_subscription
from tests.web.stories import sign_in

pytestmark = pytest.mark.django_db


def answered(**fields):
    usual = {"heading": "Foghorns: Repairs", "happened_on": clock.now().date(), "house": "Commons"}
    return make_event("answered", **(usual | fields))


def squeezed(answer) -> str:
    return " ".join(answer.content.decode().split())


def preview(client, typed: str) -> str:
    return squeezed(client.get("/preview", {"q": typed}))


def chosen(page: str) -> dict[str, str]:
    """What each filter of a page shows as chosen, where it shows something."""
    found = {}
    for name, select in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page):
        if value := re.search(r'value="([^"]+)" selected>', select):
            found[name] = value[1]
    return found | dict(re.findall(r'name="(asked)" value="([^"]+)"', page))


def apply(client, typed: str, was: str | None = None, **filters):
    return client.get("/preview", {"q": typed, "was": typed if was is None else was, **filters}, follow=True)


def test_what_is_typed_as_a_field_shows_as_chosen_and_all_else_as_anything(client):
    answered(department=make_department("Department for Transport"), asking_member=make_member("Ada Fenwick"))
    page = preview(client, "foghorns dept:transport house:commons asked:fenwick type:question")
    assert chosen(page) == {"dept": "transport", "house": "commons", "asked": "fenwick", "type": "question"}
    assert '<details class="filters" open>' in page and 'Filters <span class="number">(4)</span>' in page
    assert chosen(preview(client, "foghorns")) == {} and '<details class="filters">' in preview(client, "foghorns")


def test_it_offers_the_sources_and_departments_there_are_and_who_asked_most(client):
    make_source(name="The Lamp Room")
    answered(department=make_department("Department for Transport"), asking_member=make_member("Ada Fenwick"))
    make_member("Tom Perrin")
    page = preview(client, "foghorns")
    assert '<option value="the lamp room">The Lamp Room</option>' in page
    assert '<option value="transport">Transport</option>' in page
    assert '<option value="Ada Fenwick"></option>' in page and "Tom Perrin" not in page


def test_choosing_types_it_and_keeps_what_was_typed(client):
    answered()
    answer = apply(client, "Foghorns OR Sirens", house="lords", type="question", where="", dept="", asked="")
    assert answer.redirect_chain == [
        ("/preview?q=%28Foghorns+OR+Sirens%29+type%3Aquestion+house%3Alords", 302),
    ]
    assert chosen(squeezed(answer)) == {"house": "lords", "type": "question"}


def test_choosing_anything_takes_it_out_of_the_words_again(client):
    answer = apply(client, "Foghorns house:lords dept:transport", house="", dept="transport")
    assert answer.redirect_chain == [("/preview?q=Foghorns+dept%3Atransport", 302)]


def test_what_was_edited_in_the_box_is_not_undone_by_filters_nobody_touched(client):
    answer = apply(client, "Sirens", was="Foghorns house:lords", house="lords")
    assert answer.redirect_chain == [("/preview?q=Sirens", 302)]


def test_a_name_that_is_offered_is_chosen_by_its_words(client):
    member = make_member("Siân O’Brien")
    answered(asking_member=member)
    answer = apply(client, "foghorns", asked="Siân O’Brien")
    assert answer.redirect_chain == [("/preview?q=foghorns+asked%3A%22sian+obrien%22", 302)]
    page = squeezed(answer)
    assert "<strong>1 result</strong>" in page and chosen(page) == {"asked": "Siân O’Brien"}
    again = apply(client, 'foghorns asked:"sian obrien"', asked="Siân O’Brien")
    assert again.redirect_chain == [("/preview?q=foghorns+asked%3A%22sian+obrien%22", 302)]


def test_where_the_words_stand_is_chosen_and_shown_too(client):
    answered(heading="Lamps", question="To ask about lamps.", answer="The foghorn is mended.")
    page = squeezed(apply(client, "foghorns", where="heading"))
    assert chosen(page) == {"where": "heading"} and "<strong>0 results</strong>" in page
    assert chosen(squeezed(apply(client, "foghorns", where="prominent"))) == {"where": "prominent"}


def test_what_a_filter_cannot_show_is_said_and_left_alone(client):
    page = preview(client, "foghorns NOT house:lords")
    assert 'id="filter-house" name="house" autocomplete="off" disabled aria-describedby="typed-house"' in page
    assert page.count("in a way that cannot be shown here") == 1
    answer = apply(client, "foghorns NOT house:lords", house="commons", type="question")
    assert answer.redirect_chain == [("/preview?q=foghorns+NOT+house%3Alords+type%3Aquestion&kept=house", 302)]
    assert "“House” could not be chosen for this search" in squeezed(answer)


def test_only_names_of_filters_are_spoken_of(client):
    assert "could not be chosen" not in squeezed(client.get("/preview", {"q": "foghorns", "kept": "send money"}))


@pytest.mark.parametrize("typed", ["(foghorns", "", "NOT foghorns", "\x00", "a" * 2000])
def test_words_that_cannot_be_read_are_left_as_they_are(typed):
    assert composed(typed, "foghorns", {"house": "lords"}) == (typed, [])
    assert composed("foghorns", typed, {"house": "lords"}) == ("foghorns", [])


def test_the_words_of_an_alert_are_filtered_before_it_is_saved(client):
    alert = make_subscription(reader := make_person(), "foghorns", now=clock.now())
    sign_in(client, reader.email)
    address = f"/alerts/{alert.uuid}"
    sent = {"q": "foghorns", "was": "foghorns", "seen": "foghorns", "frequency": "daily", "wants_answered": "on"}
    page = squeezed(client.post(address, sent | {"house": "lords", "do": "preview"}))
    assert 'name="q" value="foghorns house:lords"' in page and chosen(page)["house"] == "lords"
    page = squeezed(client.post(address, sent | {"house": "lords", "do": "save"}))
    assert "Nothing is saved yet" in page
    client.post(address, sent | {"q": "foghorns house:lords", "seen": "foghorns house:lords", "do": "save"})
    alert.refresh_from_db()
    assert alert.query == "foghorns house:lords"
