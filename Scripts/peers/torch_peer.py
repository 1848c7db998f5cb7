# SPDX-License-Identifier: Apache-2.0
"""PyTorch: its own functions and the closed form of the gradient, eager and compiled."""

import formulas
import workload

PACKAGES = ["torch"]
data = None


def configure(threads):
    global torch, functional
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)


def load(arrays):
    """Graphs are compiled anew for each size: a graph for all sizes is slower."""
    global data
    torch._dynamo.reset()
    _compiled.clear()
    arrays = arrays | {"m": arrays["m"].view(bool)}
    data = {name: torch.from_numpy(array) for name, array in arrays.items()}
    data["output"] = torch.zeros_like(data["x"])
    data["positive weight"] = torch.tensor(formulas.POSITIVE_WEIGHT, dtype=data["x"].dtype)


def missing(x, t):
    counts = ~torch.isnan(t)
    return masked(x, torch.where(counts, t, 0), counts)


def masked(x, t, m):
    return torch.where(m, functional.binary_cross_entropy_with_logits(x, t, reduction="none"), 0).sum() / m.sum()


def column_weights(x, t, c):
    x, t = x.view(-1, formulas.COLUMNS), t.view(-1, formulas.COLUMNS)
    return functional.binary_cross_entropy_with_logits(x, t, weight=c)


def row_weights(x, t, r):
    return column_weights(x, t, r.view(-1, 1))


def column_positive_weights(x, t, c):
    x, t = x.view(-1, formulas.COLUMNS), t.view(-1, formulas.COLUMNS)
    return functional.binary_cross_entropy_with_logits(x, t, pos_weight=c)


def report(x, t):
    losses = functional.binary_cross_entropy_with_logits(x, t, reduction="none")
    return losses.mean() + losses.std() / losses.numel() ** 0.5


def focal(x, t, gamma=formulas.GAMMA):
    """As torchvision's `sigmoid_focal_loss` has it."""
    p = torch.sigmoid(x)
    loss = functional.binary_cross_entropy_with_logits(x, t, reduction="none")
    factor = (1 - (p * t + (1 - p) * (1 - t))) ** gamma
    return (factor * loss * (formulas.ALPHA * t + (1 - formulas.ALPHA) * (1 - t))).mean()


def own(name):
    """What a program that uses PyTorch writes for a mean loss, as a function of the operation's inputs."""
    entropy = functional.binary_cross_entropy_with_logits
    smooth = formulas.SMOOTHING
    return {
        "probabilities": functional.binary_cross_entropy,
        "soft-probabilities": functional.binary_cross_entropy,
        "logits": entropy,
        "positive-weight": lambda x, t: entropy(x, t, pos_weight=data["positive weight"]),
        "column-positive-weights": column_positive_weights,
        "mask": masked,
        "missing": missing,
        "weights": entropy,
        "row-weights": row_weights,
        "column-weights": column_weights,
        "smoothing": lambda x, t: entropy(x, t * (1 - smooth) + smooth / 2),
        "focal": focal,
        "focal-1.5": lambda x, t: focal(x, t, formulas.GAMMA_WITH_ROOT),
        "report": report,
    }[name.removesuffix("-gradient")]


def divisor(operation, inputs):
    if "n" in operation.inputs:
        return (inputs[1] == inputs[1]).sum()
    return inputs[-1].sum() if "m" in operation.inputs else inputs[0].numel()


def separate(function):
    """With code of its own: PyTorch keeps graphs by code, and would search those of all operations at each call."""
    function.__code__ = function.__code__.replace()
    return function


def mean(operation):
    """By the formula, which is faster than PyTorch's own functions for some operations."""

    def function(*inputs):
        losses = operation.formula(torch, *inputs)[0]
        value = losses.sum() / divisor(operation, inputs)
        return value + losses.std() / losses.numel() ** 0.5 if operation.error else value

    return separate(function)


def closed_form(operation):
    def function(*arguments):
        *inputs, output = arguments
        losses, derivatives = operation.formula(torch, *inputs)
        count = divisor(operation, inputs)
        output.copy_(losses if operation.output == "losses" else derivatives / count)
        return losses.sum() / count if operation.loss else output

    return separate(function)


def plain_closed_form_in_place(x, t, gradient):
    """What spares an eager program its temporary buffers."""
    torch.sigmoid(x, out=gradient).sub_(t).div_(x.numel())
    return functional.binary_cross_entropy_with_logits(x, t)


def unreduced(x, t, _):
    data["output"] = functional.binary_cross_entropy_with_logits(x, t, reduction="none")
    return data["output"]


_compiled = {}


def compiled(name, make):
    if name not in _compiled:
        _compiled[name] = torch.compile(make(), dynamic=False)
    return _compiled[name]


def inputs(operation):
    return [data[letter] for letter in operation.inputs]


def value(function, operation):
    def call():
        with torch.inference_mode():
            return function(*inputs(operation)).item()

    return call


def backward(function, operation):
    leaf = data[operation.inputs[0]].clone().requires_grad_()

    def call():
        leaf.grad = None
        loss = function(leaf, *inputs(operation)[1:])
        loss.backward()
        return loss.item(), leaf.grad

    return call


def closed(function, operation):
    def call():
        with torch.inference_mode():
            loss = function(*inputs(operation), data["output"])
        return loss.item() if operation.loss else float("nan"), data["output"]

    return call


def ways(name):
    operation = workload.OPERATIONS[name]
    if not operation.output:
        return {
            "torch-eager": value(own(name), operation),
            "torch.compile": value(compiled(name, lambda: own(name)), operation),
            "torch.compile-formula": value(compiled(f"{name} formula", lambda: mean(operation)), operation),
        }
    by_formula = compiled(f"{name} closed", lambda: closed_form(operation))
    result = {"torch.compile-closed-form": closed(by_formula, operation)}
    if operation.output == "losses":
        return {"torch-eager": closed(unreduced, operation), **result}
    result["torch-eager-autograd"] = backward(own(name), operation)
    result["torch.compile-autograd"] = backward(compiled(f"{name} own", lambda: own(name)), operation)
    if name == "logits-gradient":
        result["torch-eager-closed-form"] = closed(plain_closed_form_in_place, operation)
    return result
