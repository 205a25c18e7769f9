"""What PubMed says of a paper."""

from __future__ import annotations

import pytest

from tests.scholarly.answers import DOI, PMID, efetch
from tests.scholarly.conftest import CONTACT, Connect
from tests.scholarly.server import Reply, Service
from webapp.scholarly.articles import Article
from webapp.scholarly.client import Client
from webapp.scholarly.errors import ScholarlyError
from webapp.scholarly.pubmed import find_article, plain_summaries
from webapp.scholarly.updates import Update

ABSTRACT = """<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">12 people &lt; 60 years.</AbstractText>
<AbstractText Label="R&amp;D">At 10<sup>2</sup> Hz <i>all</i> walked.</AbstractText>
<CopyrightInformation>Theirs.</CopyrightInformation></Abstract>"""
LINKS = """
<CommentsCorrections RefType="RetractionIn"><RefSource>J Cord Med. 2025;3:22. doi: 10.5555/NOTICE.1.</RefSource>
<PMID Version="1">38000001</PMID></CommentsCorrections>
<CommentsCorrections RefType="CommentIn"><RefSource>J</RefSource><PMID Version="1">38000002</PMID></CommentsCorrections>
<CommentsCorrections RefType="ErratumFor"><RefSource>J</RefSource></CommentsCorrections>
<CommentsCorrections RefType="ErratumIn"><RefSource>J</RefSource></CommentsCorrections><CommentsCorrections/>"""


def read(client: Client, service: Service, answer: str) -> Article:
    service.replies_with(answer)
    paper = find_article(client, PMID)
    assert paper
    return paper


def test_a_number_finds_the_abstract(client: Client, service: Service) -> None:
    assert read(client, service, efetch(ABSTRACT)) == Article(
        pmid=PMID,
        pmcid="PMC11000001",
        doi=DOI,
        title="Walking with epidural stimulation",
        abstract="METHODS: 12 people < 60 years.\n\nR&D: At 10² Hz all walked.",
        kinds=("Journal Article",),
        updated_by=(),
    )
    assert service.asked[0].path.startswith("/efetch.fcgi?")
    assert service.asked[0].query == {
        "db": "pubmed", "id": PMID, "retmode": "xml", "tool": "spinal-cord-research-help", "email": CONTACT,
    }  # fmt: skip


def test_without_a_contact_none_is_told(connect: Connect, service: Service, waits: list[float]) -> None:
    service.replies_with(efetch())
    find_article(connect(contact=None), PMID)
    assert "email" not in service.asked[0].query


def test_a_paper_may_have_no_abstract(client: Client, service: Service) -> None:
    assert read(client, service, efetch()).abstract == ""


def test_the_encoding_it_claims_to_have_is_not_asked_for(client: Client, service: Service) -> None:
    answer = efetch("<Abstract><AbstractText>Zoë</AbstractText></Abstract>")
    assert read(client, service, answer.replace('"1.0"', '"1.0" encoding="x-unknown"')).abstract == "Zoë"


def test_notices_are_read(client: Client, service: Service) -> None:
    paper = read(client, service, efetch(links=LINKS))
    assert paper.updated_by == (
        Update("retraction", "RetractionIn", "10.5555/notice.1", "38000001"),
        Update("erratum", "ErratumIn"),
    )
    assert paper.is_retracted


def test_a_retracted_paper_may_say_so_by_its_type_alone(client: Client, service: Service) -> None:
    kinds = '<PublicationType UI="D016441">Retracted Publication</PublicationType>'
    assert read(client, service, efetch(kinds=kinds)).is_retracted
    notice = '<PublicationType UI="D016440">Retraction of Publication</PublicationType>'
    service.replies_with(efetch(kinds=notice, pmid="5"))
    paper = find_article(client, "5")
    assert paper
    assert not paper.is_retracted


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<PubmedArticleSet></PubmedArticleSet>"),
        Reply(efetch(pmid="1")),
        Reply("<PubmedArticleSet><PubmedArticle/><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>"),
        Reply('{"error":"ID list is empty! Possibly it has no correct IDs."}', status=400),
        Reply(status=404),
    ],
)
def test_a_number_without_a_record_is_none(client: Client, service: Service, reply: Reply) -> None:
    service.replies_with(reply)
    assert find_article(client, PMID) is None


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "answer",
    [
        "", "<PubmedArticleSet>", "<html><body>Sorry</body></html>", "plain", '{"esearchresult": {}}', efetch()[:900],
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><PubmedArticleSet>&l11;</PubmedArticleSet>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><PubmedArticleSet>&a;</PubmedArticleSet>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><PubmedArticleSet>&l11;</PubmedArticleSet>'.encode("utf-16"),
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><PubmedArticleSet>&l11;</PubmedArticleSet>'.encode("utf-16-le"),
        efetch(f"<Abstract><AbstractText>{'<i>' * 5_000}{'</i>' * 5_000}</AbstractText></Abstract>"),
        efetch().replace('.dtd">', '.dtd" [<!ENTITY a "ha">]>'),
        b"\xff",
    ],
)  # fmt: skip
def test_what_is_not_the_xml_of_pubmed_is_told(client: Client, service: Service, answer: str | bytes) -> None:
    service.replies_with(answer)
    with pytest.raises(ScholarlyError, match="PubMed sent an answer that cannot be read"):
        find_article(client, PMID)


def plainly(kind: str = "plain-language-summary", text: str = "In other words.") -> str:
    return f'<OtherAbstract Type="{kind}"><AbstractText>{text}</AbstractText></OtherAbstract>'


def test_whether_the_authors_told_it_in_plain_words(client: Client, service: Service) -> None:
    told = plainly()
    records = {
        "1": told,
        "2": "",
        "3": plainly("Publisher"),
        "4": plainly(text=" "),
        "5": plainly(text="<i>So</i> it is."),
    }
    answers = [efetch(pmid=pmid).replace(told, other) for pmid, other in records.items()]
    bodies = [one.partition("<PubmedArticleSet>")[2].removesuffix("</PubmedArticleSet>") for one in answers]
    service.replies_with(f"<PubmedArticleSet>{''.join(bodies)}</PubmedArticleSet>")
    said = plain_summaries(client, ["1", "2", "3", "4", "5", "6"])
    assert said == {"1": True, "2": False, "3": False, "4": False, "5": True}, "of the last PubMed knows nothing"
    assert service.asked[0].query["id"] == "1,2,3,4,5,6"


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<html><body>Sorry</body></html>"), Reply(efetch()[:900]), Reply(b"", 429), Reply("x", 500),
        Reply('{"error":"API rate limit exceeded"}'), Reply(f'<!DOCTYPE x [{LAUGHS}]><PubmedArticleSet/>'),
        Reply(b"x" * 200_000),
    ],
)  # fmt: skip
def test_a_fault_says_nothing_of_plain_words(client: Client, service: Service, reply: Reply) -> None:
    service.replies_with(reply)
    with pytest.raises(ScholarlyError):
        plain_summaries(client, [PMID])


def test_records_that_are_none_are_left_aside(client: Client, service: Service) -> None:
    service.replies_with(
        "<PubmedArticleSet><PubmedArticle/><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>"
    )
    assert plain_summaries(client, [PMID]).keys() <= {""}
