"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("alerts.web.urls")),
]
handler400 = "alerts.web.errors.bad_request"
handler403 = "alerts.web.errors.forbidden"
handler404 = "alerts.web.errors.page_not_found"
handler500 = "alerts.web.errors.server_error"
