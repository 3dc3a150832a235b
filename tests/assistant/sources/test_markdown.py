import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sources import read_markdown
from embeddings.errors import ArticleAssistantError, InvalidInput
from embeddings.text.article import Article

PIECES = [
    "# ",
    "## ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "```",
    "    ",
    "|a|b|\n|-|-|\n",
    "*",
    "_",
    "`",
    "[x](y)",
    "![i](j)",
]
PIECES += [
    "<b>",
    "</b>",
    "<div>",
    "<script>",
    "</script>",
    "<!--",
    "---\n",
    "a: b\n",
    "===\n",
    "&amp;",
    "\\",
    "\x00",
    "\x0c",
    "{% a %}",
    "{{ b }}",
    "[^1]",
    "[^1]: ",
]
PIECES += ["\r\n", "\u2028", "😀", "é", "שלום", "word", " ", "\u00a0"]


def sections(article: Article) -> list[str]:
    return [article.text[start:].split("\n")[0] for start in article.sections]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("A *b* **c** ~~d~~ `e`", "A b c d e"),
        ("See [the report](https://a.example) at <https://a.example>.", "See the report at https://a.example."),
        ('![A bridge *in* fog](x.png "t")', "A bridge in fog"),
        ("one\ntwo  \nthree", "one two\nthree"),
        ("Title\n===\n\ntext", "text"),
        ("- one\n- two\n  1. three\n\n     four", "one\n\ntwo\n\nthree\n\nfour"),
        ("> quoted\n> text", "quoted text"),
        ("```py\ndef f():\n\n    return  1\n```", "def f():\n\n    return  1"),
        ("    indented  code", "indented  code"),
        ("| Year | Cost |\n|---|---|\n| 2019 | *10* m |", "Year | Cost\n\n2019 | 10 m"),
        ("a\n\n***\n\nb", "a\n\nb"),
        ("AT&amp;T &copy; \\*", "AT&T © *"),
        ("<div><p>kept</p>\n<script>dropped</script></div>\n\n<!-- dropped -->", "kept"),
        ("a <b>kept</b><br>c <script>dropped</script><style>x</style> d", "a kept\nc d"),
        ("the <script> tag is never closed", "the tag is never closed"),
        ("Stated[^1].\n\n[^1]: The source.", "Stated.\n\nThe source."),
        ("> [!NOTE]\n> Use it.", "Use it."),
        ("- [ ] open\n- [x] done", "open\n\ndone"),
        ("Term\n: What it is.", "Term\n\nWhat it is."),
        ('{% image "a.jpg" "A bridge" %}\n\nIt is [long]({{ "/b/" | url }}).', "It is long."),
        ('a {{< ref "b" >}}c {{% d %}}e {{ site.name }} f', "a c e {{ site.name }} f"),
        ("Write `{% if a %}`:\n\n```\n{% raw %}{{ b }}\n```", "Write {% if a %}:\n\n{% raw %}{{ b }}"),
        ('{{ "ada" | photo }}\n\nAda spoke.', "Ada spoke."),
        ('<p>{% include "a" %}kept {{ b }}</p>', "kept {{ b }}"),
        ("{% never closed\n\nb %}", "{% never closed\n\nb %}"),
    ],
)
def test_markup_becomes_readable_text(markdown: str, text: str) -> None:
    assert read_markdown(markdown).text == text


def test_headings_start_sections() -> None:
    article = read_markdown("intro\n\n## One\n\ntext\n\n- ## Two\n\nThree *x*\n---\n")
    assert sections(article) == ["One", "Two", "Three x"]


def test_the_lists_of_a_text_are_known() -> None:
    article = read_markdown("# Title\n\nIntro:\n\n1. One\n   - deep\n\n   more\n2. Two\n\nText.\n\n- Three\n\n* Four")
    assert [one.cut(article.text) for one in article.lists] == ["One\n\ndeep\n\nmore\n\nTwo", "Three", "Four"]


def test_the_code_of_a_text_is_known() -> None:
    article = read_markdown("# Title\n\nUse `a` or:\n\n```yaml\na: 1\n\nb: 2\n```\n\n- Or:\n\n      c: 3\n\nText.")
    assert [one.cut(article.text) for one in article.code] == ["a: 1\n\nb: 2", "c: 3"]


def test_the_title_is_the_first_heading_of_level_one_and_not_in_the_text() -> None:
    article = read_markdown("## Kicker\n\n# The *title*\n\n# Another")
    assert (article.title, article.text) == ("The title", "Kicker\n\nAnother")


def test_front_matter_becomes_metadata_and_is_removed() -> None:
    article = read_markdown(
        '---\ntitle: "Bridge: open"\ndate: 2020-03-04T10:00:00Z\nauthor: Ann Lee\n'
        "tags:\n  - bridges\n  - roads\n\nurl: https://a.example/bridge\n---\n# Heading\n\nText."
    )
    assert article.text == "Heading\n\nText."
    assert (article.title, article.source, article.published) == ("Bridge: open", "Ann Lee", date(2020, 3, 4))
    assert article.url == "https://a.example/bridge"


def test_a_title_in_front_matter_is_plain_text() -> None:
    title = "Writing for action <em>and</em> <a href='x'>AT&amp;T</a> in Vec<T>"
    assert read_markdown(f'---\ntitle: "{title}"\n---\nText.').title == "Writing for action and AT&T in Vec<T>"


def test_arguments_take_precedence_over_front_matter() -> None:
    article = read_markdown("---\ntitle: A\nsource: B\n---\ntext", title="C", source="D")
    assert (article.title, article.source) == ("C", "D")


def test_an_invalid_url_or_date_in_front_matter_is_left_out() -> None:
    article = read_markdown("---\nurl: ../bridge.md\ndate: yesterday\n---\ntext")
    assert (article.url, article.published) == (None, None)
    assert article.metadata["url_ignored"] == "../bridge.md"


@pytest.mark.parametrize("markdown", ["---\n- a\n- b\n\n---\n", "---\n\nNot a field\n\n---\n", "---\na: b\n"])
def test_a_thematic_break_is_not_taken_for_front_matter(markdown: str) -> None:
    assert read_markdown(markdown).text


def test_unclosed_front_matter_takes_no_time() -> None:
    started = time.thread_time()
    read_markdown("---\na: b\n" + "-a: b\n \n" * 5_000)
    assert time.thread_time() - started < 5


def test_a_document_with_only_markup_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="no text"):
        read_markdown("---\n\n<!-- nothing -->\n")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_any_markdown_becomes_a_valid_article_or_is_rejected(markdown: str) -> None:
    try:
        article = read_markdown(markdown)
    except ArticleAssistantError:
        return
    assert list(article.sections) == sorted(set(article.sections))
    assert not any(article.text[start].isspace() for start in article.sections)
    for spans in (article.lists, article.code):
        limits = [offset for one in spans for offset in (one.start, one.end)]
        assert limits == sorted(set(limits))
        assert all(one.cut(article.text) == one.cut(article.text).strip("\n") for one in spans)
    assert article.text == article.text.strip("\n")
