"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("alerts.web.urls")),
]
handler404 = "alerts.web.pages.page_not_found"
handler500 = "alerts.web.pages.server_error"
