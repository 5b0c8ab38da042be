"""The chat page as a reader uses it, in Chromium over a scripted portal."""

import re

import pytest
from pages_for_tests import Chat, ask, violations
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LABELS = {
    "hba1c": "From the record",
    "malaria": "Not recorded",
    "advice": "Not answered: it gives no advice",
    "unread": "Could not be read",
    "unsupported": "Not supported by the record",
    "glucose": "Which one is meant?",
    "thanks": "Not understood",
    "worked out": "Could not be answered",
}


def events(page: Page) -> None:
    """Collect the element's events."""
    page.evaluate(
        """() => { window.told = [];
        for (const name of ["answer", "citation-opened", "error", "patient-chosen"])
          document.addEventListener(name, (event) => window.told.push([name, event.detail])); }"""
    )


def test_a_patient_is_chosen_asked_about_and_left(chat: Chat) -> None:
    page = chat.opened("/")
    events(page)
    page.get_by_role("searchbox").fill("ade")
    expect(page.get_by_text("1 patient", exact=True)).to_be_visible()
    page.get_by_role("button", name="Adelina Maggio").click()
    banner = page.get_by_role("group", name="Patient", exact=True)
    expect(banner).to_contain_text("Adelina Maggio")
    expect(banner).to_contain_text(re.compile(r"Born\s+1967-11-01\s*Female\s*58 years"))
    assert page.evaluate("location.hash") == "#patient=Patient/ada"
    turn = ask(page, "What was the latest HbA1c?")
    expect(turn.locator(".body")).to_have_text(
        "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24 (high; reference 4–5.6)1."
    )
    told = page.evaluate("window.told")
    assert [name for name, _ in told] == ["patient-chosen", "answer"]
    assert told[1][1]["citations"][0]["reference"] == "Observation/a1c-7"
    page.get_by_role("button", name="Other patient").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.evaluate("location.hash") == ""


def test_who_died_is_said_with_the_age_reached(chat: Chat) -> None:
    banner = chat.opened("/#patient=bo").get_by_role("group", name="Patient", exact=True)
    expect(banner).to_contain_text("lived 88 years")
    expect(banner).to_contain_text("Deceased 2019-06-30")
    expect(banner).to_contain_text("Part of the record could not be read")


def test_a_death_without_a_date_is_said_without_one(chat: Chat) -> None:
    page = chat.opened("/")
    expect(page.get_by_role("button", name="Di Rossi")).to_contain_text("born 1930 · deceased")
    page.get_by_role("button", name="Di Rossi").click()
    expect(page.get_by_role("group", name="Patient", exact=True).locator(".died")).to_have_text("Deceased")


@pytest.mark.parametrize(
    ("patient", "said"),
    [("ada", "2,592 entries, 1967 – 2025."), ("cleo", "At least 1,240 entries, 1967 – 2025.")],
)
def test_how_much_a_record_holds_is_said_also_where_not_all_of_it_could_be_counted(
    chat: Chat, patient: str, said: str
) -> None:
    page = chat.opened(f"/#patient=Patient/{patient}")
    expect(page.locator(".empty p").first).to_contain_text(said)


@pytest.mark.parametrize(
    ("question", "label", "checked"),
    [
        ("leprosy", "From the record", True),
        ("malaria", "Not recorded", True),
        ("unread", "Could not be read", False),
        ("thanks", "Not understood", False),
        ("undecided", "Not decided", False),
        ("worked out", "Could not be answered", False),
        ("advice", "Not answered: it gives no advice", False),
    ],
)
def test_only_what_speaks_of_the_record_is_marked_as_checked(
    chat: Chat, question: str, label: str, checked: bool
) -> None:
    turn = ask(chat.opened(), question)
    expect(turn.locator(".state strong")).to_have_text(label)
    assert ("every statement checked" in turn.locator("details.steps > summary").inner_text()) == checked
    assert ("Not recorded" in turn.locator("article").inner_text()) == (question == "malaria")


def test_what_was_not_understood_is_named_beside_what_is_recorded(chat: Chat) -> None:
    turn = ask(chat.opened(), "undecided")
    expect(turn.locator(".meaning")).to_have_text(
        "“lower” was not understood. What is shown answers only the rest."
    )
    expect(turn.get_by_role("button", name="Source 1")).to_be_visible()


def test_each_kind_of_answer_says_itself_in_words_and_with_a_sign_of_its_own(chat: Chat) -> None:
    page = chat.opened()
    signs = set()
    for question, label in LABELS.items():
        turn = ask(page, question)
        expect(turn.locator(".state strong")).to_have_text(label)
        signs.add(
            turn.locator(".state svg path, .state svg circle").evaluate_all(
                "all => all.map(e => e.outerHTML).join()"
            )
        )
    assert len(signs) == len(LABELS)


def test_notes_say_what_was_taken_out_and_what_could_not_be_read(chat: Chat) -> None:
    page = chat.opened()
    turn = ask(page, "taken out")
    expect(turn.locator("details.note.unsupported summary")).to_have_text(re.compile("1 statement taken out"))
    expect(turn.locator("details.note.fallback summary")).to_have_text(
        re.compile("Answered without the model")
    )
    turn = ask(page, "partly")
    expect(turn.locator(".state strong")).to_have_text("From the record")
    expect(turn.get_by_text("Observation: 3 could not be read: id is missing")).to_be_visible()


def test_steps_are_folded_into_one_line(chat: Chat) -> None:
    turn = ask(chat.opened(), "hba1c")
    summary = turn.locator("details.steps > summary")
    expect(summary).to_have_text("1 search · 2 facts · every statement checked · 0.3 s")
    expect(turn.locator("code")).not_to_be_visible()
    summary.click()
    expect(turn.locator("code")).to_have_text("measure: concept HbA1c, pick last")
    turn.get_by_role("button", name="Hemoglobin A1c in Blood 7.0 %, 2025-06-20 (high)").click()
    expect(turn.page.locator("ra-resource h3")).to_be_focused()


def test_a_question_asked_back_is_answered_with_a_button(chat: Chat) -> None:
    page = chat.opened()
    turn = ask(page, "glucose")
    turn.get_by_role("button", name="Glucose in urine by test strip").click()
    expect(page.locator("ra-turn").nth(1).locator(".state strong")).to_be_visible()
    assert [body for method, path, body in chat.portal.asked if path.endswith("/questions")] == [
        {"question": "glucose"},
        {"reply": "Glucose in urine by test strip"},
    ]
    expect(turn.get_by_role("button", name="Fasting glucose in serum")).to_be_disabled()


def test_a_stream_that_breaks_goes_on_where_it_broke(chat: Chat) -> None:
    page = chat.opened()
    turn = ask(page, "a question whose stream breaks")
    expect(turn.locator(".state strong")).to_have_text("From the record")
    expect(turn.locator("details.steps > summary")).to_contain_text("1 search · 2 facts")
    assert [path.split("/")[-1] for method, path, _ in chat.portal.asked if "/questions" in path] == [
        "questions",
        "events",
    ]


def test_a_running_answer_shows_its_draft_and_is_cancelled(chat: Chat) -> None:
    page = chat.opened()
    page.get_by_role("textbox", name="Your").fill("a slow one")
    page.keyboard.press("Enter")
    turn = page.locator("ra-turn")
    expect(turn.get_by_text("Draft, not checked yet")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(turn.locator(".state")).to_have_text("Cancelled")
    expect(page.get_by_role("textbox", name="Your")).to_be_focused()


@pytest.mark.parametrize(
    ("question", "said", "status"),
    [("fails", "The model went away.", 502), ("refused", "Too many questions at once. Wait a little.", 429)],
)
def test_what_fails_says_why_and_can_be_tried_again(
    chat: Chat, question: str, said: str, status: int
) -> None:
    page = chat.opened()
    events(page)
    turn = ask(page, question)
    expect(turn.get_by_role("alert")).to_contain_text(f"Could not be answered. {said}")
    assert page.evaluate("window.told") == [["error", {"status": status, "detail": said}]]
    turn.get_by_role("button", name="Try again").click()
    expect(page.locator("ra-turn")).to_have_count(2)


def test_a_citation_opens_the_resource_with_the_cited_value_marked(chat: Chat) -> None:
    page = chat.opened()
    events(page)
    ask(page, "hba1c").get_by_role(
        "button", name="Source 1: Hemoglobin A1c/Hemoglobin.total in Blood, 2025-12-24"
    ).click()
    panel = page.get_by_role("region", name="Entry beside the text")
    expect(panel.locator("h3")).to_be_focused()
    expect(panel.locator(".cited dd.words")).to_have_text("7.3 %")
    assert page.evaluate("window.told.at(-1)") == ["citation-opened", {"reference": "Observation/a1c-7"}]
    panel.get_by_role("button", name="Show JSON").click()
    expect(panel.locator("mark").first).to_have_text('  "valueQuantity": {')
    expect(panel.locator("mark")).to_have_count(6)
    panel.get_by_role("button", name="Show Taken in the JSON").click()
    expect(panel.locator("mark")).to_have_text('  "effectiveDateTime": "2025-12-24T08:10:12+01:00",')
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("button.cite").first).to_be_focused()


def test_measurements_are_drawn_and_each_point_opens_its_resource(chat: Chat) -> None:
    page = chat.opened()
    ask(page, "hba1c").locator("button.cite").first.click()
    trend = page.locator("ra-trend")
    expect(trend.locator("canvas").first).to_be_visible()
    expect(trend.get_by_text("reference 4–5.6")).to_be_visible()
    expect(trend.locator("button.point")).to_have_count(8)
    trend.get_by_role("button", name="6.8 % (high), 2022-12-24, open").click()
    expect(page.locator("ra-resource .raw code")).to_have_text("Observation/a1c-4")
    trend.get_by_role("button", name="As table").click()
    trend.get_by_role("button", name="Open the entry of 2018-12-24").click()
    expect(page.locator("ra-resource .caution")).to_have_text("Entered in error: not relied on.")


def test_components_share_a_chart(chat: Chat) -> None:
    page = chat.opened()
    ask(page, "pressure").locator("button.cite").first.click()
    expect(page.locator("ra-trend .chart")).to_have_count(1)
    expect(page.locator("ra-trend button.point")).to_have_count(10)


def test_the_timeline_is_filtered_and_opens_resources(chat: Chat) -> None:
    page = chat.opened()
    page.get_by_role("tab", name="Timeline").click()
    timeline = page.locator("ra-timeline")
    expect(timeline.get_by_role("status")).to_have_text("96 entries. There are 2,592 in all.")
    expect(timeline.get_by_role("button", name=re.compile("^2010"))).to_have_attribute(
        "aria-expanded", "false"
    )
    timeline.get_by_text("Kinds: the most telling of all").click()
    timeline.get_by_role("button", name="Prescriptions").click()
    expect(timeline.get_by_role("status")).to_have_text("16 entries.")
    timeline.get_by_role("searchbox").fill("metformin 2012")
    expect(timeline.get_by_role("status")).to_have_text("1 of 16 entries.")
    timeline.get_by_role("button", name=re.compile("Medication: metformin")).click()
    expect(page.locator("ra-resource .raw code")).to_have_text("MedicationRequest/t2012-2")


def test_the_scope_is_narrowed_before_and_during_the_chat(chat: Chat) -> None:
    page = chat.opened()
    bar = page.locator("ra-scope")
    expect(bar.locator("strong")).to_have_text("whole record")
    bar.get_by_role("button", name="Narrow").click()
    expect(page.get_by_label("From")).to_be_focused()
    page.get_by_label("From").fill("2019-01-01")
    page.get_by_label("To", exact=True).fill("2021-12-31")
    page.get_by_label("Observations").check()
    bar.get_by_role("button", name="Use this scope").click()
    expect(bar.locator("strong")).to_have_text("Observations, 2019 – 2021")
    narrowed = {"kinds": ["Observation"], "since": "2019-01-01", "until": "2021-12-31"}
    turn = ask(page, "hba1c")
    expect(turn.get_by_text("Narrowed: Observations, 2019 – 2021")).to_be_visible()
    bar.get_by_role("button", name="Whole record").click()
    expect(bar.locator("strong")).to_have_text("whole record")
    expect(ask(page, "malaria").get_by_text("Narrowed")).to_have_count(0)
    said = [
        (method, body)
        for method, path, body in chat.portal.asked
        if method in ("POST", "PATCH") and "questions" not in path
    ]
    assert said == [("POST", {"patient": "Patient/ada", "scope": narrowed}), ("PATCH", {"scope": {}})]


def test_conversations_are_opened_again_and_deleted(chat: Chat) -> None:
    page = chat.opened()
    ask(page, "hba1c")
    page.get_by_role("button", name="New conversation").click()
    ask(page, "malaria")
    page.get_by_role("button", name="Conversations").click()
    listed = page.get_by_role("navigation", name="Conversations")
    listed.get_by_role("button", name=re.compile("^hba1c")).click()
    turn = page.locator("ra-turn")
    expect(turn.locator(".body")).to_contain_text("7.3 %")
    turn.locator("details.steps > summary").click()
    expect(turn.locator("code")).to_have_text("measure: concept HbA1c")
    listed.get_by_role("button", name="Delete “hba1c”").click()
    listed.get_by_role("button", name="Delete", exact=True).click()
    expect(listed.get_by_role("button", name=re.compile("^hba1c"))).to_have_count(0)
    expect(page.get_by_role("heading", name="Ask about this record")).to_be_visible()


def test_an_answer_is_judged_with_a_comment(chat: Chat) -> None:
    turn = ask(chat.opened(), "hba1c")
    turn.get_by_role("button", name="Wrong").click()
    expect(turn.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    turn.get_by_label("What was wrong?").fill("Another test was meant")
    turn.page.keyboard.press("Enter")
    expect(turn.get_by_text("Comment noted. Thank you.")).to_be_visible()
    assert [body for method, _, body in chat.portal.asked if method == "PUT"] == [
        {"verdict": "wrong", "comment": ""},
        {"verdict": "wrong", "comment": "Another test was meant"},
    ]


def test_an_answer_is_copied_with_its_sources(chat: Chat) -> None:
    page = chat.opened(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "list").get_by_role("button", name="Copy with sources").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert "- insulin isophane, human 70 UNT/ML [Humulin], prescribed 2025-12-24 [2]\n" in copied
    assert "[3] amLODIPine 2.5 MG Oral Tablet, 2004-11-10, MedicationRequest/m3\n" in copied


def test_it_works_without_timeline_series_and_evidence(chat: Chat) -> None:
    chat.portal.lacks = {"timeline", "series", "evidence"}
    page = chat.opened()
    ask(page, "hba1c").locator("button.cite").first.click()
    expect(page.locator("ra-resource dl")).to_contain_text("7.3 %")
    expect(page.locator("ra-trend")).to_have_count(0)
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("ra-timeline").get_by_role("alert")).to_contain_text("Nothing here.")


def test_a_portal_that_wants_a_key_gets_it_as_a_bearer_and_nowhere_else(chat: Chat) -> None:
    chat.portal.token = "sesame-7"
    page = chat.opened()
    page.get_by_label("Access key").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This key is not known here.")
    page.get_by_label("Access key").fill("sesame-7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()
    assert "sesame" not in page.content() + page.url + "".join(chat.requests)
    assert (
        page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        == '[{},{},""]'
    )


def test_who_may_see_one_patient_sees_that_one(chat: Chat) -> None:
    chat.portal.patient = "Patient/bo"
    page = chat.opened()
    expect(page.get_by_role("heading", name="Bo Quinn")).to_be_visible()
    expect(page.get_by_role("button", name="Other patient")).to_have_count(0)


def test_an_unknown_patient_is_said_and_another_can_be_chosen(chat: Chat) -> None:
    page = chat.opened("/#patient=Patient/nobody")
    expect(page.get_by_role("alert")).to_contain_text("There is no such patient here.")
    page.get_by_role("button", name="Adelina Maggio").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()


def test_where_a_record_system_is_registered_one_may_sign_in_there(chat: Chat) -> None:
    chat.portal.token, chat.portal.launches = "sesame-7", True
    page = chat.opened()
    link = page.get_by_role("link", name="Sign in to your record system")
    expect(link).to_have_attribute("href", "launch")
    expect(page.get_by_label("Access key")).to_be_visible()
    assert violations(page) == []


def test_where_none_is_registered_only_a_key_is_asked_for(chat: Chat) -> None:
    chat.portal.token = "sesame-7"
    page = chat.opened()
    expect(page.get_by_label("Access key")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link")).to_have_count(0)


def test_who_came_by_a_launch_may_sign_out(chat: Chat) -> None:
    chat.portal.answers_from, chat.portal.launches, chat.portal.patient = "launch", True, "Patient/ada"
    page = chat.opened()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_have_text("You are signed out.")
    expect(page.get_by_role("link", name="Sign in to your record system")).to_be_focused()
    expect(page.get_by_text("Adelina Maggio")).to_have_count(0)
    assert chat.portal.signed_out
    assert violations(page) == []
    page.reload()
    expect(page.get_by_label("Access key")).to_be_visible()


def test_who_did_not_come_by_a_launch_has_nothing_to_sign_out_of(chat: Chat) -> None:
    page = chat.opened()
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def test_a_question_too_long_is_said_so_and_stays_to_be_shortened(chat: Chat) -> None:
    page = chat.opened()
    field = page.get_by_role("textbox", name="Your question")
    field.fill("a" * 2001)
    field.press("Enter")
    assert "at most 2000 characters; this one has 2001" in field.evaluate("one => one.validationMessage")
    expect(field).to_have_value("a" * 2001)
    expect(page.locator("ra-turn")).to_have_count(0)
    field.fill("hba1c")
    field.press("Enter")
    expect(page.locator("ra-turn")).to_have_count(1)
