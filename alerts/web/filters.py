"""The filters of the pages of digests."""

from django import template

from alerts.digests.pieces import link_of

register = template.Library()
register.filter(link_of)
