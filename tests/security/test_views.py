from faraday_app.core.ids import new_id
from faraday_app.security.views import action_words, actions_meant, detail_lines, target_words


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


class TestDetailLines:
    def test_flattens_what_is_nested_and_tells_before_first(self):
        details = {"after": {"role": "head"}, "before": {"role": "aide"}, "scopes": ["a", "b"]}
        assert detail_lines(details) == [("Before: role", "aide"), ("Scopes", "a, b"), ("After: role", "head")]
