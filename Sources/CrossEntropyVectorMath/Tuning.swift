// SPDX-License-Identifier: Apache-2.0

/// The constants of kernels that were chosen by measurement. Figures are for Float at the AVX-512 level on a Zen 5 EPYC (48 KiB
/// L1, 1 MiB L2 and 32 MiB L3 cache), the best of interleaved rounds.
public enum Tuning {
    /// The distance in bytes that a reduction prefetches ahead. In memory (n = 2^25), logits cost 1.21 dot products
    /// without prefetching, 1.42 with 1 KiB, 1.15 with 4 KiB, 1.12 with 8 KiB and 1.15 with 16 KiB; probabilities cost
    /// 1.06, 1.28, 1.06, 1.09 and 1.11. With more streams it matters more: losses with element weights take 0.33 ns
    /// instead of 0.41, and with weights of 64 columns 0.32 instead of 0.47 (n = 2^24). In cache, prefetching has no
    /// measurable cost. The gradient of probabilities does not prefetch: on a Zen 4 EPYC, prefetching costs it 7% in
    /// cache and 11% in memory. On that machine, outputs of 128 MB that are computed 8 KiB at a time and then copied
    /// with stores that bypass the caches take 10 to 26% longer; only the gradient of probabilities on two threads takes
    /// 5% less.
    @export(implementation) @inline(always) public static var prefetchDistance: Int { 4096 }

    /// The number of vectors whose likelihoods are multiplied before exponents are extracted. With 64, a lane of either
    /// chain has 64 factors for Float, and the product stays normal unless their mean loss exceeds 1,022 ln 2 / 64 = 11
    /// nats (a random guess costs 0.7 to 1). Double has one chain with 128 factors per lane, hence 5.5 nats. Beyond that,
    /// the tile goes to the kernel for soft targets. 32 cost 3% more.
    @export(implementation) @inline(always) public static var blockVectors: Int { 64 }

    /// The bytes of predictions in a tile: 8,192 Floats or 4,096 Doubles. This is the longest tile for which a lane of
    /// the product of logit factors, each at most 2, stays below 2^1024 in a single chain: 2^(8,192 / 16) for Float.
    /// Tiles half as long cost 3% more (one logarithm per tile). The L2 cache of a core holds four such tiles with
    /// their targets.
    @export(implementation) @inline(always) public static var tileBytes: Int { 32768 }

    /// Rows of up to this many elements are summed several rows at a time. One call per row costs as much as 150
    /// logits, a tenth of a row of 1,500. The product of a row of 512 logits is at most 2^512, and a lane of the
    /// product of a row of probabilities, with 64 likelihoods, stays normal unless their mean loss exceeds 11 nats.
    @export(implementation) @inline(always) public static var rowColumns: Int { 512 }

    /// From this many elements on, a row with a weight is summed first and then multiplied, instead of the losses of its
    /// elements. With 48 logits in a row, that takes 0.94 (AVX-512), 0.87 (AVX2) or 0.5 times as long (baseline), with 64
    /// it takes 0.80, 0.76 or 0.57 times; with 40, 1.16 times with AVX-512 (Zen 4, n = 65,536).
    @export(implementation) @inline(always) public static var weightedRowColumns: Int { 48 }
}
