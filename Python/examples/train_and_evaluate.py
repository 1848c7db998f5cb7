# SPDX-License-Identifier: Apache-2.0
# A tour of the package in cells, like a notebook. Many editors can run each cell separately.

# %% [markdown]
# # Training and evaluating a classifier
#
# This trains a logistic regression and then evaluates it: how large is the loss, how certain is it, are the
# probabilities calibrated, and for which users is the classifier worst?

# %%
import concurrent.futures

import cross_entropy as ce
import numpy as np

random = np.random.default_rng(7)

# %% [markdown]
# ## Data
#
# The data are 200,000 synthetic visits from five countries. Clicks are rare, and the last country behaves differently.

# %%
rows, countries = 200_000, ["Ar", "Bo", "Ce", "Du", "Ek"]
features = random.normal(0, 1, (rows, 4)).astype(np.float32)
country = random.integers(0, len(countries), rows).astype(np.int32)
true_logit = features @ np.array([1.2, -0.8, 0.5, 0.0], np.float32) - 3
true_logit += np.where(country == 4, 1.5, 0).astype(np.float32)
clicked = random.random(rows) < 1 / (1 + np.exp(-true_logit))
train, test = slice(0, rows // 2), slice(rows // 2, rows)
print(f"{clicked.mean():.1%} of the visits have a click")

# %% [markdown]
# ## Training
#
# One pass gives the loss and its gradient with respect to the logits. The chain rule then gives the gradient with
# respect to the parameters. All steps use the same buffers.

# %%
x, t = features[train], clicked[train]
weights, intercept = np.zeros(4, np.float32), np.float32(0)
logits = np.empty(len(x), np.float32)
gradient = np.empty_like(logits)
history = []
for step in range(100):
    np.matmul(x, weights, out=logits)
    logits += intercept
    loss, _ = ce.loss_and_gradient(logits=logits, targets=t, out=gradient)
    history.append(loss)
    weights -= 4 * (gradient @ x)
    intercept -= 4 * gradient.sum()
print(f"loss {history[0]:.4f} -> {history[-1]:.4f}, weights {weights.round(2)}, intercept {intercept:.2f}")
assert history[-1] < history[0] / 2

# %% [markdown]
# ## How large is the loss, and how certain?
#
# The standard error shows which digits of a loss are significant.

# %%
logits = features[test] @ weights + intercept
report = ce.report(logits=logits, targets=clicked[test])
print(f"log loss {report.loss:.5f} +- {1.96 * report.standard_error:.5f} nats, {report.count} visits")

# %% [markdown]
# ## Is it calibrated?
#
# Of the visits with a prediction of 20 %, about 20 % should have clicks.

# %%
evaluation = ce.evaluate(logits=logits, targets=clicked[test])
print(f"area under ROC {evaluation.area_under_roc:.4f}, normalized entropy {evaluation.normalized_entropy:.3f}")
for bin in evaluation.reliability():
    print(f"{bin['lower']:4.1f} to {bin['upper']:3.1f}: {bin['count']:6} visits, "
          f"predicted {bin['mean_prediction']:.3f}, clicked {bin['mean_target']:.3f}")

# %% [markdown]
# ## For whom is it worst?
#
# One pass gives the loss of every group and its standard error.

# %%
by_country = ce.GroupedLosses(len(countries))
by_country.add(logits=logits, targets=clicked[test], groups=country[test])
for name, group in zip(countries, by_country.losses()):
    print(f"{name}: {group['mean']:.4f} +- {1.96 * group['mean_error']:.4f}")
worst = countries[int(np.argmax(by_country.losses()["mean"]))]
print(f"{worst} is worst")
assert worst == "Ek"

# %% [markdown]
# ## In several threads
#
# Calls release the GIL. Accumulators are exact, so merging them gives the same bits in any order.


# %%
def shard(first: int) -> ce.Accumulator:
    accumulator = ce.Accumulator()
    part = slice(first, first + 32_768)
    accumulator.add(logits=logits[part], targets=clicked[test][part])
    return accumulator


# %%
if __name__ == "__main__":
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        shards = list(pool.map(shard, range(0, len(logits), 32_768)))
    forward, backward = ce.Accumulator(), ce.Accumulator()
    for part in shards:
        forward.merge(part)
    for part in reversed(shards):
        backward.merge(part)
    assert forward.mean == backward.mean
    print(f"mean of {forward.count} visits, by shards: {forward.mean}")
