"""Sums, for models that guess at them. Numbers count as they are written: 0.1 + 0.2 is 0.3."""

import ast
import asyncio
import math
import operator
import re
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, localcontext
from functools import partial
from typing import Any

from simpleeval import InvalidExpression, SimpleEval
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.tools.seam import Json, Tool
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

LONGEST = 500  # characters of an expression
DEEPEST = 60  # levels of brackets and signs
MOST_POWER = 1_000
PRECISION = 28  # digits
LARGEST_FACTORIAL = 500


def calculate(expression: str) -> str:
    """The result as text. Invalid with words that say what is wrong with the expression."""
    text = " ".join(expression.replace("^", "**").replace("×", "*").replace("÷", "/").replace("−", "-").split())
    if not text or len(text) > LONGEST:
        raise Invalid(f"Write an expression of 1 to {LONGEST} characters.")
    try:
        with localcontext(Context(prec=PRECISION)):
            return _told(_evaluator(text).eval(text, previously_parsed=_parsed(text)))
    except Invalid:
        raise
    except ZeroDivisionError:
        raise Invalid("This divides by zero.") from None
    except (SyntaxError, MemoryError, RecursionError):
        raise Invalid("This is no expression that can be calculated. Write for example 3 * (4 + 5).") from None
    except InvalidExpression as error:
        said = re.split(r",? (?:for expression|in this evaluator)", str(error).removeprefix("Sorry, "))[0][:120]
        raise Invalid(f"{said}. Known are + - * / // % ** and {_names()}.") from None
    except (DecimalException, ArithmeticError, TypeError, ValueError, KeyError, AttributeError):
        raise Invalid("This has no result that is a number, or one that is too large.") from None


def _parsed(text: str) -> ast.expr:
    tree = ast.parse(text, mode="eval").body
    if _depth(tree) > DEEPEST:
        raise Invalid("The expression is nested too deeply. Do it in several steps.")
    return tree


def _evaluator(text: str) -> SimpleEval:
    """Decimals instead of binary fractions; nothing but numbers, signs and the functions below."""
    sums = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names={"pi": _PI, "e": _E})
    kept = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Name)
    sums.nodes = {kind: handler for kind, handler in sums.nodes.items() if kind in kept}
    sums.nodes[ast.Constant] = partial(_number, text)
    return sums


def _number(text: str, node: ast.Constant) -> Decimal:
    """As it was written, before it lost digits to a binary fraction."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise Invalid("Only numbers can be calculated with.")
    if isinstance(node.value, int):
        return Decimal(node.value)
    return Decimal((ast.get_source_segment(text, node) or str(node.value)).replace("_", ""))


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > MOST_POWER:
        raise Invalid(f"Powers go up to {MOST_POWER}.")
    return Decimal(base) ** Decimal(exponent)


def _of_float(function: Callable[..., float]) -> Callable[..., Decimal]:
    return lambda *numbers: Decimal(repr(function(*(float(each) for each in numbers))))


def _factorial(number: Decimal) -> Decimal:
    if number != int(number) or not 0 <= number <= LARGEST_FACTORIAL:
        raise Invalid(f"A factorial is of a whole number from 0 to {LARGEST_FACTORIAL}.")
    return Decimal(math.factorial(int(number)))


def _rounded(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    if not 0 <= places <= PRECISION or places != int(places):
        raise Invalid(f"Round to 0 to {PRECISION} places.")
    return number.quantize(Decimal(1).scaleb(-int(places)), rounding="ROUND_HALF_UP")


def _told(value: Any) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Invalid("This has no result that is a number, or one that is too large.")
    if value == value.to_integral_value() and abs(value) < Decimal(10) ** PRECISION:
        return str(value.quantize(Decimal(1)))
    return f"{value.normalize():f}" if Decimal("1e-12") < abs(value) < Decimal(10) ** PRECISION else str(value)


def _depth(tree: ast.AST) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest


def _names() -> str:
    return ", ".join(sorted(_FUNCTIONS))


_PI, _E = Decimal("3.141592653589793238462643383"), Decimal("2.718281828459045235360287471")
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power, ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs, "sqrt": lambda number: number.sqrt(), "round": _rounded, "min": min, "max": max,
    "floor": lambda number: number.to_integral_value("ROUND_FLOOR"),
    "ceil": lambda number: number.to_integral_value("ROUND_CEILING"),
    "log": _of_float(math.log), "log10": lambda number: number.log10(), "exp": lambda number: number.exp(),
    "sin": _of_float(math.sin), "cos": _of_float(math.cos), "tan": _of_float(math.tan),
    "asin": _of_float(math.asin), "acos": _of_float(math.acos), "atan": _of_float(math.atan),
    "degrees": _of_float(math.degrees), "radians": _of_float(math.radians), "factorial": _factorial,
}  # fmt: skip


async def _run(_session: AsyncSession, _actor: Actor, _occasion: Occasion, arguments: Json) -> str:
    return await asyncio.to_thread(calculate, arguments["expression"])


CALCULATOR = Tool(
    "calculator",
    "Calculator",
    "Calculates exactly instead of guessing.",
    "Calculates an expression exactly. Use it for every sum, also a simple one."
    f" Operators: + - * / // % **. Functions: {_names()}. Constants: pi, e.",
    {
        "type": "object",
        "properties": {"expression": {"type": "string", "description": "For example 3 * (4.5 + 2) or sqrt(2)."}},
        "required": ["expression"],
    },
    _run,
)
