"""In chains of requests no valid key is used twice: one that was used before gets the answer of then, and what it made may be gone since."""

import itertools
import re

import schemathesis

VALID = re.compile(r"[!-~]{1,255}")
numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get("Idempotency-Key")
    in_chain = case.meta is not None and case.meta.phase.name == "stateful"
    if in_chain and isinstance(key, str) and VALID.fullmatch(key):
        case.headers["Idempotency-Key"] = f"{key[:240]}{next(numbers)}"
