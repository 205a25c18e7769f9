"""The URL map: no URL vanishes, all are kebab-case, reading pages are the same for everyone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.page import PageClient

# Every URL of the site. A new one is written down here; one that goes, and the redirect it leaves, too.
URLS = (
    "/ /<slug:slug> "
    "/research/ /research/<slug:slug> /research/<slug:slug>/cite.ris /research/<slug:slug>/cite.bib "
    "/categories/ /categories/<slug:slug> /categories/<slug:slug>/trials /categories/<slug:slug>/feed.atom "
    "/glossary/ /glossary/<slug:slug> "
    "/research/<slug:slug>/feedback /contact /contact/sent /ask /ask/paper /ask/<int:id_> "
    "/subscribe /subscribe/sent /subscribe/confirm/<secret:token> /subscribe/manage/<secret:token> "
    "/unsubscribe/<secret:token> "
    "/desk/ /desk/sign-in /desk/sign-in/passkey /desk/link/<secret:token> /desk/sign-out /desk/account "
    "/desk/account/password /desk/account/password/remove /desk/account/passkeys /desk/account/passkeys/question "
    "/desk/account/passkeys/<int:id_>/remove /desk/account/sign-out-everywhere "
    "/desk/documents /desk/documents/<int:id_> /desk/documents/<int:id_>/preview "
    "/desk/documents/<int:id_>/beside/<any(show,hide):what> /desk/documents/<int:id_>/history "
    "/desk/not-found/<digest>/forget /desk/not-found/forget-all "
    "/desk/documents /desk/documents/<int:id_> /desk/documents/<int:id_>/preview /desk/documents/<int:id_>/history "
    "/desk/documents/<int:id_>/history/<int:number> /desk/documents/<int:id_>/history/<int:number>/restore "
    "/desk/documents/<int:id_>/history/<int:number>/put-back/<int:part> "
    "/desk/documents/<int:id_>/<any(publish,schedule,unschedule,unpublish,correct):what> "
    "/desk/files /desk/files/documents.zip /desk/files/<secret:token> /desk/files/<secret:token>/<int:number> "
    "/desk/files/<secret:token>/discard /desk/backup /desk/settings /desk/activity "
    "/desk/messages /desk/messages/<int:id_> /desk/messages/<int:id_>/answered /desk/messages/<int:id_>/not-answered "
    "/desk/messages/<int:id_>/delete "
    "/desk/subscribers /desk/subscribers/numbers /desk/subscribers/export /desk/subscribers/<int:id_> "
    "/desk/subscribers/<int:id_>/delete "
    "/desk/categories /desk/categories/new /desk/categories/<int:id_> "
    "/desk/categories/<int:id_>/<any(up,down):way> /desk/categories/<int:id_>/merge /desk/categories/<int:id_>/delete "
    "/desk/glossary /desk/glossary/new /desk/glossary/<int:id_> /desk/glossary/<int:id_>/merge "
    "/desk/glossary/<int:id_>/delete "
    "/desk/documents/<int:id_>/kept/<int:number> /desk/documents/<int:id_>/kept/<int:number>/bring-back "
    "/desk/documents/<int:id_>/kept/<int:number>/delete "
    "/desk/asked /desk/asked/<int:id_> /desk/asked/<int:id_>/summarise /desk/asked/<int:id_>/delete "
    "/desk/watch /desk/watch/<int:id_> /desk/watch/<int:id_>/notice/<any(down,up):what> "
    "/desk/papers /desk/papers/search /desk/papers/<int:id_>/summarise /desk/papers/<int:id_>/decline "
    "/desk/papers/<int:id_>/take-back "
    "/desk/watch/trials /desk/watch/trials/<int:number> /desk/watch/trials/<int:number>/look "
    "/desk/recruiting /desk/recruiting/<int:id_> /desk/recruiting/<int:id_>/try /desk/recruiting/<int:id_>/stop "
    "/desk/recruiting/<int:id_>/trials/<number>/<any('leave-out','put-back'):what> "
    "/desk/documents/<int:id_>/corrections /desk/documents/<int:id_>/corrections/<int:number>/mail "
    "/data/summaries.json /data/summaries.csv /<key>.txt "
    "/feed.atom /sitemap.xml /sitemap-<int:number>.xml /robots.txt /healthz "
    "/static/<any(site,lists,pages,desk):sheet>-<digest>.css /static/site-<digest>.js /static/<path:filename>"
)
READING = (
    "/ /about /how-we-write /emergency /disclaimer /privacy /accessibility /research/ /categories/ /glossary/"
    " /feed.atom /data /data/summaries.json /data/summaries.csv"
)


def test_no_url_vanishes_and_none_comes_unseen(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == set(URLS.split())


def test_urls_are_kebab_case(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert re.fullmatch(r"[a-z0-9/.\-]*", re.sub(r"<[^>]+>", "", rule.rule)), rule.rule


@pytest.mark.parametrize("url", READING.split())
def test_a_reading_page_is_the_same_for_everyone(shipped: PageClient, url: str) -> None:
    first = shipped.get(url)
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.text
    assert "public" in first.headers["Cache-Control"]
    again = shipped.get(url, headers={"If-None-Match": first.headers["ETag"], "Cookie": "session=x"})
    assert again.status_code == 304
    assert not again.data
