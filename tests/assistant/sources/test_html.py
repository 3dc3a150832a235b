from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MalformedSource
from assistant.sources import read_bytes, read_html
from assistant.sources.blocks import Blocks
from assistant.sources.html_tree import parse_tree, read_tree
from embeddings.errors import ArticleAssistantError, InvalidInput

LONG = "The bridge over the river opened to traffic this week, and thousands of people walked across it in the rain. "
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Bridge opens - The Daily</title>
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2020-03-04T10:00:00Z">
<link rel="canonical" href="https://daily.example/bridge"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><h1>Bridge opens</h1><p>{LONG * 3}</p>
<h2>Cost</h2><p>It cost <b>40&nbsp;million</b>. &ldquo;Too much,&rdquo; said <a href="x">the mayor</a>.</p>
<ul><li>First</li><li>Second<ul><li>Nested</li></ul></li></ul>
<blockquote><p>A bridge is a promise to the other side.</p></blockquote>
<pre><code>def f():
    return 1</code></pre>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2019</td><td>10 m</td></tr></table>
<p>Yes.</p><p>No.</p><p>Yes.</p></article>
<footer>Copyright 2023 The Daily</footer><script>alert("never text")</script></body></html>"""
PIECES = [
    "<html>",
    "<body>",
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<div",
    ">",
    "<a href=x>",
    "</a>",
    "<table><tr><td>",
    "<pre>\n",
]
PIECES += [
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<meta charset=utf-7>",
    "<svg><title>",
    "<textarea>",
    "&#0;",
]
PIECES += ["&#xD800;", "&#13;\n", "<br>", "\x00", "\x0c", "\u2028", "\u00a0", "😀", "שלום", "A sentence.", LONG]
PIECES += ['<link rel=canonical href="http://[x">', '<script type="application/ld+json">{"@graph":[null', "2020-99-99"]


def test_the_main_text_becomes_blocks_and_headings() -> None:
    article = read_html(PAGE)
    assert article.text.split("\n\n") == [
        (LONG * 3).strip(),
        "Cost",
        "It cost 40 million. “Too much,” said the mayor.",
        "First",
        "Second",
        "Nested",
        "A bridge is a promise to the other side.",
        "def f():\n    return 1",
        "Year | Cost",
        "2019 | 10 m",
        "Yes.",
        "No.",
        "Yes.",
    ]
    assert [article.text[start:].split("\n")[0] for start in article.sections] == ["Cost"]
    assert [one.cut(article.text) for one in article.lists] == ["First\n\nSecond\n\nNested"]
    assert [one.cut(article.text) for one in article.code] == ["def f():\n    return 1"]


def test_lines_of_code_that_a_page_marks_one_by_one_are_one_block_and_a_letter_is_none() -> None:
    letter = "Dear sir, your ferry will be late because of the storm that\ncame over the sea last night and will stay."
    lines = "<div>server:</div><div>  port: 80</div>"
    article = read_html(f"<p>{'The ferry. ' * 30}</p><pre><code>{lines}</code></pre><pre>{letter}</pre>")
    assert [one.cut(article.text) for one in article.code] == ["server:\n  port: 80"]


def test_metadata_is_read_from_the_page() -> None:
    article = read_html(PAGE)
    assert (article.title, article.source, article.language) == ("Bridge opens", "The Daily", "en")
    assert (article.url, article.published) == ("https://daily.example/bridge", date(2020, 3, 4))


def test_what_the_page_says_about_itself_is_metadata_and_what_it_says_to_programs_is_not() -> None:
    metas = {
        "property=article:section": "Sport",
        "property=article:tag": "Rowing",
        "name=keywords": "rowing, boats ,rowing",
        "name=DC.Subject": "Water",
        "name=citation_volume": "7",
        "name=citation_author": "Ann Lee",
        "property=article:published_time": "2020-03-04",
        "name=viewport": "width=device-width",
        "name=csrf-token": "x9",
        "property=og:type": "article",
    }
    head = "".join(f'<meta {name} content="{value}">' for name, value in metas.items())
    article = read_html(PAGE.replace("<head>", f'<head>{head}<meta property=article:tag content="Boats">'))
    assert article.metadata == {
        "section": "Sport",
        "tags": ["Rowing", "Boats"],
        "keywords": ["rowing", "boats"],
        "dc.subject": "Water",
        "citation_volume": "7",
    }


def test_missing_metadata_is_not_invented() -> None:
    article = read_html(
        f"<html><body><article><p>{LONG * 4}</p><p>It closed on 3 March 2019.</p></article></body></html>"
    )
    assert (article.url, article.source, article.published, article.language) == (None, None, None, None)
    assert article.metadata["title_derived_from"] == "first line"


def test_arguments_take_precedence_over_the_page() -> None:
    article = read_html(PAGE, url="https://a.example/", title="T", source="S", published=date(1999, 1, 1))
    assert (article.url, article.title, article.source) == ("https://a.example/", "T", "S")
    assert article.published == date(1999, 1, 1)


def test_a_short_page_is_read_without_its_menus() -> None:
    article = read_html(
        "<html><body><div id=menu><a href=/>Home</a> <a href=/n>News</a></div><h1>Bridge</h1><p>It opened.</p>"
        "<h2>Cost</h2><div>40 million.<br><br>See <a href=x>the report</a>.</div>"
        "<footer>Copyright</footer></body></html>"
    )
    assert article.text == "It opened.\n\nCost\n\n40 million.\n\nSee the report."
    assert [article.text[start:][:4] for start in article.sections] == ["Cost"]


def test_a_fragment_is_a_page_too() -> None:
    assert read_html("<p>A fragment, no more.</p>").text == "A fragment, no more."


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body><script>var text = 'none'</script></body></html>",
        "<html><body><nav><a href=/>Home</a></nav><ul>"
        + "".join(f"<li><a href=/{n}>Section {n} of the site</a></li>" for n in range(40))
        + "</ul><footer>Copyright</footer></body></html>",
    ],
    ids=["empty", "script", "navigation"],
)
def test_a_page_without_main_text_is_refused(page: str) -> None:
    with pytest.raises(MalformedSource, match="no main text"):
        read_html(page)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidInput, match="lone surrogate"):
        read_html("<p>half \ud83d</p>")


def test_a_page_is_detected_by_content_and_decoded_as_declared() -> None:
    page = "<!-- saved -->\n<!DOCTYPE html><meta charset=windows-1251><p>Мост открылся в среду.</p>"
    article = read_bytes(page.encode("cp1251"), name="page", max_bytes=1_000)
    assert article.text == "Мост открылся в среду."
    assert article.metadata == {"encoding": "cp1251", "title_derived_from": "first line", "file_name": "page"}


def test_a_very_long_paragraph_is_complete() -> None:
    blocks = Blocks()
    read_tree(parse_tree("<p>" + "word " * 2_200_000 + "end</p>"), blocks)
    assert blocks.text.endswith("end")


def test_a_deeply_nested_page_is_read() -> None:
    assert read_html("<html><body>" + "<div>" * 500 + "<p>Deep down.</p>").text == "Deep down."


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_any_page_becomes_a_valid_article_or_is_rejected(page: str) -> None:
    try:
        article = read_html(page)
    except ArticleAssistantError:
        return
    assert list(article.sections) == sorted(set(article.sections))
    assert not any(article.text[start].isspace() for start in article.sections)
    for spans in (article.lists, article.code):
        limits = [offset for one in spans for offset in (one.start, one.end)]
        assert limits == sorted(set(limits))
        assert all(one.cut(article.text) == one.cut(article.text).strip("\n") for one in spans)


@pytest.mark.parametrize("end", range(0, len(PAGE), 97))
def test_a_truncated_page_is_parsed_or_rejected(end: int) -> None:
    try:
        article = read_html(PAGE[:end])
    except MalformedSource:
        return
    assert article.text


def article(body: str, head: str = "") -> str:
    page = f"<html><head>{head}</head><body><article><h1>News</h1><p>{LONG * 2}</p>{body}<p>{LONG * 2}</p></article>"
    return read_html(page).text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<table><tr><td><p>Mon</p></td><td><ul><li>6 to 7</li><li>8 to 9</li></ul></td></tr></table>",
            "Mon | 6 to 7, 8 to 9",
        ),
        ("<ul><li><p>One item, whole.</p></li></ul>", "One item, whole."),
        ("<p>Kept by:</p><ul><li><a href='x'>The rowing club</a></li></ul>", "The rowing club"),
        ("<figure><img src='a.jpg'><figcaption>A fork of 1931.</figcaption></figure>", "A fork of 1931."),
        (
            "<p>They counted 1,850<sup><a href='#n'>3</a></sup> pairs.<sup>4</sup> Two left.</p>",
            "1,850 pairs. Two left.",
        ),
        ("<p>An area of 30 m<sup>2</sup> is closed.</p>", "30 m2 is"),
        ("<p>Row, row.</p><p>Row, row.</p>", "Row, row.\n\nRow, row."),
        (
            "<table><tr><td rowspan=2>Red</td><td>2022</td></tr><tr><td>2023</td></tr></table>",
            "Red | 2022\n\nRed | 2023",
        ),
        (
            "<p>At <math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math> m.</p>",
            "At x^2+1/2 m.",
        ),
        (
            (
                "<p>A load <span class='math'><span style='display: none'><math><annotation encoding="
                "'application/x-tex'>\\frac{a}{b}</annotation></math></span><img alt='A'></span> is safe.</p>"
            ),
            "A load \\frac{a}{b} is safe.",
        ),
        ("<p>It says:</p><p><a href='/tides'>The tide that took the pier away</a></p>", "The tide that took"),
        (
            "<table><tr><td>Tide</td><td><span>High at six</span><p>Low at noon</p></td></tr></table>",
            "Tide | High at six, Low at noon",
        ),
        (
            "<table><tr><td><table><tr><td>Sea</td></tr></table><p>It rained.</p><p>It snowed.</p></td></tr></table>",
            "It rained.\n\nIt snowed.",
        ),
        ("<p>A hydro&shy;electric gate.</p>", "A hydroelectric gate."),
        ("<p>The gate was gepru\u0308ft.</p>", "The gate was gepr\xfcft."),
        (
            "<p>A <mjx-container><mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container> m.</p>",
            "A x m.",
        ),
    ],
    ids=[
        "a list in a cell",
        "a paragraph in an item",
        "links after a lead-in",
        "a caption",
        "footnote marks",
        "a unit",
        "equal neighbours",
        "a merged cell",
        "a formula by its signs",
        "a hidden formula by its TeX",
        "a link after a lead-in",
        "text beside a paragraph in a cell",
        "a table that places parts of the page",
        "soft hyphens",
        "letters in two characters",
        "a formula of MathJax",
    ],
)
def test_nothing_of_an_article_is_lost_or_glued(body: str, expected: str) -> None:
    assert expected in article(body)


@pytest.mark.parametrize(
    "box",
    [
        "<div class='newsletter-signup'><h4>Morning Tide</h4><p>Get it every morning.</p></div>",
        "<p><strong>Related: <a href='r'>Seven strange facts</a></strong></p>",
        "<p><a href='app'>CLICK HERE TO GET THE APP</a></p>",
        "<p>Follow Ingrid Moe on Twitter @ingridmoe.</p>",
        "<h3>Comments</h3>",
        "<p><a href='/tides'>The tide that took the pier away</a></p>",
        "<p>Sign up for our <a href='/mail'>weekly newsletter</a>.</p>",
        "<h3>You may also like</h3>",
        "<p>Lesen Sie auch: <a href='r'>Sieben Brücken</a></p>",
        "<p>© 2021 The Daily. All rights reserved.</p>",
        "<p hidden>Unseen words about the bridge.</p>",
        "<div style='Display : none'><p>Unseen words about the bridge.</p></div>",
    ],
)
def test_boxes_are_no_part_of_an_article(box: str) -> None:
    assert article(box) == article("")


def test_a_standfirst_in_the_header_is_evidence() -> None:
    header = "<header><h1>The bridge</h1><p>Drivers hear a low note at 62 kilometres an hour.</p></header>"
    text = read_html(f"<html><body><article>{header}<div><p>{LONG * 4}</p></div></article></body></html>").text
    assert "62 kilometres" in text


def test_a_story_in_an_aside_is_read() -> None:
    story = f"<aside><h1>Choir sings</h1><p>{LONG * 2}</p><p>{LONG}</p></aside>"
    note = f"<div><p>{'We and our partners store information on your device. ' * 9}</p></div>"
    text = read_html(f"<html><body>{story}{note}</body></html>").text
    assert "bridge over the river" in text


def test_the_name_of_the_site_is_not_the_title() -> None:
    logo = "<div><h1><a href='/'>Fjord and Field</a></h1></div><h2>Ten years of the bus</h2>"
    head = "<title>Ten years of the bus - Fjord and Field</title>"
    found = read_html(f"<html><head>{head}</head><body>{logo}<p>{LONG * 4}</p></body></html>")
    assert found.title == "Ten years of the bus"


def test_a_page_that_a_script_shows_is_read() -> None:
    assert "bridge over the river" in read_html(f"<body><div style='display:none'><p>{LONG * 4}</p></div></body>").text


def test_headings_that_repeat_the_title_or_head_nothing_are_no_text() -> None:
    title, rest = (
        "<h1>Bridge opens</h1><h2>Bridge opens</h2>",
        f"<h2>Cost</h2><p>{LONG}</p><h2>Ours</h2><p>More of ours:</p>",
    )
    body = f"<article>{title}<p>{LONG * 4}</p>{rest}</article>"
    text = read_html(f"<html><head><title>Bridge opens</title></head><body>{body}</body></html>").text
    assert (text.count("Bridge opens"), text.count("Cost"), text.casefold().count("ours")) == (0, 1, 0)


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        ("Ten years of the bus - Fjord", "<h1>Ten years of the bus</h1>", "Ten years of the bus"),
        (
            "Ten years of the bus | Fjord",
            "<h1><a href='/'>Fjord</a></h1><h2>Ten years of the bus</h2>",
            "Ten years of the bus",
        ),
        ("Ten years of the bus - Fjord", "<h1>The Fjord</h1>", "Ten years of the bus"),
        ("Ten years of the bus", "<h2>Contact</h2>", "Ten years of the bus"),
        ("The bus: ten years on", "<h1>The bus: ten years on</h1>", "The bus: ten years on"),
    ],
    ids=[
        "a site behind it",
        "a logo above it",
        "a logo as a heading",
        "the heading of a menu",
        "a colon",
    ],
)
def test_a_title_is_the_headline(title: str, headings: str, expected: str) -> None:
    page = f"<html><head><title>{title}</title></head><body>{headings}<p>{LONG * 4}</p></body></html>"
    assert read_html(page).title == expected


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<span class='author vcard'><a class='url fn n' href='/a'>Ingrid</a></span>", ("Ingrid",)),
        ("<a rel='author' href='/a'>Ingrid Moe</a>", ("Ingrid Moe",)),
        ("<p class='byline'>By T. V. Raman</p>", ("T. V. Raman",)),
        ("<p class='byline'>Fjord News</p>", ("Fjord News",)),
        (
            """<script type='application/ld+json'>{"@graph": [{"@type": "NewsArticle", "author":
            [{"@type": "Person", "name": "Ann Lee, MD"}, {"@type": "Organization", "name": "Fjord"}]}]}</script>
            <p class='byline'>Ann Lee is a reporter</p>""",
            ("Ann Lee",),
        ),
        ("<ol class='comments'><li><b class='fn'>Ole</b></li></ol>", ()),
    ],
    ids=["a card", "a link", "initials", "nobody but the paper", "linked data", "who comments"],
)
def test_the_authors_are_those_that_the_page_marks(byline: str, expected: tuple[str, ...]) -> None:
    assert read_html(f"<html><body><article><p>{LONG * 4}</p>{byline}</article></body></html>").authors == expected
