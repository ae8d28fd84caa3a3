import pytest

from faraday_app.core.errors import Invalid
from faraday_app.credits.views import CREDIT, amount_text, credits_text, parse_credits


class TestCreditsText:
    @pytest.mark.parametrize(
        ("micro", "text"),
        [
            (12_480 * CREDIT, "12,480"),
            (12_480_999_999, "12,480"),
            (10 * CREDIT, "10"),
            (9_999_999, "9.99"),
            (420_000, "0.42"),
            (2_000, "0.002"),
            (1, "0.000001"),
            (0, "0"),
            (-3 * CREDIT, "−3.00"),
        ],
    )
    def test_reads_as_people_write_it(self, micro, text):
        assert credits_text(micro) == text

    def test_of_a_movement_has_a_sign_and_two_decimals(self):
        assert [amount_text(amount * CREDIT) for amount in (1000, -2)] == ["+1,000.00", "−2.00"]


class TestParseCredits:
    @pytest.mark.parametrize(
        ("text", "micro"), [("500", 500 * CREDIT), (" 1,000 ", 1000 * CREDIT), ("2.5", 2_500_000), ("0.01", 10_000)]
    )
    def test_takes_whole_and_decimal_credits(self, text, micro):
        assert parse_credits(text) == micro

    @pytest.mark.parametrize("text", ["", "ten", "0", "-1", "0.001", "1e12", "nan", "inf", "1e999999999", "1" * 5000])
    def test_refuses_anything_else_in_words(self, text):
        with pytest.raises(Invalid) as refused:
            parse_credits(text)
        assert refused.value.message.startswith("Enter an amount")
