"""What each part promises about the markup it makes."""

import pytest
import reflex as rx
from hypothesis import given
from hypothesis import strategies as st

from faraday_app import ui
from faraday_app.ui.primitives.chart import HEIGHT, WIDTH

numbers = st.floats(-1e6, 1e6, allow_nan=False)
some = rx.Var("some").to(list[dict[str, str]])
flag = rx.Var("flag", _var_type=bool)
words = rx.Var("words", _var_type=str)


def markup(component: rx.Component) -> str:
    return str(component)


class TestSparklinePaths:
    @given(st.lists(numbers, min_size=2, max_size=60))
    def test_stay_inside_the_picture(self, points):
        steps = [step.split() for step in ui.sparkline_paths(points).path.lstrip("M").split("L")]
        assert len(steps) == len(points)
        assert all(0 <= float(x) <= WIDTH + 0.01 and 0 <= float(y) <= HEIGHT for x, y in steps)

    @given(st.lists(numbers, max_size=1))
    def test_are_empty_without_two_points(self, points):
        assert ui.sparkline_paths(points) == ui.Sparkline()

    def test_a_flat_course_runs_through_the_middle(self):
        assert ui.sparkline_paths([3, 3]).path == f"M0 {HEIGHT // 2}L{WIDTH} {HEIGHT // 2}"


class TestNames:
    def test_a_button_of_one_icon_has_a_name(self):
        assert '"aria-label":"Close"' in markup(ui.icon_button("Close", "x"))

    def test_a_search_field_has_a_name(self):
        assert '"aria-label":"Search people"' in markup(ui.search_field("Search people", words, rx.noop()))

    def test_a_sparkline_says_in_words_what_it_shows(self):
        made = markup(ui.sparkline("M0 0L1 1", "", "Rising since May"))
        assert '"aria-label":"Rising since May"' in made
        assert 'role:"img"' in made

    def test_the_mark_is_for_the_eye_alone(self):
        assert '"aria-hidden":"true"' in markup(ui.mark())


class TestFields:
    @pytest.mark.parametrize("field", [ui.text_field, ui.textarea_field, ui.password_field])
    def test_the_label_belongs_to_the_control(self, field):
        made = markup(field("code", "Code"))
        assert 'htmlFor:"code"' in made
        assert 'id:"code"' in made

    def test_help_is_read_with_the_control(self):
        made = markup(ui.text_field("name", "Name", help="Short."))
        assert '"aria-describedby":"name-help"' in made
        assert 'id:"name-help"' in made

    def test_an_error_takes_the_place_of_the_help_and_is_announced(self):
        made = markup(ui.text_field("name", "Name", help="Short.", error=words))
        assert "aria-invalid" in made
        assert 'role:"alert"' in made

    def test_a_password_is_hidden_and_can_be_shown(self):
        made = markup(ui.password_field("secret"))
        assert 'type:"password"' in made
        assert '"data-reveals":"secret"' in made


class TestDataTable:
    @staticmethod
    def _table(**props: object) -> str:
        columns = [ui.Column("Name", lambda row: row["name"]), ui.Column("Role", lambda row: row["role"])]
        empty = ui.Empty("users", "Nobody is here yet", "Invite somebody.")
        return markup(ui.data_table("People", columns, some, empty=empty, **props))

    def test_has_every_state_of_a_list(self):
        made = self._table(loading=flag, filtered=flag, error=words, retry=rx.noop())
        for state in ("Nobody is here yet", "Nothing matches", "That did not load", "Try again", "Loading"):
            assert state in made

    def test_cells_of_a_card_are_labelled_but_for_the_first(self):
        made = self._table()
        assert '"data-label":"Role"' in made
        assert '"data-label":"Name"' not in made

    def test_rows_have_a_key(self):
        assert "key:" in self._table()


class TestFigureTable:
    def test_names_its_columns_and_its_lines(self):
        lines = rx.foreach(some, lambda row: ui.figure_line(row["name"], row["role"], key=row["name"]))
        made = markup(ui.figure_table("Compared", ["As it was"], lines))
        assert '"As it was"' in made
        assert 'scope:"col"' in made
        assert 'scope:"row"' in made


class TestMenu:
    def test_what_is_dangerous_comes_last(self):
        items = [ui.MenuItem("Remove", rx.noop(), danger=True), ui.MenuItem("Edit", rx.noop())]
        made = markup(ui.row_menu("Actions for Ana", *items))
        assert made.index('"Edit"') < made.index('"Remove"')
        assert '"aria-label":"Actions for Ana"' in made


class TestTemplates:
    def test_the_card_before_sign_in_has_one_heading(self):
        assert markup(ui.auth_card("Sign in", "Welcome.")).count('"h1"') == 1

    def test_panes_of_a_workspace_can_be_reached_by_keyboard(self):
        made = markup(ui.workspace_page(rx.fragment(), rx.fragment(), list=("People", rx.fragment())))
        assert made.count("tabIndex:0") == 2
        assert 'id:"list"' in made
