"""The addresses of the pages."""

import datetime

from django.urls import path, re_path, register_converter

from alerts.web import (
    check_email,
    check_in,
    confirm,
    digest_page,
    edit_alert,
    feeds,
    items,
    leave,
    listing,
    manage,
    move,
    my_alerts,
    newsletter_items,
    not_relevant,
    outbox,
    own_settings,
    pages,
    search,
    shared,
    sign_in,
    styleguide,
    subscribe,
    take_back,
    unsubscribe,
    webhooks,
)


class DateConverter:
    """A date as `2026-03-10`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "day")

urlpatterns = [
    path("", search.landing, name="landing"),
    path("preview", search.preview_page, name="preview"),
    path("search", listing.search_page, name="search"),
    path("subscribe", subscribe.subscribe, name="subscribe"),
    path("check-email", check_email.check_email, name="check-email"),
    path("confirm/<str:token>", confirm.confirm, name="confirm"),
    path("confirmed", confirm.confirmed, name="confirmed"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.code, name="sign-in-code"),
    path("sign-in/<str:key>", sign_in.link, name="sign-in-link"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("alerts", my_alerts.my_alerts, name="my-alerts"),
    path("alerts/new", edit_alert.new, name="new-alert"),
    path("alerts/<uuid:ident>", edit_alert.edit, name="edit-alert"),
    path("settings", own_settings.own_settings, name="settings"),
    path("settings/address", move.own_address, name="address"),
    path("address/<str:key>", move.link, name="address-link"),
    path("settings/delete", leave.leave, name="leave"),
    path("stay/<str:token>", leave.stay, name="stay"),
    path("settings/export.json", own_settings.export_json, name="export-json"),
    path("settings/export.csv", own_settings.export_csv, name="export-csv"),
    path("m/<str:token>", manage.manage, name="manage"),
    path("u/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("undo/<str:token>", take_back.take_back, name="undo"),
    path("c/<str:token>", check_in.check_in, name="check-in"),
    path("d/<str:token>", digest_page.digest_page, name="digest"),
    path("s/<str:token>", shared.shared, name="shared"),
    path("f/<str:token>.atom", feeds.atom, name="feed-atom"),
    path("f/<str:token>.json", feeds.json_feed, name="feed-json"),
    path("n/<str:token>", not_relevant.not_relevant, name="not-relevant"),
    path("q/<day:tabled_on>/<str:uin>", items.item_page, name="item"),
    path("i/<uuid:ident>", newsletter_items.newsletter_item_page, name="newsletter-item"),
    path("how-it-works", pages.how_it_works, name="how-it-works"),
    path("coverage", pages.coverage_page, name="coverage"),
    path("help", pages.help_page, name="help"),
    path("privacy", pages.privacy, name="privacy"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("healthz", pages.healthz, name="healthz"),
    path("anymail/<str:name>/tracking/", webhooks.delivery_events, name="delivery-events"),
    path("robots.txt", pages.robots, name="robots"),
    path("outbox/", outbox.outbox, name="outbox"),
    re_path(r"^outbox/(?P<name>[^/]+)/(?P<part>html|text|headers)$", outbox.outbox_mail, name="outbox-mail"),
    path("outbox/<str:name>/body", outbox.outbox_html, name="outbox-html"),
    path("outbox/<str:name>/raw", outbox.outbox_raw, name="outbox-raw"),
]
