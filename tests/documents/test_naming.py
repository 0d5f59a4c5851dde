"""Names of files and media types: what is taken, and what a browser is told."""

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from genjin_api.documents.naming import FileName, disposition, is_media_type

NAME: TypeAdapter[str] = TypeAdapter(FileName)


@pytest.mark.parametrize(
    "name", ["技术协议.pdf", "a b.TXT", 'say "yes".doc', ".profile", "50%;x=1"]
)
def test_a_name_of_a_file_is_taken_as_it_is(name: str) -> None:
    assert NAME.validate_python(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "a\nb",
        "a\x00b",
        "a\x7fb",
        "a\u202efdp.exe",
        "x" * 201,
    ],
    ids=repr,
)
def test_a_name_that_is_a_path_or_deceives_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(name)


@pytest.mark.parametrize(
    "text",
    [
        "application/pdf",
        "text/plain; charset=utf-8",
        'text/plain;charset="utf-8"',
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/svg+xml",
    ],
)
def test_a_media_type_is_known_by_its_syntax(text: str) -> None:
    assert is_media_type(text)


@pytest.mark.parametrize(
    "text",
    ["", "pdf", "a/", "/b", "a/b/c", "a b/c", "a/b\r\nX: 1", "a/b; c", "中/文", "a/" + "b" * 126],
    ids=repr,
)
def test_what_is_no_media_type_is_refused(text: str) -> None:
    assert not is_media_type(text)


def _is_taken(name: str) -> bool:
    try:
        return NAME.validate_python(name) == name
    except ValidationError:
        return False


@given(st.text(min_size=1, max_size=50).filter(_is_taken))
def test_a_browser_reads_back_every_name_that_is_taken(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    encoded = header.partition("filename*=UTF-8''")[2]
    message = Message()
    message["Content-Disposition"] = f"attachment; filename*=UTF-8''{encoded}"
    assert message.get_filename() == name
