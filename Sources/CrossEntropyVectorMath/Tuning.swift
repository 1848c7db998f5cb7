// SPDX-License-Identifier: Apache-2.0

/// Every number that was chosen by measurement. Figures: Float at the AVX-512 level of a Zen 5 EPYC (48 KiB first
/// cache, 1 MiB second, 32 MiB third), the best of interleaved rounds.
public enum Tuning {
    /// Bytes by which a reduction asks for memory ahead. In memory (n = 2^25) logits cost 1.21 dot products without it,
    /// 1.42 with 1 KiB, 1.15 with 4 KiB, 1.12 with 8 KiB, 1.15 with 16 KiB; probabilities 1.06, 1.28, 1.06, 1.09, 1.11.
    /// In cache it costs nothing that could be measured.
    @export(implementation) @inline(always) public static var prefetchDistance: Int { 4096 }

    /// Vectors whose likelihoods are multiplied before exponents are set aside, one factor per lane of either chain. With 64
    /// the product stays normal unless the mean loss of a lane's block exceeds 1,022 ln 2 / 64 = 11 nats (a random guess
    /// costs 0.7 to 1); then the tile goes to the kernel of soft targets. 32 cost 3% more.
    @export(implementation) @inline(always) public static var blockVectors: Int { 64 }

    /// Fewer elements than this take a logarithm each, in Double, rather than one of a product in Float: that costs no
    /// more (16 elements: 88 ns both), and roundings in Float, which average out over many, stay away. With one logit
    /// 2.41651... and a soft target they were 1.05e-7 of the loss.
    @export(implementation) @inline(always) public static var fewElements: Int { 64 }

    /// Bytes of predictions in a tile: 8,192 Floats or 4,096 Doubles. The longest for which a lane of the product of
    /// logits' factors, each at most 2, stays below 2^1024 in a chain of its own: 2^(8,192 / 16) for Float. Tiles of half
    /// that length cost 3% more (a logarithm a tile), and a core's second cache holds four of these with their targets.
    @export(implementation) @inline(always) public static var tileBytes: Int { 32768 }

    /// Elements of a row up to which rows are summed many at a time. A call for each row costs what 150 logits do, a tenth
    /// of a row of 1,500; the product of a row of 512 logits is at most 2^512, and a lane of it, 64 likelihoods, stays
    /// normal unless their mean loss exceeds 11 nats.
    @export(implementation) @inline(always) public static var rowColumns: Int { 512 }
}
