"""Exports of chat services, each in the layout that it has."""

import json
from pathlib import Path
from typing import Any

from tests.support.awkward_conversations import EN, EN2, LOIRE, MORE, RIVER, SEINE, ZH, ZH2
from tests.support.imports import import_path, import_rows, pairs_of


def node(name: str, parent: str | None, role: str, *parts: Any, **message: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": list(parts)}
    return {name: {"id": name, "parent": parent, "message": {"author": {"role": role}, "content": content, **message}}}


def test_of_a_tree_of_chatgpt_the_branch_that_was_shown_last_is_read(tmp_path: Path) -> None:
    mapping = {
        "root": {"id": "root", "parent": None, "message": None},
        **node("system", "root", "system", ""),
        **node("asked", "system", "user", RIVER),
        **node("first", "asked", "assistant", "The Rhine, I think."),
        **node("second", "asked", "assistant", LOIRE),
        **node("more", "second", "user", MORE),
        **node("seine", "more", "assistant", SEINE),
    }
    source = tmp_path / "conversations.json"
    source.write_text(
        json.dumps([{"id": "c1", "title": "Rivers", "mapping": mapping, "current_node": "seine"}]), encoding="utf-8"
    )
    found = import_path(source, tmp_path / "out")
    assert pairs_of(found.rows[0]) == [EN, EN2]
    assert found.done.ledger["total"]["turns"] == {"read": 4, "kept": 4, "cut": {}}


def test_a_tree_that_goes_in_a_circle_ends(tmp_path: Path) -> None:
    mapping = node("a", "b", "user", RIVER) | node("b", "a", "assistant", LOIRE)
    found = import_rows(tmp_path, [{"mapping": mapping, "current_node": "b"}])
    assert pairs_of(found.rows[0]) == [EN]


def test_a_picture_in_a_tree_cuts_the_conversation_before_it(tmp_path: Path) -> None:
    mapping = {
        **node("a", None, "user", RIVER),
        **node("b", "a", "assistant", LOIRE),
        **node("c", "b", "user", {"content_type": "image_asset_pointer"}, "What is this?"),
        **node("d", "c", "assistant", "A boat on a river."),
    }
    found = import_rows(tmp_path, [{"mapping": mapping, "current_node": "d"}])
    assert (pairs_of(found.rows[0]), found.rejected[0]["rule"]) == ([EN], "unreadable_turn")


def test_an_answer_that_chatgpt_was_stopped_in_by_its_limit_is_truncated(tmp_path: Path) -> None:
    mapping = {
        **node("a", None, "user", RIVER),
        **node("b", "a", "assistant", LOIRE),
        **node("c", "b", "user", MORE),
        **node("d", "c", "assistant", SEINE, metadata={"finish_details": {"type": "max_tokens"}}),
    }
    found = import_rows(tmp_path, [{"mapping": mapping, "current_node": "d"}])
    assert (found.done.cut, found.rejected[0]["rule"]) == (1, "truncated")


def test_the_messages_of_claude_are_read(tmp_path: Path) -> None:
    messages = [
        {"sender": "human", "text": ZH[0], "content": []},
        {"sender": "assistant", "text": "", "content": [{"type": "text", "text": ZH[1]}]},
    ]
    found = import_rows(tmp_path, [{"uuid": "u1", "chat_messages": messages}])
    assert (pairs_of(found.rows[0]), found.provenance[0]["conversation"]) == ([ZH], "u1")


def test_rows_with_one_message_each_are_one_conversation_while_they_have_one_id(tmp_path: Path) -> None:
    said = [
        ("u1", "user", RIVER),
        ("u1", "assistant", LOIRE),
        ("u2", "user", ZH[0]),
        ("u2", "assistant", ZH[1]),
        ("u1", "user", MORE),
    ]
    rows = [
        {"url": url, "message_index": n, "role": role, "plain_text": text} for n, (url, role, text) in enumerate(said)
    ]
    found = import_rows(tmp_path, rows)
    assert sorted(map(pairs_of, found.rows)) == sorted([[EN], [ZH]])
    assert found.done.rejected == {"no_answer": 1}


def test_a_table_with_one_message_a_row_is_read(tmp_path: Path) -> None:
    source = tmp_path / "messages.csv"
    source.write_text(f"conversation_id,role,content\n1,user,{ZH2[0]}\n1,assistant,{ZH2[1]}\n", encoding="utf-8")
    assert pairs_of(import_path(source, tmp_path / "out").rows[0]) == [ZH2]
