"""Results of the data-source functions that a platform program calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from mlplatform.providers.accounts import CLOUD_OF_PACKAGE, Account
from mlplatform.providers.check import check_invoke
from mlplatform.providers.functions import function_schema
from mlplatform.providers.outputs.generic import TextOf, complete_outputs
from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.refusal import ProviderRefused, Refusal
from mlplatform.providers.registry import provider_rules
from mlplatform.providers.schema import package_of
from mlplatform.providers.wire import plain_value


class _Answers(Protocol):
    """The names in each cloud's module of `answers`."""

    ANSWERS: Mapping[str, Callable[[OutputSubject], dict[str, object]]]
    text_of: TextOf


@cache
def _answers(package: str) -> _Answers | None:
    cloud = CLOUD_OF_PACKAGE.get(package)
    if cloud is None:
        return None
    return cast("_Answers", import_module(f"mlplatform.providers.answers.{cloud}"))


def answer_invoke(token: str, args: Mapping[str, object], account: Account) -> dict[str, object]:
    """The result that a provider would return for a function call.

    Args:
        token: function token, `aws:index/getAvailabilityZones:getAvailabilityZones`.
        args: wire-named.
        account: the caller's; zones, ids and ARNs follow from it.

    Raises:
        ProviderRefused: the provider would refuse the arguments, or the function has no result here: a guessed one
            would look like a real one.
    """
    refusals = check_invoke(token, args)
    if refusals:
        raise ProviderRefused(f"function {token}", refusals)
    known = {name: plain_value(value) for name, value in args.items()}
    rules = provider_rules(package_of(token))
    if rules is not None and rules.answer is not None:
        return rules.answer(token, known, account)
    answers = _answers(package_of(token))
    answer = answers.ANSWERS.get(token) if answers is not None else None
    if answers is None or answer is None:
        raise ProviderRefused(f"function {token}", [_no_answer(token)])
    subject = OutputSubject(token, repr(sorted(known.items(), key=str)), known, account)
    given = {**known, **answer(subject)}
    schema = function_schema(token)
    if schema is None or schema.result is None:
        return given
    return complete_outputs(schema.result, given, subject, answers.text_of, schema.arguments)


def _no_answer(token: str) -> Refusal:
    answers = _answers(package_of(token))
    tokens = list(answers.ANSWERS) if answers is not None else []
    answered = ", ".join(sorted(answered_token.rpartition(":")[2] for answered_token in tokens))
    return Refusal(
        path="",
        got=f"a call of {token!r}",
        expected=f"a function that the mocks can answer: {answered or 'none of this provider'}",
        fix="answer the call in a subclass of StrictMocks, or take the value from the program's own inputs",
    )
