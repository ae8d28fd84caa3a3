from faraday_app.core.ids import new_id
from faraday_app.security.views import ChangeView, action_words, actions_meant, changes_in, lines_in, target_words


class TestActionWords:
    def test_says_what_was_done(self):
        assert action_words("session.opened") == "Signed in"

    def test_reads_out_an_action_without_words_of_its_own(self):
        assert action_words("progress_report.sent") == "Progress report: sent"


class TestActionsMeant:
    def test_finds_actions_by_their_words(self):
        found = actions_meant(" SIGNED ")
        assert {"session.ended", "session.opened"} <= set(found)
        assert all("signed" in action_words(action).lower() for action in found)
        assert actions_meant("") == ()


class TestTargetWords:
    def test_names_the_thing_or_shows_the_end_of_its_id(self):
        id = new_id()
        assert target_words("memberships", id, {"name": "Ana Ruiz"}) == "Member Ana Ruiz"
        assert target_words("contexts", id, {}) == f"Conversation …{str(id)[-6:]}"
        assert target_words("sessions", id, {}) == ""


class TestLinesIn:
    def test_tells_what_stands_beside_a_change_by_its_path(self):
        details = {"after": {"role": "head"}, "before": {"role": "aide"}, "scopes": ["a", "b"], "reach": {"own": True}}
        assert lines_in(details) == [("Scopes", "a\nb"), ("Reach: own", "yes")]


class TestChangesIn:
    def test_tells_field_by_field_what_differs(self):
        before = {"role": "aide", "hours": {"start": "08:00", "end": "16:00"}, "name": "Ana"}
        after = {"role": "head", "hours": {"start": "09:00", "end": "16:00"}, "name": "Ana"}
        assert changes_in({"before": before, "after": after}) == (
            [ChangeView("Role", "aide", "head"), ChangeView("Hours: start", "08:00", "09:00")],
            2,
        )

    def test_tells_of_lists_what_came_and_what_went(self):
        rules = [{"effect": "allow", "pattern": "people:read"}, {"effect": "deny", "pattern": "audit:read"}]
        (change,), same = changes_in({"before": {"rules": rules}, "after": {"rules": rules[:1]}})
        assert (change.before, change.after, same) == ("effect: deny, pattern: audit:read", "—", 0)
        (turned,), _ = changes_in({"before": {"order": ["a", "b"]}, "after": {"order": ["b", "a"]}})
        assert (turned.before, turned.after) == ("a\nb", "b\na")

    def test_takes_what_is_no_record_and_what_is_missing(self):
        assert changes_in({"before": "aide", "after": "head"}) == ([ChangeView("Value", "aide", "head")], 0)
        assert changes_in({"after": {"percent": 50}}) == ([ChangeView("Percent", "—", "50")], 0)
        assert changes_in({"before": None, "after": [1], "x": 2})[1] == 0
        assert changes_in({}) == ([], 0)

    def test_cuts_what_nobody_reads(self):
        (change,), _ = changes_in({"after": {"text": "x" * 9_000}})
        assert len(change.after) < 2_100
        assert change.after.endswith("(9,000 characters)")
