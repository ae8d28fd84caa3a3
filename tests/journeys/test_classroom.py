"""A class from its roster to the grade that a parent sees on the phone, each in their own browser, nothing reloaded."""

import io
import re
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from faraday_app.gradebook.service import workbooks
from tests.factories.rosters import SCHOOL, manifest
from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
CLASS, TITLE = "Chemistry 9C", "Acids in the kitchen"
SLOW = 60_000
HERE = ZoneInfo("Europe/Berlin")
ELIF, AMINA = "Elif Kaya", "Amina Haddad"
LABS = "Labs"
STUDENTS = {ELIF: 0, AMINA: 2}
PARENT_OF_ELIF, PARENT_OF_AMINA, ANOTHER_PARENT = 0, 2, 4
RUBRIC = {"Method": ("Repeatable", "12"), "Conclusion": ("Follows from the figures", "8")}


def test_a_class_from_its_roster_to_what_a_parent_sees(visit: Visit) -> None:
    teacher = visit("teacher")
    bring_in(visit("administrator"))
    write_rubric(teacher)
    set_rules(teacher)
    work_id = set_work(teacher)
    elif_page, amina = (visit("student", number) for number in STUDENTS.values())
    hand_in(elif_page, work_id, "Vinegar turned the cabbage water pink, three times out of three.", "Handed in")
    hand_in(amina, work_id, "Lemon juice did it too, I think.", "Handed in late")

    mother, father, other = (
        visit("parent", number, phone=True) for number in (PARENT_OF_ELIF, PARENT_OF_AMINA, ANOTHER_PARENT)
    )
    for page in (elif_page, amina, mother, father):
        open_grades(page)
        expect(own_work(page)).to_contain_text("—")
    grade(teacher, work_id, ELIF, "Repeatable", "Follows from the figures")
    grade(teacher, work_id, AMINA, "Repeatable")
    open_class(teacher, "Gradebook")
    expect(own_work(mother)).to_contain_text("—")

    teacher.get_by_role("button", name="Post grades").click()
    for page in (elif_page, mother):
        expect(own_work(page)).to_contain_text("20 / 20")
        expect(page.get_by_role("region", name=ELIF)).to_contain_text("100")
        expect(page.get_by_text(AMINA)).to_have_count(0)
    for page in (amina, father):
        expect(own_work(page)).to_contain_text("10 / 20")
        expect(page.get_by_text(ELIF)).to_have_count(0)
    sees_nothing(other, teacher.url)
    assert exported(teacher) == {ELIF: ("20", "100"), AMINA: ("12", "50")}


def roster() -> bytes:
    """A new class of Maya Okafor with two who are at the school already, known by their addresses."""
    domain = "demo.faraday.example"
    people = [
        ("t1", "teacher", "Maya", "Okafor"),
        *((f"u{number}", "student", *name.split()) for name, number in STUDENTS.items()),
    ]
    enrolled = SCHOOL["enrollments"].replace("u1", f"u{STUDENTS[ELIF]}")
    users = SCHOOL["users"].split("\n")[0] + "\n"
    for id, role, first, last in people:
        email = f"{first}.{last}@{domain}".lower()
        users += f"{id},,,true,o1,{role},{first.lower()},,{first},{last},,,{email},,,,\n"
    classes = SCHOOL["classes"].replace("Physics 10a", CLASS)
    files = {**SCHOOL, "users": users, "classes": classes, "enrollments": enrolled}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("manifest.csv", manifest(dict.fromkeys(files, "bulk")))
        for name, content in files.items():
            package.writestr(f"{name}.csv", content)
    return packed.getvalue()


def bring_in(page: Page) -> None:
    page.goto("/rosters")
    page.get_by_label("File", exact=True).first.set_input_files(
        {"name": "autumn.zip", "mimeType": "application/zip", "buffer": roster()}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("table", name="What it would change")).to_contain_text(CLASS, timeout=SLOW)
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_role("table", name="Rosters that were brought in")).to_contain_text("autumn.zip", timeout=SLOW)


def write_rubric(page: Page) -> None:
    page.goto("/rubrics")
    page.get_by_role("link", name="New rubric").click()
    page.get_by_label("Title").fill(TITLE)
    for number, (criterion, (level, points)) in enumerate(RUBRIC.items()):
        if number:
            page.get_by_role("button", name="Add a criterion").click()
        part = page.locator(".rubric-part").nth(number)
        part.get_by_label("Criterion", exact=True).fill(criterion)
        part.get_by_label("Level", exact=True).first.fill(level)
        part.get_by_label("Points", exact=True).first.fill(points)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("table", name="Rubrics")).to_contain_text(TITLE)


def set_rules(page: Page) -> None:
    """A group that counts all; a tenth lost for each day; nothing seen before it is posted."""
    open_class(page, "Assignments")
    page.get_by_role("button", name="New group").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(LABS)
    dialog.get_by_label("Weight in percent").fill("100")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    open_class(page, "Gradebook")
    page.get_by_role("button", name="Policy").click()
    dialog.get_by_role("combobox", name="Total", exact=True).select_option(label="By weight of groups")
    dialog.get_by_role("combobox", name="Posting", exact=True).select_option(label="When I post")
    dialog.get_by_role("combobox", name="Loses", exact=True).select_option(label="per day")
    dialog.get_by_label("Percent", exact=True).fill("10")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Save these rules").click()
    expect(dialog).to_have_count(0)


def set_work(page: Page) -> str:
    """Due this morning, with another day for Elif, marked by the rubric, published; its id."""
    open_class(page, "Assignments")
    page.get_by_role("button", name="New assignment", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(TITLE)
    dialog.get_by_role("button", name="Go on").click()
    page.wait_for_url(re.compile(r"/assignment/?\?id="))
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Points", exact=True).fill("20")
    page.get_by_label("Due", exact=True).fill(moment(hours=-12))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Other dates").click()
    dialog.get_by_label("For").select_option(label=ELIF)
    dialog.get_by_label("Due").fill(moment(days=1))
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Other dates")).to_contain_text(ELIF)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    work_id = page.url.split("id=")[1]
    page.get_by_role("link", name="Rubric and markers").click()
    page.get_by_label("Rubric", exact=True).select_option(label=TITLE)
    page.get_by_label("Its total is the grade").check()
    page.get_by_role("button", name="Save").click()
    return work_id


def moment(**from_now: int) -> str:
    return (datetime.now(HERE) + timedelta(**from_now)).strftime("%Y-%m-%dT%H:%M")


def open_class(page: Page, place: str) -> None:
    page.goto("/classes")
    page.get_by_role("link", name=CLASS).first.click()
    page.get_by_role("navigation", name="Places of this class").get_by_role("link", name=place).click()


def hand_in(page: Page, work_id: str, words: str, badge: str) -> None:
    page.goto(f"/assignment?id={work_id}")
    page.get_by_role("textbox", name="Text", exact=True).fill(words)
    page.get_by_role("button", name="Hand in").click()
    handed = page.get_by_role("region", name="Handed in").get_by_role("article")
    expect(handed.get_by_text(badge, exact=True)).to_be_visible()
    expect(handed).to_contain_text("Receipt")


def open_grades(page: Page) -> None:
    page.goto("/gradebook")
    page.get_by_role("link", name=CLASS).first.click()


def own_work(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has_text=TITLE)


def grade(page: Page, work_id: str, student: str, *levels: str) -> None:
    page.goto(f"/class/grade?assignment={work_id}")
    row = page.get_by_role("navigation", name="Students").get_by_role("button", name=student)
    row.click()
    expect(page.get_by_role("heading", name=student)).to_be_visible()
    for level in levels:
        page.get_by_role("button", name=level).click()
        expect(page.get_by_role("button", name=level)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row).to_contain_text("Graded")


def sees_nothing(page: Page, address: str) -> None:
    """Neither on the list nor by the address."""
    page.goto("/gradebook")
    expect(page.get_by_role("heading", name="Gradebook")).to_be_visible()
    expect(page.get_by_text(CLASS)).to_have_count(0)
    page.goto(address)
    expect(page.get_by_text("There is no such class here for you")).to_be_visible()


def exported(page: Page) -> dict[str, tuple[str, str]]:
    """What each has for the work, before anything is taken off, and in all, as the workbook says it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    head, *rows = workbooks.read(download.value.path().read_bytes(), 20)
    work = next(number for number, title in enumerate(head) if TITLE in title)
    return {row[0]: (row[work], row[head.index("Current %")]) for row in rows}
