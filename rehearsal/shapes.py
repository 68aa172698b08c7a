"""How a record looks in JSON: cut and stripped in a list, whole in a detail, with the same 30 fields in both."""

import re
from collections.abc import Mapping
from datetime import date

from rehearsal.records import Attachment, Member, Partner, Record

LIST_LENGTH = 255
TAG = re.compile(r"<[^>]*>")


def list_entry(record: Record, members: Mapping[int, Member] | None) -> dict:
    """A row of `results`; `members` is None unless the reader asked to expand them."""
    question, answer = record.listed or (cut_question(record.question_text), cut_answer(record.answer_text))
    return _entry(_value(record, members, question, answer, ()), f"/Questions/{record.id}")


def detail(record: Record, members: Mapping[int, Member] | None) -> dict:
    """The whole answer of a detail address."""
    value = _value(record, members, record.question_text, record.answer_text, record.attachments)
    return _entry(value, f"/Questions/{record.date_tabled}/{record.uin}")


def cut_question(text: str) -> str:
    """The question as lists show it: a lone `<` lost, cut within a word and without a mark."""
    return text.replace("<", "")[:LIST_LENGTH]


def cut_answer(html: str | None) -> str | None:
    """The answer as lists show it: tags dropped, paragraphs glued, entities left escaped, cut with three dots."""
    if html is None:
        return None
    plain = TAG.sub("", html)
    return plain if len(plain) <= LIST_LENGTH else plain[:LIST_LENGTH] + "..."


def _entry(value: dict, href: str) -> dict:
    return {"value": value, "links": [{"rel": "self", "href": href, "method": "GET"}]}


def _value(
    record: Record,
    members: Mapping[int, Member] | None,
    question: str,
    answer: str | None,
    attachments: tuple[Attachment, ...],
) -> dict:
    return {
        "id": record.id,
        "askingMemberId": record.asking_member_id,
        "askingMember": _member(record.asking_member_id, members),
        "house": record.house,
        "memberHasInterest": record.member_has_interest,
        "dateTabled": _midnight(record.date_tabled),
        "dateForAnswer": _midnight(record.date_for_answer),
        "uin": record.uin,
        "questionText": question,
        "answeringBodyId": record.answering_body_id,
        "answeringBodyName": record.answering_body_name,
        "isWithdrawn": record.is_withdrawn,
        "isNamedDay": record.is_named_day,
        "groupedQuestions": [partner.uin for partner in record.grouped],
        "answerIsHolding": record.answer_is_holding,
        "answerIsCorrection": record.answer_is_correction,
        "answeringMemberId": record.answering_member_id,
        "answeringMember": _member(record.answering_member_id, members),
        "correctingMemberId": record.correcting_member_id,
        "correctingMember": _member(record.correcting_member_id, members),
        "dateAnswered": _midnight(record.date_answered),
        "answerText": answer,
        "originalAnswerText": "",
        "comparableAnswerText": "",
        "dateAnswerCorrected": _midnight(record.date_answer_corrected),
        "dateHoldingAnswer": _midnight(record.date_holding_answer),
        "attachmentCount": len(attachments),
        "heading": record.heading,
        "attachments": [_attachment(attachment) for attachment in attachments],
        "groupedQuestionsDates": [_partner(partner) for partner in record.grouped],
    }


def _midnight(day: date | None) -> str | None:
    return f"{day}T00:00:00" if day else None


def _partner(partner: Partner) -> dict:
    return {"questionUin": partner.uin, "dateTabled": _midnight(partner.date_tabled)}


def _attachment(attachment: Attachment) -> dict:
    return {
        "url": attachment.url,
        "title": attachment.title,
        "fileType": attachment.file_type,
        "fileSizeBytes": attachment.file_size_bytes,
    }


def _member(id: int | None, members: Mapping[int, Member] | None) -> dict | None:
    member = members.get(id) if members is not None and id is not None else None
    if member is None:
        return None
    return {
        "id": member.id,
        "listAs": member.list_as,
        "name": member.name,
        "party": member.party,
        "partyColour": member.party_colour,
        "partyAbbreviation": member.party_abbreviation,
        "memberFrom": member.member_from,
        "thumbnailUrl": f"https://members-api.rehearsal.invalid/api/Members/{member.id}/Thumbnail",
    }
