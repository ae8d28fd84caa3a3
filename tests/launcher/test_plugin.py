"""What is changed in Reflex's production bundle."""

import pytest
from reflex.utils.frontend_skeleton import _compile_vite_config
from reflex_base.config import get_config

from faraday_app.launcher.plugin import together


class TestTogether:
    def test_puts_all_icons_in_one_file_in_what_reflex_writes(self):
        written = _compile_vite_config(get_config())
        assert together(written).replace('{ test: /lucide-react/, name: "icons" },', "").split() == written.split()
        assert together(written) != written

    def test_refuses_settings_that_are_written_in_another_way(self):
        with pytest.raises(ValueError, match="another way"):
            together("export default {}")
