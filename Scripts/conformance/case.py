# SPDX-License-Identifier: Apache-2.0
"""One case of the fixture: a problem, what a framework answers, and which of answer and truth the library must give.

u is the unit roundoff of the element type, 2^-24 or 2^-53. An answer agrees within 16 u: the formulas have at most eight
rounded operations that do not cancel, two of them elementary functions of up to 2 ulp, and a mean. An answer that does
not agree must have a reason: a special value that the formula is known for, or rounding no larger than 16 u times the
terms that cancel in it. A difference without a reason stops the script.

The library promises 1e-7 (float32) and 1e-14 (float64) of a reduced loss and 4 ulp of an element; m^gamma has 1 + gamma
|ln m| times that; the gradient of a soft label 4 ulp of the terms that cancel; Keras 2's ln(p + 1e-7) a rounding of 1,
because Keras adds in the element type and the library in Double.
"""

from dataclasses import dataclass

import numpy as np
from mpmath import isinf, isnan, log, mpf

from problem import Problem, number, numbers
from truth import Truth, text


@dataclass
class Case:
    source: str
    version: str
    call: str
    problem: Problem
    answer: object
    # Whether the framework's formula rounds 1 - p, or adds terms of the size of the logit.
    cancels: str = ""

    def row(self, name):
        problem, truth = self.problem, Truth(self.problem)
        answers = [float(value) for value in np.ravel(self.answer)]
        assert len(answers) == len(truth.values), (name, len(answers), len(truth.values))
        expect, because, relative, absolute = self.judge(truth, answers)
        rows, columns = problem.shape
        return {
            "name": name, "source": self.source, "version": self.version, "call": self.call,
            "domain": problem.domain, "scalar": problem.scalar, "rows": rows, "columns": columns,
            "predictions": numbers(problem.predictions), "targets": numbers(problem.targets),
            "options": problem.options(), "quantity": problem.quantity,
            "answer": [number(value) for value in answers], "truth": [text(value) for value in truth.values],
            "expect": expect, "because": because, "relative": float(relative), "absolute": float(absolute)}

    def judge(self, truth, answers):
        problem = truth.problem
        u = mpf(2) ** (-24 if problem.scalar == "float32" else -53)
        least = mpf(2) ** (-149 if problem.scalar == "float32" else -1074)
        relative, absolute = self.promise(truth, u, least)
        missed = [k for k, exact in enumerate(truth.values) if not close(answers[k], exact, 16 * u, least)]
        if not missed:
            return "answer", "agrees", 16 * u + relative, absolute
        reasons = dict.fromkeys(self.reason(truth, answers[k], truth.values[k], u) for k in missed)
        return "truth", "; ".join(reasons), relative, absolute

    def promise(self, truth, u, least):
        problem = truth.problem
        relative = 8 * u
        if problem.quantity in ("loss", "rowLosses"):
            relative = mpf("1e-7") if problem.scalar == "float32" else mpf("1e-14")
        if problem.gamma:
            relative *= 1 + mpf(problem.gamma) * max(abs(log(t.m)) for t in truth.terms if t.m > 0)
        absolute = least
        if problem.quantity == "gradient":
            absolute += 8 * u * max((finite(v) for v in truth.collect("terms")), default=mpf(0))
        if problem.preset == "keras2":
            absolute += 2 * u
        return relative, absolute

    def reason(self, truth, answer, exact, u):
        problem = truth.problem
        certain = problem.domain == "logits" and any(isinf(t.x) for t in truth.terms)
        if np.isnan(answer) and certain:
            return "infinity minus infinity, or times 0, in the framework's formula"
        if answer == 0 and isnan(exact) and problem.reduction == "weighted-mean":
            return "0 / 0 is 0 (divide_no_nan): the mean of nothing has no value"
        size = max((finite(abs(t.x)) + 1) * (1 + abs(t.w)) for t in truth.terms)
        if self.cancels == "1 - p":
            size = max(abs(t.w) * (abs(t.a) + abs(t.b) + 1) / max(min(finite(t.p), finite(t.q)), u) for t in truth.terms)
        if self.cancels and abs(mpf(answer) - exact) <= 16 * u * size:
            return {"1 - p": "1 - p is rounded in the element type", "x": "terms of the size of the logit cancel",
                    "s": "s(x) is rounded to 0 or 1"}[self.cancels]
        raise ValueError(f"no reason for {answer} where {text(exact)} is right: {self.source} {self.call} {problem}")


def finite(value):
    return mpf(0) if isnan(value) or isinf(value) else abs(value)


def close(value, exact, relative, absolute):
    value = mpf(value)
    if isnan(exact) or isinf(exact) or isnan(value) or isinf(value):
        return str(value) == str(exact)
    return abs(value - exact) <= relative * abs(exact) + absolute
