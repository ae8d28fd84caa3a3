import json
import subprocess

import pytest

from faraday_app.launcher import vulnerabilities

FLAWED = {"name": "parser", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}]}
SOUND = {"name": "clock", "version": "2.0", "vulns": []}
UNKNOWN = {"name": "mark", "skip_reason": "not found"}


@pytest.fixture
def answers(monkeypatch):
    def answer(text: str) -> None:
        done = subprocess.CompletedProcess([], 0, stdout=text, stderr="")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)

    return answer


class TestMain:
    def test_names_what_is_vulnerable_and_what_mends_it(self, answers):
        answers(json.dumps({"dependencies": [SOUND, FLAWED]}))
        with pytest.raises(SystemExit, match=r"parser 1\.0: CVE-2026-1, mended by 1\.1"):
            vulnerabilities.main()

    def test_passes_sound_packages_silently(self, answers, capsys):
        answers(json.dumps({"dependencies": [SOUND, UNKNOWN]}))
        vulnerabilities.main()
        assert capsys.readouterr().out == ""

    @pytest.mark.parametrize("text", ["", "no answer", json.dumps({"dependencies": [UNKNOWN]})])
    def test_says_when_nothing_could_be_checked(self, answers, capsys, text):
        answers(text)
        vulnerabilities.main()
        assert "nothing was checked" in capsys.readouterr().out
