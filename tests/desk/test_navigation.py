"""The menu of the desk says where it leads, in groups, and takes no room before it is opened."""

from __future__ import annotations

from flask import url_for

from tests.page import PageClient
from webapp.desk.navigation import DAILY, MORE


def test_each_link_of_the_menu_is_the_heading_of_its_page(mira: PageClient) -> None:
    for link in [*DAILY[1:], *(link for group in MORE for link in group.links)]:
        with mira.application.test_request_context():
            url = url_for(link.endpoint)
        if link.endpoint != "pages.home":
            page = mira.page(url)
            assert page.h1 == link.label
            assert page.texts(".desk-nav [aria-current=page]") == [link.label]


def test_the_rest_of_the_menu_is_shut_and_grouped(mira: PageClient) -> None:
    page = mira.page("/desk/papers")
    assert page.one(".desk-more").get("open") is None, "on a phone it would fill the screen"
    for group in page.select(".desk-more ul"):
        assert page.one(f"#{group.get('aria-labelledby')}").text
    assert page.texts(".desk-more p") == [group.name for group in MORE]
