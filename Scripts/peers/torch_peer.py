# SPDX-License-Identifier: Apache-2.0
"""PyTorch: its own functions and the closed form of the gradient, eager and compiled."""

PACKAGES = ["torch"]
data = None


def configure(threads):
    global torch, functional
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)


def load(x, p, t):
    """Graphs are compiled anew for each size: a graph for all sizes is slower."""
    global data
    torch._dynamo.reset()
    x, p, t = (torch.from_numpy(array) for array in (x, p, t))
    data = {"x": x, "p": p, "t": t, "leaf": x.clone().requires_grad_(), "gradient": torch.zeros_like(x)}
    _compiled.clear()


_compiled = {}


def compiled(function):
    if function not in _compiled:
        _compiled[function] = torch.compile(function, dynamic=False)
    return _compiled[function]


def from_probabilities(p, t):
    return functional.binary_cross_entropy(p, t)


def select_probabilities(p, t):
    """One logarithm an element, which 0/1 targets allow."""
    return -torch.where(t > 0.5, p, 1 - p).log().mean()


def from_logits(x, t):
    return functional.binary_cross_entropy_with_logits(x, t)


def closed_form(x, t, gradient):
    gradient.copy_((torch.sigmoid(x) - t) / x.numel())
    return functional.binary_cross_entropy_with_logits(x, t)


def closed_form_in_place(x, t, gradient):
    """What spares an eager program its temporary buffers."""
    torch.sigmoid(x, out=gradient).sub_(t).div_(x.numel())
    return functional.binary_cross_entropy_with_logits(x, t)


def value(function, *names):
    def call():
        with torch.inference_mode():
            return function(*(data[name] for name in names)).item()

    return call


def backward(function):
    def call():
        leaf = data["leaf"]
        leaf.grad = None
        loss = function(leaf, data["t"])
        loss.backward()
        return loss.item(), leaf.grad

    return call


def closed(function):
    def call():
        with torch.inference_mode():
            loss = function(data["x"], data["t"], data["gradient"]).item()
        return loss, data["gradient"]

    return call


def ways(operation):
    if operation == "probabilities":
        return {
            "torch-eager": value(from_probabilities, "p", "t"),
            "torch.compile": value(compiled(from_probabilities), "p", "t"),
            "torch.compile-select": value(compiled(select_probabilities), "p", "t"),
        }
    if operation == "logits":
        return {
            "torch-eager": value(from_logits, "x", "t"),
            "torch.compile": value(compiled(from_logits), "x", "t"),
        }
    return {
        "torch-eager-autograd": backward(from_logits),
        "torch-eager-closed-form": closed(closed_form_in_place),
        "torch.compile-autograd": backward(compiled(from_logits)),
        "torch.compile-closed-form": closed(compiled(closed_form)),
    }
